"""Django's `flush`, which the audit's triggers refuse; a test's database may be emptied all the same."""

from contextlib import nullcontext

from django.conf import settings
from django.core.management.commands import flush

from core.seal.door import open_door


class Command(flush.Command):
    def handle(self, **options):
        with open_door(options["database"]) if settings.AUDIT_MAY_BE_EMPTIED else nullcontext():
            super().handle(**options)
