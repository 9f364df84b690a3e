from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.text.numerals import cardinal, decade, fraction, ordinal, roman, year

ROMANS = {1: "I", 4: "IV", 9: "IX", 14: "XIV", 40: "XL", 90: "XC", 400: "CD", 1994: "MCMXCIV"}


@pytest.mark.parametrize(
    ("number", "words"),
    (
        (0, "zero"),
        (17, "seventeen"),
        (40, "forty"),
        (85, "eighty five"),
        (100, "one hundred"),
        (999, "nine hundred ninety nine"),
        (1_000_001, "one million one"),
        (-8, "minus eight"),
        (10**18, "one quintillion"),
    ),
)
def test_cardinals(number: int, words: str) -> None:
    assert " ".join(cardinal(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    ((1, "first"), (12, "twelfth"), (20, "twentieth"), (53, "fifty third"), (100, "one hundredth")),
)
def test_ordinals(number: int, words: str) -> None:
    assert " ".join(ordinal(number)) == words


@pytest.mark.parametrize(
    ("number", "words"),
    (
        (1776, "seventeen seventy six"),
        (1800, "eighteen hundred"),
        (1801, "eighteen oh one"),
        (2000, "two thousand"),
        (2009, "two thousand nine"),
        (2010, "twenty ten"),
    ),
)
def test_years(number: int, words: str) -> None:
    assert " ".join(year(number)) == words


def test_decades_and_fractions() -> None:
    assert " ".join(decade(1960)) == "nineteen sixties"
    assert " ".join(fraction(3, 4)) == "three quarters"
    assert " ".join(fraction(1, 2)) == "one half"
    assert " ".join(fraction(5, 8)) == "five eighths"


def test_roman_numerals() -> None:
    assert {value: roman(text) for value, text in ROMANS.items()} == {value: value for value in ROMANS}
    assert [roman(text) for text in ("IIII", "VX", "IC", "", "A", "iv")] == [0] * 6


@given(st.integers(0, 10**21 - 1))
def test_every_number_has_a_name_of_its_own(number: int) -> None:
    words = cardinal(number)
    assert words and all(word.isalpha() for word in words)
    assert words != cardinal(number + 1 if number + 1 < 10**21 else number - 1)
