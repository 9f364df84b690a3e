"""Content Credentials for what the studio makes: what the browser prepares and the server seals, unseen.

The browser writes the credentials into its own file, all but the signature, and sends two small pieces of them: the
claim, which holds nothing but hashes, and the actions that one of those hashes is of. The server signs the claim when
both say what is said here, and nothing else (C2PA 2.2: claims 10, actions 18.15, signatures 13.2).
"""

from __future__ import annotations

from typing import Any

from models.contract import Rules

SEAL_PATH = "/v1/seal"
SEAL_BYTES = 8_192  # of a signature with its certificates, padded: the browser leaves so much room
SEAL_MAX_BYTES = 16_384  # of a request

TOOL = "Ownvoice"
STUDIO = "Ownvoice studio"  # its statements are sealed on its word: the server sees no file
VERSION = "0.1.0"
CLOCK_SECONDS = 600  # by which the clocks of browser and server may differ
SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
GENERATED = f"{SOURCE}trainedAlgorithmicMedia"
COMPOSED = f"{SOURCE}compositeWithTrainedAlgorithmicMedia"
ACTIONS = "c2pa.actions.v2"
HASHES = ("c2pa.hash.data", "c2pa.hash.bmff.v2", "c2pa.hash.bmff.v3")

_BASE64 = {"type": "string", "minLength": 4, "maxLength": 8_000, "pattern": "^[A-Za-z0-9+/]+={0,2}$"}
SEAL_REQUEST_SCHEMA: dict[str, Any] = {
    "title": "SealRequest",
    "description": "A C2PA claim to be signed, and the actions assertion that it names; no file, no sound, no text.",
    "type": "object",
    "additionalProperties": False,
    "required": ["claim", "actions"],
    "properties": {
        "claim": {"description": "Base64 of the claim's CBOR.", **_BASE64},
        "actions": {"description": "Base64 of what is in the assertion's JUMBF superbox.", **_BASE64},
    },
}
SEAL_RULES = Rules(SEAL_REQUEST_SCHEMA)


def actions(tool: str, when: str, composed: bool = False) -> list[dict[str, Any]]:
    """What was done: speech made by an algorithm and marked. `composed`: it was laid under other pictures or sounds."""
    by = {"when": when, "softwareAgent": {"name": tool, "version": VERSION}}
    generated = {"action": "c2pa.created", **by, "digitalSourceType": GENERATED}
    # The mark is inaudible, and not bound to this statement: it stays when the statement is stripped.
    marked = {"action": "c2pa.watermarked.unbound", **by}
    if not composed:
        return [generated, marked]
    whole = {"action": "c2pa.created", **by, "digitalSourceType": COMPOSED}
    return [whole, {**generated, "action": "c2pa.dubbed"}, marked]


def definition(tool: str, media_type: str, when: str, composed: bool = False) -> dict[str, Any]:
    """The manifest as the official library takes it, before it is signed."""
    return {
        "claim_generator_info": [{"name": tool, "version": VERSION}],
        "format": media_type,
        "assertions": [{"label": ACTIONS, "data": {"actions": actions(tool, when, composed)}}],
    }
