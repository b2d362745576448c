"""A search by a person's number stays out of addresses: logs, histories and bookmarks keep those.

Search boxes are posted. The address that shows what was found carries words with a number in them sealed, for the one
who typed them: to anybody else it finds nothing.
"""

from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict

from core.sensitive.cipher import Unreadable, decrypt, encrypt

#: Digits from which on a text may be somebody's telephone or identity number.
DIGITS = 7
SEALED = "~"


def veiled(user, text: str) -> str:
    """The words of a search as they may stand in an address."""
    if text.startswith(SEALED) or sum(letter.isdigit() for letter in text) < DIGITS:
        return text
    return SEALED + encrypt(text, _column(user))


def unveiled(user, text: str) -> str | None:
    """The words that were typed; None where somebody else typed them, or nobody."""
    if not text.startswith(SEALED):
        return text
    try:
        return decrypt(text.removeprefix(SEALED), _column(user))
    except (Unreadable, ImproperlyConfigured):  # altered, or of a key that there is not: anybody may type an address
        return None


def _column(user) -> str:
    return f"search.{user.pk}"


def address_of(request) -> str:
    """The address of this page for a search form that was posted to it."""
    asked = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        given = [veiled(request.user, value) if name == "q" else value for value in values if value]
        if given and name != "csrfmiddlewaretoken":
            asked.setlist(name, given)
    return f"{request.path}?{asked.urlencode()}"
