"""`manage.py load_catalogues --territory 450109 --by zhang`: everything that ships with the portal, as rows."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import cadres.catalogue
import facilities.standards
import scoring.actions
import services.catalogue
import villages.catalogue
from accounts.models import User
from cadres.models import Drive
from core import audit
from core.models import Holiday, TimeLimit
from core.roles import DISTRICT
from facilities.models import RoomSet
from scoring.models import Standard
from services.models import CommitmentYear, MatterYear, ServiceItem
from villages.models import District, LegalRule, Regulation

LOADED = (
    Regulation,
    LegalRule,
    Holiday,
    TimeLimit,
    Drive,
    MatterYear,
    CommitmentYear,
    ServiceItem,
    RoomSet,
    Standard,
)


class Command(BaseCommand):
    help = (
        "Load what ships with the portal: regulations, rules of law, holidays, time limits, style drives, the days of the "
        "years, service items, room sets, standards of scoring. What is there stays as it is."
    )

    def add_arguments(self, parser):
        parser.add_argument("--territory", required=True, metavar="CODE", help="the district: 6 digits")
        parser.add_argument(
            "--by", required=True, metavar="ACCOUNT", help="the district's staff in whose name it is done"
        )

    def handle(self, *, territory: str, by: str, **_options):
        if len(territory) != District.code_length:
            raise CommandError(f"{territory!r} is no district's code: name one of {District.code_length} digits.")
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None or not any(territory.startswith(code) for code in user.scopes(DISTRICT)):
            raise CommandError(
                f"{by!r} is no account of the staff of {territory}: name one that may publish its standards."
            )
        before = _counts()
        with transaction.atomic():
            load(user, territory)
        for model, number in _counts().items():
            new = number - before[model]
            self.stdout.write(f"{model._meta.verbose_name_plural}: {number} ({new} new)")


def load(user, territory: str) -> None:
    """Each app's own, from below: standards are measured by what the others hold."""
    villages.catalogue.load_catalogue()
    cadres.catalogue.load_drives()
    services.catalogue.load_catalogue()
    facilities.standards.load(territory)
    scoring.actions.load_shipped(user, territory)
    audit.write_event(user, "load", name=territory)


def _counts() -> dict:
    return {model: model.objects.count() for model in LOADED}
