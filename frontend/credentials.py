"""What the Content Credentials of a file say, from the report of the official C2PA reader (native or wasm)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from frontend.manifest_store import find_store, is_intact
from frontend.words import Words
from models.seal import STUDIO, TOOL

Status = Literal["none", "intact", "altered"]

GENERATED = "trainedAlgorithmicMedia"
DEVELOPMENT = "Ownvoice development"  # who signs with the certificate that a build makes for itself
VALID_STATES = ("Valid", "Trusted")
READER = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}  # the reader asks nobody
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
    intact = state in VALID_STATES and (tool not in (TOOL, STUDIO) or is_intact(content))
    return Statement(
        status="intact" if intact else "altered",
        tool=tool,
        version=generator.get("version", ""),
        signer=signature.get("common_name") or signature.get("issuer") or "",
        when=next((action["when"] for action in actions if "when" in action), signature.get("time") or ""),
        generated=any(str(action.get("digitalSourceType", "")).endswith(GENERATED) for action in actions),
        trusted=state == "Trusted",
    )


def said(found: Statement, words: Words) -> list[str]:
    """What was found, as a person reads it."""
    about = {
        "tool": f"{found.tool} {found.version}".strip(),
        "when": found.when.replace("T", " ").removesuffix("Z"),
        "signer": found.signer,
    }
    lines = [words(f"detector.credentials.{found.status}", **about)]
    if found.status == "intact":
        if found.generated:
            lines.append(words("detector.credentials.generated"))
        if not found.trusted:
            who = "development" if found.signer == DEVELOPMENT else "untrusted"
            lines.append(words(f"detector.credentials.{who}", **about))
    return lines
