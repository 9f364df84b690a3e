"""The synthesizer's alphabet: IPA symbols as eSpeak NG writes them, stress marks and punctuation among them."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import numpy.typing as npt

PAD, START, END = "_", "^", "$"


@functools.cache
def alphabet() -> dict[str, int]:
    """Each symbol's id, as published."""
    lines = (Path(__file__).parent / "tokens.txt").read_text(encoding="utf-8").splitlines()
    return {line[: line.rindex(" ")]: int(line[line.rindex(" ") :]) for line in lines}


def to_ids(symbols: str) -> npt.NDArray[np.int64]:
    """A sentence as the synthesizer was trained on it: start, a pad after each symbol, end. Raises KeyError."""
    ids = alphabet()
    sequence = [ids[START], ids[PAD]]
    for symbol in symbols:
        sequence += [ids[symbol], ids[PAD]]
    return np.array([*sequence, ids[END]], np.int64)
