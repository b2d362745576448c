"""`manage.py load_standards --territory 450109 --by district`: the standards that ship with the portal."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from scoring import actions


class Command(BaseCommand):
    help = "Load the standards that ship with the portal for a territory; those already there are left alone."

    def add_arguments(self, parser):
        parser.add_argument("--territory", required=True, help="division code of the district")
        parser.add_argument("--by", required=True, help="account of the district's staff in whose name they are loaded")

    def handle(self, *, territory, by, **options):
        user = User.objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"no account {by!r}")
        for standard in actions.load_shipped(user, territory):
            self.stdout.write(str(standard))
