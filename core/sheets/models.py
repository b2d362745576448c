"""Sheets on their way into a register: what was sent, what each row would do, and what it did.

What a file holds is business of one person until it is written: an import is seen by whoever sent it and nobody else,
and is encrypted at rest. See docs/decisions.md.
"""

import base64
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.jobs.models import Job
from core.rights import Rights, declare
from core.roles import READERS
from core.scoping import Held, HeldQuerySet
from core.sensitive.sealed import SealedField


class ImportQuerySet(HeldQuerySet):
    def visible_to(self, user, verb: str = "view"):
        """A person's own imports; others see what came of them in the records' histories."""
        return super().visible_to(user, verb).filter(by_id=user.pk) if user and user.pk else self.none()


class SheetImport(Held):
    """One file: one sheet of it, or all of a kind. `content` is the file as it was sent, base64; `mended` maps cells to
    texts that were typed in their place; `pages` are the sheets, [{"name", "start", "counts"}, …], as `core.sheets.pages`
    numbers them; `layout` says where its columns and rows are, and what ties the rows (`core.sheets.parts`);
    `mapping` maps field paths to columns (from 0), as found or as answered.
    """

    class State(models.TextChoices):
        ASKING = "asking", _("Headings to assign")
        READING = "reading", _("Being checked")
        PREVIEWED = "previewed", _("Checked, not written")
        WRITING = "writing", _("Being written")
        WRITTEN = "written", _("Written")
        FAILED = "failed", _("Failed")
        UNDONE = "undone", _("Undone")

    class Mode(models.TextChoices):
        ALL = "all", _("All rows or none")
        GOOD = "good", _("The good rows alone")

    register = models.CharField(_("Register"), max_length=80, help_text=_("Label of the model"))
    file_name = models.CharField(_("File name"), max_length=200)
    sheet = models.CharField(_("Sheet"), max_length=200, blank=True)
    content = SealedField(_("Content"))
    mended = SealedField(_("Cells mended"))
    layout = SealedField(_("Layout of the sheet"))
    pages = models.JSONField(_("Sheets that are read"), default=list, blank=True)
    mapping = models.JSONField(_("Columns"), default=dict, blank=True)
    day = models.DateField(_("Business date"))
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.READING)
    mode = models.CharField(_("What is written"), max_length=4, choices=Mode.choices, blank=True)
    counts = models.JSONField(_("Rows by what they do"), default=dict, blank=True)
    checked = models.PositiveIntegerField(_("Rows checked so far"), default=0)
    problem = models.TextField(_("What stands in the way"), blank=True)
    remarks = models.TextField(_("How the sheet was read"), blank=True)
    request_id = models.CharField(_("Request"), max_length=32, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, verbose_name=_("Long work"), related_name="+")
    by_id = models.BigIntegerField(_("Account number"), db_index=True)
    by_name = models.CharField(_("Sent by"), max_length=60)
    sent_at = models.DateTimeField(pgettext_lazy("import", "Sent"), default=timezone.now)
    written_at = models.DateTimeField(_("Written"), null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Import of a sheet")
        verbose_name_plural = _("Imports of sheets")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def bytes(self) -> bytes:
        """The file as it was sent; empty once retention has taken it."""
        return base64.b64decode(self.content) if self.content else b""

    @bytes.setter
    def bytes(self, content: bytes) -> None:
        self.content = base64.b64encode(content).decode()

    @property
    def look(self) -> str:
        """The kind of the state's tag."""
        return {"written": "ok", "failed": "bad", "undone": "plain"}.get(self.state, "near")

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.READING, self.State.WRITING)

    @property
    def is_judged(self) -> bool:
        """Whether the rows have been judged once more, and are being written at once: no count tells how far."""
        return self.state == self.State.WRITING and self.checked >= self.total > 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def good(self) -> int:
        """Rows that a writing changes something by."""
        return self.counts.get("new", 0) + self.counts.get("changed", 0)

    @property
    def bad(self) -> int:
        return self.counts.get("wrong", 0) + self.counts.get("foreign", 0)

    @property
    def undo_until(self) -> datetime | None:
        return self.written_at + timedelta(days=settings.SHEETS_UNDO_DAYS) if self.written_at else None


class SheetRow(models.Model):
    """One row of an import. Seen through its import alone.

    `notes` holds what people read of it: {"name", "cells": wrong cells, "changes": [[column, old, new], …]}; where there
    is only a name, the part that the row stands in may have it. `proposals` are the wrong cells with one. `before` maps
    the fields that were changed to what stood there, for the undo.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Unchanged")
        WRONG = "wrong", _("Wrong")
        FOREIGN = "foreign", _("Of another's territory")

    sheet_import = models.ForeignKey(
        SheetImport, models.CASCADE, related_name="rows", verbose_name=_("Import of a sheet")
    )
    number = models.PositiveIntegerField(_("Row"))
    state = models.CharField(_("State"), max_length=7, choices=State.choices)
    notes = SealedField(_("Notes"))
    proposals = models.PositiveSmallIntegerField(_("Proposals"), default=0)
    object_id = models.BigIntegerField(_("Record number"), null=True, blank=True)
    version = models.PositiveIntegerField(_("Version"), null=True, blank=True)
    before = SealedField(pgettext_lazy("change", "Before"))

    class Meta:
        verbose_name = _("Row of an import")
        verbose_name_plural = _("Rows of an import")
        ordering = ["sheet_import", "number"]
        indexes = [models.Index(fields=["sheet_import", "state", "number"], name="sheet_row_state")]
        constraints = [models.UniqueConstraint(fields=["sheet_import", "number"], name="sheet_row_number")]

    def __str__(self) -> str:
        return f"{self.sheet_import_id}/{self.number}"


class SheetPart(models.Model):
    """Some rows of an import as they stood in the file, from `first` to `last`. Seen through its import alone.

    `content` is the JSON of [[number, what people call it, raw cells], …], see `core.sheets.parts`.
    """

    sheet_import = models.ForeignKey(
        SheetImport, models.CASCADE, related_name="parts", verbose_name=_("Import of a sheet")
    )
    first = models.PositiveIntegerField(_("First row"))
    last = models.PositiveIntegerField(_("Last row"))
    content = SealedField(_("Content"))

    class Meta:
        verbose_name = _("Part of an import")
        verbose_name_plural = _("Parts of an import")
        ordering = ["sheet_import", "first"]
        constraints = [models.UniqueConstraint(fields=["sheet_import", "first"], name="sheet_part_first")]

    def __str__(self) -> str:
        return f"{self.sheet_import_id}/{self.first}"


class SheetHeadings(models.Model):
    """How a person assigned the headings of a kind of sheet, so that he is asked once."""

    by_id = models.BigIntegerField(_("Account number"))
    register = models.CharField(_("Register"), max_length=80)
    pattern = models.CharField(_("Pattern of headings"), max_length=64, help_text=_("Digest of the headings in order"))
    mapping = models.JSONField(_("Columns"), default=dict)

    class Meta:
        verbose_name = _("Remembered headings")
        verbose_name_plural = _("Remembered headings")
        constraints = [models.UniqueConstraint(fields=["by_id", "register", "pattern"], name="sheet_headings_once")]

    def __str__(self) -> str:
        return f"{self.register} {self.pattern[:12]}"


#: Which records a sheet may write is the register's own right; an import itself is its sender's. Administrators send none: accounts
#: and grants are entered by form alone.
declare(SheetImport, Rights(view=READERS, add=READERS, change=READERS, delete=READERS))
