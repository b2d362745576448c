"""Who asks, from where, in which request: kept for the audit while a request or a task runs."""

import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RequestContext:
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    address: str = ""


_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)


def current() -> RequestContext:
    """The context of this request; outside one (a command, a test) a fresh one for each call."""
    return _current.get() or RequestContext()


class entered:
    """`with entered(RequestContext(address="127.0.0.1")):` groups what is done inside under one request id."""

    def __init__(self, context: RequestContext):
        self.context = context

    def __enter__(self) -> RequestContext:
        self.token = _current.set(self.context)
        return self.context

    def __exit__(self, *_exc) -> None:
        _current.reset(self.token)
