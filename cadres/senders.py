"""What carries a message to a telephone. The setting MESSAGE_SENDER names the class; the default writes a file.

A sender of one's own is a class with `send`. It raises `NotSent` when the message certainly did not leave, and is then
called again later; any other exception means that nobody knows, and the message is never handed over again by itself.
It alone opens a number (`to.plain`), and writes it into no log and no exception.
"""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from core.sensitive import Sensitive


class NotSent(Exception):
    """The message did not leave; it may be tried again."""


class Sender(Protocol):
    def send(self, to: Sensitive, text: str, reference: str) -> None:
        """Hand over one message. `reference` is the same for the same message, for gateways that refuse repetitions."""


class ConsoleSender:
    """For development: prints the message beside the masked number."""

    def send(self, to: Sensitive, text: str, reference: str) -> None:
        print(f"{reference}\t{to}\t{text}")


class FileSender:
    """Appends the message and the masked number to `messages.txt` in the portal's own folder."""

    def send(self, to: Sensitive, text: str, reference: str) -> None:
        path = settings.VAR_DIR / "messages.txt"
        try:
            path.touch(mode=0o600)
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{reference}\t{to}\t{text}\n")
        except OSError as error:
            raise NotSent from error


def sender() -> Sender:
    """The sender of the settings. ImportError where it names none."""
    return import_string(settings.MESSAGE_SENDER)()
