from django.core.management.base import BaseCommand, CommandError

from core import messages


class Command(BaseCommand):
    help = "Translations in pure Python: extract (source → .po), compile (.po → .mo), check (complete or fail)."

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["extract", "compile", "check"])

    def handle(self, action, **options):
        # Not `self.check`: Django calls a command's own `check` before anything else.
        {"extract": self._extract, "compile": self._compile, "check": self._check}[action]()

    def _extract(self):
        total = len(messages.update())
        missing = [complaint for complaint in messages.complaints() if complaint.what == "untranslated"]
        self.stdout.write(f"{total} strings, {len(missing)} untranslated: {messages.po_path()}")

    def _compile(self):
        if messages.compile_translations():
            self.stdout.write("Translations compiled.")

    def _check(self):
        complaints = messages.complaints()
        for complaint in complaints:
            self.stderr.write(str(complaint))
        if complaints:
            raise CommandError(
                f"{len(complaints)} strings lack a good translation. "
                f"Run make messages, then translate them in {messages.po_path()}."
            )
        self.stdout.write("Every translatable string is translated.")
