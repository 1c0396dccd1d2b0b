"""What a copy of the public data says of itself to machines: Data Package, version 2 (https://datapackage.org)."""

import json
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.record.package import Copy, Written
from statements.record.stated import citation, on_day, today
from statements.record.tables import PACKAGE_NAME, TABLES, Column, Table, licence_address

Description = dict[str, Any]

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def descriptor(copy: Copy) -> Description:
    """Of these files, with their sizes and checksums."""
    created = {"created": copy.created.isoformat(timespec="seconds")}
    return _package(on_day(copy.created.date()), [_resource(file.table, file) for file in copy.files], **created)


def live_descriptor() -> Description:
    """Of the addresses of the files on this site. They say what is public whenever somebody asks: so it has no time,
    and no sizes and checksums, which would be those of another state a second later.
    """
    return _package(today(), [_resource(table) for table in TABLES])


def in_bytes(description: Description) -> bytes:
    return (json.dumps(description, ensure_ascii=False, indent=2) + "\n").encode()


def _package(day: PartialDate, resources: list[Description], **more: str) -> Description:
    page = f"{settings.SITE_URL}/data/"
    cited = citation(_("the whole data set"), page, on=day)
    return {
        "$schema": _PROFILE,
        "name": PACKAGE_NAME,
        "id": page,
        "title": settings.SITE_NAME,
        "description": _description(cited),
        "homepage": page,
        "version": day.isoformat(),
        **more,
        "licenses": [{"name": settings.DATA_LICENCE, "path": licence_address()}],
        "contributors": [
            {
                "title": settings.SITE_NAME,
                "path": settings.SITE_URL,
                "email": settings.CONTACT_EMAIL,
                "roles": ["creator", "contact"],
            }
        ],
        "sources": [{"title": _("The documents that sources.csv lists"), "path": f"{settings.SITE_URL}/sources/"}],
        "citation": cited,
        "resources": resources,
    }


def _description(cited: str) -> str:
    """In Markdown, as the standard has it."""
    return "\n\n".join(
        [
            _("Public statements, the demands made in them and the figures quoted in them, with their sources."),
            _(
                "A date is as precise as it is known: a day, a month, a year, or two of them with a slash between as "
                "the first and the last that are possible. In a list, `|` stands between the items. A cell that a "
                "spreadsheet would take for a formula has an apostrophe before it, and so has one that begins with an "
                "apostrophe: take off the first."
            ),
            _("How to cite it: %(citation)s") % {"citation": cited},
        ]
    )


def _resource(table: Table, file: Written | None = None) -> Description:
    size = {"bytes": file.bytes, "hash": f"sha256:{file.sha256}", "rows": file.rows} if file is not None else {}
    return {
        "name": table.name,
        "type": "table",
        "path": table.file_name,
        "description": str(table.what),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **size,
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "schema": {
            "fields": [_field(table, column) for column in table.columns],
            "primaryKey": list(table.key),
            **_foreign_keys(table),
            "missingValues": [""],
        },
    }


def _field(table: Table, column: Column) -> Description:
    rules = {
        "required": table.is_required(column) or None,
        "unique": table.key == (column.name,) or None,
        "enum": list(column.one_of) or None,
        "pattern": column.form or None,
        "minimum": column.least,
    }
    constraints = {name: rule for name, rule in rules.items() if rule is not None}
    field = {
        "name": column.name,
        "title": column.name.replace("_", " ").capitalize(),
        "description": str(column.what),
        "type": column.type.value,
        "format": "default",
    }
    return field | ({"constraints": constraints} if constraints else {})


def _foreign_keys(table: Table) -> Description:
    """Within a table the standard leaves the name of the table out."""
    keys = [
        {
            "fields": [column.name],
            "reference": {
                **({} if column.refers_to == table.name else {"resource": column.refers_to}),
                "fields": ["slug"],
            },
        }
        for column in table.columns
        if column.refers_to
    ]
    return {"foreignKeys": keys} if keys else {}
