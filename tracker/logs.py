"""How a line of the log looks."""

import logging
import time
from types import TracebackType

ExceptionInformation = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

UNPRINTABLE = {code: f"\\x{code:02x}" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0), 0x2028, 0x2029)}


class LineFormatter(logging.Formatter):
    """One line an event: time in UTC, level, logger, message. The lines of a traceback follow it, indented.

    Control characters are written as escapes, so that nobody can forge a line by asking for an address that contains a
    line break.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.converter = time.gmtime
        self.default_time_format = "%Y-%m-%dT%H:%M:%S"
        self.default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the name is the standard library's)
        return super().formatMessage(record).translate(UNPRINTABLE)

    def formatException(self, ei: ExceptionInformation) -> str:  # noqa: N802 (the name is the standard library's)
        return "\n".join(f"    {line}" for line in super().formatException(ei).splitlines())
