"""What the tests of reading cells share: the error of a cell, and junk."""

import pytest
from hypothesis import strategies as st

from core.sheets.errors import CellError


def mistake(function, *args, **kwargs) -> CellError:
    with pytest.raises(CellError) as caught:
        function(*args, **kwargs)
    return caught.value


#: Whatever may stand in a cell.
JUNK = (
    st.text(max_size=40)
    | st.floats()
    | st.integers()
    | st.booleans()
    | st.none()
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.from_regex(r"[0-9０-９.年月日/\-]{0,12}", fullmatch=True)
)
