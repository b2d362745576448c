"""`manage.py score 2013 --territory 450109 --json`: score a territory in this process, and print what came out."""

import json
from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core import jobs
from core.clock import today
from core.jobs import JobState
from scoring import actions
from scoring.models import Run, Standard


class Command(BaseCommand):
    help = "Score every village of a territory for a year, by the same engine and the same rows as a run from a page."

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)
        parser.add_argument("--territory", required=True, help="division code of 6, 9 or 12 digits")
        parser.add_argument("--standard", type=int, help="number of a published standard; default: the one in force")
        parser.add_argument(
            "--cutoff", type=date.fromisoformat, help="facts after this day don't count; default: today"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, year, territory, standard, cutoff, **options):
        chosen = self._standard(year, territory, standard)
        try:
            run = actions.begin(
                None, standard=chosen, year=year, territory_code=territory, cutoff=cutoff or today(), wake=False
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        job = jobs.run_inline(run.job)
        if job.state != JobState.DONE:
            raise CommandError(job.explain())
        self._print(Run.objects.select_related("job").get(pk=run.pk), options["json"])

    def _standard(self, year: int, territory: str, pk: int | None) -> Standard:
        in_force = Standard.objects.in_force(year, territory)
        found = (in_force.filter(pk=pk) if pk else in_force).first()
        if found is None:
            raise CommandError("No published standard holds for that year and territory.")
        return found

    def _print(self, run: Run, as_json: bool) -> None:
        counted = run.job.result
        figures = {
            "year": run.year,
            "territory": run.territory_code,
            "standard": str(run.standard),
            "run": run.pk,
            "villages": counted["villages"],
            "passes": counted["passes"],
            "all_four": counted["meets"],
            "fails": counted["fails"],
            "undetermined": counted["undetermined"],
            "vetoed": counted["vetoed"],
            "seconds": round(run.seconds, 3),
            "digest": run.digest,
        }
        if as_json:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:13}{value}")
