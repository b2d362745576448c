"""The pages of evidence: who reaches them, what a file is sent as, what is said when something is wrong."""

# ruff: noqa: F811  fixtures of test_evidence.py are taken as arguments
import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from django_htmx.middleware import HtmxDetails
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.evidence import views
from core.evidence.actions import attach, revoke
from core.evidence.middleware import BodyLimitMiddleware
from core.evidence.models import Evidence
from core.evidence.panel import panel
from core.roles import READERS
from tests.core import evidence_corpus as corpus
from tests.core.test_evidence import STRANGERS, files_in, folder, hamlet, jpg, pdf  # noqa: F401
from tests.factories import HamletFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def photo(cast, hamlet):
    return attach(cast["clerk"], hamlet, [jpg("进屯路 “照片”.jpg")])[0]


def fetch(client, url: str, **options):
    """The answer, read to its end as a browser does, with its bytes as `body`."""
    answer = client.get(url, **options)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def urls(row: Evidence) -> tuple[str, str]:
    return f"/evidence/{row.pk}/", f"/evidence/{row.pk}/thumb/"


def of(hamlet) -> str:
    return f"/evidence/villages.hamlet/{hamlet.pk}/"


# ---- who ----


@pytest.mark.parametrize("username", ["district", "leader", "clerk", "secretary", "inspector"])
def test_who_sees_the_record_sees_its_files(as_, hamlet, photo, username):
    for url in (*urls(photo), of(hamlet)):
        assert fetch(as_(username), url).status_code == 200


@pytest.mark.parametrize("username", STRANGERS)
def test_a_strangers_link_is_404_for_reading_attaching_and_revoking(as_, hamlet, photo, username):
    person = as_(username)
    answers = [person.get(url) for url in (*urls(photo), of(hamlet))]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert person.post(of(hamlet), {"files": pdf()}).status_code == 404
    assert person.post(f"/evidence/{photo.pk}/revoke/", {"reason": "无"}).status_code == 404
    assert Evidence.objects.current().count() == 1
    for answer in answers:
        assert photo.file_name not in answer.content.decode(errors="replace")


@pytest.mark.parametrize("username", ["leader", "inspector"])
def test_who_reads_only_gets_403_for_a_change(as_, hamlet, photo, username):
    person = as_(username)
    assert person.post(of(hamlet), {"files": pdf()}).status_code == 403
    assert person.post(f"/evidence/{photo.pk}/revoke/", {"reason": "无"}).status_code == 403
    assert "<form" not in person.get(of(hamlet), headers=HTMX).text


@pytest.mark.parametrize("username", ["sysadmin", "secadmin", "auditor", "nobody", None])
def test_the_others_get_nothing(as_, hamlet, photo, username):
    for url in (*urls(photo), of(hamlet)):
        answer = as_(username).get(url)
        assert answer.status_code == (302 if username is None else 403)


def test_revoked_and_unknown_are_404(cast, as_, hamlet, photo):
    revoke(cast["clerk"], photo, "错放")
    clerk = as_("clerk")
    for url in (*urls(photo), "/evidence/0/", f"/evidence/{10**30}/", "/evidence/villages.village/1/"):
        assert clerk.get(url).status_code == 404
    for url in (f"/evidence/{photo.pk}/revoke/", f"/evidence/villages.hamlet/{10**30}/", "/evidence/accounts.user/1/"):
        assert clerk.post(url, {"reason": "无"}).status_code == 404
    assert photo.file_name not in clerk.get(of(hamlet)).text


def test_every_view_names_its_roles_and_methods(as_, hamlet, photo):
    for view in (views.record, views.revoke, views.file, views.thumbnail):
        assert view.allowed_roles == READERS
    clerk = as_("clerk")
    assert clerk.get(f"/evidence/{photo.pk}/revoke/").status_code == 405
    assert clerk.post(urls(photo)[0]).status_code == 405
    assert clerk.put(of(hamlet)).status_code == 405
    head = clerk.head(urls(photo)[0])
    assert head.status_code == 200 and int(head["Content-Length"]) == photo.blob.size
    for close in head._resource_closers:  # what a server does; `head.close()` would take the test's database along
        close()


def test_a_forged_request_is_refused(cast, hamlet):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast["clerk"])
    assert browser.post(of(hamlet), {"files": jpg()}).status_code == 403
    assert not Evidence.objects.exists()


# ---- how a file is sent ----


def test_a_file_is_a_download_and_nothing_else(as_, photo):
    answer = fetch(as_("secretary"), urls(photo)[0])
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%BF%9B")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer.body.startswith(b"\xff\xd8\xff") and len(answer.body) == photo.blob.size == int(
        answer["Content-Length"]
    )


@pytest.mark.parametrize("case", ["pdf", "docx", "xlsx", "pptx", "doc", "xls"])
def test_a_document_is_sent_as_it_came_under_its_own_type(cast, as_, hamlet, case):
    name, content, extension = corpus.GOOD[case]
    (row,) = attach(cast["clerk"], hamlet, [corpus.upload(name, content)])
    answer = fetch(as_("clerk"), f"/evidence/{row.pk}/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Type"] == row.blob.content_type and "html" not in answer["Content-Type"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.body == content
    assert as_("clerk").get(f"/evidence/{row.pk}/thumb/").status_code == 404


def test_a_thumbnail_alone_is_shown_in_place(as_, photo):
    answer = fetch(as_("secretary"), urls(photo)[1])
    assert answer["Content-Disposition"].startswith("inline") and answer["Content-Type"] == "image/jpeg"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert answer.body.startswith(b"\xff\xd8\xff")


def test_a_file_that_the_store_has_lost_is_404_and_logged(as_, photo, folder, caplog):
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    for url in urls(photo):
        assert as_("clerk").get(url).status_code == 404
    assert "check_evidence" in caplog.text


# ---- attaching by the pages ----


def test_the_panel_is_given_back_to_htmx(as_, hamlet):
    answer = as_("secretary").post(
        of(hamlet),
        {"files": [jpg("一.jpg"), pdf("二.pdf")], "captions": ["进屯路", "纪要"], "taken_on": "2013-08-16"},
        headers=HTMX,
    )
    assert answer.status_code == 200 and "<html" not in answer.text
    for shown in ("进屯路", "一.jpg", "纪要", "二.pdf", "2013-08-16", "secretary先生", "PDF"):
        assert shown in answer.text
    assert [row.caption for row in Evidence.objects.of(hamlet)] == ["进屯路", "纪要"]


def test_without_script_the_page_that_was_left_comes_back(as_, hamlet):
    url = f"/villages/hamlets/{hamlet.pk}/"
    answer = as_("clerk").post(of(hamlet), {"files": jpg(), "next": url})
    assert answer.status_code == 302 and answer["Location"] == url
    assert [str(m) for m in get_messages(answer.wsgi_request)]
    row = Evidence.objects.get()
    answer = as_("clerk").post(f"/evidence/{row.pk}/revoke/", {"reason": "错放"})
    assert answer["Location"] == of(hamlet)


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_it_never_leads_to_another_site(as_, hamlet, address):
    assert as_("clerk").post(of(hamlet), {"files": jpg(), "next": address})["Location"] == of(hamlet)


def test_mistakes_are_said_beside_the_form_so_that_chosen_files_stay(as_, hamlet, folder):
    with override("en"):
        answer = as_("clerk").post(of(hamlet), {"files": [jpg(), corpus.upload("页.html", corpus.HTML)]}, headers=HTMX)
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == f"#evidence-villages-hamlet-{hamlet.pk} .ev-problems"
    assert "页.html" in answer.text and "<form" not in answer.text
    page = as_("clerk").post(of(hamlet), {"files": corpus.upload("页.html", corpus.HTML), "taken_on": "2013-08-16"})
    assert page.status_code == 422 and "页.html" in page.text and 'value="2013-08-16"' in page.text
    assert not Evidence.objects.exists() and files_in(folder) == []


@pytest.mark.parametrize(
    "data", [{}, {"taken_on": "2013-11-25"}, {"taken_on": "2013-13-01"}, {"captions": "长" * 201}, {"files": "words"}]
)
def test_what_cannot_be_is_422(as_, hamlet, data):
    files = {} if not data or "files" in data else {"files": jpg()}
    assert as_("clerk").post(of(hamlet), data | files).status_code == 422
    assert not Evidence.objects.exists()


def test_names_and_captions_come_out_as_text(as_, hamlet):
    words = "<script>alert(1)</script>"
    answer = as_("clerk").post(of(hamlet), {"files": jpg(f"{words}.jpg"), "captions": words}, headers=HTMX)
    assert answer.status_code == 200 and words not in answer.text and "&lt;script&gt;" in answer.text


def test_nobody_posts_what_the_form_does_not_ask(cast, as_, hamlet):
    as_("clerk").post(
        of(hamlet),
        {"files": jpg(), "territory_code": cast.abroad.code, "owner_pk": 1, "added_by": "别人", "revoked_by": "别人"},
    )
    row = Evidence.objects.get()
    assert (row.territory_code, row.owner_pk, row.added_by, row.revoked_by) == (
        cast.home.code,
        hamlet.pk,
        "clerk先生",
        "",
    )


def test_revoking_without_a_reason_is_said(as_, photo):
    answer = as_("clerk").post(f"/evidence/{photo.pk}/revoke/", {"reason": " "}, headers=HTMX)
    assert answer.status_code == 422 and answer["HX-Retarget"]
    answer = as_("clerk").post(f"/evidence/{photo.pk}/revoke/", {"reason": "错放"}, headers=HTMX)
    assert answer.status_code == 200 and urls(photo)[0] not in answer.text


@settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.dictionaries(st.sampled_from(["captions", "taken_on", "next", "reason", "files"]), st.text(max_size=60)))
def test_no_form_makes_a_500(cast, as_, hamlet, data):
    clerk = as_("clerk")
    nul = any("\0" in text for text in data.values())  # answered before any page
    for headers in ({}, HTMX):
        assert clerk.post(of(hamlet), data, headers=headers).status_code in ((400,) if nul else (302, 422))
        assert clerk.get(of(hamlet), data, headers=headers).status_code == (400 if nul else 200)
        (row,) = Evidence.objects.of(hamlet) or attach(cast["clerk"], hamlet, [jpg()])
        revoked = clerk.post(f"/evidence/{row.pk}/revoke/", data, headers=headers).status_code
        assert revoked in ((400,) if nul else (200, 302, 422))


# ---- the panel on another page ----


def shown_to(user, hamlet) -> str:
    request = RequestFactory().get(f"/villages/hamlets/{hamlet.pk}/")
    request.user, request.htmx = user, HtmxDetails(request)
    return panel(request, hamlet)


def test_the_panel_takes_two_queries_however_much_is_attached(cast, hamlet):
    for number in (1, 9):
        attach(cast["clerk"], hamlet, [pdf(note=b"/N %d" % (number * 10 + n)) for n in range(number)])
        clerk = cast["clerk"]
        assert clerk.roles
        with CaptureQueriesContext(connection) as queries:
            html = shown_to(clerk, hamlet)
        sql = [q["sql"] for q in queries.captured_queries if "evidence" in q["sql"] or "hamlet" in q["sql"]]
        assert len(sql) == 2
        assert html.count('class="ev-open"') == (1 if number == 1 else 10)
        assert f'value="/villages/hamlets/{hamlet.pk}/"' in html


def test_the_panel_is_for_eyes_alone_where_nothing_may_be_changed(cast, hamlet, photo):
    html = shown_to(cast["leader"], hamlet)
    assert urls(photo)[0] in html and "<form" not in html and 'type="file"' not in html


def test_the_camera_of_a_phone_is_offered(cast, hamlet):
    html = shown_to(cast["secretary"], hamlet)
    assert 'capture="environment"' in html and 'accept=".jpg,' in html and "multiple" in html


def test_two_records_do_not_share_an_id(cast):
    first, second = HamletFactory(village=cast.home), HamletFactory(village=cast.home)
    import re

    ids = [re.findall(r' id="([^"]+)"', shown_to(cast["clerk"], row)) for row in (first, second)]
    assert len(ids[0]) == len(set(ids[0])) and not set(ids[0]) & set(ids[1])


# ---- before anything is read ----


def test_a_body_far_too_long_is_413_before_a_byte_is_read(settings):
    settings.EVIDENCE_MAX_BYTES = 1024
    passed = []
    door = BodyLimitMiddleware(lambda request: passed.append(request) or "through")

    def ask(length):
        request = RequestFactory().post("/accounts/sign-in/")
        request.META["CONTENT_LENGTH"] = length
        request._read_started = True  # reading would raise
        return door(request)

    answer = ask(str(10 * 1024 + 1024 * 1024 + 1))
    assert answer.status_code == 413 and "413" in answer.text and passed == []
    assert ask(str(10 * 1024 + 1024 * 1024)) == ask("") == ask("x") == "through"
