"""`manage.py prune_audit --before 2026-01-01`: remove audit rows that are older than half a year."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.seal.retention import KEEP, prune


class Command(BaseCommand):
    help = "Remove old audit rows, from the oldest on. The rest stays verifiable, and the removal is itself on record."

    def add_arguments(self, parser):
        parser.add_argument("--before", type=datetime.fromisoformat, help=f"day; default: {KEEP.days} days ago")

    def handle(self, *, before, **options):
        if before and timezone.is_naive(before):
            before = timezone.make_aware(before)
        try:
            removed = prune(before or timezone.now() - KEEP)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(_("Removed: %(count)d audit rows") % {"count": removed})
