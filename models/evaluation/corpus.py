"""A folder of speakers: SPEAKER/reference_*.flac, what the person records, and SPEAKER/other_*.flac, what else is said.

Folders may lie deeper. A table `utterances.tsv` beside or above them may give each person's sex and the words of each
file; without it people are grouped by pitch, and the word error rate of the recordings is left out.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from frontend.audio import Samples
from models.contract import ENCODER_SAMPLE_RATE

TABLE = "utterances.tsv"
TABLE_DISTANCE = 3  # folders up
MIN_SECONDS = 1.0


class CorpusError(ValueError):
    """The folder can't be evaluated; the message says why and where."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file's samples, float32 [n] at 16 kHz, and what is said in it when that is known."""

    path: Path
    samples: Samples
    words: str | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person: their recordings for the clone, and others for comparison; `sex` is "F", "M" or unknown."""

    name: str
    sex: str | None
    references: tuple[Recording, ...]
    others: tuple[Recording, ...]


def read_corpus(folder: Path) -> list[Speaker]:
    """Every speaker below `folder`, by name. Raises CorpusError."""
    if not folder.is_dir():
        raise CorpusError(f"{folder} is not a folder")
    table = _read_table(folder)
    folders = sorted({path.parent for path in folder.rglob("*.flac")})
    if len(folders) < 2:
        raise CorpusError(f"{folder} holds {len(folders)} speakers; two are needed to tell them apart")
    names = [path.name for path in folders]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CorpusError(f"{folder} holds more than one folder named {', '.join(twice)}")
    return [_read_speaker(path, table) for path in folders]


def _read_speaker(folder: Path, table: dict[tuple[str, str], dict[str, str]]) -> Speaker:
    groups = []
    for kind in ("reference", "other"):
        paths = sorted(folder.glob(f"{kind}_*.flac"))
        if not paths:
            raise CorpusError(f"{folder} holds no {kind}_*.flac")
        groups.append(tuple(_read_recording(path, table) for path in paths))
    row = next((row for (name, _), row in table.items() if name == folder.name), {})
    return Speaker(folder.name, row.get("sex") or None, *groups)


def _read_recording(path: Path, table: dict[tuple[str, str], dict[str, str]]) -> Recording:
    try:
        samples, rate = soundfile.read(path, dtype="float32")
    except (soundfile.LibsndfileError, OSError) as error:
        raise CorpusError(f"{path} can't be read: {error}") from None
    if rate != ENCODER_SAMPLE_RATE or samples.ndim != 1:
        raise CorpusError(f"{path} is not mono at {ENCODER_SAMPLE_RATE} Hz")
    if len(samples) < MIN_SECONDS * rate or not np.any(samples):
        raise CorpusError(f"{path} holds less than {MIN_SECONDS:g} s of sound")
    return Recording(path, samples, table.get((path.parent.name, path.name), {}).get("transcript") or None)


def _read_table(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Rows by (speaker, file); empty when there is no table."""
    for place in [folder.resolve(), *folder.resolve().parents][:TABLE_DISTANCE]:
        if (place / TABLE).is_file():
            with (place / TABLE).open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file, delimiter="\t"))
            try:
                return {(row["speaker"], row["file"]): row for row in rows}
            except KeyError as error:
                raise CorpusError(f"{place / TABLE} has no column {error}") from None
    return {}
