"""What a territory code is called."""

from collections.abc import Iterable

from villages.models import District, Township, Village

#: From the village up: the model of each length of code, and the names of what lies above it.
LEVELS = (
    (Village, ("township__district__name", "township__name")),
    (Township, ("district__name",)),
    (District, ()),
)


def labels_of(codes: Iterable[str]) -> dict[str, str]:
    """`{"450109100": "邕宁区 · 蒲庙镇"}`: each code with the names from the district down; one query a kind of code.

    A code that nobody knows is called by what lies above it, else by itself. Names of places are public: no door is
    asked.
    """
    asked, labels = set(codes), {}
    for model, above in LEVELS:
        parts = {code: code[: model.code_length] for code in asked - labels.keys() if len(code) >= model.code_length}
        if parts:
            rows = model.objects.filter(code__in=set(parts.values())).order_by().values_list("code", *above, "name")
            found = {code: " · ".join(names) for code, *names in rows}
            labels |= {code: found[part] for code, part in parts.items() if part in found}
    return {code: labels.get(code, code) for code in asked}
