"""What a person types in the place of wrong cells."""

from collections.abc import Iterable, Mapping

LONGEST = 2000


def typed_in(posted: Mapping[str, str], cells: Iterable[Mapping]) -> dict[str, str]:
    """Texts by address, for wrong cells alone. Posted are `cell-<address>`, what should stand there, and `take`, an
    address whose proposal is taken, or "all".
    """
    take, typed = posted.get("take", ""), {}
    for cell in cells:
        address, text = cell["address"], posted.get(f"cell-{cell['address']}", "").strip()
        if take in ("all", address) and cell["proposal"]:
            typed[address] = cell["proposal"]
        elif text:
            typed[address] = text[:LONGEST]
    return typed
