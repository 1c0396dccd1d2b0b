"""A table as CSV, and what describes it to machines at the address beside it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from statements.public.twins.about import About
from statements.public.twins.answers import Answer, file_name
from statements.public.twins.columns import TwinTable
from statements.public.twins.formats import CSV, CSV_METADATA_TYPE, MEDIA_TYPES
from statements.public.twins.metadata import csv_metadata
from statements.public.twins.rows import Row
from statements.public.twins.writing import csv_pieces

_METADATA = "-metadata.json"


def csv_answer(
    about: About,
    table: TwinTable,
    batches: Callable[[], Iterable[Iterable[Row]]],
    *,
    total: int,
    stem: Sequence[str],
) -> Answer:
    """``batches`` is asked when the file is written; ``stem`` are the words of its name."""
    path, mark, query = about.file.partition("?")
    return Answer(
        MEDIA_TYPES[CSV],
        pieces=lambda: csv_pieces(table.column_names, batches()),
        page=about.page,
        described_by=(f"{path}{_METADATA}{mark}{query}", CSV_METADATA_TYPE),
        total=total,
        file_name=file_name(*stem, extension=CSV),
    )


def described(about: About, table: TwinTable, *, total: int) -> dict[str, Any]:
    """The metadata of the CSV file beside it; ``about`` is that of the metadata's own address."""
    path, mark, query = about.file.partition("?")
    of_the_file = replace(about, file=path.removesuffix(_METADATA) + mark + query)
    return csv_metadata(of_the_file, table, total=total)
