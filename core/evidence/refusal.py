"""How a file is turned away."""

from django.core.exceptions import ValidationError


class Unfit(ValidationError):
    """The file may not come in. The message is for people: what is wrong with it, and what to do."""
