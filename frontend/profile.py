"""The voice profile: all that is ever sent of a voice (profile v1 of models/contract.py)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from frontend.prosody import Prosody
from models.contract import ENCODER_ID, PROFILE_VERSION, encode_embedding, parse_profile


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to, in which language, when (UTC to the second), and the SHA-256 of the script read."""

    statement_version: int
    language: str
    recorded_at: str
    script_sha256: str


def consent_now(statement_version: int, language: str, script: str) -> Consent:
    """The consent to a statement, given now, by reading `script` aloud."""
    return Consent(
        statement_version,
        language,
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        hashlib.sha256(script.encode()).hexdigest(),
    )


def build_profile(
    embedding: npt.NDArray[np.float32], prosody: Prosody, consent: Consent, encoder_sha256: str
) -> dict[str, Any]:
    """The profile as the contract writes it, checked by the contract. Raises ContractError."""
    profile = {
        "version": PROFILE_VERSION,
        "encoder": {"id": ENCODER_ID, "sha256": encoder_sha256},
        "embedding": encode_embedding(embedding),
        "prosody": {name: round(value, 2) for name, value in asdict(prosody).items()},
        "consent": asdict(consent),
    }
    parse_profile(profile, encoder_sha256)
    return profile
