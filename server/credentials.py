"""Content Credentials (C2PA): a signed statement inside a file that its sound was made by a trained algorithm.

Made by the official library, in memory. It says which tool and version made the file and when; no name, no
text, no voice. A stream is never whole until it ends, so only complete files carry a statement.
"""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import c2pa  # type: ignore[import-untyped]

from server.certificates import check

TOOL = "Ownvoice"
VERSION = "0.1.0"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
SIGNED_TYPES = ("audio/wav", "audio/mpeg", "audio/flac", "audio/mp4", "video/mp4")
SETTINGS = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"verify_after_sign": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
}


class Credentials:
    """Signs complete files with the operator's certificate. Raises CertificateError when that can't sign."""

    def __init__(self, folder: Path) -> None:
        chain, key = check(folder)
        self._info = c2pa.C2paSignerInfo(b"es256", chain.encode("ascii"), key, None)

    def sign(self, content: bytes, media_type: str, now: datetime | None = None) -> bytes:
        """The same file with the statement inside. `media_type` is one of SIGNED_TYPES."""
        if media_type not in SIGNED_TYPES:
            raise ValueError(f"{media_type} carries no Content Credentials")
        when = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
        out = io.BytesIO()
        with (
            c2pa.Context.from_dict(SETTINGS) as context,
            c2pa.Signer.from_info(self._info) as signer,
            c2pa.Builder(statement(media_type, when), context) as builder,
        ):
            builder.sign(signer, media_type, io.BytesIO(content), out)
        return out.getvalue()


def statement(media_type: str, when: str) -> str:
    """The manifest before signing, as the library takes it."""
    agent = {"name": TOOL, "version": VERSION}
    actions = [
        {"action": "c2pa.created", "when": when, "softwareAgent": agent, "digitalSourceType": SOURCE_TYPE},
        # Inaudible, and not bound to this statement: it stays when the statement is stripped.
        {"action": "c2pa.watermarked.unbound", "when": when, "softwareAgent": agent},
    ]
    return json.dumps(
        {
            "claim_generator_info": [agent],
            "format": media_type,
            "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
        }
    )
