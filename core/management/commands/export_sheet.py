"""`manage.py export_sheet villages.hamlets hamlets.xlsx --user clerk`: a register as that person may see it."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict

from core import audit
from core.actions import require
from core.registers import named
from core.registers.base import Register
from core.registers.filters import filterset_for
from core.sheets import export
from core.sheets.kept import open_private


class Command(BaseCommand):
    help = (
        "Write a register into an xlsx or csv file, with the rows that the account may see. "
        "The file is for its owner alone (mode 0600). Exit code 2: it can't be done, and the message says why."
    )

    def add_arguments(self, parser):
        parser.add_argument("register", help="app and path, such as villages.hamlets")
        parser.add_argument("file", type=Path, help="where to write; .xlsx or .csv")
        parser.add_argument("--user", required=True, help="account whose rights hold")
        parser.add_argument(
            "--filter", action="append", default=[], metavar="NAME=VALUE", help="as in the list's address"
        )

    def handle(self, *, register, file, user, **options):
        file = Path(file)
        kind = file.suffix.lstrip(".").lower()
        if kind not in export.TYPES:
            raise CommandError(f"{file.name}: write a file that ends in xlsx or csv", returncode=2)
        found, person = self._register(register), self._person(user)
        try:
            require(person, "view", found.model)
        except PermissionDenied as refused:
            raise CommandError(f"{user}: the role may not read {register}: {refused}", returncode=2) from None
        rows = export.list_rows(found, person, self._query(found, person, options["filter"]))
        try:
            with open_private(file) as target:
                number = export.write(target, kind, [export.sheet_of(found, rows)])
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=2) from None
        audit.write_event(person, "export", name=str(found.title), reason=str(number))
        self.stdout.write(f"{file}: {number}")

    def _register(self, name: str) -> type[Register]:
        try:
            return named(name)
        except LookupError as error:
            raise CommandError(error.args[0], returncode=2) from None

    def _person(self, username: str):
        person = get_user_model()._default_manager.filter(username=username, is_active=True).first()
        if person is None:
            raise CommandError(f"no account {username!r}, or it is closed", returncode=2)
        return person

    def _query(self, register: type[Register], person, given: list[str]) -> QueryDict:
        """The filters as a query string; one that the list doesn't have, or a value that it doesn't take, is an error."""
        query = QueryDict(mutable=True)
        for text in given:
            name, sep, value = text.partition("=")
            if not sep:
                raise CommandError(f"--filter {text}: write NAME=VALUE", returncode=2)
            query.appendlist(name, value)
        known = filterset_for(register).base_filters
        if unknown := set(query) - set(known) - {"sort"}:
            raise CommandError(f"no filter {sorted(unknown)[0]!r}; there are: {', '.join(known)}", returncode=2)
        form = export.filterset_of(register, person, query).form
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise CommandError(f"--filter {name}: {' '.join(errors)}", returncode=2)
        return query
