"""Metadata of the CSV twins by the W3C's standard "CSV on the Web": what the file holds, its licence, its columns."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from statements.public.twins.about import About
from statements.public.twins.columns import TwinColumn, TwinTable
from statements.record.tables import Type, licence_address

_DATATYPES = {
    Type.INTEGER: "integer",
    Type.BOOLEAN: "boolean",
    Type.DATE: "date",
    Type.DATETIME: "dateTime",
}


def csv_metadata(about: About, table: TwinTable, *, total: int) -> dict[str, Any]:
    """``about`` is that of the CSV file; ``total`` how many its page shows on all pages."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": get_language() or "en"}],
        "url": about.file,
        "dc:title": about.holds,
        "dc:description": str(table.what),
        "dc:date": about.on.isoformat(),
        "dc:publisher": settings.SITE_NAME,
        "dc:license": {"@id": licence_address()},
        "dc:bibliographicCitation": about.cite,
        "dc:source": {"@id": about.page},
        "dc:extent": str(total),
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "doubleQuote": True},
        "tableSchema": {
            "columns": [_column(column) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }


def _column(column: TwinColumn) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": str(column.what),
        "datatype": _DATATYPES.get(column.type, "string"),
    }
    if column.one_of:
        described["datatype"] = {"base": "string", "format": "|".join(column.one_of)}
    return described | {"separator": " | "} if column.is_list else described
