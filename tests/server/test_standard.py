"""A client of the de-facto standard can point at us: the official Python package, and curl as the README has it."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import numpy as np
import openai
import pytest
import soundfile

from models.contract import SYNTHESIS_SAMPLE_RATE
from tests.server.listening import ROOT, Profile, spoken

TEXT = "Any client can ask."


@pytest.fixture(scope="module")
def standard(client: httpx.Client) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{client.base_url}/v1", api_key="not looked at", max_retries=0)


def test_its_client_gets_speech_in_each_form_that_a_voice_may_have(
    client: httpx.Client, standard: openai.OpenAI, profile: Profile
) -> None:
    expected = spoken(client, input=TEXT, voice=profile)
    text = json.dumps(profile)
    for voice in (text, base64.urlsafe_b64encode(text.encode()).decode()):
        answer = standard.audio.speech.create(model="tts-1", input=TEXT, voice=voice, response_format="wav")
        found, rate = soundfile.read(io.BytesIO(answer.content), dtype="int16")
        assert rate == SYNTHESIS_SAMPLE_RATE
        np.testing.assert_array_equal(found, expected)
    answer = standard.audio.speech.create(
        model="ownvoice", input=TEXT, voice="", response_format="pcm", extra_body={"voice": profile, "seed": 0}
    )
    np.testing.assert_array_equal(np.frombuffer(answer.content, "<i2"), expected)


def test_its_client_can_stream_to_a_file_and_read_events(
    standard: openai.OpenAI, profile: Profile, tmp_path: Path
) -> None:
    create = standard.audio.speech.with_streaming_response.create
    with create(model="tts-1", input=TEXT, voice=json.dumps(profile), response_format="mp3") as answer:
        answer.stream_to_file(tmp_path / "speech.mp3")
    assert soundfile.info(tmp_path / "speech.mp3").duration > 1
    with create(model="tts-1", input=TEXT, voice=json.dumps(profile), stream_format="sse") as answer:
        events = [json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line]
    assert [event["type"].rpartition(".")[2] for event in events][:2] == ["timings", "delta"]
    assert base64.b64decode(events[1]["audio"]).startswith(b"RIFF")


def test_its_client_is_told_what_it_cant_have(standard: openai.OpenAI, profile: Profile) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="none is kept here"):
        standard.audio.speech.create(model="tts-1", input=TEXT, voice="alloy")
    with pytest.raises(openai.UnprocessableEntityError, match="can't follow"):
        standard.audio.speech.create(model="tts-1", input=TEXT, voice=json.dumps(profile), instructions="Whisper.")
    with pytest.raises(openai.UnprocessableEntityError, match="must be wav, pcm, mp3, flac or opus"):
        standard.audio.speech.create(model="tts-1", input=TEXT, voice=json.dumps(profile), response_format="aac")


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on this machine")
def test_the_readmes_command_makes_a_file(client: httpx.Client, profile: Profile, tmp_path: Path) -> None:
    (command,) = re.findall(r"```sh\n(curl .*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "voice.json").write_text(json.dumps(profile))
    command = command.replace("http://localhost:8000", str(client.base_url))
    subprocess.run(["bash", "-ec", command], cwd=tmp_path, check=True, capture_output=True)
    assert soundfile.info(tmp_path / "hello.mp3").duration > 1
