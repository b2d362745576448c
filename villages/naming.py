"""What a territory code is called."""

from collections.abc import Iterable

from villages.models import District, Township, Village


def labels_of(codes: Iterable[str]) -> dict[str, str]:
    """`{"450109100": "邕宁区 · 蒲庙镇"}`: each code with the names from the district down; three queries at most.

    An unknown code stands for itself. Names of places are public: no door is asked.
    """
    codes = set(codes)
    names = {}
    for model in (District, Township, Village):
        wanted = {code[: model.code_length] for code in codes if len(code) >= model.code_length}
        if wanted:
            names |= dict(model.objects.filter(code__in=wanted).values_list("code", "name"))
    return {code: " · ".join(_steps(code, names)) or code for code in codes}


def _steps(code: str, names: dict[str, str]) -> list[str]:
    lengths = (model.code_length for model in (District, Township, Village))
    return [names[code[:length]] for length in lengths if length <= len(code) and code[:length] in names]
