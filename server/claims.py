"""Which claims are signed for the studio: those that say, in the one way there is, that an algorithm made the speech.

The key signs what Ownvoice says of its own work. So a claim is read to its last field, and one that holds anything
unknown, another tool, an ingredient, a title, an old date, or the hash of actions that were not shown, is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2

from models.contract import ContractError
from models.seal import ACTIONS, CLOCK_SECONDS, HASHES, SEAL_RULES, STUDIO, VERSION, actions

FIELDS = {"instanceID", "claim_generator_info", "signature", "created_assertions", "gathered_assertions", "alg"}
LIBRARY = "org.contentauth.c2pa_rs"  # the library names itself, with its version
LIBRARY_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")
INSTANCE = re.compile(r"xmp[.:]iid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SIGNATURE = re.compile(r"self#jumbf=/c2pa/urn:c2pa:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/c2pa\.signature")
ASSERTION = "self#jumbf=c2pa.assertions/"
DIGEST = 32  # bytes of SHA-256
CBOR_ASSERTION = b"cbor\x00\x11\x00\x10\x80\x00\x00\xaa\x008\x9bq"  # JUMBF's type of a box that holds CBOR
SALTED, SALT_BOX = 0x13, b"\x00\x00\x00\x18c2sh"  # an assertion has a random salt in its label's box


def parse(value: object, now: datetime | None = None) -> bytes:
    """The claim to be signed, from decoded JSON. Raises ContractError: "not-sealed" for one that says anything else."""
    wanted = SEAL_RULES.check(value)
    claim, box = (_bytes(wanted[name], name) for name in ("claim", "actions"))
    if not _is_ours(_cbor(claim, "claim"), box):
        raise ContractError("not-sealed", "claim")
    if not _is_true(_content(box), now or datetime.now(UTC)):
        raise ContractError("not-sealed", "actions")
    return claim


def _bytes(text: str, field: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ContractError("wrong-format", field, "base64") from None


def _cbor(content: bytes, field: str) -> Any:
    """One CBOR value, in the shortest form there is of it, with nothing before, between or after."""
    try:
        value = cbor2.loads(content)
        if cbor2.dumps(value) != content:
            raise ValueError
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError):
        raise ContractError("not-sealed", field) from None
    return value


def _is_ours(claim: Any, box: bytes) -> bool:
    """Whether the claim is that of a file with one hash and these actions, by the studio, and no more."""
    if not isinstance(claim, dict) or set(claim) != FIELDS or claim["alg"] != "sha256":
        return False
    made_by, named = claim["claim_generator_info"], [claim["created_assertions"], claim["gathered_assertions"]]
    if not isinstance(made_by, dict) or set(made_by) != {"name", "version", LIBRARY}:
        return False
    if (made_by["name"], made_by["version"]) != (STUDIO, VERSION) or not _is(LIBRARY_VERSION, made_by[LIBRARY]):
        return False
    if not _is(INSTANCE, claim["instanceID"]) or not _is(SIGNATURE, claim["signature"]):
        return False
    if not all(isinstance(group, list) for group in named):
        return False
    hashes = [_assertion(entry) for group in named for entry in group]
    if len(hashes) != 2 or None in hashes:
        return False
    by_label = dict(entry for entry in hashes if entry)
    shown = hashlib.sha256(box).digest()
    return len(set(by_label) & set(HASHES)) == 1 and hmac.compare_digest(by_label.get(ACTIONS, b""), shown)


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _assertion(entry: Any) -> tuple[str, bytes] | None:
    """The label and the hash of an assertion that a claim names."""
    if not isinstance(entry, dict) or set(entry) != {"url", "hash"}:
        return None
    url, digest = entry["url"], entry["hash"]
    if not isinstance(url, str) or not url.startswith(ASSERTION) or not isinstance(digest, bytes):
        return None
    return (url.removeprefix(ASSERTION), digest) if len(digest) == DIGEST else None


def _content(box: bytes) -> bytes:
    """What the actions assertion holds: the second of the two boxes in its superbox, after the one with its label."""
    label = CBOR_ASSERTION + bytes([SALTED]) + ACTIONS.encode() + b"\0" + SALT_BOX
    size = 8 + len(label) + 16
    head, content = box[:size], box[size:]
    held = size.to_bytes(4, "big") + b"jumd" + label
    if not head.startswith(held) or len(head) != size or content[:8] != len(content).to_bytes(4, "big") + b"cbor":
        raise ContractError("not-sealed", "actions")
    return content[8:]


def _is_true(content: bytes, now: datetime) -> bool:
    """Whether the actions are those of the studio, of just now."""
    said = _cbor(content, "actions")
    if not isinstance(said, dict) or not isinstance(said.get("actions"), list) or not said["actions"]:
        return False
    first = said["actions"][0]
    when = first.get("when") if isinstance(first, dict) else None
    if not isinstance(when, datetime) or abs(when - now) > timedelta(seconds=CLOCK_SECONDS):
        return False
    return any(said == {"actions": _dated(actions(STUDIO, "", composed), when)} for composed in (False, True))


def _dated(done: list[dict[str, Any]], when: datetime) -> list[dict[str, Any]]:
    return [{**action, "when": when} for action in done]
