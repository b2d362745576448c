"""Which counts of a table must not be shown, so that nobody can tell who said what.

A count of 1 to 4 is hidden; then so many others that it can't be worked out from the sums that the table shows. A zero
tells of nobody and stays. The rule of lines finds nearly all; what several lines together would tell is found by
elimination, exactly.
"""

from collections.abc import Hashable, Mapping, Sequence, Set

#: A count of fewer is hidden.
SMALL = 5
#: Elimination is done modulo a prime: what is 0 here is 0 in truth for sums of ones.
PRIME = 2**31 - 1

#: A total, then the parts that add up to it.
Sum = Sequence[Hashable]


def is_small(count: int) -> bool:
    return 0 < count < SMALL


def hidden(counts: Mapping, sums: Sequence[Sum], fixed: Set = frozenset(), kept: Set = frozenset()) -> set:
    """The keys of `counts` to hide. Each sum is a total and its parts; `fixed` are hidden already, `kept` are shown
    elsewhere, so that hiding them here would hide nothing.
    """
    found = {key for key, count in counts.items() if is_small(count) and key not in kept} | set(fixed)
    while more := _needed(counts, sums, found, kept):
        found.add(more)
    return found


def _needed(counts: Mapping, sums: Sequence[Sum], found: set, kept: Set):
    """The next to hide, the smallest that helps; None where nothing can be worked out."""
    for one in sums:
        unknown = [key for key in one if key in found]
        if unknown and _tells(counts, one, unknown) and (more := _smallest(counts, [one], found, kept)):
            return more
    for key in _worked_out(sums, found):
        own = [one for one in sums if key in one]
        if more := _smallest(counts, own, found, kept) or _smallest(counts, sums, found, kept):
            return more
    return None


def _tells(counts: Mapping, one: Sum, unknown: list) -> bool:
    """Whether a line gives its only unknown away, or how few its unknown parts are together."""
    return len(unknown) == 1 or (one[0] not in unknown and is_small(sum(counts[key] for key in unknown)))


def _smallest(counts: Mapping, sums: Sequence[Sum], found: set, kept: Set):
    """A part is rather hidden than a total: totals say how many were asked."""
    for choice in ([key for one in sums for key in one[1:]], [one[0] for one in sums]):
        free = [key for key in choice if key not in found and key not in kept and counts[key]]
        if free:
            return min(free, key=lambda key: (counts[key], str(key)))
    return None


def _worked_out(sums: Sequence[Sum], found: set) -> list:
    """The hidden keys that the sums determine: those alone in a row of the reduced system."""
    names = sorted({key for one in sums for key in one if key in found}, key=str)
    place = {key: n for n, key in enumerate(names)}
    rows = []
    for one in sums:
        row = [0] * len(names)
        for key in one:
            if key in place:
                row[place[key]] = -1 if key == one[0] else 1
        rows.append(row)
    return [names[alone[0]] for row in _reduced(rows) if len(alone := [n for n, value in enumerate(row) if value]) == 1]


def _reduced(rows: list[list[int]]) -> list[list[int]]:
    """Gauss and Jordan."""
    done: list[list[int]] = []
    rest = [[value % PRIME for value in row] for row in rows]
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rest if row[column]), None)
        if pivot is None:
            continue
        rest.remove(pivot)
        inverse = pow(pivot[column], -1, PRIME)
        pivot = [value * inverse % PRIME for value in pivot]
        rest = [_without(row, pivot, column) for row in rest]
        done = [*(_without(row, pivot, column) for row in done), pivot]
    return done


def _without(row: list[int], pivot: list[int], column: int) -> list[int]:
    factor = row[column]
    if not factor:
        return row
    return [(value - factor * other) % PRIME for value, other in zip(row, pivot, strict=True)]
