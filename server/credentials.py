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
import cbor2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from models.seal import SEAL_BYTES, TOOL, definition
from server.certificates import CHAIN, CertificateError, check

SIGNED_TYPES = ("audio/wav", "audio/mpeg", "audio/flac", "audio/mp4", "video/mp4")
COSE_SIGN1, ALGORITHM, X5CHAIN, ES256 = 18, 1, 33, -7  # RFC 9052, RFC 9360
LEAST_PADDING = 256  # from here to 65,535, a byte of padding is a byte of the message
SETTINGS = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"verify_after_sign": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
}


class Credentials:
    """Signs complete files with the operator's certificate. Raises CertificateError when that can't sign."""

    def __init__(self, folder: Path) -> None:
        chain, key = check(folder)
        self._chain = [
            certificate.public_bytes(serialization.Encoding.DER)
            for certificate in x509.load_pem_x509_certificates(chain.encode("ascii"))
        ]
        loaded = serialization.load_pem_private_key(key, None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)  # `check` saw to it
        self._key = loaded
        self._folder = folder
        self.seal(b"", SEAL_BYTES)  # a chain that is too long shows at the start
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
            c2pa.Builder(json.dumps(definition(TOOL, media_type, when)), context) as builder,
        ):
            builder.sign(signer, media_type, io.BytesIO(content), out)
        return out.getvalue()

    def seal(self, claim: bytes, size: int) -> bytes:
        """A C2PA signature of a claim, ES256 (RFC 9052, COSE_Sign1; C2PA 2.2, 13.2), padded to `size` bytes.

        What may be signed is for `server.claims` to say. Raises CertificateError when the certificates need more.
        """
        protected = cbor2.dumps({ALGORITHM: ES256, X5CHAIN: self._chain})
        r, s = decode_dss_signature(
            self._key.sign(cbor2.dumps(["Signature1", protected, b"", claim]), ec.ECDSA(hashes.SHA256()))
        )
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")

        def message(padding: int) -> bytes:
            return cbor2.dumps(cbor2.CBORTag(COSE_SIGN1, [protected, {"pad": bytes(padding)}, None, signature]))

        missing = size - len(message(LEAST_PADDING))
        if missing < 0:
            raise CertificateError("too-long", self._folder / CHAIN)
        return message(LEAST_PADDING + missing)
