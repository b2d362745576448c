from django.core.management.base import BaseCommand, CommandError

from accounts.actions import reset_second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "Take phone and recovery codes from an account: the way out for an administrator who lost both. Audited."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="why; it stays in the audit log")

    def handle(self, username: str, reason: str, **_options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        if not reset_second_factor(None, user, reason=reason):
            raise CommandError(f"{username} has no second factor: nothing was changed.")
        self.stdout.write(f"Reset. {username} sets up a new phone at the next sign-in.")
