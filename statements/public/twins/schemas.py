"""The JSON Schemas (draft 2020-12) of what this site answers as JSON, each whole in itself.

They hold the schema of a version's document where they need it, by its own name, so that a validator asks no network.
"""

from collections.abc import Callable
from typing import Any

from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    Issuer,
    Measure,
    Statement,
    Version,
)
from statements.public.twins.answers import schema_address
from statements.record.document import json_schema

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_FLAG: Schema = {"type": "boolean"}
_URL: Schema = {"type": "string", "format": "uri"}
_DAY: Schema = {"type": "string", "format": "date"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_SLUG: Schema = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 120}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_DATE: Schema = {
    "type": "string",
    "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?$",
    "description": "ISO 8601: a day, a month, a year, or an interval in which the day lies",
}


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _one_of(values: Any) -> Schema:
    return {"enum": [str(value) for value in values]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_NAMED = _object({"slug": _SLUG, "name": _TEXT})
_VERSION: dict[str, Schema] = {
    "version": _said({"type": "integer", "minimum": 1}, "the number of the published version"),
    "published_at": _TIME,
    "content_hash": _said(
        _HASH,
        "SHA-256 of the content of this version as it was published: of its JSON in UTF-8 with sorted keys, without "
        "spaces, in NFC. The JSON of the version itself has that content.",
    ),
}
_VERSION_URLS: dict[str, Schema] = {
    "version_url": _said(_URL, "the page of this version, which never changes: the address to cite"),
    "version_json_url": _said(_URL, "its JSON"),
}

_ABOUT = _object(
    {
        "site": _TEXT,
        "what": _said(_TEXT, "what the file holds, in words, with the filter"),
        "date": _said(_DAY, "the day on which it was fetched, in UTC"),
        "page": _said(_URL, "the page that shows the same to people"),
        "file": _said(_URL, "where it was fetched from"),
        "licence": _said(_TEXT, "SPDX identifier"),
        "licence_url": _URL,
        "cite": _said(_TEXT, "how to cite it"),
        "contact": _said(_TEXT, "where to report mistakes"),
    }
)

_SAID_IN = _object(
    {
        "slug": _SLUG,
        "title": _TEXT,
        "kind": _one_of(Statement.Kind.values),
        "issued": _DATE,
        "issuers": _list(_object({"slug": _SLUG, "name": _TEXT, "part": _one_of(Issuer.Part.values)})),
        "speakers": _list(
            _object({"slug": _SLUG, "name": _TEXT, "attribution": _said(_TEXT, "as printed on that day")})
        ),
        "attribution": _said(_TEXT, "the office as printed, where nobody is named"),
        "sources": _list(
            _object(
                {
                    "slug": _SLUG,
                    "role": _one_of(Citation.Role.values),
                    "locator": _TEXT,
                    "title": _TEXT,
                    "publisher": _TEXT,
                    "url": _said(_TEXT, "blank for what is only printed"),
                }
            )
        ),
        "url": _said(_URL, "the page that always shows the current version"),
        **_VERSION,
        **_VERSION_URLS,
    }
)

_QUOTE: dict[str, Schema] = {
    "quote": _said(_TEXT, "the words of the statement that say so"),
    "quote_language": _said(_TEXT, "BCP 47"),
}

_FIGURE = _object(
    {
        "key": _said(_TEXT, "identifies the figure; it stays when the figure is corrected"),
        "as_of": _DATE,
        "as_of_given": _said(_FLAG, "whether the words say as of when; if not, it is the date of the statement"),
        "since": _or_null(_DATE),
        "qualifier": _one_of(CountObservation.Qualifier.values),
        "value": _said(_or_null(_NUMBER), "as printed: more than 880 is 880; null where there is no number"),
        "value_to": _said(_or_null(_NUMBER), "the upper end of a range"),
        "wording": _said(_TEXT, "the figure in words, such as many thousands"),
        "figure": _said(_TEXT, "qualifier and number as the page shows them"),
        "attributed_to": _said(_or_null(_NAMED), "whom the speaker names as its source"),
        "attributed_wording": _said(_TEXT, "the same as printed, of all others"),
        "excludes": _said(_TEXT, "who is not in the figure"),
        **_QUOTE,
        "note": _TEXT,
        "url": _said(_URL, "the figure in this very version, which never changes: the address to cite"),
        "statement": _SAID_IN,
    }
)

_MAKING = _object(
    {
        "statement": _SAID_IN,
        "is_counted": _said(_FLAG, "false where it only repeats or translates another one that readers see"),
        "mentions": _list(
            _object(
                {
                    "key": _said(_TEXT, "identifies the mention; it stays when the mention is corrected"),
                    **_QUOTE,
                    "force": _one_of(DemandMention.Force.values),
                    "is_reiterated": _said(_FLAG, "whether the words themselves say that it is made again"),
                    "addressees": _said(_list(_NAMED), "of whom: those that the statement names, else the demand"),
                    "addressees_named_here": _FLAG,
                    "deadline": _or_null(_DATE),
                    "locator": _said(_TEXT, "a page, a paragraph, a minute"),
                    "note": _TEXT,
                    "url": _said(_URL, "the demand in this very version: the address to cite"),
                }
            )
        ),
    }
)

_MEASURE = _object(
    {
        "slug": _SLUG,
        "name": _TEXT,
        "unit": _said(_TEXT, "what one of them is"),
        "place": _TEXT,
        "country": _said(_TEXT, "ISO 3166, or blank"),
        "basis": _one_of(Measure.Basis.values),
        "definition": _TEXT,
        "url": _URL,
        "parent": _or_null(_NAMED),
        "parts": _list(_NAMED),
    }
)

_DEMAND = _object(
    {
        "slug": _SLUG,
        "title": _TEXT,
        "description": _TEXT,
        "theme": _one_of(["", *Demand.Theme.values]),
        "shown": _said(_NUMBER, "how many statements make it"),
        "times": _said(_NUMBER, "how often it was made: without those that only repeat or translate another one"),
        "organisations": _said(_NUMBER, "by how many organisations that issued one"),
        "joined": _said(_NUMBER, "how many others joined or delivered one"),
        "people": _said(_NUMBER, "by how many people whom no organisation speaks for"),
        "status": _said(_or_null(_one_of(DemandUpdate.Status.values)), "today; null where nobody has said so"),
        "url": _URL,
        "addressees": _list(_NAMED),
        "parent": _or_null(_NAMED),
        "parts": _list(_NAMED),
        "updates": _list(
            _object(
                {
                    "date": _DATE,
                    "status": _one_of(DemandUpdate.Status.values),
                    "note": _TEXT,
                    "source": _object({"slug": _SLUG, "title": _TEXT, "publisher": _TEXT, "url": _TEXT}),
                }
            )
        ),
    }
)


def _document() -> Schema:
    return {"$ref": json_schema()["$id"]}


def _statement() -> Schema:
    return _object(
        {
            "slug": _SLUG,
            "url": _said(_URL, "the page that always shows the current version"),
            "json_url": _URL,
            **_VERSION,
            **_VERSION_URLS,
            "document": {
                **_document(),
                "description": "by the slugs and names of today; without a relation to what readers can't open",
            },
        }
    )


def _many(name: str, item: Schema, **more: Schema) -> Schema:
    return _object(
        {
            "$schema": _URL,
            "about": _ABOUT,
            **more,
            "total": _said(_NUMBER, "how many there are on all pages"),
            "page": _or_null(_object({"number": _NUMBER, "last": _NUMBER, "size": _NUMBER})),
            name: _list(item),
            "written": _said(
                _NUMBER,
                "how many this file has: fewer than promised only where something was withdrawn while it was written",
            ),
            "complete": _said({"const": True}, "the last member: a file without it was cut off"),
        }
    )


def _published_statement() -> Schema:
    relation = {
        "kind": _said(_one_of(Statement.Relation.values), "what that one does with this one"),
        "slug": _SLUG,
        "title": _TEXT,
        "url": _URL,
    }
    return _object(
        {
            "$schema": _URL,
            "about": _ABOUT,
            "statement": _statement(),
            "versions": _said(_list(_object(_OF_HISTORY)), "all that were published, the oldest first"),
            "related": _said(_list(_object(relation)), "statements that name this one"),
        }
    )


_OF_HISTORY: dict[str, Schema] = {
    **_VERSION,
    **_VERSION_URLS,
    "revision": _or_null(_one_of(Version.Revision.values)),
    "revision_note": _said(_TEXT, "what was corrected"),
    "four_eyes_waived": _said(_FLAG, "whether it was entered and published by one person alone"),
    "is_erased": _said(_FLAG, "whether nothing is left of it"),
}


def _published_version() -> Schema:
    return _object(
        {
            "$schema": _URL,
            "about": _ABOUT,
            "slug": _SLUG,
            "url": _said(_URL, "the page of the statement's current version"),
            **_OF_HISTORY,
            "current": _said({"type": "integer", "minimum": 1}, "the number of the version that readers see now"),
            "withheld": _said(
                _list({"const": "relation"}),
                "parts of the content that readers may not know now, such as a relation to what is not public; where "
                "there are any, or where words were erased, the hash is not that of the content here",
            ),
            "document": {**_document(), "description": "as it was published, with the names of that day"},
        }
    )


def _gone() -> Schema:
    return _object(
        {
            "$schema": _URL,
            "state": {"enum": ["withdrawn", "erased"]},
            "title": _or_null(_TEXT),
            "on": _or_null(_DAY),
            "reason": _TEXT,
        }
    )


_SCHEMAS: dict[str, tuple[str, Callable[[], Schema]]] = {
    "statements": ("The list of statements", lambda: _many("statements", _statement())),
    "published-statement": ("A statement as readers see it today", _published_statement),
    "published-version": ("A published version of a statement, as it was", _published_version),
    "measure": ("The figures of one measure", lambda: _many("figures", _FIGURE, measure=_MEASURE)),
    "demand": ("The statements that make one demand", lambda: _many("statements", _MAKING, demand=_DEMAND)),
    "gone": ("What is answered with 410 for what was withdrawn or erased", _gone),
}
_WITH_DOCUMENTS = ("statements", "published-statement", "published-version")
#: That of the document of a version, kept in the repository.
DOCUMENT = "statement"

SCHEMA_NAMES = (DOCUMENT, *_SCHEMAS)


def schema_named(name: str) -> Schema:
    """Raises KeyError."""
    if name == DOCUMENT:
        return json_schema()
    title, build = _SCHEMAS[name]
    schema = {"$schema": _DIALECT, "$id": schema_address(name), "title": title, **build()}
    return schema | {"$defs": {"document": json_schema()}} if name in _WITH_DOCUMENTS else schema
