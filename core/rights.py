"""Who may do what to which model: one table, filled by declarations.

A right is a verb on a model held by some roles; a role is held at a territory node (`core.scoping`).
Verbs are `view`, `add`, `change`, `delete` and whatever else a model's actions need (`publish`, `run`, …).
An unknown verb or model raises: a misspelt right must never read as "allowed" or as "forbidden".
"""

from collections.abc import Iterable, Mapping

from core.roles import NOBODY, Role

_declared: dict[type, Mapping[str, frozenset[Role]]] = {}


class Rights(dict):
    """`Rights(view=READERS, change={Role.CLERK})`; the four basic verbs left out are nobody's."""

    def __init__(self, **verbs: Iterable[Role]):
        basic = dict.fromkeys(("view", "add", "change", "delete"), NOBODY)
        super().__init__(basic | {verb: frozenset(roles) for verb, roles in verbs.items()})


def declare(model: type, rights: Rights) -> None:
    if _declared.get(model, rights) != rights:
        raise ValueError(f"rights on {model.__name__} are declared twice, differently")
    _declared[model] = rights


def roles(model: type, verb: str) -> frozenset[Role]:
    """The roles that hold `verb` on `model`. KeyError when either is unknown."""
    return _declared[model][verb]


def is_declared(model: type) -> bool:
    return model in _declared


def can(user, verb: str, model: type) -> bool:
    """Whether the person holds the right anywhere; which rows it covers is for `visible_to(user, verb)`."""
    return bool(user and user.is_active and user.roles & roles(model, verb))
