from django.core.management.base import BaseCommand, CommandError

from core.evidence import store
from core.evidence.models import Blob


class Command(BaseCommand):
    help = "Compare stored evidence with its digests, as after restoring a backup; fails where one is wrong."

    def handle(self, **options):
        checked, wrong = 0, 0
        for blob in Blob.objects.order_by("pk").iterator():
            checked += 1
            if problem := self.problem_of(blob):
                wrong += 1
                names = ", ".join(f"{use.owner_model} {use.owner_pk} {use.file_name}" for use in blob.uses.all()[:5])
                self.stderr.write(f"{blob}: {problem} ({names})")
        removed = store.remove_left_over()  # after reading: what a row waits for is in place now
        if wrong:
            raise CommandError(f"{wrong} of {checked} files are missing or damaged. Put them back from the backup.")
        self.stdout.write(f"{checked} files are whole; {removed} left-over temporary files removed.")

    @staticmethod
    def problem_of(blob: Blob) -> str:
        """What is wrong with a file, or ""."""
        try:
            if store.digest_of(store.path_of(blob.digest, blob.extension)) != blob.digest:
                return "damaged"
            if blob.is_picture:
                store.open_file(store.thumbnail_of(blob.digest)).close()
        except FileNotFoundError:
            return "missing"
        return ""
