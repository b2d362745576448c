"""What a process holds of the import that it worked at last: the table that it read, and the plan that it judged.

What is checked in a process is often written there next. What people sent is held no longer than it is worked at: the
next import, the writing and the dropping take its place.
"""

from core.sheets.answers import Answers
from core.sheets.plan import Plan
from core.sheets.table import Table

_tables: dict[str, Table] = {}
_plans: dict[str, tuple[Plan, Answers]] = {}


def table(key: str) -> Table | None:
    """Nobody changes it."""
    return _tables.get(key)


def keep_table(key: str, found: Table) -> Table:
    _tables.clear()
    _tables[key] = found
    return found


def keep_plan(key: str, found: Plan, answers: Answers) -> None:
    _plans.clear()
    if answers.is_whole:
        _plans[key] = found, answers


def take_plan(key: str) -> Plan | None:
    """The plan, if the database still answers as it did when it was judged. It is given away: a writing changes its rows."""
    found, answers = _plans.pop(key, (None, None))
    return found if found is not None and answers.hold() else None


def forget() -> None:
    _tables.clear()
    _plans.clear()
