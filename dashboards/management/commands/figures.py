"""`manage.py figures --year 2013 --territory 450109 --json`: the figures as the pages show them."""

import json

from django.core.management.base import BaseCommand, CommandError

from core.clock import today
from dashboards.figures.shown import all_shown, as_json, ask_of
from villages.models import Village


class Command(BaseCommand):
    help = "Print the figures of a territory and year: numerators, denominators, shares; by the pages' own queries."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, help="default: this year")
        parser.add_argument("--territory", required=True, help="division code of 2 to 12 digits")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, year, territory, **options):
        villages = Village.objects.in_territory(territory)
        if not villages.exists():
            raise CommandError(f"no village lies in territory {territory}")
        ask = ask_of(villages, territory, year or today().year, today())
        found = as_json(all_shown(ask, sees_rows=True))
        if options["json"]:
            said = {"territory": territory, "year": ask.year, "as_of": ask.day.isoformat(), "figures": found}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        for figure in found:
            self.stdout.write(f"{figure['figure']} {figure['title']}")
            for series in figure["series"]:
                for bar in series["bars"]:
                    self.stdout.write(
                        f"  {series['label']}  {bar['label']}  {bar['num']}/{bar['den']}  {bar['share']}%"
                    )
