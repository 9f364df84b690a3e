"""Speech comes as it is made, repeats for a seed, obeys the speed, and stops when nobody listens."""

from __future__ import annotations

import asyncio
import io
import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from frontend.audio import resample
from models.contract import INPUT_MAX_CHARS, SYNTHESIS_SAMPLE_RATE
from models.recogniser.recognition import SAMPLE_RATE, Recogniser
from models.runner import NativeRunner
from tests.server.listening import MODELS, PATH, Profile, Watched, refused, spoken

SENTENCE = "The north wind and the sun were disputing which was the stronger."


def seconds(samples: npt.NDArray[np.int16]) -> float:
    return len(samples) / SYNTHESIS_SAMPLE_RATE


def test_a_wav_holds_speech(client: httpx.Client, profile: Profile) -> None:
    answer = client.post(PATH, json={"input": SENTENCE, "voice": profile})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.headers["cache-control"] == "no-store"
    samples, rate = soundfile.read(io.BytesIO(answer.content))
    assert rate == SYNTHESIS_SAMPLE_RATE
    assert 2.5 < len(samples) / rate < 8
    assert 0.1 < np.abs(samples).max() < 0.9


def test_what_is_heard_is_what_was_written(client: httpx.Client, profile: Profile) -> None:
    samples = (spoken(client, input=SENTENCE, voice=profile) / 32_768).astype(np.float32)
    tokens = (MODELS / "recogniser_tokens.json").read_bytes()
    recogniser = Recogniser(NativeRunner(MODELS / "recogniser.onnx", threads=1), tokens)
    heard = asyncio.run(recogniser.transcribe(resample(samples, SYNTHESIS_SAMPLE_RATE, SAMPLE_RATE)))
    assert re.findall("[a-z]+", heard.lower()) == re.findall("[a-z]+", SENTENCE.lower())


def test_the_first_sound_arrives_long_before_the_last_is_made_and_leaving_stops_the_rest(
    client: httpx.Client, watched: Watched, profile: Profile
) -> None:
    before = watched.pieces
    spoken(client, input=SENTENCE, voice=profile)
    sentence = watched.pieces - before
    text = (SENTENCE + " ") * (INPUT_MAX_CHARS // (len(SENTENCE) + 1))
    before = watched.pieces
    free = client.get("/readyz").json()["free"]
    with client.stream("POST", PATH, json={"input": text, "voice": profile}) as answer:
        content = answer.iter_bytes()
        first = next(content)
        made = watched.pieces - before
        assert first.startswith(b"RIFF")
        assert client.get("/readyz").json()["free"] == free - 1
        heard = watched.pieces
    while client.get("/readyz").json()["free"] < free:
        time.sleep(0.05)
    stopped = watched.pieces
    assert made <= heard - before <= stopped - before < 20  # of some 150
    assert stopped - heard <= sentence
    assert client.get("/healthz").status_code == 200
    assert watched.pieces == stopped


def test_a_seed_repeats_and_another_differs(client: httpx.Client, profile: Profile) -> None:
    first, again, other = (spoken(client, input=SENTENCE, voice=profile, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert len(first) != len(other) or not np.array_equal(first, other)


def test_voices_differ(client: httpx.Client, profile: Profile, another_profile: Profile) -> None:
    one, other = (spoken(client, input=SENTENCE, voice=voice) for voice in (profile, another_profile))
    assert len(one) != len(other) or not np.array_equal(one, other)


def test_what_one_hears_does_not_depend_on_who_else_listens(client: httpx.Client, profile: Profile) -> None:
    requests = [{"input": SENTENCE, "voice": profile, "seed": seed} for seed in range(6)]
    alone = [spoken(client, **request) for request in requests]
    with ThreadPoolExecutor(len(requests)) as pool:
        together = list(pool.map(lambda request: spoken(client, **request), requests))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_speed_shortens_and_lengthens(client: httpx.Client, profile: Profile) -> None:
    slow, usual, fast = (seconds(spoken(client, input=SENTENCE, voice=profile, speed=speed)) for speed in (0.5, 1, 2))
    assert slow == pytest.approx(2 * usual, rel=0.15)
    assert fast == pytest.approx(usual / 2, rel=0.15)


def test_a_person_who_reads_faster_is_spoken_faster(client: httpx.Client, profile: Profile) -> None:
    def paced(rate: float) -> float:
        voice = {**profile, "prosody": {**profile["prosody"], "syllables_per_second": rate}}
        return seconds(spoken(client, input=SENTENCE, voice=voice))

    assert paced(3.5) > 1.15 * paced(5.5)


def test_the_event_loop_never_synthesizes(client: httpx.Client, watched: Watched, profile: Profile) -> None:
    watched.threads.clear()
    for _ in range(3):
        spoken(client, input="Yes.", voice=profile)
    assert 1 <= len(watched.threads) <= 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Привет, как дела?", "unsupported-script"),
        ("你好,世界。今天天气很好。", "unsupported-script"),
        ("Guten Tag, wie geht es Ihnen heute?", "unsupported-language"),
    ],
)
def test_a_language_it_cannot_speak_is_refused(client: httpx.Client, profile: Profile, text: str, kind: str) -> None:
    refused(client.post(PATH, json={"input": text, "voice": profile}), kind, "input")


@pytest.mark.parametrize("text", ["…", "!?", "* * *", "\u200b\u200d\ufeff"])
def test_a_text_without_words_is_refused(client: httpx.Client, profile: Profile, text: str) -> None:
    refused(client.post(PATH, json={"input": text, "voice": profile}), "nothing-to-say", "input")
