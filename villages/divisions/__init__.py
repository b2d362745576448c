"""The register of statistical division codes, read from files and written to the ground. See docs/divisions.md.

`register` reads and judges rows without a database, `tables` writes rows by sets, `importing` joins the two.
"""

from villages.divisions.importing import Report, import_register
from villages.divisions.register import Remark, WrongRows

__all__ = ["Remark", "Report", "WrongRows", "import_register"]
