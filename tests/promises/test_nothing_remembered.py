"""After a request no object of the server's process holds a word of its text, or its embedding."""

from __future__ import annotations

import gc
import random
import string
import time
from pathlib import Path

import httpx
import numpy as np

from models.contract import EMBEDDING_DIM, decode_embedding, encode_embedding
from tests.server.listening import MODELS, PATH, ROOT, Watched, application, credentials_in, profile_of, serving

ENOUGH = 24  # characters of an embedding that occur in no other


def remembered(secrets: tuple[str, ...]) -> list[str]:
    """Kinds of objects that hold one of these, which are told backwards, lest their own list be one of them."""
    gc.collect()
    words = [secret[::-1] for secret in secrets]
    number = decode_embedding(words[-1])[0]
    needles = [word[:ENOUGH] for word in words]
    raw = [needle.encode() for needle in needles]
    found = []
    for each in gc.get_objects():
        if each is words or each is needles or each is raw:
            continue
        for held in gc.get_referents(each):
            match held:
                case str():
                    there = any(needle in held for needle in needles)
                case bytes() | bytearray():
                    there = any(needle in held for needle in raw)
                case np.ndarray():
                    there = held.size == EMBEDDING_DIM and bool((held == number).any())
                case _:
                    there = False
            if there:
                found.append(f"{type(each).__name__} of {type(held).__name__}")
    return found


def asked(address: str) -> tuple[str, ...]:
    """Requests of every outcome with a word and a voice that nobody has seen; both are told backwards."""
    word = "".join(random.choices(string.ascii_lowercase, k=12))
    voice = profile_of(ROOT / "tests/data/2961-961-0010.flac", (190.0, 10.0, 4.5))
    embedding = decode_embedding(voice["embedding"]) + np.float32(random.uniform(1e-3, 2e-3))
    voice["embedding"] = encode_embedding(embedding / np.linalg.norm(embedding))
    text = f"{word}, {word}ly un{word}s. "
    with httpx.Client(base_url=address, timeout=120) as client:
        for changes, status in (
            ({"stream_format": "sse"}, 200),
            ({"response_format": "mp3", "pronunciations": {word: "nuh-VAH-duh"}}, 200),
            ({"input": f"{word} 你好"}, 422),
            ({word: word}, 422),
            ({"speed": 99}, 422),
        ):
            answer = client.post(PATH, json={"input": text, "voice": voice, **changes})
            assert answer.status_code == status, answer.text
        with client.stream("POST", PATH, json={"input": text * 40, "voice": voice}) as answer:
            next(answer.iter_bytes())
        while client.get("/readyz").json()["free"] < 32:
            pass
    return word[::-1], voice["embedding"][::-1]


def test_no_word_and_no_voice_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    app = application(Watched(MODELS), credentials_in(tmp_path), tmp_path / "site")
    with serving(app) as address:
        secrets = asked(address)
        while (found := remembered(secrets)) and "Utterance" in str(found):  # amid a piece when its listener left
            time.sleep(0.5)
        assert found == []
    kept = [secrets[0][::-1]]
    assert kept and "list of str" in remembered(secrets)  # it would be found
