"""Commands of the kit and of scoring: what they print, and what they refuse."""

import json

import pytest
from django.core.management import BaseCommand, CommandError, call_command

from core import messages
from core.management.commands.messages import Command
from core.messages import Complaint
from scoring.actions import load_shipped
from tests.scoring.conftest import DAY


def test_translations_are_checked_and_what_lacks_is_listed(monkeypatch, capsys):
    monkeypatch.setattr(messages, "complaints", lambda: [])
    call_command("messages", "check")
    assert "Every translatable string is translated." in capsys.readouterr().out
    monkeypatch.setattr(messages, "complaints", lambda: [Complaint("untranslated", "Well")])
    with pytest.raises(CommandError, match="1 strings lack"):
        call_command("messages", "check")
    assert "Well" in capsys.readouterr().err


def test_extract_runs_while_strings_are_untranslated():
    """Django calls `check` of a command before it runs: ours must not stand in its place."""
    assert Command.check is BaseCommand.check


def test_translations_are_extracted_into_the_portals_own_file(monkeypatch, tmp_path, capsys):
    path = tmp_path / "django.po"
    monkeypatch.setattr(messages, "po_path", lambda: path)
    call_command("messages", "extract")
    said = capsys.readouterr().out
    assert str(path) in said and path.read_text().count("msgid") > 1000
    call_command("messages", "compile")
    assert path.with_suffix(".mo").exists()


@pytest.mark.django_db
def test_a_territory_is_scored_from_the_console(cast, capsys):
    load_shipped(cast["district"], "450109")
    call_command("score", "2013", territory="450109", cutoff=DAY, json=True)
    figures = json.loads(capsys.readouterr().out)
    assert figures["villages"] == 4 and len(figures["digest"]) == 64
    assert figures["all_four"] == 0 and figures["vetoed"] == 0  # nothing is on record, so nothing is met
    call_command("score", "2013", territory="450109", cutoff=DAY)
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines["villages"] == "4" and lines["digest"] == figures["digest"]


@pytest.mark.django_db
@pytest.mark.parametrize(("year", "territory"), [("1999", "450109"), ("2013", "450102")])
def test_where_no_standard_holds_nothing_is_scored(cast, year, territory):
    load_shipped(cast["district"], "450109")
    with pytest.raises(CommandError, match="No published standard"):
        call_command("score", year, territory=territory, cutoff=DAY)
