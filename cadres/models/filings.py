"""Filing of a secretary's appointment or removal with the district."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cadres.choices import FilingKind, FilingState, HowChosen
from cadres.models.people import Person, Post
from cadres.querysets import FilingQuerySet
from core.records import Record
from core.workflow.models import Flowing
from villages.models import Village


class Filing(Flowing, Record):
    """A secretary is to be appointed or removed: drafted, endorsed by the township, filed by the district or returned.

    When it is filed the post changes (`cadres.actions.filings.FILING_FLOW`) and is kept here.
    """

    village = models.ForeignKey(Village, models.PROTECT, related_name="filings", verbose_name=_("Village or community"))
    kind = models.CharField(_("Kind"), max_length=10, choices=FilingKind.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="filings", verbose_name=_("Person"))
    effective_on = models.DateField(
        _("Effective on"), help_text=_("The first day in post, or the first day out of it."), db_index=True
    )
    how = models.CharField(_("How chosen"), max_length=20, choices=HowChosen.choices, blank=True)
    grounds = models.TextField(_("Grounds"), max_length=500)
    document = models.CharField(_("Document number"), max_length=60, blank=True)
    state = models.CharField(
        _("State"), max_length=12, choices=FilingState.choices, default=FilingState.DRAFT, editable=False
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, editable=False, related_name="filings", verbose_name=_("Post")
    )

    objects = FilingQuerySet.as_manager()
    #: Set by the effect of the last step, written along with it.
    derived = ("post",)

    class Meta(Record.Meta):
        verbose_name = _("Filing of a secretary")
        verbose_name_plural = _("Filings of secretaries")
        ordering = ["-effective_on", "village__code"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=FilingState.FILED) | models.Q(post__isnull=False),
                name="filing_filed_names_its_post",
                violation_error_message=_("A filing that is filed names the post that it changed."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=FilingKind.APPOINT, how=""),
                name="filing_appointment_says_how",
                violation_error_message=_("Say how the secretary was chosen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"

    def clean(self) -> None:
        if self.kind == FilingKind.REMOVE:
            self.how = ""
        elif not self.how:
            raise ValidationError({"how": _("Say how the secretary was chosen.")})
