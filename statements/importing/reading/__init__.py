"""Reading files: CSV, TSV and XLSX as tables under our names for their columns, whatever a spreadsheet makes of them.

``open_table`` is the way in. A file that can't be read raises FileRefused, whose text is for whoever handed it in.
"""

from statements.importing.reading.delimited import DELIMITERS
from statements.importing.reading.encodings import ENCODINGS
from statements.importing.reading.folders import open_archive, open_folder
from statements.importing.reading.headers import REJECT_COLUMNS, HeaderProblem, How, KnownColumns, ReadColumn
from statements.importing.reading.opening import open_table
from statements.importing.reading.table import Alternative, Row, Table, Understood

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "REJECT_COLUMNS",
    "Alternative",
    "HeaderProblem",
    "How",
    "KnownColumns",
    "ReadColumn",
    "Row",
    "Table",
    "Understood",
    "open_archive",
    "open_folder",
    "open_table",
]
