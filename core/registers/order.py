"""The order of a list: whole, so that no page repeats a row or loses one, and an export is the same twice."""

from django.db import models


def in_whole_order(rows: models.QuerySet) -> models.QuerySet:
    """The rows in their own order, or their model's, with the record's number where that leaves ties.

    Rows with something counted beside them have lost their model's order: Django leaves it out of grouped queries.
    """
    order = rows.query.order_by or rows.model._meta.ordering
    return rows.order_by(*order, "pk")
