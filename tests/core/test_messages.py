"""Translations without gettext: what is found in sources, what check complains about, what Django reads."""

import gettext

import pytest
from django.core.management import CommandError, call_command

from core import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

A = _("Plain")
B = _("Two "
      "parts")
C = ngettext("%(n)s row", "%(n)s rows", 2)
D = pgettext("month", "May")
E = _(variable)
"""
TEMPLATE = """
{% trans "Don't stop" %} {{ _("In a variable") }}
      <p title="{% translate 'Quoted' %}">(
  {% blocktrans trimmed with n=rows|length %}
    Found {{ n }} and
    more
  {% endblocktrans %}
{% blocktranslate count n=n %}{{ n }} room{% plural %}{{ n }} rooms{% endblocktranslate %}
"""
PO = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Kept"
msgstr "保留"

msgid "Gone"
msgstr "没了"

msgid "Empty"
msgstr ""

#, fuzzy
msgid "Guessed"
msgstr "猜的"

#, python-format
msgid "Wrong %(name)s"
msgstr "错 %(nom)s"

#, python-format
msgid "%(n)s row"
msgid_plural "%(n)s rows"
msgstr[0] "%(n)s行"
"""


@pytest.fixture
def project(tmp_path, settings):
    """An empty project to put sources and translations into."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


def strings(project) -> set:
    return {(message.id, message.context) for message in messages.extract() if message.id}


def test_strings_of_python(project):
    (project / "a.py").write_text(PYTHON)
    assert strings(project) == {
        ("Plain", None),
        ("Two parts", None),
        (("%(n)s row", "%(n)s rows"), None),
        ("May", "month"),
    }


def test_strings_of_templates(project):
    (project / "a.html").write_text(TEMPLATE)
    assert strings(project) == {
        ("Don't stop", None),
        ("In a variable", None),
        ("Quoted", None),
        ("Found %(n)s and more", None),
        (("%(n)s room", "%(n)s rooms"), None),
    }


def test_tests_and_hidden_folders_are_no_source(project):
    for folder in ("tests", ".venv", "node_modules"):
        (project / folder).mkdir()
        (project / folder / "a.py").write_text(PYTHON)
    assert strings(project) == set()


@pytest.fixture
def translated(project):
    (project / "a.py").write_text(
        '_("Kept")\n_("Empty")\n_("Guessed")\n_("Wrong %(name)s")\nngettext("%(n)s row", "%(n)s rows", 1)\n_("New")\n'
    )
    messages.po_path().parent.mkdir(parents=True)
    messages.po_path().write_text(PO)
    return project


def test_check_names_every_fault(translated, capsys):
    assert {(complaint.msgid, complaint.what) for complaint in messages.complaints()} == {
        ("Gone", "no longer in the source"),
        ("Empty", "untranslated"),
        ("Guessed", "fuzzy"),
        ("Wrong %(name)s", "placeholders differ"),
        ("New", "not extracted"),
    }
    with pytest.raises(CommandError, match="5 strings"):
        call_command("messages", "check")
    assert "'Guessed'" in capsys.readouterr().err


def test_extract_keeps_translations_and_settles(translated):
    messages.update()
    first = messages.po_path().read_text()
    assert "保留" in first and "Gone" not in first and 'msgid "New"' in first
    assert "#: a.py\n" in first and "Creation-Date" not in first
    messages.update()
    assert messages.po_path().read_text() == first


def test_compile_makes_what_django_reads(translated):
    assert messages.compile_translations() is True
    assert messages.compile_translations() is False
    with messages.po_path().with_suffix(".mo").open("rb") as file:
        found = gettext.GNUTranslations(file)
    assert found.gettext("Kept") == "保留"
    assert found.ngettext("%(n)s row", "%(n)s rows", 3) == "%(n)s行"
    assert found.gettext("Guessed") == "Guessed"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100%% of %(name)s", ["%(name)s"]),
        ("{count} of {count} %s", ["%s", "{count}"]),
        ("{value:.1f}", ["{value:.1f}"]),
        ("Plain", []),
    ],
)
def test_placeholders(text, expected):
    assert messages.placeholders(text) == expected
