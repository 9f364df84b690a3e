"""What the detector found, in words: the same on the page and on the command line."""

from __future__ import annotations

from frontend.detector import Detection
from frontend.marks.coded import CODED_PRESENT
from frontend.words import Words, minutes

MOST_STRETCHES = 6  # that are named; of more, how much it is together


def findings(detection: Detection, words: Words) -> list[str]:
    """What the verdict means, where the mark is, and what it says."""
    lines = [words(f"detector.{detection.verdict}.meaning")]
    if detection.verdict != "none":
        lines.append(_where(detection, words))
    if detection.payload:
        lines.append(words("detector.payload", version=detection.payload.version))
    if detection.speed != 1:
        lines.append(words("detector.speed", speed=words.number(100 * detection.speed, 1)))
    return lines


def strength(detection: Detection, words: Words) -> str:
    """How sure it is."""
    return words(
        "detector.confidence",
        neural=words.number(100 * detection.neural),
        coded=words.number(detection.coded, 1),
        least=words.number(CODED_PRESENT, 1),
    )


def _where(detection: Detection, words: Words) -> str:
    marked, total = sum(second.marked for second in detection.seconds), len(detection.seconds)
    if marked == total:
        return words("detector.seconds.all", total=total)
    if not 0 < len(detection.stretches) <= MOST_STRETCHES:
        return words("detector.seconds", marked=marked, total=total)
    named = ", ".join(
        words("detector.stretch", first=minutes(first), last=minutes(last)) for first, last in detection.stretches
    )
    return words("detector.seconds.where", marked=marked, total=total, stretches=named)
