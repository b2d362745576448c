"""What a judgement has read from the database: the same questions asked again tell whether it would be the same.

A judgement follows from the file and from what the database answered. Each question is kept with a digest of its
answer, taken just before the judgement reads it: what changes between the two is noticed later. Whatever is not a plain
question (a write that is taken back) makes the judgement one that can't be kept.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

#: Rows that are read at a time.
AT_ONCE = 2000


@dataclass
class Answers:
    asked: list[tuple[str, Sequence, bytes]] = field(default_factory=list)
    #: Whether all that was done were questions.
    is_whole: bool = True
    is_aside: bool = False

    def hold(self) -> bool:
        """Whether the database answers the same now."""
        return self.is_whole and all(_digest(statement, params) == digest for statement, params, digest in self.asked)

    def aside(self, told: Callable[[int], None]) -> Callable[[int], None]:
        """The same function, as nothing that the judgement follows from: progress that is told."""

        def tell(rows: int) -> None:
            with self._aside():
                told(rows)

        return tell

    @contextmanager
    def _aside(self) -> Iterator[None]:
        self.is_aside = True
        try:
            yield
        finally:
            self.is_aside = False

    def _ask(self, execute, statement, params, many, context):
        if not self.is_aside and self.is_whole:
            self.is_whole = not many and statement.startswith("SELECT")
            if self.is_whole:
                with self._aside():
                    self.asked.append((statement, params, _digest(statement, params)))
        return execute(statement, params, many, context)


@contextmanager
def kept() -> Iterator[Answers]:
    """`with kept() as answers:` around a judgement."""
    answers = Answers()
    with connection.execute_wrapper(answers._ask):
        yield answers


def _digest(statement: str, params: Sequence) -> bytes:
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        while rows := cursor.fetchmany(AT_ONCE):
            found.update(repr(rows).encode())
    return found.digest()
