"""The whole data set: the page that explains it, and its files, always as the record stands at that moment.

Each file is written into a temporary one first and then sent: all that is in it is of one state, however slow the
reader's line is; nobody waits for it; it has a length; and what fails is an error instead of half a file. Nothing is
kept for the next reader: a copy that lies about would still have what was erased since.
"""

import datetime
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from statements.dates import PartialDate
from statements.public.data_page import SINCE, curl, files, other_parameters, parameters, schemas, twin_tables
from statements.public.responses import public
from statements.public.twins.answers import Answer, answered, file_name, refuse, unknown_parameters
from statements.public.twins.formats import CSV, JSON, MEDIA_TYPES
from statements.public.twins.writing import spooled
from statements.record import reading
from statements.record.changes import change_rows
from statements.record.datapackage import descriptor, in_bytes, live_descriptor
from statements.record.document import json_schema
from statements.record.example import example
from statements.record.package import write_table, write_tables
from statements.record.stated import citation, today
from statements.record.tables import CHANGED, CHANGES, PACKAGE, PACKAGE_NAME, TABLES, table_named

ZIP = "zip"

#: The tables of which the page says how many rows they have, since it has counted them.
_COUNTED = {
    "statements": "statements",
    "counts": "figures",
    "organisations": "organisations",
    "speakers": "speakers",
    "sources": "sources",
    "measures": "measures",
    "demands": "demands",
}
_ZIP_TYPE = "application/zip"


@public
def page(request: HttpRequest) -> HttpResponse:
    """At most ten queries."""
    amounts, one = reading.how_much_is_here(), example()
    rows = {name: amounts[amount] for name, amount in _COUNTED.items()}
    others = other_parameters(one)
    context = {
        "amounts": amounts,
        "tables": [(table, rows.get(table.name)) for table in TABLES],
        "changed": CHANGED,
        "package": PACKAGE,
        "cite": citation(_("the whole data set"), _page(), on=today()),
        "example": one,
        "pages": files(one),
        "parameters": parameters(one),
        "other_parameters": others,
        "since": next(parameter for parameter in others if parameter.name == SINCE),
        "twin_tables": twin_tables(),
        "schemas": schemas(),
        "schema_id": json_schema()["$id"],
        "curl": curl(one),
    }
    return render(request, "statements/data.html", context)


@answered(ZIP)
def package(request: HttpRequest) -> HttpResponseBase:
    """Every table and their description. About twenty queries for each 500 statements, and five for each 500 rows of
    reference data.
    """
    refuse(unknown_parameters(request.GET))
    answer = Answer(_ZIP_TYPE, file=_zipped, page=_page(), file_name=file_name(PACKAGE_NAME, extension=ZIP))
    return answer.response(request)


@answered(CSV)
def table(request: HttpRequest, name: str) -> HttpResponseBase:
    """One table. As many queries as its part of the whole."""
    found = table_named(name)
    if found is None:
        raise Http404
    refuse(unknown_parameters(request.GET))
    return _table_file(partial(write_table, found)).response(request)


@answered(CSV)
def changes(request: HttpRequest) -> HttpResponseBase:
    """What happened in public, of a day or a time and later where that was asked for. Two queries."""
    since = _since(request.GET)
    return _table_file(lambda output: write_table(CHANGES, output, change_rows(since))).response(request)


@answered(JSON)
def live_package(request: HttpRequest) -> HttpResponseBase:
    """The description of the addresses of all tables, without their sizes and checksums. One query."""
    refuse(unknown_parameters(request.GET))
    content = in_bytes(live_descriptor())
    return Answer(MEDIA_TYPES[JSON], pieces=lambda: iter([content]), page=_page()).response(request)


def _table_file(write: Callable[[BinaryIO], object]) -> Answer:
    described_by = settings.SITE_URL + reverse("statements:data_package_json")
    return Answer(
        MEDIA_TYPES[CSV],
        file=partial(spooled, write),
        page=_page(),
        described_by=(described_by, MEDIA_TYPES[JSON]),
    )


def _zipped() -> BinaryIO:
    return spooled(write_zip)


def write_zip(output: BinaryIO) -> None:
    """The same record and moment give the same bytes. The description comes last, with checksums of all before it."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(output, "w") as archive:
        copy = write_tables(Path(folder))
        for written in copy.files:
            path = Path(folder) / written.table.file_name
            with path.open("rb") as content, archive.open(_member(path.name, copy.created, written.bytes), "w") as file:
                copyfileobj(content, file)
            path.unlink()
        description = in_bytes(descriptor(copy))
        archive.writestr(_member(PACKAGE, copy.created, len(description)), description)


def _member(name: str, created: datetime.datetime, size: int) -> zipfile.ZipInfo:
    """As a file that everybody may read, whatever machine this is."""
    member = zipfile.ZipInfo(name, created.timetuple()[:6])
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system, member.external_attr = 3, 0o100644 << 16  # Unix
    member.file_size = size  # or what is larger than 2 GB fails at its end
    return member


def _page() -> str:
    return settings.SITE_URL + reverse("statements:data")


def _since(given: QueryDict) -> datetime.datetime | None:
    said = [value.strip() for value in given.getlist(SINCE) if value.strip()]
    sentences = unknown_parameters(given, SINCE)
    if len(said) > 1:
        sentences.append(_("“since” was given more than once."))
    found = _moment(said[0]) if said else None
    if said and found is None:
        sentence = _("since: “%(value)s” is neither a day nor a time. Write 2026-10-01 or 2026-10-01T12:00:00Z.")
        sentences.append(sentence % {"value": said[0]})
    refuse(sentences)
    return found


def _moment(text: str) -> datetime.datetime | None:
    """A day from its beginning, or a time; in UTC where it does not say otherwise. None where it is neither."""
    try:
        if "T" not in text:
            day = PartialDate.parse(text)
            midnight = datetime.datetime.combine(day.first, datetime.time(), datetime.UTC)
            return midnight if text == day.first.isoformat() else None
        # In an address + stands for a blank: so it arrives when somebody copies a time as it stands in a file.
        found = parse_datetime(text.replace(" ", "+"))
        if found is None:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None
