"""CSL-JSON: a list of items as citation processors take them (schema csl-data.json of CSL 1.0.2)."""

import json
from typing import Any

from statements.dates import PartialDate
from statements.models import Statement
from statements.public.citing.citation import Citation

_TYPES: dict[str, str] = {
    Statement.Kind.SPEECH: "speech",
    Statement.Kind.INTERVIEW: "interview",
    Statement.Kind.REPORT: "report",
}


def written(citation: Citation) -> str:
    return json.dumps([item(citation)], ensure_ascii=False, indent=1) + "\n"


def item(citation: Citation) -> dict[str, Any]:
    """Names are ``literal``: a processor leaves them whole."""
    fields: dict[str, Any] = {
        "id": citation.key,
        "type": _TYPES.get(citation.kind, "webpage"),
        "title": citation.title,
        "author": [{"literal": who.name} for who in citation.authors],
        "issued": _date(citation.issued),
        "genre": citation.genre,
        "publisher": ", ".join(citation.publishers),
        "container-title": citation.site,
        "version": str(citation.version or ""),
        "available-date": _date(citation.published) if citation.published is not None else None,
        "accessed": _date(citation.accessed) if citation.accessed is not None else None,
        "language": citation.language,
        "note": citation.note,
        "URL": citation.address,
    }
    return {name: value for name, value in fields.items() if value}


def _date(date: PartialDate) -> dict[str, list[list[int]]]:
    """One end, or both of an interval, each as precise as is known."""
    return {"date-parts": [[int(part) for part in end.split("-")] for end in date.isoformat().split("/")]}
