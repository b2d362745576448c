"""Lists of registers with many computed columns."""

import time

from core.registers import Register
from core.registers.tables import _below, table_for
from core.registers.values import computed
from villages.models import Hamlet


def test_many_columns_that_cannot_be_sorted_cost_nothing():
    """django-tables2 tries every permutation of columns with an empty order: ten of them took minutes."""
    names = [f"figure_{number}" for number in range(12)]
    shows = {f"show_{name}": computed("figure", number=True)(lambda row: 1) for name in names}
    listed = type("Many", (Register,), {"model": Hamlet, "path": "many", "columns": ("name", *names), **shows})
    began = time.process_time()
    table = table_for(listed)(Hamlet.objects.order_by("village__code", "households", "name"))
    assert time.process_time() - began < 1
    assert table.columns["name"].orderable and not table.columns["figure_0"].orderable


def test_a_relation_is_sorted_by_its_own_order_backwards_too():
    assert [_below("term", name) for name in ("committee", "-year")] == ["term__committee", "-term__year"]
