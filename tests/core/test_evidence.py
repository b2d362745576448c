"""Evidence: the record's door is its door; a set is attached whole or not at all; files leave as downloads alone."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from core import actions, audit
from core.actions import Refused
from core.evidence import owners, store
from core.evidence.actions import attach, find_visible, revoke
from core.evidence.models import Blob, Evidence
from core.models import AuditRow
from facilities.choices import SetState
from facilities.models import RoomSet
from tests import cast as stage
from tests.core import evidence_corpus as corpus
from tests.core.evidence_corpus import BAD, upload
from tests.factories import HamletFactory, RegulationFactory, RoomSetFactory
from villages.models import Hamlet, Regulation

pytestmark = pytest.mark.django_db

#: Readers whose territory is not home's village.
STRANGERS = (
    "secretary_next_door",
    "clerk_across",
    "secretary_across",
    "district_abroad",
    "leader_abroad",
    "clerk_abroad",
)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, monkeypatch) -> Path:
    """A store of the test's own, and hamlets and regulations that bear evidence."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    monkeypatch.setattr(owners, "_accepted", {})
    owners.accept(Hamlet)
    owners.accept(Regulation)
    return settings.EVIDENCE_DIR


@pytest.fixture
def hamlet(cast):
    return HamletFactory(village=cast.home, name="坛头坡")


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def jpg(name="照片.jpg", **options):
    return upload(name, corpus.picture(**options))


def pdf(name="文件.pdf", note=b""):
    return upload(name, corpus.pdf(note))


# ---- attaching ----


def test_a_set_is_attached_stored_and_recorded(cast, hamlet, folder, commit):
    with commit():
        first, second = attach(
            cast["clerk"], hamlet, [jpg(), pdf()], captions=[" 进屯路\n硬化 ", ""], taken_on=date(2013, 8, 16)
        )
    assert (first.file_name, first.caption, first.taken_on) == ("照片.jpg", "进屯路 硬化", date(2013, 8, 16))
    assert (first.owner_model, first.owner_pk, first.territory_code) == ("villages.hamlet", hamlet.pk, cast.home.code)
    assert (first.added_by, first.revoked_at) == ("clerk先生", None)
    assert (first.blob.content_type, first.blob.width, second.blob.width) == ("image/jpeg", 64, None)
    photo, document = first.blob.digest, second.blob.digest
    assert files_in(folder) == sorted([f"{photo}.jpg", f"{photo}.thumb.jpg", f"{document}.pdf"])
    assert (
        store.path_of(photo, "jpg").parent.name == photo[:2] and store.digest_of(store.path_of(photo, "jpg")) == photo
    )
    assert list(Evidence.objects.of(hamlet)) == [first, second]
    assert Evidence.objects.counts(Hamlet, [hamlet.pk, 0]) == {hamlet.pk: 2}
    written = list(AuditRow.objects.order_by("pk").values_list("verb", "model", "object_id", "territory_code"))
    code = cast.home.code
    assert written == [
        ("attach", "core.Evidence", str(first.pk), code),
        ("attach", "core.Evidence", str(second.pk), code),
        ("attach", "villages.Hamlet", str(hamlet.pk), code),
    ]
    assert AuditRow.objects.latest("pk").after == {"evidence": "照片.jpg、文件.pdf"}


def test_only_the_portal_reads_the_store(cast, hamlet, folder, commit):
    with commit():
        attach(cast["clerk"], hamlet, [jpg()])
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in [folder, *folder.iterdir()]} == {0o700}


def test_one_caption_is_for_all(cast, hamlet):
    rows = attach(cast["clerk"], hamlet, [jpg(), pdf()], captions=["换届"])
    assert [row.caption for row in rows] == ["换届", "换届"]


def test_the_same_bytes_are_stored_once(cast, hamlet, folder, commit):
    other = HamletFactory(village=cast.abroad)
    with commit():
        (here,) = attach(cast["clerk"], hamlet, [jpg("a.jpg"), jpg("b.jpg")])
        (there,) = attach(cast["clerk_abroad"], other, [jpg("c.jpg")])
    assert here.blob == there.blob and Blob.objects.count() == 1 and len(files_in(folder)) == 2
    assert (here.file_name, there.file_name) == ("b.jpg", "c.jpg")


def test_the_same_post_twice_attaches_once(cast, hamlet):
    attach(cast["clerk"], hamlet, [jpg()])
    with CaptureQueriesContext(connection) as queries:
        assert attach(cast["secretary"], hamlet, [jpg("nochmal.jpg")]) == []
    assert Evidence.objects.count() == 1 and AuditRow.objects.count() == 2
    assert not [q for q in queries.captured_queries if "INSERT" in q["sql"] and "evidence" in q["sql"]]


def test_the_database_holds_it_too(cast, hamlet):
    (row,) = attach(cast["clerk"], hamlet, [jpg()])
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_was_revoked_may_be_attached_again(cast, hamlet):
    (row,) = attach(cast["clerk"], hamlet, [jpg()])
    revoke(cast["clerk"], row, "重拍")
    (again,) = attach(cast["clerk"], hamlet, [jpg()])
    assert again.pk != row.pk and list(Evidence.objects.of(hamlet)) == [again]


def test_attaching_takes_as_many_queries_for_ten_files_as_for_one(cast, hamlet):
    counts = []
    for start, number in ((0, 1), (1, 10)):
        clerk = cast["clerk"]
        files = [pdf(note=b"/N %d" % n) for n in range(start, start + number)]
        with CaptureQueriesContext(connection) as queries:
            attach(clerk, hamlet, files)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


# ---- all or nothing ----


def test_one_unfit_file_keeps_all_out_and_every_one_is_named(cast, hamlet, folder):
    files = [jpg(), upload(*BAD["svg"][:2]), pdf(), upload(*BAD["empty"][:2])]
    with override("en"), pytest.raises(ValidationError) as refusal:
        attach(cast["clerk"], hamlet, files)
    first, second = refusal.value.messages
    assert first.startswith("图.svg: ") and second.startswith("空.jpg: ")
    assert files_in(folder) == [] and not Evidence.objects.exists() and not Blob.objects.exists()
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize("step", [(Evidence.objects, "bulk_create"), (audit, "write")])
def test_a_failure_at_any_step_leaves_neither_row_nor_file(cast, hamlet, folder, monkeypatch, step):
    def fail(*_args, **_kwargs):
        raise RuntimeError("at once")

    owner, name = step
    monkeypatch.setattr(QuerySet if owner is not audit else audit, name, fail)
    with pytest.raises(RuntimeError):
        attach(cast["clerk"], hamlet, [jpg(), pdf()])
    assert files_in(folder) == [] and not Evidence.objects.exists() and not Blob.objects.exists()


def test_a_rollback_outside_leaves_no_file(cast, hamlet, folder, undone):
    with undone():
        attach(cast["clerk"], hamlet, [jpg(), pdf()])
        assert len(files_in(folder)) == 3
    assert files_in(folder) == [] and not Evidence.objects.exists()


def test_a_full_disk_is_said_and_leaves_nothing(cast, hamlet, folder, monkeypatch):
    room = iter([True, True])  # for a photo and its thumbnail

    def write(descriptor):
        if not next(room, False):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", write)
    with override("en"), pytest.raises(ValidationError, match="no room"):
        attach(cast["clerk"], hamlet, [jpg(), pdf()])
    assert files_in(folder) == [] and not Blob.objects.exists()


@pytest.mark.parametrize(
    ("files", "captions", "words"),
    [
        ([], [], "at least one"),
        ([None] * 11, [], "At most 10"),
        ([None], ["长" * 201], "200 characters"),
    ],
)
def test_a_set_has_limits(cast, hamlet, files, captions, words):
    files = [pdf(note=b"/N %d" % n) for n, _none in enumerate(files)]
    with override("en"), pytest.raises(ValidationError, match=words):
        attach(cast["clerk"], hamlet, files, captions=captions)
    assert not Evidence.objects.exists()


# ---- whose evidence it is ----


@pytest.mark.parametrize("username", ["district", "clerk", "secretary"])
def test_who_may_change_the_record_may_attach_and_revoke(cast, hamlet, username):
    (row,) = attach(cast[username], hamlet, [jpg()])
    revoke(cast[username], row, "错放")
    row.refresh_from_db()
    assert (row.revoked_by, row.revoke_reason) == (f"{username}先生", "错放") and row.revoked_at
    verbs = AuditRow.objects.order_by("pk").values_list("verb", "model", "reason")
    assert list(verbs)[2:] == [
        ("revoke_evidence", "core.Evidence", "错放"),
        ("revoke_evidence", "villages.Hamlet", "错放"),
    ]


@pytest.mark.parametrize("username", ["leader", "inspector", "sysadmin", "secadmin", "auditor", "nobody"])
def test_who_may_not_change_the_record_is_refused(cast, hamlet, folder, username):
    (row,) = attach(cast["clerk"], hamlet, [jpg()])
    for attempt in (lambda: attach(cast[username], hamlet, [pdf()]), lambda: revoke(cast[username], row, "无")):
        with pytest.raises(Refused):
            attempt()
    assert Evidence.objects.current().count() == 1


@pytest.mark.parametrize("username", ["secretary_next_door", "clerk_across", "district_abroad"])
def test_anothers_record_is_not_there(cast, hamlet, folder, username):
    (row,) = attach(cast["clerk"], hamlet, [jpg()])
    before = files_in(folder)
    for attempt in (
        lambda: attach(cast[username], hamlet, [pdf()]),
        lambda: revoke(cast[username], row, "无"),
        lambda: find_visible(cast[username], row.pk),
    ):
        with pytest.raises(Http404):
            attempt()
    assert Evidence.objects.current().count() == 1 and files_in(folder) == before


def test_a_model_that_takes_no_evidence(cast):
    with pytest.raises(Http404):
        attach(cast["district"], cast.home, [jpg()])
    with pytest.raises(TypeError):
        owners.accept(Blob)


def test_a_catalogue_row_bears_evidence_for_all_who_read_it(cast):
    regulation = RegulationFactory()
    (row,) = attach(cast["district"], regulation, [pdf()])
    assert row.territory_code == "" and find_visible(cast["secretary_across"], row.pk) == row
    with pytest.raises(Refused):
        attach(cast["clerk"], regulation, [jpg()])


@pytest.mark.parametrize(
    "username", ["district", "leader", "clerk", "secretary", "inspector", *STRANGERS, "auditor", "nobody"]
)
def test_the_door_of_the_list_is_the_door_of_each(cast, hamlet, username):
    rows = [
        *attach(cast["clerk"], hamlet, [jpg(), pdf()]),
        *attach(cast["clerk_across"], HamletFactory(village=cast.across), [jpg()]),
        *attach(cast["district"], RegulationFactory(), [pdf(note=b"/N 1")]),
    ]
    revoke(cast["clerk"], rows[1], "错放")
    seen = set(Evidence.objects.visible_to(cast[username]))
    for row in rows:
        try:
            found = find_visible(cast[username], row.pk) in seen
        except Http404:
            found = row not in seen
        assert found
    assert (rows[0] in seen) == (username in {"district", "leader", "clerk", "secretary", "inspector"})
    changeable = set(Evidence.objects.visible_to(cast[username], "change"))
    assert changeable <= seen and (rows[0] in changeable) == (username in {"district", "clerk", "secretary"})


def test_a_record_that_is_read_but_not_changed_is_refused(cast):
    """A room set that is published, or the city's: district staff read it, and may change neither."""
    owners.accept(RoomSet)
    draft = RoomSetFactory(state=SetState.DRAFT)
    (row,) = attach(cast["district"], draft, [pdf()])
    assert row.territory_code == stage.DISTRICT
    for fixed in (RoomSetFactory(), RoomSetFactory(state=SetState.DRAFT, territory_code="4501")):
        with pytest.raises(Refused):
            attach(cast["district"], fixed, [pdf()])


def test_the_evidence_of_a_deleted_record_is_gone(cast, hamlet):
    (row,) = attach(cast["clerk"], hamlet, [jpg()])
    actions.delete(cast["clerk"], [hamlet])
    with pytest.raises(Http404):
        find_visible(cast["clerk"], row.pk)
    assert not Evidence.objects.visible_to(cast["clerk"]).exists()


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b", "长" * 201])
def test_revoking_needs_a_reason(cast, hamlet, reason):
    (row,) = attach(cast["clerk"], hamlet, [jpg()])
    with pytest.raises(ValidationError):
        revoke(cast["clerk"], row, reason)
    assert Evidence.objects.current().exists()


def test_what_is_revoked_cannot_be_revoked_again(cast, hamlet):
    (row,) = attach(cast["clerk"], hamlet, [jpg()])
    revoke(cast["clerk"], row, "错放")
    with pytest.raises(Http404):
        revoke(cast["clerk"], row, "再撤")


# ---- the store after a mishap ----


def test_a_machine_that_stopped_between_commit_and_name_loses_nothing(cast, hamlet, folder):
    with transaction.atomic():
        (row,) = attach(cast["clerk"], hamlet, [jpg()])
        assert all(name.endswith(".part") for name in files_in(folder))  # committed, but not put in place yet
        path = store.path_of(row.blob.digest, "jpg")
        store.open_file(path).close()
    assert path.exists()


def test_names_are_given_once_the_rows_are_committed(cast, hamlet, folder, commit):
    with commit():
        (row,) = attach(cast["clerk"], hamlet, [jpg()])
        store.open_file(store.path_of(row.blob.digest, "jpg")).close()  # a reader put one of the two in place
    assert files_in(folder) == sorted([f"{row.blob.digest}.jpg", f"{row.blob.digest}.thumb.jpg"])


def test_the_check_names_what_is_missing_or_damaged_and_removes_what_is_left_over(cast, hamlet, folder, commit, capsys):
    with commit():
        photo, document = attach(cast["clerk"], hamlet, [jpg(), pdf()])
    old, fresh = folder / "ab" / "ab.jpg.1.part", folder / "ab" / "ab.jpg.2.part"
    old.parent.mkdir(exist_ok=True)
    for path in (old, fresh):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    call_command("check_evidence")
    assert "2 files are whole; 1 left-over" in capsys.readouterr().out
    assert fresh.exists() and not old.exists()
    store.path_of(photo.blob.digest, "jpg").unlink()
    store.path_of(document.blob.digest, "pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError, match="2 of 2"):
        call_command("check_evidence")
    said = capsys.readouterr().err
    assert "missing (villages.hamlet" in said and "damaged (villages.hamlet" in said
    with commit():
        attach(cast["clerk"], hamlet, [jpg()])
    assert store.digest_of(store.path_of(photo.blob.digest, "jpg")) == photo.blob.digest  # mended by the same photo


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_store_once_and_attach_once(transactional_db, cast, hamlet, folder):
    """The same photo to the same record by four, and to records of their own by four more, at one moment."""
    others = HamletFactory.create_batch(4, village=cast.home)
    clerk, gate = cast["clerk"], Barrier(8)

    def post(row):
        try:
            gate.wait(10)
            return len(attach(clerk, row, [jpg()]))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(post, [hamlet] * 4 + others))
    assert sum(written[:4]) == 1 and written[4:] == [1] * 4
    blob = Blob.objects.get()
    assert files_in(folder) == sorted([f"{blob.digest}.jpg", f"{blob.digest}.thumb.jpg"])
    assert store.digest_of(store.path_of(blob.digest, "jpg")) == blob.digest
