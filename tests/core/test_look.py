"""What holds for every template and static file: the content security policy, weight, pages that must not fail."""

import gzip
import re

import pytest
from django import forms
from django.conf import settings
from django.template.loader import get_template
from django.utils.translation import override

from core.registers import all_registers
from core.registers.forms import form_for

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
INLINE = re.compile(
    r"""\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*["']|javascript:|https?://(?!www\.w3\.org)"""
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_a_template_holds_nothing_that_the_policy_blocks_and_asks_no_other_site(path):
    assert not INLINE.findall(path.read_text(encoding="utf-8"))


def test_no_stylesheet_holds_a_data_address():
    for path in (settings.BASE_DIR / "static").rglob("*.css"):
        assert "data:" not in path.read_text(encoding="utf-8"), path


def test_the_first_visit_loads_at_most_80_kilobytes():
    files = (
        "vendor/bootstrap/bootstrap.min.css",
        "portal.css",
        "vendor/htmx/htmx.min.js",
        "portal.js",
        "icons/mark.svg",
    )
    sizes = [len(gzip.compress((settings.BASE_DIR / "static" / name).read_bytes())) for name in files]
    assert sum(sizes) < 65_000, sizes  # the rest is for the page itself


def test_every_vendored_library_says_its_version_and_licence():
    for folder in (settings.BASE_DIR / "static" / "vendor").iterdir():
        assert "licence" in (folder / "VERSION").read_text()
        assert (folder / "LICENSE").exists()


@pytest.mark.parametrize("name", ["400.html", "404.html", "403.html", "500.html", "403_csrf.html"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_come_out_without_context_storage_or_database(name, language):
    with override(language):
        shown = get_template(name).render()
    assert "<h1>" in shown
    assert f'lang="{language}"' in shown


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_what_to_do(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_language_is_a_saved_choice_and_not_the_browsers(client):
    assert 'lang="zh-hans"' in client.get("/accounts/sign-in/", headers={"accept-language": "en"}).text
    answer = client.post("/language/", {"language": "en", "next": "/accounts/sign-in/"})
    assert answer["Location"] == "/accounts/sign-in/"
    assert 'lang="en"' in client.get("/accounts/sign-in/").text
    assert client.get("/language/").status_code == 405


def test_a_box_for_long_text_has_few_lines_and_grows():
    boxes = [
        box.widget
        for register in all_registers()
        if register.may["add"]
        for box in form_for(register).base_fields.values()
        if isinstance(box.widget, forms.Textarea)
    ]
    assert boxes and {box.attrs["rows"] for box in boxes} == {3}
    assert "textarea.form-control { field-sizing: content;" in (settings.BASE_DIR / "static/portal.css").read_text()
