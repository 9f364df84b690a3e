"""Each word is heard when the answer says so, whatever it took to say it."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from frontend.audio import resample
from models.contract import FILE_FORMATS, SYNTHESIS_SAMPLE_RATE
from models.recogniser.recognition import SAMPLE_RATE, Recogniser
from models.runner import NativeRunner
from tests.server.listening import MODELS, PATH, Profile, refused, spoken

Samples = npt.NDArray[np.float32]
Event = dict[str, Any]
TEXT = "The old farmer paid $5.20 for a wooden table. Then, after lunch, Nguyen came back with her brother on the 3rd."
CUTS = (("$5.20", "for"), ("back", "with"))
REQUEST = {"input": TEXT, "pronunciations": {"nguyen": "/wˈɪn/"}, "seed": 2}
TOLERANCE = 0.15  # s


def events_of(answer: httpx.Response) -> list[Event]:
    """The events of an answer, after checking their frame."""
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream"), answer.text
    frames = answer.text.split("\n\n")
    assert frames.pop() == ""
    assert all(frame.startswith("data: ") and "\n" not in frame for frame in frames)
    return [json.loads(frame.removeprefix("data: ")) for frame in frames]


def timings(events: list[Event]) -> list[Event]:
    return [event for event in events if event["type"] == "speech.audio.timings"]


def audio(events: list[Event]) -> bytes:
    return b"".join(base64.b64decode(event["audio"]) for event in events if event["type"] == "speech.audio.delta")


def ask(client: httpx.Client, profile: Profile, **changes: Any) -> list[Event]:
    request = {**REQUEST, "voice": profile, "response_format": "pcm", "stream_format": "sse", **changes}
    return events_of(client.post(PATH, json=request))


@pytest.fixture(scope="module")
def heard(client: httpx.Client, profile: Profile) -> list[Event]:
    return ask(client, profile)


@pytest.fixture(scope="module")
def samples(heard: list[Event]) -> Samples:
    return (np.frombuffer(audio(heard), "<i2") / 32_768).astype(np.float32)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    tokens = (MODELS / "recogniser_tokens.json").read_bytes()
    return Recogniser(NativeRunner(MODELS / "recogniser.onnx", threads=1), tokens)


def loud(samples: Samples) -> npt.NDArray[np.bool_]:
    """Which hundredths of a second hold sound."""
    step = SYNTHESIS_SAMPLE_RATE // 100
    levels = np.sqrt(np.mean(samples[: len(samples) // step * step].reshape(-1, step) ** 2, axis=1))
    return np.asarray(levels > 0.02 * levels.max())


def test_the_events_carry_the_same_audio_each_sentence_announced_before_its_sound(
    client: httpx.Client, profile: Profile, heard: list[Event]
) -> None:
    assert audio(heard) == spoken(client, voice=profile, **REQUEST).tobytes()
    kinds = [event["type"].removeprefix("speech.audio.") for event in heard]
    assert (kinds[0], kinds[1], kinds[-1]) == ("timings", "delta", "done")
    assert kinds.count("timings") == 2
    assert heard[-1]["seconds"] == pytest.approx(len(audio(heard)) / 2 / SYNTHESIS_SAMPLE_RATE, abs=1e-3)


def test_words_keep_their_place_in_the_text_whatever_is_said_for_them(heard: list[Event]) -> None:
    words = [word for sentence in timings(heard) for word in sentence["words"]]
    assert all(TEXT[word["start_char"] : word["end_char"]] == word["text"] for word in words)
    said = {word["text"]: " ".join(spoken["word"] for spoken in word["spoken"]) for word in words}
    assert (said["$5.20"], said["3rd"]) == ("five dollars and twenty cents", "third")
    sounds = {word["text"]: "".join(p["phoneme"] for s in word["spoken"] for p in s["phonemes"]) for word in words}
    assert (sounds["Nguyen"], sounds["lunch"]) == ("wˈɪn", "lˈʌntʃ")


def test_times_are_in_order_from_sentence_to_phoneme(heard: list[Event]) -> None:
    def in_order(parts: list[Event], start: float, end: float) -> None:
        for part in parts:
            assert start <= part["start"] < part["end"] <= end
            start = part["end"]
            for inner in ("words", "spoken", "phonemes"):
                in_order(part.get(inner, []), part["start"], part["end"])

    in_order(timings(heard), 0.0, heard[-1]["seconds"])


@pytest.mark.parametrize("speed", [0.7, 1.0, 1.6])
def test_sound_begins_and_ends_where_the_sentences_words_do(
    client: httpx.Client, profile: Profile, speed: float
) -> None:
    heard = ask(client, profile, speed=speed)
    sounding = loud((np.frombuffer(audio(heard), "<i2") / 32_768).astype(np.float32))
    first, second = timings(heard)
    middle = round(100 * (first["end"] + second["words"][0]["start"]) / 2)
    for sentence, begin, end in ((first, 0, middle), (second, middle, len(sounding))):
        inside = begin + np.flatnonzero(sounding[begin:end])
        assert sentence["words"][0]["start"] == pytest.approx(inside[0] / 100, abs=TOLERANCE / 2)
        assert sentence["words"][-1]["end"] == pytest.approx((inside[-1] + 1) / 100, abs=TOLERANCE)


def distance(heard: list[str], said: list[str]) -> int:
    """Words to change, add or drop (V. Levenshtein, 1966)."""
    row = list(range(len(said) + 1))
    for count, word in enumerate(heard, 1):
        before, row[0] = row[0], count
        for place, other in enumerate(said, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1]


def test_cut_between_two_words_both_are_heard_and_cut_elsewhere_they_are_not(
    heard: list[Event], samples: Samples, recogniser: Recogniser
) -> None:
    words = [word for sentence in timings(heard) for word in sentence["words"]]
    written = [word["text"].lower() for word in words]
    silence = np.zeros(SYNTHESIS_SAMPLE_RATE // 2, np.float32)

    def wrong(half: Samples, said: list[str], end: slice) -> int:
        sound = resample(np.concatenate([silence, half, silence]), SYNTHESIS_SAMPLE_RATE, SAMPLE_RATE)
        text = asyncio.run(recogniser.transcribe(sound)).lower()
        return distance(re.findall(r"[a-z]+|[$\d]+[.]\d+|\d\w+", text)[end], said)

    def errors(shift: float) -> int:
        """Among the two words on either side of all cuts, when each is made so many seconds late."""
        total = 0
        for pair in CUTS:
            at = next(i for i in range(1, len(words)) if (written[i - 1], written[i]) == pair)
            cut = round(((words[at - 1]["end"] + words[at]["start"]) / 2 + shift) * SYNTHESIS_SAMPLE_RATE)
            total += wrong(samples[:cut], written[at - 2 : at], slice(-2, None))
            total += wrong(samples[cut:], written[at : at + 2], slice(2))
        return total

    right, early, late = errors(0), errors(-TOLERANCE), errors(TOLERANCE)
    assert right <= 1
    assert min(early, late) >= right + len(CUTS)


@pytest.mark.parametrize("response_format", FILE_FORMATS)
def test_a_file_comes_with_timings_too_and_is_the_same_for_the_same_seed(
    client: httpx.Client, profile: Profile, heard: list[Event], response_format: str
) -> None:
    events = ask(client, profile, response_format=response_format, stream=False)
    assert timings(events) == timings(heard)
    found, rate = soundfile.read(io.BytesIO(audio(events)))
    assert len(found) / rate == pytest.approx(heard[-1]["seconds"], abs=0.1)
    again = client.post(PATH, json={**REQUEST, "voice": profile, "response_format": response_format, "stream": False})
    np.testing.assert_array_equal(soundfile.read(io.BytesIO(again.content))[0], found)


def test_a_refusal_is_a_problem_here_too(client: httpx.Client, profile: Profile) -> None:
    request = {"input": "…", "voice": profile, "stream_format": "sse"}
    refused(client.post(PATH, json=request), "nothing-to-say", "input")
