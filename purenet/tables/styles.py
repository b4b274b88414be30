"""Numbers and dates as people write them.

A style of numbers is called as it writes 1234.5: `"1,234.5"`, `"1.234,5"`, `"1 234,5"`,
`"1'234.5"`, and so on; the empty style is Python's own. A currency, a per cent sign or a unit that
is the same in all cells may stand beside the number, and parentheses mean less than zero. A style
of dates is the order of year, month and day; a date is its number of days since 1970-01-01.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from ..core._types import Row

# The mark of thousands is at index 1, the decimal point at index 5.
NUMBERS = ("1,234.5", "1.234,5", "1 234.5", "1 234,5", "1'234.5", "1'234,5")
DATES = {
    "year-month-day": (0, 1, 2),
    "day/month/year": (2, 1, 0),
    "month/day/year": (2, 0, 1),
}
_EPOCH = date(1970, 1, 1).toordinal()

# Typographic minus and dash, apostrophe and narrow blanks.
_SIGNS = str.maketrans("\u2212\u2013\u2019\xa0\u202f\u2009", "--'   ")
_CODES = r"(?:USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|BRL|RUB|SEK|NOK|DKK|PLN|CZK|Rs|kr|Fr)\.?"
_SYMBOL = r"[A-Z]{0,2}[$¢£¤¥\u20a0-\u20cf]"
_WRITTEN = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+]?) *(?P<before>{_SYMBOL}|{_CODES})? *(?P<sign2>[-+]?)"
    r"(?P<digits>[0-9.,][0-9., ']*(?<! )(?:[eE][-+]?[0-9]+)?)"
    rf" *(?P<after>(?:[%‰°]|[^\W\d_]|{_SYMBOL})[^\d();|,\t]{{0,11}})?(?(open)\))"
)
# No number has more letters; blanks in a longer text would be tried in all ways.
LONGEST = 100
_DATE = re.compile(
    r"([0-9]{1,4})([-./])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}|[0-9](?=$|[ T])))?"
    r"(?:[T ] *([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}(?:[.,][0-9]+)?))? ?([AaPp][Mm])?)?"
    r" ?(Z|[-+][0-9]{2}:?[0-9]{2})?"
)


Counts = Mapping[str, int]  # how often each text of a column occurs
SAMPLE = 1000  # texts that tell which styles are tried on all


class Reading(NamedTuple):
    """How the texts of a column are read: the style, the unit, and the number of each text.

    `odd` are the texts that cannot be read so; `other` is another style that fits as well.
    """

    style: str
    unit: str
    numbers: dict[str, float]
    odd: list[str]
    other: str = ""


def plain(text: str) -> float | None:
    """Return the finite number that Python reads, or None.

    >>> plain("1e3"), plain("1_000"), plain("nan")
    (1000.0, None, None)
    """
    numbers = plain_numbers([text])
    return numbers[0] if numbers else None


def plain_numbers(texts: Collection[str]) -> Row | None:
    """Return the number of each text as Python reads it, or None if it does not read all.

    >>> plain_numbers(["1e3", "5"]), plain_numbers(["5", "five"])
    ([1000.0, 5.0], None)
    """
    try:
        numbers = list(map(float, texts))
    except ValueError:
        return None
    is_plain = all(map(math.isfinite, numbers)) and not any("_" in text for text in texts)
    return numbers if is_plain else None


def taken_apart(text: str) -> tuple[str, str, bool] | None:
    """Return a number's digits and separators, its unit, and whether it is negative.

    >>> taken_apart("(€1.234,5)"), taken_apart("five")
    (('1.234,5', '€', True), None)
    """
    found = len(text) <= LONGEST and _WRITTEN.fullmatch(text.translate(_SIGNS))
    if not found:
        return None
    unit = (found["before"] or "") + (found["after"] or "").strip()
    return found["digits"], unit, bool(found["open"]) != ("-" in found["sign"] + found["sign2"])


def number_in(text: str, style: str, unit: str) -> float | None:
    """Return the number that a text is in a style, beside a unit, or None.

    >>> number_in("(€1.234,5)", "1.234,5", "€"), number_in("5 cm", "1,234.5", "cm")
    (-1234.5, 5.0)
    """
    if not style:
        return plain(text)
    digits, beside, is_negative = taken_apart(text) or ("", unit, False)
    number = _digits(digits, style[1], style[5]) if beside == unit else None
    return -number if number is not None and is_negative else number


def _digits(text: str, thousands: str, point: str) -> float | None:
    """Return a number without sign and unit; marks of thousands must stand where they belong.

    >>> _digits("1,234.5", ",", "."), _digits("1,23.5", ",", ".")
    (1234.5, None)
    """
    whole, _, rest = text.partition(point)
    head, *groups = whole.split(thousands)
    if groups and not (1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)):
        return None
    # float refuses whatever else is wrong, and the check for blanks those that it would ignore.
    return plain(f"{head}{''.join(groups)}.{rest}") if not {*text} & {*" '"} - {thousands} else None


def days_in(text: str, order: str) -> float | None:
    """Return the days from 1970-01-01 to a date, with its time as a part of a day, or None.

    >>> days_in("02/01/1970", "day/month/year"), days_in("1970-01-02T12:00", "year-month-day")
    (1.0, 1.5)
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    fields, places = (found[1], found[3], found[4] or "1"), DATES[order]
    year, month, day = (fields[place] for place in places)
    is_short = found[4] is None and (order != "year-month-day" or found[2] != "-")
    if is_short or (len(found[1]) == 4) != (places[0] == 0) or (places[0] == 2 and len(year) == 1):
        return None
    century = 0 if len(year) == 4 else 2000 if int(year) < 69 else 1900  # as POSIX has it
    try:
        days = date(century + int(year), int(month), int(day)).toordinal() - _EPOCH
        return days + _seconds(found) / 86_400
    except ValueError:
        return None


def _seconds(found: re.Match[str]) -> float:
    """Return the seconds of a day's time, or raise ValueError if there is no such time."""
    hours, minutes = int(found[5] or 0), int(found[6] or 0)
    seconds = float((found[7] or "0").replace(",", "."))
    if found[8]:
        hours = hours % 12 + 12 * (found[8].lower() == "pm")
    if hours > 24 or minutes > 59 or seconds >= 61:
        raise ValueError
    zone = (found[9] or "Z").replace(":", "")
    east = 0 if zone == "Z" else int(zone[0] + "1") * (int(zone[1:3]) * 60 + int(zone[3:]))
    return (hours * 60 + minutes - east) * 60 + seconds


def in_style(text: str, style: str, unit: str = "") -> float | None:
    """Return the number that a text is in a style of numbers or of dates, or None."""
    return days_in(text, style) if style in DATES else number_in(text, style, unit)


def as_shown(number: float, style: str, digits: int = 12) -> str:
    """Return a number as a message shows it; of a style of dates, the day.

    >>> as_shown(1234567.25, ""), as_shown(31.0, "day/month/year")
    ('1234567.25', '1970-02-01')
    """
    if style not in DATES:
        return f"{number:.{digits}g}"
    return date.fromordinal(_EPOCH + math.floor(number)).isoformat()


def is_value(text: str) -> bool:
    """Tell whether a text is a number or a date in any style, even one refused later, such as nan.

    >>> [is_value(text) for text in ("1e3", "nan", "1.234,5", "5cm", "2020-01-31", "one", "5-a")]
    [True, True, True, True, True, False, False]
    """
    if plain(text) is not None or text.lower() in ("nan", "inf", "-inf"):
        return True
    _, unit, _ = taken_apart(text) or ("", "", False)
    return any(in_style(text, style, unit) is not None for style in (*NUMBERS, *DATES))


def read_numbers(counts: Counts, decimal: str | None = None) -> Reading:
    """Read texts, with how often each occurs, in the style that fits most of them.

    Python's own style comes first. `decimal` tells the decimal point. If it is not told, and a
    point and a comma would both do, the first style is taken, and `other` is the other.

    >>> read_numbers({"1.234,5": 1, "7": 1}).style, read_numbers({"$5": 2, "$1,250": 1}).numbers
    ('1.234,5', {'$5': 5.0, '$1,250': 1250.0})
    """
    plainly = plain_numbers(counts) if decimal != "," else None
    if plainly is not None:
        return Reading("", "", dict(zip(counts, plainly)), [])
    units = Counter[str]()
    for text in islice(counts, SAMPLE):
        taken = taken_apart(text)
        units[taken[1] if taken else ""] += counts[text] if taken else 0
    styles = [style for style in NUMBERS if decimal in (None, style[5])]
    return _best(counts, [""] * (decimal != ",") + styles, units.most_common(1)[0][0])


def read_like(style: str, counts: Counts, decimal: str | None = None) -> Reading:
    """Read texts as dates if the style is one of dates, or else as numbers.

    >>> read_like("day/month/year", {"2020-01-31": 1}).style, read_like("", {"5 cm": 1}).unit
    ('year-month-day', 'cm')
    """
    return read_dates(counts) if style in DATES else read_numbers(counts, decimal)


def read_dates(counts: Counts) -> Reading:
    """Read texts as dates, in the order that fits most of them.

    >>> read_dates({"31/01/2020": 1, "01/02/2020": 1}).style
    'day/month/year'
    """
    slashed = any("/" in text for text in counts)
    return _best(counts, sorted(DATES, key=lambda order: slashed and order == "day/month/year"))


def _best(counts: Counts, styles: Sequence[str], unit: str = "") -> Reading:
    """Return the reading with the fewest odd texts, the first if tied, and another that differs.

    Only styles that are best for the first texts are tried on all, as each takes its time.
    """
    if len(counts) > SAMPLE:
        fits = _fits(dict(islice(counts.items(), SAMPLE)), styles, unit)
        if not fits[0].numbers:
            return Reading("", "", {}, list(counts))
        styles = [reading.style for reading in fits]
    best, *others = _fits(counts, styles, unit)
    differ = [reading.style for reading in others if reading.numbers != best.numbers]
    return best._replace(other=differ[0]) if differ else best


def _fits(counts: Counts, styles: Sequence[str], unit: str) -> list[Reading]:
    """Return the readings with the fewest odd texts, one for each style that has no more."""
    readings = []
    for style in styles:
        found = {text: in_style(text, style, unit) for text in counts}
        numbers = {text: number for text, number in found.items() if number is not None}
        readings.append(Reading(style, unit, numbers, [t for t in found if t not in numbers]))
    odd = [sum(counts[text] for text in reading.odd) for reading in readings]
    return [reading for reading, cells in zip(readings, odd) if cells == min(odd)]
