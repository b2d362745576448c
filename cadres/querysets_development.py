"""Reserves, training and duty of a day or a year; both are arguments."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, Subquery

from cadres.choices_development import DUTY_KEPT, TRAINING_FROM, DutyState, RectificationState, StepResult
from core.periods import Period
from core.scoping import RegionalQuerySet, ScopedQuerySet


class ReserveQuerySet(ScopedQuerySet):
    def on(self, day: date):
        """Those on the list on the day."""
        return self.filter(Q(entered_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gt=day))

    def standing_on(self, day: date):
        """`at_step` (None before the first), `at_position` (0), `at_since` and `at_result`: where each one stood."""
        from cadres.models import ReserveStep

        last = ReserveStep.objects.filter(reserve=OuterRef("pk"), on__lte=day).order_by("-position")
        return self.annotate(
            at_step=Subquery(last.values("stage")[:1]),
            at_since=Subquery(last.values("on")[:1]),
            at_result=Subquery(last.values("result")[:1]),
        )

    def in_training_on(self, day: date):
        """On the list, chosen for training by then, and no step failed."""
        from cadres.models import ReserveStep

        steps = ReserveStep.objects.filter(reserve=OuterRef("pk"), on__lte=day)
        begun = Q()
        for pipeline, stage in TRAINING_FROM.items():
            begun |= Q(Exists(steps.filter(stage=stage)), pipeline=pipeline)
        return self.on(day).filter(begun, ~Exists(steps.filter(result=StepResult.FAILED)))


class CourseQuerySet(RegionalQuerySet):
    def of_year(self, year: int):
        """A course belongs to the year in which it ends."""
        return self.filter(ends_on__year=year)


class AttendanceQuerySet(ScopedQuerySet):
    def counting_in(self, first: date, last: date):
        """Those present at courses that ended from `first` to `last`: their hours count."""
        return self.filter(present=True, course__ends_on__range=(first, last))


class RectificationQuerySet(ScopedQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """What is accepted is not changed any more."""
        rows = super().visible_to(user, verb)
        return rows.exclude(state=RectificationState.ACCEPTED) if verb in ("change", "delete") else rows


class DutyQuerySet(ScopedQuerySet):
    def due_in(self, period: Period):
        """The days of the year so far; an excused one is nobody's fault, and today isn't over yet."""
        still_open = Q(day=period.as_of, state=DutyState.DUE)
        return self.filter(day__range=(period.start, period.as_of)).exclude(state=DutyState.EXCUSED).exclude(still_open)

    def missed(self, day: date):
        """Nobody was there: said so, or the day went by."""
        return self.filter(Q(state=DutyState.ABSENT) | Q(state=DutyState.DUE, day__lt=day))

    def kept(self):
        return self.filter(state__in=DUTY_KEPT)
