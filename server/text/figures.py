"""Everything that is written with figures: amounts, dates, times, telephone numbers, measures, names like MP3."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
from collections.abc import Callable

from server.text.abbreviations import CALENDAR, MONTHS
from server.text.numerals import cardinal, decade, decimal, digits, fraction, ordinal, plural, whole, year

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
HALF_DAY = r"([AaPp])(?:\.[Mm]\.|[Mm]\b)(?!\w)"
MONTH = "|".join([*MONTHS, *(short for short in CALENDAR if CALENDAR[short] in MONTHS)])
SCALES = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion", "tn": "trillion", "t": "trillion"}
SCALE = r"thousand|million|billion|trillion|[kK]|[mM]|bn|B|tn|T"
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}
CODES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
VULGAR = dict(
    zip("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞", "1/2 1/3 2/3 1/4 3/4 1/5 2/5 3/5 4/5 1/6 5/6 1/8 3/8 5/8 7/8".split(), strict=True)
)
MEASURES = {
    "km": "kilometer", "m": "meter", "cm": "centimeter", "mm": "millimeter", "nm": "nanometer", "µm": "micrometer",
    "mi": "mile", "yd": "yard", "yds": "yard", "ft": "foot", "in": "inch", "kg": "kilogram", "g": "gram",
    "mg": "milligram", "lb": "pound", "lbs": "pound", "oz": "ounce", "l": "liter", "L": "liter", "ml": "milliliter",
    "mL": "milliliter", "h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "s": "second",
    "sec": "second", "secs": "second", "ms": "millisecond", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz",
    "GHz": "gigahertz", "W": "watt", "kW": "kilowatt", "MW": "megawatt", "kWh": "kilowatt hour", "V": "volt",
    "A": "amp", "mA": "milliamp", "mAh": "milliamp hour", "J": "joule", "kJ": "kilojoule", "kcal": "kilocalorie",
    "cal": "calorie", "Pa": "pascal", "hPa": "hectopascal", "kPa": "kilopascal", "dB": "decibel", "B": "byte",
    "KB": "kilobyte", "kB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
    "Mbps": "megabit per second",
    "Gbps": "gigabit per second", "mph": "mile per hour", "kph": "kilometer per hour", "ha": "hectare", "px": "pixel",
    "pt": "point", "rpm": "revolution per minute", "fps": "frame per second", "psi": "P S I", "ppm": "part per million",
    "yr": "year", "yrs": "year", "wk": "week", "wks": "week", "t": "ton", "°C": "degree celsius",
    "°F": "degree fahrenheit", "°": "degree", "K": "kelvin",
}  # fmt: skip
POWERS = {"²": "square", "2": "square", "³": "cubic", "3": "cubic"}
MEASURE = "|".join(sorted(map(re.escape, MEASURES), key=len, reverse=True))
IRREGULAR = {"foot": "feet", "inch": "inches", "hertz": "hertz", "kilohertz": "kilohertz", "megahertz": "megahertz"} | {
    "gigahertz": "gigahertz", "kelvin": "kelvin", "P": "P",
}  # fmt: skip
YEAR_CUES = frozenset("in since by from until till of year to between and circa before after around during".split())
TWELVE = {0: "twelve", 12: "twelve"}

Reading = Callable[[re.Match[str]], "list[str] | None"]


def _hour(hours: int, half_day: str) -> list[str]:
    return [TWELVE[hours]] if half_day and hours in TWELVE else cardinal(hours)


def _time(m: re.Match[str]) -> list[str] | None:
    hours, minutes, seconds, half_day = int(m[1]), int(m[2]), m[3], (m[4] or "").upper()
    if hours > 24 or minutes > 59:
        return None
    words = _hour(hours, half_day)
    if minutes:
        words += ["oh", *cardinal(minutes)] if minutes < 10 else cardinal(minutes)
    elif not half_day and not seconds:
        words += ["o'clock"] if 0 < hours <= 12 else ["hundred"]
    if seconds:
        words += ["and", *cardinal(int(seconds)), "second" if int(seconds) == 1 else "seconds"]
    return [*words, *half_day[:1], *(["M"] if half_day else [])]


def _hour_only(m: re.Match[str]) -> list[str] | None:
    return [*_hour(int(m[1]), "A"), m[2].upper(), "M"] if 0 < int(m[1]) <= 12 else None


def _month(name: str) -> str:
    name = name.lower().rstrip(".")
    return CALENDAR.get(name, name)


def _day(number: str) -> list[str] | None:
    return ordinal(int(number)) if 1 <= int(number) <= 31 else None


def _iso_date(m: re.Match[str]) -> list[str] | None:
    month, day = int(m[2]), _day(m[3])
    return [MONTHS[month - 1], *day, ",", *year(int(m[1]))] if 1 <= month <= 12 and day else None


def _slash_date(m: re.Match[str]) -> list[str] | None:
    first, second, written = int(m[1]), int(m[2]), m[3]
    month, number = (first, second) if first <= 12 else (second, first)
    if not (1 <= month <= 12 and 1 <= number <= 31):
        return None
    full = int(written) if len(written) == 4 else int(written) + (2000 if int(written) < 50 else 1900)
    return [MONTHS[month - 1], *ordinal(number), ",", *year(full)]


def _month_day(m: re.Match[str]) -> list[str] | None:
    day = _day(m[2])
    if day is None or (m[1].lower() in ("may", "mar", "sat", "sun") and m[1][0].islower()):
        return None
    return [_month(m[1]), *day, *([",", *year(int(m[3]))] if m[3] else [])]


def _day_month(m: re.Match[str]) -> list[str] | None:
    day = _day(m[2])
    if day is None:
        return None
    the = [] if m.string[: m.start()].lower().endswith("the ") else ["the"]
    return [*the, *day, "of", _month(m[3]), *([",", *year(int(m[4]))] if m[4] else [])]


def _month_year(m: re.Match[str]) -> list[str] | None:
    return [_month(m[1]), *year(int(m[2]))]


def _scale(name: str | None) -> list[str]:
    return [SCALES.get(name.lower() if name != "B" else "b", name.lower())] if name else []


def money(symbol: str, amount: str, scale: str | None) -> list[str]:
    """ "$", "5.50" and no scale: five dollars and fifty cents."""
    one, many, cent, cents = CURRENCIES[symbol]
    whole_part, point, rest = amount.replace(",", "").partition(".")
    if scale or (point and len(rest) != 2) or not point:
        words = [*decimal(amount), *_scale(scale)]
        return [*words, one if amount == "1" and not scale else many]
    words = [*cardinal(int(whole_part)), one if int(whole_part) == 1 else many] if int(whole_part or 0) else []
    if int(rest):
        words += [*(["and"] if words else []), *cardinal(int(rest)), cent if int(rest) == 1 else cents]
    return words or ["zero", many]


def _money(m: re.Match[str]) -> list[str] | None:
    words = money(m[2][-1], m[3], m[4])
    if re.search(r"\ban? $", m.string[: m.start()][-4:]) and re.match(r" [a-z]", m.string[m.end() :]):
        words[-1] = CURRENCIES[m[2][-1]][0]  # "a $5m deal"
    return [*(["minus"] if m[1] else []), *words]


def _money_behind(m: re.Match[str]) -> list[str] | None:
    if m[3] == "¢":
        return [*decimal(m[1]), "cent" if m[1] == "1" else "cents"]
    return money(CODES.get(m[3], m[3]), m[1], m[2])


def _money_code(m: re.Match[str]) -> list[str] | None:
    return money(CODES[m[1]], m[2], m[3])


def _measure(m: re.Match[str]) -> list[str] | None:
    sign, amount, unit, power, per = m[1], m[2], m[3], m[4], m[5]
    spaced = m[0][len(sign) + len(amount)] == " "
    if unit in ("B", "K", "t") or (spaced and unit in ("in", "A")):
        return None  # "5 in a row", "2 A levels"
    name = MEASURES[unit]
    if unit == "pt":
        power = None
    head, *tail = name.split()
    many = amount not in ("1", "1.0")
    words = [*(["minus"] if sign in ("-", "−") else []), *decimal(amount), *([POWERS[power]] if power else [])]
    words += [(IRREGULAR.get(head) or plural(head)) if many else head, *tail]
    return [*words, *(["per", *MEASURES[per[1:]].split()] if per else [])]


def _percent(m: re.Match[str]) -> list[str] | None:
    return [*(["minus"] if m[1] else []), *decimal(m[2]), "percent"]


def _mixed(m: re.Match[str]) -> list[str] | None:
    numerator, denominator = int(m[2]), int(m[3])
    if not 0 < numerator < denominator <= 100:
        return None
    return [*whole(m[1]), "and", *(_a(numerator, denominator))]


def _a(numerator: int, denominator: int) -> list[str]:
    words = fraction(numerator, denominator)
    return ["a", *words[1:]] if numerator == 1 else words


def _vulgar(m: re.Match[str]) -> list[str] | None:
    numerator, denominator = map(int, VULGAR[m[2]].split("/"))
    return [*whole(m[1]), "and", *_a(numerator, denominator)] if m[1] else fraction(numerator, denominator)


def _fraction(m: re.Match[str]) -> list[str] | None:
    numerator, denominator = int(m[1]), int(m[2])
    if (m[1], m[2]) in (("24", "7"), ("9", "11")):
        return [*cardinal(numerator), *cardinal(denominator)]
    if 0 < numerator < denominator <= 100 and not (denominator > 20 and denominator % 10):
        return fraction(numerator, denominator)
    return [*cardinal(numerator), "slash" if denominator > 12 else "over", *cardinal(denominator)]


def _decade(m: re.Match[str]) -> list[str] | None:
    number = int(m[1])
    return decade(number) if number % 10 == 0 and (number >= 1000 or 20 <= number < 100) else None


def _range(m: re.Match[str]) -> list[str] | None:
    return [*_figure(m[1]), "to", *_figure(m[2])]


def _figure(text: str) -> list[str]:
    return year(int(text)) if len(text) == 4 and text.isdigit() and 1100 <= int(text) <= 2099 else decimal(text)


def _telephone(m: re.Match[str]) -> list[str] | None:
    groups = re.findall(r"\d+", m[0])
    if not 7 <= sum(map(len, groups)) <= 15:
        return None
    words = ["plus"] if m[0].startswith("+") else []
    for group in groups:
        words += ["eight", "hundred"] if group == "800" else ["oh" if d == "zero" else d for d in digits(group)]
        words.append(",")
    return words[:-1]


def _dotted(m: re.Match[str]) -> list[str] | None:
    return _spoken_points(m[0])


def _spoken_points(text: str) -> list[str]:
    return [word for part in text.split(".") for word in (*whole(part), "point")][:-1]


def _by(m: re.Match[str]) -> list[str] | None:
    first, *others = re.findall(r"\d+(?:\.\d+)?", m[0])
    sign = "times" if " × " in m[0] else "by"
    return [*_figure(first), *(word for other in others for word in (sign, *_figure(other)))]


def _version(m: re.Match[str]) -> list[str] | None:
    return ["version", *_spoken_points(m[1])]


def _power(m: re.Match[str]) -> list[str] | None:
    return [*decimal(m[1]), "to", "the", "power", "of", *(["minus"] if m[2] else []), *whole(m[3])]


def _number_sign(m: re.Match[str]) -> list[str] | None:
    return ["number", *whole(m[1])]


def _ordinal(m: re.Match[str]) -> list[str] | None:
    return ordinal(int(m[1].replace(",", "")))


def _scaled(m: re.Match[str]) -> list[str] | None:
    return [*decimal(m[1]), *_scale(m[2])]


def _times(m: re.Match[str]) -> list[str] | None:
    return [*decimal(m[1]), "times"]


def _number(m: re.Match[str]) -> list[str] | None:
    text, before, after = m[2], m.string[: m.start()].rsplit(None, 1), m.string[m.end() : m.end() + 24].split()
    words = ["minus"] if m[1] else []
    if len(text) == 4 and text.isdigit() and 1000 <= int(text) <= 2099 and not m[1]:
        cue = before[-1].lower().strip("(\"'") if before else ""
        counted = after and re.fullmatch(r"[a-z]+(?<!s)s[,.;:!?]?|people|men|women|children", after[0])
        if cue in YEAR_CUES or (int(text) >= 1100 and not counted):
            return year(int(text))
    if text.isdigit() and len(text) > 9:
        return [*words, *digits(text)]
    return [*words, *decimal(text)]


# In order; the first whose reading is not None wins. All are tried where a figure, a sign or a month begins.
PATTERNS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (r"(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])", _iso_date),
        (r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?![\d/])", _slash_date),
        (rf"(?i:({MONTH}))\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?![:/%]|[.,]\d)(?:,? (\d{{4}})\b)?", _month_day),
        (rf"(the )?(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?i:({MONTH}))\b\.?(?:,? (\d{{4}})\b)?", _day_month),
        (rf"(?i:({MONTH}))\.?,? (\d{{4}})\b", _month_year),
        (rf"(\d{{1,2}}):(\d{{2}})(?::(\d{{2}}))?(?: ?{HALF_DAY})?(?!\d|:\d)", _time),
        (rf"(\d{{1,2}}) ?{HALF_DAY}", _hour_only),
        (r"\+?(?:\d{1,3}[ .-])?\(\d{3}\) ?\d{3}[ .-]?\d{4}(?!\d)", _telephone),
        (r"(?:\+?1[ .-])?\d{3}[.-]\d{3}[.-]\d{4}(?![\d-])", _telephone),
        (r"\d{3}-\d{4}(?![\d-])", _telephone),
        (r"\+\d{1,3}(?:[ .-]?\d{2,5}){2,5}(?!\d)", _telephone),
        (rf"([-−])?((?:US|CA|AU|NZ|HK)?[$£€¥₹]) ?({NUMBER})(?:[ -]?({SCALE})\b)?", _money),
        (rf"(USD|EUR|GBP|JPY|INR) ?({NUMBER})(?: ?({SCALE})\b)?", _money_code),
        (rf"({NUMBER})(?: ?({SCALE}))? ?([€£¥₹¢]|USD\b|EUR\b|GBP\b|JPY\b|INR\b)", _money_behind),
        (rf"([-−])?({NUMBER}) ?(?:%|percent\b)", _percent),
        (r"(\d{1,4})[ -](\d{1,3})/(\d{1,3})(?![\d/])", _mixed),
        (rf"(\d{{1,6}})? ?([{''.join(VULGAR)}])", _vulgar),
        (r"(\d{1,3}(?:,\d{3})*|\d+)(?:st|nd|rd|th)\b", _ordinal),
        (r"'?(\d{4}|\d{2})'?s\b", _decade),
        (rf"([-−]?)({NUMBER}) ?({MEASURE})([²³]|(?<=[mt])[23])?(?:(/(?:km|m|s|h|kg|L|l|g|min)))?(?![\w'])", _measure),
        (r"\d+(?:\.\d+){2,}(?![\w.]*\d)", _dotted),
        (r"[vV](\d+(?:\.\d+)*)(?!\w)", _version),
        (rf"({NUMBER})\^([-−])?(\d+)", _power),
        (r"(\d+(?:\.\d+)?)(?: ?[x×] ?\d+(?:\.\d+)?)+(?!\w)", _by),
        (r"(\d+(?:\.\d+)?)[x×](?!\w)", _times),
        (r"(\d{1,4})/(\d{1,4})(?![\d/])", _fraction),
        (rf"({NUMBER})(?: [-–] |[-–])({NUMBER})(?![\w-])", _range),
        (r"(?:#|№|N[oº]\. ?|Nr\. ?)(\d+)\b", _number_sign),
        (rf"({NUMBER}) ?(thousand|million|billion|trillion|k|bn|tn)\b", _scaled),
        (rf"([-−](?=[\d.]))?({NUMBER})(?![^\W\d_])", _number),
    )
)
STARTS = frozenset("0123456789$£€¥₹#№+-−.('" + "".join(VULGAR))
