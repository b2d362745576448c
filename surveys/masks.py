"""What a reader of tables must not see of a survey: counts below five, and what would tell them by subtraction.

A column is a line (`surveys.counting.Line`) counted in one group. Of the whole that somebody sees the small parts are hidden,
of each cross-table the small cells, and enough beside them; of a village or township that is looked at on its own
what would be hidden of its column in the table of its neighbours, from the whole survey down. `surveys.disclosure` finds which.
"""

from collections.abc import Mapping, Sequence, Set

from django.db.models import QuerySet

from cadres.structure import LEVELS
from surveys.counting import Counted, Line, Tally, tallies, together
from surveys.disclosure import hidden

#: The keys of a column beside its parts: how many answered; of a figure without steps, who is positive and who is not.
WHOLE, POSITIVE, NEGATIVE = "#", "+", "-"
#: Before the key of an option: who did not choose it.
NOT = "!"

#: The path to the code by which places are told.
SCOPE = "response__village__scope_code"

#: Of each line the keys that are hidden.
Mask = dict[tuple[str, str], set[str]]


def of_whole(lines: Sequence[Line], tally: Tally) -> Mask:
    """What is hidden of a territory that is not looked at beside its neighbours."""
    return {line.key: _whole(line, tally.get(line.key, Counted())) for line in lines}


def of_columns(line: Line, columns: Mapping, whole: Counted, above: Set[str]) -> dict:
    """{group: keys hidden}. The columns add up to `whole`, of which `above` is hidden and the rest shown."""
    counts, sums = {}, []
    for group, counted in (("", whole), *columns.items()):
        cells, own = _column(line, counted)
        counts |= {(group, key): count for key, count in cells.items()}
        sums += [[(group, key) for key in one] for one in own]
    keys = list(_column(line, whole)[0])
    sums += [[("", key), *((group, key) for group in columns)] for key in keys]
    fixed = {("", key) for key in above}
    found = hidden(counts, sums, fixed, {("", key) for key in keys} - fixed)
    return {group: {key for key in keys if (group, key) in found} for group in columns}


def of_place(lines: Sequence[Line], by_code: Mapping[str, Tally], path: Sequence[str]) -> Mask:
    """What is hidden of the last place of `path`, which leads down from all that was counted (`by_code`, by village)."""
    mask = of_whole(lines, together(by_code.values()))
    for above, code in zip(("", *path), path, strict=False):
        within = {own: tally for own, tally in by_code.items() if own.startswith(above)}
        beside: dict[str, list[Tally]] = {}
        for own, tally in within.items():
            beside.setdefault(own[: len(code)], []).append(tally)
        if set(beside) == {code}:
            continue
        parts = {own: together(found) for own, found in beside.items()}
        mask = {line.key: _of_one(line, parts, together(within.values()), mask[line.key], code) for line in lines}
    return mask


def of_territory(lines: Sequence[Line], answers: QuerySet, root: str, code: str, seen: Tally) -> Mask:
    """What is hidden of the place `code` of a survey of the territory `root`, whoever reads it: `answers` are all of the
    survey's. Two readers who lay their pages side by side then know no more than one who reads every place.

    `seen` is what the person sees of the place; of less than the whole of it what tells of few is hidden too.
    """
    by_code = {own: tally for (own,), tally in tallies(answers, lines, SCOPE).items()}
    path = [code[:digits] for digits in LEVELS if len(root) <= digits <= len(code)]
    mask = of_place(lines, by_code, path)
    if seen == together(tally for own, tally in by_code.items() if own.startswith(code)):
        return mask
    return {key: own | mask[key] for key, own in of_whole(lines, seen).items()}


def hides_positive(line: Line, mask: Set[str]) -> bool:
    """The positive answers are a sum of parts: it is shown where each of them is."""
    if WHOLE in mask or not line.adds_up:
        return bool(mask)
    return any(part.key in mask for part in line.parts if part.is_positive) or POSITIVE in mask


def _of_one(line: Line, parts: Mapping[str, Tally], whole: Tally, above: Set[str], code: str) -> set[str]:
    columns = {own: tally[line.key] for own, tally in parts.items() if line.key in tally}
    if code not in columns:
        return set()
    return of_columns(line, columns, whole[line.key], above)[code]


def _whole(line: Line, counted: Counted) -> set[str]:
    return hidden(*_column(line, counted))


def _column(line: Line, counted: Counted) -> tuple[dict[str, int], list[list[str]]]:
    """The counts of a column by key, and which of them add up to which."""
    cells = {WHOLE: counted.den} | {part.key: counted.nums.get(part.key, 0) for part in line.parts}
    if not line.parts:
        if not line.has_positive:
            return cells, []
        cells |= {POSITIVE: counted.positive, NEGATIVE: counted.den - counted.positive}
    if line.adds_up:
        return cells, [list(cells)]
    cells |= {NOT + part.key: counted.den - counted.nums.get(part.key, 0) for part in line.parts}
    return cells, [[WHOLE, part.key, NOT + part.key] for part in line.parts]
