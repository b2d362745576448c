"""The first system, security and audit administrator: inside the portal nobody could grant the first roles."""

import os

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.actions import first_administrators
from core.roles import Role

#: The options, and the environment variables that stand for them.
ROLES = {"sysadmin": Role.SYSADMIN, "secadmin": Role.SECADMIN, "auditor": Role.AUDITOR}


class Command(BaseCommand):
    help = (
        "Make the three administrators of a territory. Each is ACCOUNT:NAME, by option or environment variable, or asked "
        "for. Their first passwords are printed once; each changes his at the first sign-in."
    )

    def add_arguments(self, parser):
        parser.add_argument("territory", help="code of the district: 6 digits")
        for option in ROLES:
            variable = f"FIRST_{option.upper()}"
            parser.add_argument(f"--{option}", default=os.environ.get(variable), help=f"ACCOUNT:NAME, or {variable}")

    def handle(self, territory: str, **options):
        people = {role: _person(option, options[option]) for option, role in ROLES.items()}
        try:
            made = first_administrators(territory, people)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for role, (user, password) in made.items():
            self.stdout.write(f"{role.value}\t{user.username}\t{user.name}\t{password}")


def _person(option: str, given: str | None) -> tuple[str, str]:
    """(account, name). CommandError where one of them is missing."""
    if not given:
        try:
            given = f"{input(f'{option}, account: ')}:{input(f'{option}, name: ')}"
        except EOFError as error:
            raise CommandError(f"Name the {option}: --{option} ACCOUNT:NAME") from error
    account, _sep, name = given.partition(":")
    if not (account.strip() and name.strip()):
        raise CommandError(f"--{option} {given!r} is not ACCOUNT:NAME: give both.")
    return account.strip(), name.strip()
