"""Attaching and revoking. Who may change a record may do both. Both leave audit rows on record and file."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import actions, audit
from core.evidence import intake, owners, store
from core.evidence.models import Blob, Evidence
from core.evidence.names import plain

#: Files that may be attached in one go.
MAX_FILES = 10
REVOKED = ("revoked_by", "revoked_at", "revoke_reason")

audit.name_verbs(attach=gettext_lazy("Attached"), revoke_evidence=gettext_lazy("Evidence revoked"))


def attach(
    by, row: models.Model, files: Sequence[File], *, captions: Iterable[str] = (), taken_on: date | None = None
) -> list[Evidence]:
    """Attach files to a record: all of them, or none.

    `captions` go with the files in order; a single one is for all. What the record bears already is passed over, so
    that the same post twice attaches once. Returns the new evidence. Raises Refused, Http404; ValidationError with a
    sentence for each file that may not come in.
    """
    label = row._meta.label_lower
    owners.find(by, label, row.pk, "change")  # before any work is done for it
    texts = _captions(captions, len(files))
    with store.Batch() as batch:
        staged = _stage(batch, files)
        with transaction.atomic():
            owner = actions.lock(by, "change", type(row), [row])[0]
            code = actions.codes_of(type(row), [owner])[owner.pk]
            shared = {"owner_model": label, "owner_pk": owner.pk, "territory_code": code, "added_by": by.name}
            blobs = _keep([blob for blob, _name in staged])
            rows = {
                blob.digest: Evidence(
                    blob=blobs[blob.digest], file_name=name, caption=caption, taken_on=taken_on, **shared
                )
                for (blob, name), caption in zip(staged, texts, strict=True)
            }
            for digest in Evidence.objects.of(owner).values_list("blob__digest", flat=True):
                rows.pop(digest, None)
            written = _write(by, owner, code, list(rows.values()))
            transaction.on_commit(batch.place)
    return written


def _stage(batch: store.Batch, files: Sequence[File]) -> list[tuple[Blob, str]]:
    """Read the files and write them under temporary names. Gives their rows, not saved yet, and their names."""
    if not files:
        raise ValidationError(_("Choose at least one file."))
    if len(files) > MAX_FILES:
        raise ValidationError(
            _("At most %(limit)d files at a time: choose fewer, then the others.") % {"limit": MAX_FILES}
        )
    staged, problems = [], []
    for file in files:
        try:
            taken = intake.take(file)
            digest = batch.add(taken.content, taken.extension, taken.thumbnail)
        except intake.Unfit as error:
            problems.append(_("%(name)s: %(problem)s") % {"name": plain(file.name or "—"), "problem": error.message})
        except OSError as error:
            raise ValidationError(
                _("The portal has no room to store files, so nothing was attached. Tell the system administrator.")
            ) from error
        else:
            staged.append((_row(digest, taken), taken.name))
    if problems:
        raise ValidationError(problems)
    return staged


def _row(digest: str, taken: intake.Taken) -> Blob:
    return Blob(
        digest=digest,
        extension=taken.extension,
        content_type=intake.CONTENT_TYPES[taken.extension],
        size=len(taken.content),
        width=taken.width,
        height=taken.height,
    )


def _captions(captions: Iterable[str], number: int) -> list[str]:
    """One for each file; raises ValidationError where one is too long."""
    texts = [plain(text) for text in captions]
    limit = Evidence._meta.get_field("caption").max_length
    if any(len(text) > limit for text in texts):
        raise ValidationError(
            _("What a file shows is said in at most %(limit)d characters: shorten it.") % {"limit": limit}
        )
    if len(texts) == 1:
        texts *= number
    return [*texts[:number], *[""] * (number - len(texts))]


def _keep(blobs: list[Blob]) -> dict[str, Blob]:
    """The files' rows by digest, as stored: bytes that are known keep the row they have."""
    Blob.objects.bulk_create(blobs, ignore_conflicts=True)
    return Blob.objects.in_bulk([blob.digest for blob in blobs], field_name="digest")


def _write(by, owner: models.Model, code: str, rows: list[Evidence]) -> list[Evidence]:
    if not rows:
        return []
    with actions.constraint_messages(Evidence):
        written = Evidence.objects.bulk_create(rows)
    codes = {row.pk: code for row in written}
    audit.write(by, "attach", written, codes=codes, after={row.pk: audit.snapshot(row) for row in written})
    names = "、".join(row.file_name for row in written)
    audit.write(by, "attach", [owner], codes={owner.pk: code}, after={owner.pk: {"evidence": names}})
    return written


def find_visible(user, pk: int) -> Evidence:
    """Evidence that the person may see, as its record's door says. Raises Http404 for anything else.

    Also without any right on such records: the number of a file says nothing about what it hangs on.
    """
    evidence = Evidence.objects.current().select_related("blob").filter(pk=pk).first()
    try:
        if evidence and owner_of(user, evidence):
            return evidence
    except actions.Refused:
        pass
    raise Http404(_("There is no such file in your territory."))


def owner_of(user, evidence: Evidence, verb: str = "view") -> models.Model:
    """The record it is attached to. Raises Refused without the right on such records, Http404 for another's."""
    return owners.find(user, evidence.owner_model, evidence.owner_pk, verb)


def revoke(by, evidence: Evidence, reason: str) -> Evidence:
    """Take evidence back: nobody sees it any more, row and file stay. Raises Refused, Http404, ValidationError."""
    owner = owner_of(by, evidence, "change")
    reason = plain(reason)
    limit = Evidence._meta.get_field("revoke_reason").max_length
    if not reason or len(reason) > limit:
        raise ValidationError(
            _("Say in at most %(limit)d characters why it is revoked; it stays in the audit log.") % {"limit": limit}
        )
    with transaction.atomic():
        actions.lock(by, "change", type(owner), [owner])
        row = Evidence.objects.current().select_for_update().filter(pk=evidence.pk).first()
        if row is None:
            raise Http404(_("There is no such file in your territory."))
        row.revoked_by, row.revoked_at, row.revoke_reason = by.name, timezone.now(), reason
        row.save(update_fields=REVOKED)
        code = actions.codes_of(type(owner), [owner])[owner.pk]
        after = {row.pk: audit.snapshot(row, REVOKED)}
        audit.write(by, "revoke_evidence", [row], codes={row.pk: code}, after=after, reason=reason)
        before = {owner.pk: {"evidence": row.file_name}}
        audit.write(by, "revoke_evidence", [owner], codes={owner.pk: code}, before=before, reason=reason)
    return row
