"""Tables as text files."""

import csv
import io
from collections.abc import Iterable, Sequence

from statements.cells import for_text_file


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8, commas, one line feed at the end of a row; what a spreadsheet would take for a formula is escaped."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([for_text_file(cell) for cell in row] for row in rows)
    return output.getvalue().encode()
