"""The voice profile: all that is ever sent of a voice (profile v1 of models/contract.py)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from frontend.prosody import Prosody
from models.contract import ENCODER_ID, PROFILE_VERSION, encode_embedding, parse_profile


def build_profile(
    embedding: npt.NDArray[np.float32], prosody: Prosody, consent: dict[str, Any], encoder_sha256: str
) -> dict[str, Any]:
    """The profile as the contract writes it, checked by the contract. Raises ContractError.

    `consent` is the contract's object of that name, such as `frontend.library.voice.attestation` makes.
    """
    profile = {
        "version": PROFILE_VERSION,
        "encoder": {"id": ENCODER_ID, "sha256": encoder_sha256},
        "embedding": encode_embedding(embedding),
        "prosody": {name: round(value, 2) for name, value in asdict(prosody).items()},
        "consent": consent,
    }
    parse_profile(profile, encoder_sha256)
    return profile
