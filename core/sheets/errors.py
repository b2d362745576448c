"""What can be wrong with a workbook: the whole of it, or one of its cells."""

from django.utils.translation import gettext as _


class Unreadable(Exception):
    """The file is refused before or while it is opened; the sentence says why, and how to mend it."""

    def __init__(self, sentence: str):
        self.sentence = str(sentence)
        super().__init__(self.sentence)


class CellError(Exception):
    """One cell that can't be taken. `proposal` is what it might be instead, as it would be typed; "" for none.

    `column` (the name of a `Column`; "" for the row as a whole), `address` ("C17") and `value` (the cell as text) are
    set by `core.sheets.parsing`, which knows where the cell stands.
    """

    def __init__(self, sentence: str, proposal: str = "", *, column: str = ""):
        self.sentence, self.proposal = str(sentence), str(proposal)
        self.column, self.address, self.value = column, "", ""
        super().__init__(self.sentence)

    def again(self) -> "CellError":
        """The same of another cell."""
        other = type(self).__new__(type(self), *self.args)
        other.__dict__ |= self.__dict__
        return other


class ForeignPlace(CellError):
    """A place that is there, and not in the person's territory: nothing of the row is written, and it is named."""

    foreign = True


class Fault(str):
    """A cell that the spreadsheet could not work out (`core.sheets.faults`): “#REF!”, or “=A1+B1” where no result was kept."""

    __slots__ = ()


def refuse_fault(raw) -> None:
    """Raises CellError for a cell that the spreadsheet could not work out."""
    if isinstance(raw, Fault):
        if raw.startswith("="):
            raise CellError(
                _("The formula has no result: open the workbook, let it calculate, save it, then choose it again.")
            )
        sentence = _("“%(what)s” is an error of the spreadsheet: correct the formula, or type the value.")
        raise CellError(sentence % {"what": raw[:20]})
