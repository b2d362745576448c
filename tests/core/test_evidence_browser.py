"""Evidence in a browser: files of a desk and of a phone, with a caption each, mistakes that lose nothing."""

import pytest
from playwright.sync_api import expect

from conftest import wait_for
from core.evidence import owners
from core.evidence.models import Evidence
from tests.browser.screens import fits, sign_in
from tests.core import evidence_corpus as corpus
from tests.factories import HamletFactory
from villages.models import Hamlet

PHOTO = {"name": "一.jpg", "mimeType": "image/jpeg", "buffer": corpus.picture(size=(640, 480))}
OTHER = {"name": "二.jpg", "mimeType": "image/jpeg", "buffer": corpus.picture(size=(480, 640), colour="#b42318")}
PAPER = {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": corpus.pdf()}
BAD = {"name": "坏.pdf", "mimeType": "application/pdf", "buffer": corpus.HTML}


@pytest.fixture
def hamlet(transactional_db, cast, settings, tmp_path, monkeypatch) -> Hamlet:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    monkeypatch.setattr(owners, "_accepted", {})
    owners.accept(Hamlet)
    return HamletFactory(village=cast.home, name="坛头坡")


@pytest.fixture
def panel(browser, live_server, cast, hamlet):
    """`panel(390)`: the secretary's page of a record's evidence, as wide as that; what the policy blocks is kept."""
    contexts, blocked = [], []

    def open_at(width: int):
        touch = {"has_touch": True, "is_mobile": True} if width < 720 else {}
        context = browser.new_context(base_url=live_server.url, viewport={"width": width, "height": 844}, **touch)
        contexts.append(context)
        sign_in(context, live_server.url, cast["secretary"])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: blocked.append(message.text) if "olicy" in message.text else None)
        page.on("pageerror", lambda error: blocked.append(str(error)))
        page.goto(f"/evidence/villages.hamlet/{hamlet.pk}/")
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert blocked == []


def test_files_go_up_with_a_caption_each_and_mistakes_lose_nothing(panel, hamlet):
    page = panel(1440)
    choose = page.locator("input[type=file][multiple]")
    choose.set_input_files([PHOTO, PAPER])
    choose.set_input_files([BAD, OTHER])  # more, beside those chosen before
    expect(page.locator(".ev-chosen li b")).to_have_text(["一.jpg", "纪要.pdf", "坏.pdf", "二.jpg"])
    captions = page.locator(".ev-chosen input[name=captions]")
    for number, text in enumerate(["进屯路", "会议纪要", "坏的", "井"]):
        captions.nth(number).fill(text)
    page.fill("input[name=taken_on]", "2013-08-16")
    page.locator(".ev-send").click()
    page.wait_for_selector(".ev-problems .errsum")
    assert (
        "坏.pdf" in page.locator(".ev-problems").inner_text()
        and "一.jpg" not in page.locator(".ev-problems").inner_text()
    )
    assert page.locator("#failed").is_hidden()
    assert not Evidence.objects.exists()
    page.locator(".ev-chosen li", has_text="坏.pdf").locator("[data-drop]").click()
    assert captions.evaluate_all("boxes => boxes.map(box => box.value)") == ["进屯路", "会议纪要", "井"]
    page.locator(".ev-send").click()
    page.wait_for_selector(".ev-list li")
    stored = Evidence.objects.of(hamlet).values_list("file_name", "caption", "taken_on__day")
    assert list(stored) == [("一.jpg", "进屯路", 16), ("纪要.pdf", "会议纪要", 16), ("二.jpg", "井", 16)]
    expect(page.locator(".ev-list img")).to_have_count(2)
    drawn = "images => images.every(image => image.complete && image.naturalWidth)"
    assert wait_for(lambda: page.locator(".ev-list img").evaluate_all(drawn))
    with page.expect_download() as download:
        page.locator(".ev-open").nth(1).click()
    assert download.value.suggested_filename == "纪要.pdf"


def test_a_file_is_revoked_with_a_reason(panel, hamlet):
    page = panel(1440)
    page.locator("input[type=file][multiple]").set_input_files(PHOTO)
    page.locator(".ev-send").click()
    page.locator(".ev-revoke summary").click()
    page.locator(".ev-revoke input[name=reason]").fill("拍错了")
    page.locator(".ev-revoke button").click()
    page.wait_for_selector(".ev-list", state="detached")
    assert Evidence.objects.get().revoke_reason == "拍错了"


def test_on_a_phone_the_camera_adds_one_photo_after_another_under_a_thumb(panel, hamlet):
    page = panel(390)
    camera = page.locator("input[capture]")
    assert page.locator(".ev-camera").is_visible()
    camera.set_input_files(PHOTO)
    camera.set_input_files(OTHER)
    expect(page.locator(".ev-chosen li")).to_have_count(2)
    fits(page)
    small = page.locator(".ev :is(a, button, summary, label.ev-pick, input:not([type=hidden], [type=file]))")
    for target in small.all():
        if target.is_visible():
            assert target.bounding_box()["height"] >= 44, target.evaluate("e => e.outerHTML")
    page.locator(".ev-send").click()
    page.wait_for_selector(".ev-list li >> nth=1")
    assert Evidence.objects.of(hamlet).count() == 2
    fits(page)
    for target in page.locator(".ev-list :is(a, summary)").all():
        assert target.bounding_box()["height"] >= 44


def test_without_script_it_works_as_well(browser, live_server, cast, hamlet):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    sign_in(context, live_server.url, cast["secretary"])
    page = context.new_page()
    page.goto(f"/evidence/villages.hamlet/{hamlet.pk}/")
    page.locator("input[type=file][multiple]").set_input_files([PHOTO, PAPER])
    page.fill("input[name=captions] >> visible=true", "换届")
    page.locator(".ev-send").click()
    expect(page.locator(".ev-list li")).to_have_count(2)
    expect(page.locator(".note").first).to_be_visible()
    assert set(Evidence.objects.values_list("caption", flat=True)) == {"换届"}
    context.close()
