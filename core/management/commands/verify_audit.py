"""`manage.py verify_audit`: whether the audit is whole; 1 where it isn't, with what is wrong and where."""

import json
import sys
from argparse import ArgumentTypeError
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core.seal.chain import Anchor
from core.seal.verify import Verdict, verify


def anchor(text: str) -> Anchor:
    try:
        return Anchor.parse(text)
    except ValueError:
        raise ArgumentTypeError("an anchor is POSITION:DIGEST, as this command prints it") from None


class Command(BaseCommand):
    help = "Look through the audit's chain for rows that were changed, moved, removed or cut off."

    def add_arguments(self, parser):
        parser.add_argument("--anchor", type=anchor, help="a link that was kept elsewhere, as POSITION:DIGEST")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options):
        verdict = verify(options["anchor"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(verdict) | {"whole": verdict.is_whole}, ensure_ascii=False))
        else:
            self._print(verdict)
        if not verdict.is_whole:
            sys.exit(1)

    def _print(self, verdict: Verdict) -> None:
        line = _("Sealed: %(sealed)d. Waiting: %(waiting)d. End of the chain: %(end)s")
        self.stdout.write(line % {"sealed": verdict.sealed, "waiting": verdict.waiting, "end": verdict.end or "—"})
        for finding in verdict.findings:
            self.stdout.write(f"{finding.kind}: {finding.text}")
        if more := verdict.count - len(verdict.findings):
            self.stdout.write(_("and %(count)d more like these") % {"count": more})
        self.stdout.write(_("The audit is whole.") if verdict.is_whole else _("The audit is NOT whole."))
