"""Working days: five a week, but for the days in the holiday table."""

from collections.abc import Iterable
from datetime import date, timedelta


class Calendar:
    """The working days around some dates. Reads the holiday table once; a year without rows is taken as plain weeks."""

    def __init__(self, exceptions: Iterable[tuple[date, bool]]):
        """`exceptions`: (day, is it worked) for each day that departs from the five-day week."""
        self.exceptions = dict(exceptions)

    @classmethod
    def load(cls) -> "Calendar":
        from core.workflow.models import Holiday

        return cls(Holiday.objects.values_list("day", "is_workday"))

    def is_workday(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < 5)

    def add(self, day: date, workdays: int) -> date:
        """The day `workdays` working days after `day`; the day itself doesn't count. 0 gives the day itself."""
        step = timedelta(days=1 if workdays >= 0 else -1)
        for _count in range(abs(workdays)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
