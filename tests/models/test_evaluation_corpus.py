"""A folder of speakers is read as it is, or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.evaluation.corpus import CorpusError, read_corpus


def write(path: Path, seconds: float = 2, rate: int = 16_000, channels: int = 1) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(0).normal(0, 0.1, (round(seconds * rate), channels))
    soundfile.write(path, noise.squeeze(), rate)


def corpus(folder: Path) -> Path:
    for speaker in ("anna", "ben"):
        for name in ("reference_1", "other_1", "other_2"):
            write(folder / "set" / speaker / f"{name}.flac")
    return folder


def test_speakers_by_name_with_what_the_table_knows(tmp_path: Path) -> None:
    corpus(tmp_path)
    (tmp_path / "utterances.tsv").write_text("speaker\tsex\tfile\ttranscript\nanna\tF\treference_1.flac\tHELLO THERE\n")
    anna, ben = read_corpus(tmp_path / "set")
    assert (anna.name, anna.sex, ben.name, ben.sex) == ("anna", "F", "ben", None)
    assert [len(anna.references), len(anna.others)] == [1, 2]
    assert anna.references[0].words == "HELLO THERE"
    assert anna.others[0].words is None
    assert anna.references[0].samples.shape == (32_000,)


def test_a_table_is_not_needed(tmp_path: Path) -> None:
    assert [speaker.sex for speaker in read_corpus(corpus(tmp_path))] == [None, None]


def test_what_cannot_be_evaluated_is_said(tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    with pytest.raises(CorpusError, match="not a folder"):
        read_corpus(folder / "nowhere")
    with pytest.raises(CorpusError, match="holds 1 speakers"):
        read_corpus(folder / "set" / "anna")
    (folder / "set" / "anna" / "reference_1.flac").unlink()
    with pytest.raises(CorpusError, match="no reference_"):
        read_corpus(folder)


@pytest.mark.parametrize(
    ("fault", "message"),
    [({"rate": 8_000}, "mono at 16000 Hz"), ({"channels": 2}, "mono at 16000 Hz"), ({"seconds": 0.5}, "less than 1 s")],
)
def test_a_recording_of_another_kind_is_refused(tmp_path: Path, fault: dict[str, float], message: str) -> None:
    write(corpus(tmp_path) / "set" / "ben" / "other_2.flac", **fault)  # type: ignore[arg-type]
    with pytest.raises(CorpusError, match=message):
        read_corpus(tmp_path)


def test_a_file_that_is_no_flac_is_named(tmp_path: Path) -> None:
    (corpus(tmp_path) / "set" / "ben" / "other_2.flac").write_bytes(b"no audio")
    with pytest.raises(CorpusError, match=r"other_2\.flac can't be read"):
        read_corpus(tmp_path)
