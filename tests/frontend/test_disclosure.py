"""Saying that speech is generated: in a file's name and tags, before the text, in a caption."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from frontend import disclosure, wav
from frontend.words import Words


@pytest.mark.parametrize(("language", "title"), [("en", "AI-generated speech"), ("de", "KI-erzeugte Sprache")])
@pytest.mark.parametrize("length", [0, 999, 1_000])
def test_a_tagged_file_says_it_and_sounds_the_same(language: str, title: str, length: int) -> None:
    samples = np.linspace(-0.5, 0.5, length, dtype=np.float32)
    plain = wav.encode(samples, 22_050)
    with soundfile.SoundFile(io.BytesIO(disclosure.tagged(plain, Words(language)))) as file:
        assert (file.title, file.software) == (title, "Ownvoice 0.1.0")
        assert "Ownvoice" in file.comment
        assert file.frames == length
        np.testing.assert_array_equal(file.read(dtype="float32"), wav.decode(plain)[0])


def test_the_name_says_it_and_so_may_the_voice() -> None:
    assert disclosure.file_name(Words("en"), "mp4") == "ai-generated-speech.mp4"
    assert disclosure.file_name(Words("de"), "wav") == "ki-erzeugte-sprache.wav"
    assert disclosure.spoken_first("Good morning.") == "This is an AI-generated voice. Good morning."
