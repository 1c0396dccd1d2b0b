"""In which formats a page can be taken away, and the addresses of its twins."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CSV = "csv"
JSON = "json"
XLSX = "xlsx"
ATOM = "atom"

#: Exact: RFC 4180, RFC 8259, Office Open XML, RFC 4287.
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8; header=present",
    JSON: "application/json",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ATOM: "application/atom+xml; charset=utf-8",
}
CSV_METADATA_TYPE = "application/csvm+json"
SCHEMA_TYPE = "application/schema+json"

LABELS: dict[str, str | Promise] = {CSV: _("CSV"), XLSX: _("Excel"), JSON: _("JSON"), ATOM: _("feed (Atom)")}

#: Page -> the formats that it has, in the order in which readers are offered them. The name of an address is
#: ``statements:<page>_<format>``.
FORMATS_OF = {
    "statement_list": (CSV, XLSX, JSON, ATOM),
    "statement": (JSON,),
    "version": (JSON,),
    "measure": (CSV, JSON, ATOM),
    "demand": (CSV, JSON, ATOM),
    "organisation": (ATOM,),
}


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    media_type: str


def twins_of(page: str, *args: object, query: str = "") -> list[Link]:
    """The twins of a page with this query. No query of the database."""
    return [
        Link(
            label=str(LABELS[form]),
            url=reverse(f"statements:{page}_{form}", args=args) + query.removesuffix("?"),
            media_type=MEDIA_TYPES[form].partition(";")[0],
        )
        for form in FORMATS_OF[page]
    ]
