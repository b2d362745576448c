"""Registers: one declaration a model gives its pages and its place in the Django admin.

    @register
    class HamletRegister(Register):
        model = Hamlet
        path = "hamlets"
        columns = ("village", "name", "households")
        may = Rights(view=READERS, add=EDITORS, change=EDITORS, delete={Role.CLERK})

From it come list, search, filter, sort, paging, detail, create, edit, inlines, delete with what it touches, and the
model's scoped page at /admin/. `docs/add-a-register.md` is the recipe.
"""

from core.registers.base import Choice, Inline, Register, all_registers, named, of_app, register

__all__ = ["Choice", "Inline", "Register", "all_registers", "named", "of_app", "register"]
