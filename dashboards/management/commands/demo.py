"""`manage.py demo`: the demonstration district, built anew from a fixed seed. Demonstration mode alone."""

import time
from datetime import timedelta
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import accounts.demo
import cadres.demo
import facilities.demo
import scoring.demo
import services.demo
import surveys.demo
import villages.demo
from accounts.models import User
from core.clock import today
from core.context import RequestContext, entered
from dashboards import story
from villages.models import Village

SEED = 20131124


class Command(BaseCommand):
    help = "Build the demonstration: the district of 2013, its records, its accounts, two scorings."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are villages already")
        parser.add_argument("--reset", action="store_true", help="delete everything in the database first")

    def handle(self, *, if_empty: bool = False, reset: bool = False, **_options):
        if not settings.DEMONSTRATION:
            raise CommandError("This portal is not a demonstration: nothing was built.")
        if reset:
            call_command("flush", interactive=False, verbosity=0)
        elif Village.objects.exists() or User.objects.exists():
            if if_empty:
                return
            raise CommandError("The database is not empty. Start over with --reset; that deletes everything in it.")
        began = time.monotonic()
        with entered(RequestContext()):
            build()
        self.stdout.write(f"Demonstration built in {time.monotonic() - began:.1f} s.")


def build() -> None:
    """Territory, records, people, then what they did: the standards, a scoring a week ago, one of yesterday."""
    rng, day = Random(SEED), today()
    with transaction.atomic():
        ground = villages.demo.build_territory()
        villages.demo.build(rng, ground, day)
        facilities.demo.build(rng, ground, day)
        cadres.demo.build(Random(SEED), ground, day)
        services.demo.build(Random(SEED), ground, day)
        surveys.demo.build(Random(SEED), ground, day)
        story.tell(day)
        accounts.demo.build()
        story.people()
    district = User.objects.get(username="district")
    code = villages.demo.DISTRICT[0]
    runs = [
        scoring.demo.build(district, code, day - timedelta(days=8)),
        scoring.demo.score(district, code, day - timedelta(days=1)),
    ]
    for run in runs:
        if not run.is_sealed:
            raise CommandError(f"The demonstration could not be scored: {run.job.explain or run.job.error}")
