"""Courses, and the sheet that says who attended."""

from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadres.choices_development import TrainingResult
from cadres.models import Attendance, Course, Person
from core import actions
from core.scoping import scopes


def create_courses(by, courses: Sequence[Course], *, reason: str = "") -> list[Course]:
    """New courses; one that names no territory belongs to that of whoever enters it."""
    held = scopes(by, "add", Course)
    for course in courses:
        course.territory_code = course.territory_code or next(iter(sorted(held, key=len)), "")
    return actions.create(by, courses, reason=reason)


class Mark(NamedTuple):
    """What the sheet says of one person."""

    person: Person
    present: bool
    hours: int
    result: str = TrainingResult.NOT_EXAMINED


def take_attendance(by, course: Course, marks: Sequence[Mark], *, reason: str = "") -> int:
    """Write a whole sheet at once; returns how many lines changed. Who was not there and never listed makes no line.

    Raises Refused, Invisible; ValidationError with a sentence for each line that can't be.
    """
    with transaction.atomic():
        known = {
            row.person_id: row
            for row in Attendance.objects.filter(course=course, person__in=[mark.person for mark in marks])
        }
        new, old = [], []
        for mark in marks:
            row = known.get(mark.person.pk)
            if row is None and not mark.present:
                continue
            (new if row is None else old).append(_marked(row or Attendance(course=course, person=mark.person), mark))
        created = actions.create(by, new, reason=reason)
        changed = actions.update(by, old, ["present", "hours", "result"], reason=reason)
    return len(created) + len(changed)


def _marked(row: Attendance, mark: Mark) -> Attendance:
    if mark.hours > row.course.hours:
        facts = {"person": mark.person, "n": row.course.hours}
        raise ValidationError(_("%(person)s: the course has %(n)d hours, nobody has more.") % facts)
    row.present = mark.present
    row.hours = mark.hours if mark.present else 0
    row.result = mark.result if mark.present else TrainingResult.NOT_EXAMINED
    return row
