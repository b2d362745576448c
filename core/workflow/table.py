"""The table of a workflow: what may follow what."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model

from core.roles import Role

#: Says in one sentence what the row lacks for the move, or None.
Need = Callable[[Model], str | None]
#: What else happens in the same transaction: effect(by, rows, day).
Effect = Callable[[object, Sequence[Model], date], None]


@dataclass(frozen=True)
class Transition:
    """A move from one of `sources` to `target`, by one of `roles`. `name` is also the right's verb."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    roles: frozenset[Role]
    needs: tuple[Need, ...] = ()
    effect: Effect | None = None
    #: The person must say why: a return, an abolition.
    reason: bool = False
    danger: bool = False
    #: Records that wait for this move stand on the list of things to do of whoever may make it.
    awaited: bool = True
    #: The page whose form makes the move, where it needs more than a click; its address takes the row's number.
    page: str = ""
    #: The text of the row that the move's own button asks for and writes with it: what was found, the answer.
    asks: str = ""

    def __post_init__(self):
        object.__setattr__(self, "roles", frozenset(self.roles))


@dataclass(frozen=True)
class Workflow:
    """`limits` maps a state to the key of the `TimeLimit` that runs in it; `tags` to how its badge looks."""

    transitions: tuple[Transition, ...]
    limits: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def __init__(self, *transitions: Transition, limits: Mapping[str, str] = (), tags: Mapping[str, str] = ()):
        names = [transition.name for transition in transitions]
        if len(set(names)) != len(names):
            raise ValueError(f"a transition stands twice: {names}")
        object.__setattr__(self, "transitions", transitions)
        object.__setattr__(self, "limits", dict(limits))
        object.__setattr__(self, "tags", dict(tags))

    def get(self, name: str) -> Transition:
        """KeyError for an unknown name."""
        return {transition.name: transition for transition in self.transitions}[name]

    def leaving(self, state: str) -> list[Transition]:
        return [transition for transition in self.transitions if state in transition.sources]

    def verbs(self) -> dict[str, Iterable[Role]]:
        """The rights that the transitions are: verb → roles."""
        return {transition.name: transition.roles for transition in self.transitions}
