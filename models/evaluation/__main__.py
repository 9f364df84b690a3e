"""Evaluate the voices on a folder of speakers.

    python -m models.evaluation --corpus DIR [--json FILE]

DIR holds SPEAKER/reference_*.flac and SPEAKER/other_*.flac, mono at 16 kHz. Writes FILE (report.json when not
given), and beside it the same as Markdown with a plot; prints the Markdown.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from frontend.prosody import NoVoiceError
from frontend.speaker import NoSpeechError
from models.evaluation.corpus import CorpusError, read_corpus
from models.evaluation.report import markdown, plot
from models.evaluation.study import Study


def main() -> None:
    """Exits with a message for a folder that can't be evaluated."""
    parser = argparse.ArgumentParser(prog="build.py evaluate", description="How much like the person is a clone?")
    parser.add_argument("--corpus", type=Path, required=True, metavar="DIR")
    parser.add_argument("--json", type=Path, default=Path("report.json"), metavar="FILE")
    parser.add_argument("--models", type=Path, default=Path(".cache/models"))
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    try:
        speakers = read_corpus(options.corpus)
        report = Study(options.models, options.threads, lambda line: print(line, file=sys.stderr)).run(speakers)
    except (CorpusError, NoSpeechError, NoVoiceError) as error:
        sys.exit(f"evaluate: {error}")
    picture = options.json.with_suffix(".svg")
    page = markdown(report, picture.name)
    options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    picture.write_text(plot(report), encoding="utf-8")
    options.json.with_suffix(".md").write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
