"""What is attached to records: a file is stored once (`Blob`) and attached where it proves something (`Evidence`)."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Blob(models.Model):
    """A stored file, named by the SHA-256 digest of its bytes. Seen through the evidence that it belongs to alone."""

    digest = models.CharField(_("Digest"), max_length=64, unique=True)
    extension = models.CharField(_("File type"), max_length=8)
    content_type = models.CharField(_("Content type"), max_length=100)
    size = models.PositiveIntegerField(_("Size in bytes"))
    width = models.PositiveIntegerField(_("Width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("Height in pixels"), null=True, blank=True)

    class Meta:
        verbose_name = _("Stored file")
        verbose_name_plural = _("Stored files")

    def __str__(self) -> str:
        return f"{self.digest[:12]}.{self.extension}"

    @property
    def is_picture(self) -> bool:
        """Whether there is a thumbnail beside it."""
        return self.width is not None

    @property
    def size_label(self) -> str:
        """ "212 kB", "1.4 MB"."""
        return f"{-(-self.size // 1000)} kB" if self.size < 1_000_000 else f"{self.size / 1_000_000:.1f} MB"


class EvidenceQuerySet(models.QuerySet):
    def current(self):
        return self.filter(revoked_at__isnull=True)

    def of(self, row: models.Model):
        """What is attached to a record now, with its files. Ask only for a record that the person may see."""
        return self.current().filter(owner_model=row._meta.label_lower, owner_pk=row.pk).select_related("blob")

    def counts(self, model: type[models.Model], pks: Iterable[int]) -> dict[int, int]:
        """How many files each record bears; records without any are absent. One query."""
        rows = self.current().filter(owner_model=model._meta.label_lower, owner_pk__in=list(pks))
        return dict(rows.values_list("owner_pk").annotate(n=models.Count("pk")).order_by())

    def visible_to(self, user, verb: str = "view"):
        """What is attached to the records that the person may `verb`. The records' own doors decide."""
        from core import rights  # these need the models of all apps, or other modules that do
        from core.evidence import owners

        seen = Q(pk__in=())
        for model in owners.accepted():
            if rights.can(user, verb, model):
                rows = model._default_manager.visible_to(user, verb)
                seen |= Q(owner_model=model._meta.label_lower, owner_pk__in=rows.order_by().values("pk"))
        return self.current().filter(seen)


class Evidence(models.Model):
    """A file attached to a record. Revoked, it is gone for everybody; row and file stay for the audit."""

    owner_model = models.CharField(_("Kind of record"), max_length=80, editable=False)
    owner_pk = models.PositiveBigIntegerField(_("Record number"), editable=False)
    territory_code = models.CharField(_("Territory code"), max_length=12, blank=True, db_index=True, editable=False)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="uses", editable=False, verbose_name=_("Stored file"))
    file_name = models.CharField(_("File name"), max_length=120)
    caption = models.CharField(_("What it shows"), max_length=200, blank=True)
    taken_on = models.DateField(_("Taken or written on"), null=True, blank=True)
    added_by = models.CharField(_("Added by"), max_length=60, editable=False)
    added_at = models.DateTimeField(_("Added at"), default=timezone.now, editable=False)
    revoked_by = models.CharField(_("Revoked by"), max_length=60, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("Revoked at"), null=True, blank=True, editable=False)
    revoke_reason = models.CharField(_("Why it was revoked"), max_length=200, blank=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Evidence")
        verbose_name_plural = _("Evidence")
        ordering = ["pk"]
        indexes = [models.Index(fields=["owner_model", "owner_pk"], name="evidence_owner")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner_model", "owner_pk", "blob"],
                condition=Q(revoked_at__isnull=True),
                name="evidence_once_on_a_record",
                violation_error_message=_("This file is attached to the record already."),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
