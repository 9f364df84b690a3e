"""Certificates that sign Content Credentials: checking the operator's, and making those for development.

    python -m server.certificates FOLDER

writes `chain.pem` (leaf first, then its authority) and `key.pem`, valid for a year, unless they are there and
still valid. Nobody trusts them but the machine that made them: an operator puts real ones in their place.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CHAIN = "chain.pem"
KEY = "key.pem"
VALID_DAYS = 365
RENEW_DAYS = 30  # development certificates are made anew so long before they end
DEVELOPMENT = "Ownvoice development"  # its name; what reads it can say that it proves nothing


class CertificateError(RuntimeError):
    """The certificate or its key can't sign.

    `kind` is missing, unreadable, expired, not-yet-valid, mismatched or too-long.
    """

    def __init__(self, kind: str, path: Path) -> None:
        super().__init__(f"{kind}: {path}")
        self.kind = kind
        self.path = path


def check(folder: Path, now: datetime | None = None) -> tuple[str, bytes]:
    """The chain (PEM) and the private key (PEM), whole, current and of one pair. Raises CertificateError."""
    chain_path, key_path = folder / CHAIN, folder / KEY
    for path in (chain_path, key_path):
        if not path.is_file():
            raise CertificateError("missing", path)
    try:
        chain = x509.load_pem_x509_certificates(chain_path.read_bytes())
    except ValueError:
        raise CertificateError("unreadable", chain_path) from None
    try:
        key = serialization.load_pem_private_key(key_path.read_bytes(), None)
    except (ValueError, TypeError):
        raise CertificateError("unreadable", key_path) from None
    now = now or datetime.now(UTC)
    for certificate in chain:
        if now > certificate.not_valid_after_utc:
            raise CertificateError("expired", chain_path)
        if now < certificate.not_valid_before_utc:
            raise CertificateError("not-yet-valid", chain_path)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CertificateError("unreadable", key_path)  # signatures are ES256
    if chain[0].public_key() != key.public_key():
        raise CertificateError("mismatched", key_path)
    return chain_path.read_text("ascii"), key_path.read_bytes()


def make_development(folder: Path, now: datetime | None = None) -> None:
    """An authority of its own and a leaf that the C2PA profile accepts (C2PA 2.2, 14.5.1), P-256 throughout."""
    now = now or datetime.now(UTC)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = _name(f"{DEVELOPMENT} authority")
    authority = (
        _builder(authority_name, authority_name, authority_key, authority_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    leaf = (
        _builder(_name(DEVELOPMENT), authority_name, key, authority_key, now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    pem = serialization.Encoding.PEM
    _write(folder / CHAIN, leaf.public_bytes(pem) + authority.public_bytes(pem), 0o644)
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(folder / KEY, private, 0o600)


def _write(path: Path, content: bytes, mode: int) -> None:
    part = path.with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
    part.replace(path)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Ownvoice")]
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks differ
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def main(folder: Path) -> None:
    """Make development certificates unless there are some that hold for another month."""
    try:
        check(folder, datetime.now(UTC) + timedelta(days=RENEW_DAYS))
    except CertificateError:
        if (folder / CHAIN).is_file() and not _is_development(folder / CHAIN):
            return  # the operator's: the server says what is wrong with it, nobody overwrites it
        make_development(folder)


def _is_development(chain: Path) -> bool:
    try:
        leaf = x509.load_pem_x509_certificates(chain.read_bytes())[0]
    except ValueError:
        return False
    return leaf.subject == _name(DEVELOPMENT)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
