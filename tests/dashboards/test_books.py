"""All registers of a place in one workbook: what the reader may see there, and nothing else."""

from io import BytesIO

import pytest
from python_calamine import load_workbook

from core import jobs
from core.jobs.models import Job
from core.models import AuditRow
from core.sheets import books, export, kept
from tests.factories import HamletFactory, PersonFactory, VillageFactory

pytestmark = pytest.mark.django_db

HOME, ACROSS, TOWNSHIP, DISTRICT = "450109100214", "450109101201", "450109100", "450109"


@pytest.fixture
def filled(cast):
    for place in (cast.home, cast.next_door, cast.across):
        HamletFactory(village=place, name=f"{place.name}坡")
    PersonFactory(village=cast.home, name="黄丽", id_number="450109199001011232")
    return cast


def opened(content: bytes) -> dict[str, list[list]]:
    book = load_workbook(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def fetched(client, code: str) -> dict[str, list[list]]:
    """The book, whether it came at once or by a worker."""
    answer = client.post(f"/books/{code}/")
    if answer.status_code == 302:
        job = Job.objects.get(pk=int(answer.url.strip("/").split("/")[-1]))
        assert jobs.run_inline(job).state == "done"
        answer = client.get(f"{answer.url}file/")
        return opened(b"".join(answer.streaming_content))
    return opened(answer.content)


def everything(book: dict) -> str:
    return "\n".join(str(cell) for rows in book.values() for row in rows for cell in row)


def test_a_villages_book_has_its_rows_of_every_register(filled, as_):
    user, book = filled["clerk"], fetched(as_("clerk"), HOME)
    titles = {str(r.title): books.rows_of(r, user, HOME).count() for r in books.registers_of(user)}
    contents = {row[0]: int(row[1]) for row in book["目录"][1:]}
    assert contents == titles, "the first sheet names every register that the reader may read, with its number"
    assert set(book) - {"目录"} == {title for title, number in titles.items() if number}
    assert all(len(book[title]) == number + 1 for title, number in titles.items() if number)
    text = everything(book)
    assert "梁村坡" in text and "广良村坡" not in text
    assert AuditRow.objects.filter(verb="export", actor_id=filled["clerk"].pk).count() == 1


def test_numbers_of_people_are_masked(filled, as_):
    text = everything(fetched(as_("clerk"), HOME))
    assert "450***********1232" in text and "450109199001011232" not in text


def test_a_districts_book_comes_by_a_worker(filled, as_):
    answer = as_("district").post(f"/books/{DISTRICT}/")
    assert answer.status_code == 302 and answer.url.startswith("/exports/")
    text = everything(fetched(as_("district"), DISTRICT))
    assert all(f"{place.name}坡" in text for place in (filled.home, filled.next_door, filled.across))
    assert kept.of_user(filled["district"]).count() == 1


def test_a_large_village_comes_by_a_worker(filled, as_, settings):
    settings.EXPORT_AT_ONCE = 1
    assert as_("clerk").post(f"/books/{HOME}/").url.startswith("/exports/")


@pytest.mark.parametrize(
    ("who", "code", "status"),
    [
        ("clerk", TOWNSHIP, 302),
        ("clerk", ACROSS, 404),
        ("clerk", DISTRICT, 404),
        ("secretary", HOME, 200),
        ("secretary", TOWNSHIP, 404),
        ("district", "4501", 404),
        ("district", "450102001201", 404),
        ("sysadmin", HOME, 403),
        ("auditor", DISTRICT, 403),
    ],
)
def test_the_place_must_be_ones_own(filled, as_, who, code, status):
    assert as_(who).post(f"/books/{code}/").status_code == status


def test_catalogues_accounts_and_the_audit_are_not_in_it(cast):
    labels = {register.model._meta.label for register in books.registers_of(cast["district"])}
    assert not labels & {"accounts.User", "accounts.Grant", "core.AuditRow", "villages.Regulation", "scoring.Standard"}
    assert "villages.Hamlet" in labels


def test_the_buttons_stand_where_one_looks_for_them(filled, as_):
    assert f'action="/books/{HOME}/"' in as_("clerk").get(f"/dossiers/{HOME}/").content.decode()
    assert f'action="/books/{TOWNSHIP}/"' in as_("clerk").get("/overview/").content.decode()
    assert f'action="/books/{DISTRICT}/"' in as_("district").get("/overview/").content.decode()


def test_a_book_of_more_rows_asks_no_more(filled, django_assert_max_num_queries):
    user = filled["clerk"]
    HamletFactory.create_batch(30, village=filled.home)
    VillageFactory.create_batch(3, township=filled.home.township)
    with django_assert_max_num_queries(8 * len(books.registers_of(user))):
        export.written("xlsx", books.book_of(user, TOWNSHIP))
