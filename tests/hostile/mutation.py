"""Hostile inputs from honest ones: cut, doubled, moved, spliced, and with words of their own grammar where none belong.

Every input follows from its number, so what fails can be had again. The idea is that of mutation-based fuzzing
(B. Miller et al., 1990; M. Zalewski, AFL, 2013), without looking inside.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

UNICODE = (
    *("\u202e", "\u200b", "\ufeff", "\u0000", "\uffff", "\u0301" * 40, "\u2028", "\u0085", "\x1b[31m", "\U000e0041"),
    *("🏳️‍🌈", "👨‍👩‍👧‍👦" * 9, "ﷺ", "İ", "ß", "Ω̶̢", "١٢٣", "𝒽𝑒𝓁𝓁𝑜", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "הֽ͏ַ͏", "ก็็็็็็็็็็็็็็็็็็็็", "\r", "\r\n\r\n", "\t" * 30),
)
NUMBERS = ("-1", "0", "1e999", "-1e-999", "NaN", "Infinity", "99999999999999999999", "0x10", "1_0", "٣", "00:00:99,999")
BYTES = (b"\xff\xfe", b"\x80", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\0" * 9, b"\x7f\xff\xff\xff", b"\xff" * 8)
ANYWHERE = (*(text.encode() for text in (*UNICODE, *NUMBERS)), *BYTES, b"A" * 3_000, b"[" * 2_000, b'{"a":' * 2_000)


def mutated(seeds: Sequence[bytes], words: Sequence[bytes], number: int) -> bytes:
    """The hostile input of that number, from one of the seeds; `words` are those of its grammar."""
    chance = random.Random(number)
    content = bytearray(chance.choice(seeds))
    for _ in range(1 + int(chance.expovariate(0.5))):
        at = chance.randrange(len(content) + 1)
        length = min(int(chance.expovariate(1 / 12)) + 1, 4_000)
        part = content[at : at + length]
        match chance.randrange(8):
            case 0:
                del content[at : at + length]
            case 1:
                content[at:at] = part * chance.randrange(1, 9)
            case 2:
                content[at:at] = chance.choice(words)
            case 3:
                content[at : at + length] = chance.choice(words)
            case 4:
                content[at:at] = chance.choice(ANYWHERE)
            case 5:
                content[at : at + length] = chance.choice(ANYWHERE)
            case 6 if part:
                content[at] ^= 1 << chance.randrange(8)
            case _:
                other = chance.choice(seeds)
                content[at:] = other[chance.randrange(len(other) + 1) :]
    return bytes(content)
