"""What the cells of a column are: numbers, dates or texts, and which of them are missing.

A few odd words among numbers count as missing. So does a word such as NA, where nothing else of the
column looks like it. Whatever was decided is a note of the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Set
from typing import NamedTuple
from unicodedata import category

from ..core.checks import cut, short
from .csv_table import ALWAYS_MISSING, MISSING, Table
from .notes import can_be_typed
from .styles import DATES, Counts, Reading, as_shown, plain, read_dates, read_numbers

# This part of the cells among numbers or dates, and this many words: more are texts.
ODD_PART, ODD_WORDS = 0.02, 5
FEWEST_NUMBERS, FAR = 5, 5.0  # a sentinel lies this many times the range of the others away


class Kind(NamedTuple):
    """What the cells of a column are: numbers or dates in a `style`, or texts if it is None.

    - `counts`: how often each text occurs that is not missing; empty for numbers.
    - `missing`: the texts that mean a missing cell, and `gaps`: in how many cells they are.
    - `cells`: how many cells are filled, `distinct`: how many values differ, `first`: a text.
    - `mean`: the mean of the numbers, and `are_whole`: whether all of them are whole.
    """

    style: str | None
    unit: str
    counts: Counts
    missing: frozenset[str]
    gaps: int
    cells: int
    distinct: int
    first: str
    mean: float = 0.0
    are_whole: bool = False


def kinds_of(table: Table, names: Iterable[str], elsewhere: Iterable[str] = ()) -> dict[str, Kind]:
    """Find out what the cells of some columns are.

    `elsewhere` are words that mean a missing cell in rows that are no longer there.

    >>> table = Table("data.csv", ["a", "b"], [["1", "x"], ["NA", "y"]], [2, 3])
    >>> kinds = kinds_of(table, ["a", "b"])
    >>> kinds["a"].mean, sorted(kinds["a"].missing), kinds["b"].style
    (1.0, ['NA'], None)
    """
    kinds: dict[str, Kind] = {}
    of_texts: dict[str, Counter[str]] = {}
    for name in names:
        cells = table.column(name)
        counts = Counter(cells)
        reading = None if name in table.text else _reading(table, name, counts)
        if reading:
            kinds[name] = _of_numbers(cells, counts, reading)
        else:
            of_texts[name] = counts
    words = MISSING & {*elsewhere}.union(*(kind.missing for kind in kinds.values()))
    return {**kinds, **_of_texts(table, of_texts, words)}


def _kind(counts: Counter[str], missing: Set[str]) -> Kind:
    """Return the kind of a column of texts, some of which mean a missing cell."""
    filled = {text: n for text, n in counts.items() if text not in missing}
    cells, first = sum(filled.values()), next(iter(filled), "")
    gaps = sum(counts.values()) - cells
    return Kind(None, "", filled, frozenset(missing), gaps, cells, len(filled), first)


def _of_numbers(cells: list[str], counts: Counter[str], reading: Reading) -> Kind:
    """Return the kind of a column of texts that are read as numbers or dates."""
    kind = _kind(counts, counts.keys() - reading.numbers.keys())
    mean, values = 0.0, {*reading.numbers.values()}
    for cell in cells:
        mean += reading.numbers[cell] / kind.cells if cell in reading.numbers else 0.0
    kind = kind._replace(style=reading.style, unit=reading.unit, distinct=len(values))
    are_whole = all(map(float.is_integer, values))
    return kind._replace(mean=mean, are_whole=are_whole, counts={})  # these take much memory


def _reading(table: Table, name: str, counts: Counter[str]) -> Reading | None:
    """Return how the cells are read as numbers or dates, or None if they are texts."""
    words = MISSING | table.missing_values
    filled = {text: n for text, n in counts.items() if text not in words}
    if not filled:
        return None
    reading = read_numbers(filled, table.decimal)
    if table.delimiter == ";" and reading.other and any("," in text for text in filled):
        reading = read_numbers(filled, ",")._replace(other=reading.style)
    elif table.delimiter == ";" and not (reading.style or reading.odd):
        other = read_numbers(filled, ",")  # 2.500 may be a thousand times as much
        is_other = not other.odd and other.numbers != reading.numbers
        reading = reading._replace(other=other.style) if is_other else reading
    if not are_few(reading.odd, filled):
        dates = read_dates(filled)
        reading = max(reading, dates, key=lambda each: sum(filled[t] for t in each.numbers))
    _note_odd(table, name, reading, filled)
    if not are_few(reading.odd, filled) or not reading.numbers:
        return None
    _note_style(table, name, reading)
    _note_sentinels(table, name, reading, filled)
    return reading


def are_few(odd: Collection[str], filled: Counts) -> bool:
    """Tell whether words among numbers are few: at most five, in at most 2 % of the cells.

    >>> are_few(["low"], {"1": 40, "2": 60, "low": 2}), are_few(["low"], {"1": 4, "low": 1})
    (True, False)
    """
    cells = sum(filled[text] for text in odd)
    return len(odd) <= ODD_WORDS and cells <= ODD_PART * sum(filled.values())


def _note_odd(table: Table, name: str, reading: Reading, filled: Counts) -> None:
    """Name the first odd word among numbers, unless the column is of texts anyway."""
    odd, numbers = reading.odd, sum(filled[text] for text in reading.numbers)
    most = 0.9 if reading.unit else 0.5  # texts may end alike, such as 1st class
    if not odd or numbers <= most * sum(filled.values()):
        return
    what = "dates" if reading.style in DATES else "numbers"
    line = table.lines[table.column(name).index(odd[0])]
    found = f"column {name}: line {line}: {short(odd[0])} among {numbers:,} {what}"
    found += f", and {len(odd) - 1:,} more such words" if len(odd) > 1 else ""
    if are_few(odd, filled):
        table.say(f"{found}, taken as missing", "text", name, " keeps all as texts")
    else:
        words = ",".join(filter(can_be_typed, odd[:ODD_WORDS]))
        option = ["missing_values", words, " takes these words as missing"] if words else []
        table.say(f"{found}: all are taken as texts", *option)


def _note_style(table: Table, name: str, reading: Reading) -> None:
    odd = (t for t in reading.numbers if plain(t) is None or (reading.other and "." in t))
    sample = next(odd, "")
    if reading.style in DATES:
        other = f"; {reading.other} would fit as well" if reading.other else ""
        table.say(f"column {name}: dates, as {reading.style}{other}")
    elif sample:
        number = as_shown(reading.numbers[sample], reading.style)
        found = f"column {name}: {short(sample)} is read as {number}"
        point = "," if reading.other[5:6] == "," else "."
        table.say(found, *["decimal", point, " reads it otherwise"] * bool(reading.other))


def _note_sentinels(table: Table, name: str, reading: Reading, filled: Counts) -> None:
    """Name a whole number at an end that repeats, and lies far outside the rest."""
    ordered = sorted({*reading.numbers.values()})
    for end, rest in ((ordered[0], ordered[1:]), (ordered[-1], ordered[:-1])):
        fewest = 2 if {*str(abs(end))} <= {*"9.0"} else FEWEST_NUMBERS  # -9999, 99
        gap = min((abs(end - number) for number in rest[:1] + rest[-1:]), default=0.0)
        if len(rest) < fewest or gap <= FAR * (rest[-1] - rest[0]):
            continue
        texts = [text for text, number in reading.numbers.items() if number == end]
        times = sum(filled[text] for text in texts)
        if times > 1 and end == end // 1:
            found = f"column {name}: {cut(texts[0])} occurs {times:,} times, far outside the rest"
            option = ["missing_values", texts[0], ", if it means a missing cell"]
            table.say(found, *option * can_be_typed(texts[0]))


def _of_texts(table: Table, texts: dict[str, Counter[str]], words: Set[str]) -> dict[str, Kind]:
    """Return the kinds of columns of texts, and say which words among them mean a missing cell.

    A word such as NA does if it does so among the numbers of the same table, which are the `words`,
    or if no other text looks like it, letter for letter: ZA, NA, BW are countries.
    """
    found = {}
    taken: dict[tuple[str, bool], list[str]] = {}
    for name, counts in texts.items():
        missing = (ALWAYS_MISSING | table.missing_values) & {*counts}
        if not table.missing_values:
            shapes = {_shape(text) for text in counts if text not in MISSING}
            for word in (MISSING - missing) & {*counts}:
                is_missing = word in words or _shape(word) not in shapes
                taken.setdefault((word, is_missing), []).append(name)
                missing |= {word} if is_missing else set()
        found[name] = _kind(counts, missing)
    for (word, is_missing), names in sorted(taken.items()):
        what, otherwise = ("missing", "a text") if is_missing else ("a text", "missing")
        where = f"among the texts of {'columns' if len(names) > 1 else 'column'}"
        said = f"{word} is taken as {what} {where} {', '.join(names)}"
        table.say(said, "missing_values", "" if is_missing else word, f" takes it as {otherwise}")
    return found


def _shape(text: str) -> str:
    """Return a text with each letter as A or a, and each digit as 0.

    >>> _shape("ZA"), _shape("None")
    ('AA', 'Aaaa')
    """
    kinds = {"Lu": "A", "Ll": "a", "Nd": "0"}
    return "".join(kinds.get(category(letter), letter) for letter in text)
