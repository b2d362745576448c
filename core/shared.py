"""A page asks a question once: what several figures of one page need is read once, and forgotten with the page.

    @shared
    def sets_on(villages, day): …

Inside `with sharing():` a second call with the same rows and values gets the answer of the first. Outside, a shared
function is a plain one. Pages that read are such a place by themselves (`core.middleware`), work that measures enters one.
An answer belongs to all who asked: nobody changes it.
"""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

_answers: ContextVar[dict | None] = ContextVar("shared_answers", default=None)


@contextmanager
def sharing():
    """Within another one it is that one. What changes rows stays outside, or it would read them as they were."""
    if _answers.get() is not None:
        yield
        return
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def shared(function: Callable) -> Callable:
    """Decorator: a function of rows (a QuerySet, in whatever order) and plain values whose answer pages may share."""

    @wraps(function)
    def ask(*args, **kwargs):
        answers = _answers.get()
        if answers is None:
            return function(*args, **kwargs)
        key = (function, *map(_plain, args), *((name, _plain(value)) for name, value in sorted(kwargs.items())))
        if key not in answers:
            answers[key] = function(*args, **kwargs)
        return answers[key]

    return ask


def _plain(value):
    """What stands for an argument: of a queryset the question which rows, without their order and what comes along."""
    if not isinstance(value, QuerySet):
        return value
    try:
        question = value.order_by().select_related(None).prefetch_related(None).values("pk").query.sql_with_params()
    except EmptyResultSet:
        question = ""
    return value.model, value.db, str(question)
