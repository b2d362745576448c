"""Courses, and who attended them with how many hours."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.choices_development import Topic, TrainingMode, TrainingResult
from cadres.models.people import Person
from cadres.querysets_development import AttendanceQuerySet, CourseQuerySet
from core.records import Record, RegionalRecord


class Course(RegionalRecord):
    """Something taught on some days: planned at first, held once somebody is on its sheet. Whose it is: `territory_code`."""

    name = models.CharField(_("Course"), max_length=120)
    mode = models.CharField(_("Mode"), max_length=12, choices=TrainingMode.choices)
    topic = models.CharField(_("Topic"), max_length=12, choices=Topic.choices)
    starts_on = models.DateField(pgettext_lazy("course", "First day"))
    days = models.PositiveSmallIntegerField(
        _("Days"), default=1, validators=[MinValueValidator(1), MaxValueValidator(1500)]
    )
    ends_on = models.DateField(pgettext_lazy("course", "Last day"), editable=False, db_index=True)
    hours = models.PositiveSmallIntegerField(_("Hours"), validators=[MinValueValidator(1)])
    seats = models.PositiveSmallIntegerField(_("Planned seats"), validators=[MinValueValidator(1)])
    place = models.CharField(_("Venue"), max_length=80, blank=True)
    organiser = models.CharField(_("Organiser"), max_length=80, blank=True)
    cancelled = models.BooleanField(_("Cancelled"), default=False)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    objects = CourseQuerySet.as_manager()
    derived = ("ends_on",)

    class Meta(RegionalRecord.Meta):
        verbose_name = _("Course")
        verbose_name_plural = _("Courses")
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.starts_on and self.days:
            self.ends_on = self.starts_on + timedelta(days=self.days - 1)


class Attendance(Record):
    """A person on a course's sheet. Hours count when present; adult education says who paid what."""

    territory = "person__village"

    course = models.ForeignKey(Course, models.PROTECT, related_name="attendances", verbose_name=_("Course"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances", verbose_name=_("Person"))
    present = models.BooleanField(_("Attended"), default=True)
    hours = models.PositiveSmallIntegerField(_("Hours"), default=0)
    result = models.CharField(
        pgettext_lazy("course", "Result"), max_length=8, choices=TrainingResult.choices, blank=True
    )
    subsidy = models.PositiveIntegerField(_("Subsidy (yuan)"), null=True, blank=True)
    own_share = models.PositiveIntegerField(_("Own share (yuan)"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=120, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("Attendance")
        verbose_name_plural = _("Attendances")
        ordering = ["-course__starts_on", "person__village__code", "person__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "person"],
                name="attendance_once",
                violation_error_message=_("This person is on the sheet of that course already: open that record."),
            ),
            models.CheckConstraint(
                condition=Q(present=True) | Q(hours=0, result=""),
                name="attendance_absent_has_nothing",
                violation_error_message=_("Whoever was absent has neither hours nor a result: set both to nothing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.course}"

    def clean(self) -> None:
        if not self.course_id:
            return  # the field itself says that it is missing
        if self.hours > self.course.hours:
            facts = {"n": self.course.hours}
            raise ValidationError({"hours": _("The course has %(n)d hours: nobody has more.") % facts})
        if self.course.cancelled:
            raise ValidationError({"course": _("This course was cancelled: nobody attended it.")})
        paid = self.subsidy is not None or self.own_share is not None
        if paid and self.course.mode != TrainingMode.ADULT:
            raise ValidationError({"subsidy": _("Only adult education is shared in cost: leave both amounts empty.")})
