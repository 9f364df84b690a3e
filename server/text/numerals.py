"""Numbers as American English says them; every function returns words in lower case."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
DENOMINATORS = {2: ("half", "halves"), 4: ("quarter", "quarters")}
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
SPOKEN_DIGITS = 3 * len(SCALES)  # longer numbers are said digit by digit


def cardinal(number: int) -> list[str]:
    """A whole number below 10**21: 1204 is "one thousand two hundred four"."""
    if number < 0:
        return ["minus", *cardinal(-number)]
    if number < 20:
        return [UNITS[number]]
    if number < 100:
        return [TENS[number // 10], *(cardinal(number % 10) if number % 10 else ())]
    if number < 1000:
        return [UNITS[number // 100], "hundred", *(cardinal(number % 100) if number % 100 else ())]
    words: list[str] = []
    for power in reversed(range(len(SCALES))):
        group = number // 1000**power % 1000
        if group:
            words += [*cardinal(group), *([SCALES[power]] if power else ())]
    return words


def digits(text: str) -> list[str]:
    """Digit by digit: "007" is "zero zero seven"."""
    return [UNITS[int(digit)] for digit in text if digit.isdigit()]


def whole(text: str) -> list[str]:
    """A written whole number: cardinal, or digit by digit where it starts with 0 or is too long to name."""
    text = text.replace(",", "")
    if len(text) > SPOKEN_DIGITS or (len(text) > 1 and text[0] == "0"):
        return digits(text)
    return cardinal(int(text))


def decimal(text: str) -> list[str]:
    """A written number with or without a point: "3.14" is "three point one four", ".5" is "point five"."""
    before, point, after = text.partition(".")
    words = whole(before) if before else []
    return [*words, "point", *digits(after)] if point and after else words or ["zero"]


def ordinal(number: int) -> list[str]:
    """21 is "twenty first"."""
    *head, last = cardinal(number)
    if last in ORDINALS:
        return [*head, ORDINALS[last]]
    return [*head, last[:-1] + "ieth" if last.endswith("y") else last + "th"]


def year(number: int) -> list[str]:
    """1984 is "nineteen eighty four", 1905 "nineteen oh five", 2007 "two thousand seven", 2024 "twenty twenty four"."""
    century, rest = divmod(number, 100)
    if not 1000 <= number < 10_000 or (century % 10 == 0 and rest < 10):
        return cardinal(number)
    if rest == 0:
        return [*cardinal(century), "hundred"]
    return [*cardinal(century), *(["oh", UNITS[rest]] if rest < 10 else cardinal(rest))]


def decade(number: int) -> list[str]:
    """1980 is "nineteen eighties", 90 "nineties", 1900 "nineteen hundreds"."""
    *head, last = year(number) if number >= 1000 else cardinal(number)
    return [*head, plural(last)]


def plural(word: str) -> str:
    """The plural of a number's name."""
    return word[:-1] + "ies" if word.endswith("y") else word + ("es" if word.endswith("x") else "s")


def fraction(numerator: int, denominator: int) -> list[str]:
    """3/4 is "three quarters", 1/2 "one half", 2/21 "two twenty firsts"."""
    *head, last = ordinal(denominator)
    one, many = DENOMINATORS.get(denominator, (last, last + "s"))
    return [*cardinal(numerator), *head, one if numerator == 1 else many]


def roman(text: str) -> int:
    """The value of a well-formed Roman numeral, else 0."""
    total = 0
    values = [ROMAN.get(letter, 0) for letter in text]
    for value, after in zip(values, [*values[1:], 0], strict=False):
        total += -value if value < after else value
    return total if text and _roman(total) == text else 0


def _roman(number: int) -> str:
    parts = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    text = ""
    for value, letters in (*parts, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text += letters * max(number // value, 0)
        number = number % value if number > 0 else 0
    return text
