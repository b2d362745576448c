"""The grid into which paper slips are typed: three digits a row, a second column to check by."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.pages import number_in
from services.actions.ratings import Answer, read_slip
from services.models import Rating

#: Empty rows that a page begins with and grows by; the most that one batch takes.
ROWS, MOST = 30, 500


@dataclass
class Slips:
    """`rows`: (first typing, second typing) as typed. `problems`: row number from 1 → what is wrong with it."""

    rows: list[tuple[str, str]]
    answers: list[Answer] = field(default_factory=list)
    problems: dict[int, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, asked: str = "") -> "Slips":
        return cls([("", "")] * min(max(number_in(asked) or 0, ROWS), MOST))

    @classmethod
    def of(cls, ratings: Iterable[Rating]) -> "Slips":
        rows = [(str(rating), "") for rating in ratings]
        return cls(rows + [("", "")] * min(5, MOST - len(rows)))

    @classmethod
    def read(cls, posted: QueryDict) -> "Slips":
        """`sheet` and `again`, each as often as there are rows. Empty rows are passed over."""
        first, second = posted.getlist("sheet")[:MOST], posted.getlist("again")[:MOST]
        length = max(len(first), len(second), 1)
        padded = (column + [""] * (length - len(column)) for column in (first, second))
        slips = cls([(one[:12], two[:12]) for one, two in zip(*padded, strict=True)])
        for number, (one, two) in enumerate(slips.rows, start=1):
            slips._take(number, "".join(one.split()), "".join(two.split()))
        return slips

    @property
    def is_twice(self) -> bool:
        """Whether the slips were typed a second time: then all were, and both agree, or there are problems."""
        return any(two.strip() for _one, two in self.rows)

    def _take(self, number: int, one: str, two: str) -> None:
        if not one and not two:
            return
        try:
            answer = read_slip(one)
        except ValidationError as error:
            self.problems[number] = " ".join(error.messages)
            return
        if self.is_twice and one != two:
            facts = {"first": one, "second": two or "—"}
            self.problems[number] = _("%(first)s the first time, %(second)s the second: look at the slip.") % facts
            return
        self.answers.append(answer)
