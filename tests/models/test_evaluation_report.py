"""The committed report is of the committed weights, and the study runs on any small corpus."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from models.evaluation import study
from models.evaluation.corpus import read_corpus
from models.evaluation.report import markdown, plot
from tests.recordings import recordings

REPORT = Path(study.__file__).parent / "REPORT.json"
NEEDED = ("ecapa.onnx", "dnsmos.onnx", "recogniser.onnx")


def test_the_report_is_of_these_weights() -> None:
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    for name, file in study.WEIGHTS.items():
        assert report[f"{name}_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert report["speakers"] == 20
    page = markdown(report, REPORT.with_suffix(".svg").name)
    assert REPORT.with_suffix(".md").read_text(encoding="utf-8") == page
    assert REPORT.with_suffix(".svg").read_text(encoding="utf-8") == plot(report)


def test_two_people_are_enough(tmp_path: Path, prepared: Path) -> None:
    if missing := [name for name in NEEDED if not (prepared / name).exists()]:
        pytest.skip(f"{', '.join(missing)}: prepared by the first `python3 build.py evaluate`")
    for index, recording in enumerate(recordings()):
        place = tmp_path / recording.speaker
        place.mkdir(exist_ok=True)
        shutil.copy(recording.file, place / f"{'reference' if index % 2 == 0 else 'other'}_{index}.flac")
    report = study.Study(prepared, 2, lambda _: None).run(read_corpus(tmp_path))
    judged = report["similarity"][study.JUDGE]
    assert set(judged["systems"]) == {study.CLONE, study.ROOM, study.FIRST, *study.STOCK}
    assert judged["ceiling"]["value"] > judged["systems"][study.CLONE]["matched"]["value"] > 0
    assert report["intelligibility"][study.CLONE]["value"] < 0.3
    assert 1 < report["naturalness"][study.CLONE]["value"] < 5
    assert "ecapa" in markdown(report, "plot.svg")
    assert plot(report).startswith("<svg")
