"""The six style drives, and what each village did in them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cadres.choices_development import DriveState
from core.records import CatalogueRecord, Named, Record
from villages.models import Village


class Drive(CatalogueRecord, Named):
    """A vice that is treated, a quality that is compared, an organisation that is created."""

    key = models.SlugField(_("Key"), max_length=20, unique=True)
    vice = models.CharField(_("Treats"), max_length=40)
    quality = models.CharField(_("Compares"), max_length=40)
    organisation = models.CharField(_("Creates"), max_length=60)
    position = models.PositiveSmallIntegerField(_("Position"), default=0)

    class Meta(CatalogueRecord.Meta):
        verbose_name = _("Style drive")
        verbose_name_plural = _("Style drives")
        ordering = ["position", "key"]


class DriveRecord(Record):
    """What a village found and put right in one drive in a year."""

    village = models.ForeignKey(
        Village, models.PROTECT, related_name="drive_records", verbose_name=_("Village or community")
    )
    drive = models.ForeignKey(Drive, models.PROTECT, related_name="records", verbose_name=_("Style drive"))
    started_on = models.DateField(_("Begun on"))
    problems = models.TextField(_("Problems found"), max_length=500)
    measures = models.TextField(pgettext_lazy("style drive", "Measures"), max_length=500, blank=True)
    state = models.CharField(_("State"), max_length=8, choices=DriveState.choices, default=DriveState.BEGUN)
    finished_on = models.DateField(_("Put right on"), null=True, blank=True)
    result = models.CharField(pgettext_lazy("style drive", "Result"), max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Record of a style drive")
        verbose_name_plural = _("Records of style drives")
        ordering = ["village__code", "drive__position", "-started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=DriveState.DONE, finished_on__isnull=False)
                | (~Q(state=DriveState.DONE) & Q(finished_on__isnull=True)),
                name="drive_done_has_a_day",
                violation_error_message=_("What is put right has a day, and nothing else has one."),
            ),
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True) | Q(finished_on__gte=F("started_on")),
                name="drive_done_after_begun",
                violation_error_message=_("It can't be put right before it was begun: correct one of the two dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} · {self.drive}"
