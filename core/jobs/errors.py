import re

#: Runs of digits as long as a telephone or identity number.
LONG_NUMBER = re.compile(r"\d{7,}")


def describe(error: BaseException) -> str:
    """Class and first line of an exception, fit to be kept and shown.

    Later lines of a database's message hold the row's values, and long numbers may be a person's: both are left out.
    """
    lines = str(error).splitlines()
    message = LONG_NUMBER.sub("***", lines[0])[:200] if lines else ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__
