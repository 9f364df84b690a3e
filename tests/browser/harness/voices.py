"""What the tests run in the worker: voices to store, and a vault on the browser's own storage."""

PRELUDE = """
import json, time
import js
import numpy as np
from frontend.library import export, ports, sealing
from frontend.library.export import ImportRefused
from frontend.library.indexeddb import IndexedDbStore
from frontend.library.script import fresh_script
from frontend.library.tabs import BroadcastTabs
from frontend.library.vault import Locked, NoSuchVoice, Vault, WrongPassphrase
from frontend.library.voice import Reading, attestation, new_voice
from frontend.library.voiceprint import BANDS, VoicePrint
from frontend.library.webcrypto import WebCipher
from models.contract import ENCODER_ID, encode_embedding

ENCODER = "e" * 64

def voice(seed=0, name="Anna"):
    embedding = np.random.default_rng(seed).normal(size=512)
    embedding = (embedding / np.linalg.norm(embedding)).astype(np.float32)
    told, record = attestation(fresh_script("en", name, seed), "2026-11-22T10:00:00Z")
    profile = {
        "version": 1,
        "encoder": {"id": ENCODER_ID, "sha256": ENCODER},
        "embedding": encode_embedding(embedding),
        "prosody": {"f0_median_hz": 120.0, "f0_range_semitones": 8.0, "syllables_per_second": 4.0},
        "consent": told,
    }
    print_ = VoicePrint(tuple(-float(band) for band in range(BANDS)), 90.0, 180.0)
    return new_voice(name, "clay", Reading(profile, print_, record))

async def opened():
    vault = Vault(IndexedDbStore(), WebCipher(), BroadcastTabs(), ENCODER)
    await vault.refresh()
    return vault
"""
