"""What the Content Credentials of a file say, from the report of the official C2PA reader (native or wasm)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from frontend.manifest_store import find_store, is_intact

Status = Literal["none", "intact", "altered"]

TOOL = "Ownvoice"
GENERATED = "trainedAlgorithmicMedia"
VALID_STATES = ("Valid", "Trusted")
MEDIA_TYPES = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """`trusted`: the signer is on the reader's list; else anybody may have signed in that name."""

    status: Status
    tool: str = ""
    version: str = ""
    signer: str = ""
    when: str = ""  # UTC, ISO 8601, as the signer's clock had it
    generated: bool = False  # whether it says that an algorithm made the sound
    trusted: bool = False


def statement(report: dict[str, Any] | None, content: bytes) -> Statement:
    """From the reader's JSON (None: it found nothing, or could not read what it found) and the file itself."""
    if report is None:
        return Statement("altered" if b"c2pa.signature" in content or find_store(content) else "none")
    manifest = report["manifests"][report["active_manifest"]]
    generator = (manifest.get("claim_generator_info") or [{}])[0]
    signature = manifest.get("signature_info") or {}
    actions = [
        action
        for assertion in manifest.get("assertions", ())
        if assertion["label"].startswith("c2pa.actions")
        for action in assertion["data"]["actions"]
    ]
    tool, state = generator.get("name", ""), report.get("validation_state")
    intact = state in VALID_STATES and (tool != TOOL or is_intact(content))
    return Statement(
        status="intact" if intact else "altered",
        tool=tool,
        version=generator.get("version", ""),
        signer=signature.get("common_name") or signature.get("issuer") or "",
        when=next((action["when"] for action in actions if "when" in action), signature.get("time") or ""),
        generated=any(str(action.get("digitalSourceType", "")).endswith(GENERATED) for action in actions),
        trusted=state == "Trusted",
    )
