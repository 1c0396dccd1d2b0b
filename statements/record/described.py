"""What the parts of a document are called, and how their values read, as an editor would say it.

Nothing is looked up: what a slug stands for is told with the names of the document's own day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.dates import PartialDate, PartialDateProperty
from statements.models import (
    Citation,
    CountObservation,
    DemandMention,
    Issuer,
    SpeakerRole,
    Statement,
    Wording,
)
from statements.models.codes import language_name
from statements.record.document import Document, json_schema
from statements.record.figure_words import number, text_of_row


@dataclass(frozen=True)
class ListOf:
    """A list of a document. ``identities`` are the fields by which a row of one version is found in another, the
    surest first.
    """

    model: type[models.Model]
    identities: tuple[tuple[str, ...], ...] = (("key",),)

    @property
    def heading(self) -> str:
        return str(capfirst(self.model._meta.verbose_name_plural))


LISTS: dict[str, ListOf] = {
    "issuers": ListOf(Issuer, (("organisation",),)),
    "speakers": ListOf(SpeakerRole, (("speaker",),)),
    "citations": ListOf(Citation, (("source", "role"), ("source",))),
    "wordings": ListOf(Wording),
    "mentions": ListOf(DemandMention),
    "counts": ListOf(CountObservation),
}

#: Field that holds a slug -> the part of the context that has what it stood for on that day.
_NAMED = {
    "organisation": "organisations",
    "attributed_to": "organisations",
    "speaker": "speakers",
    "source": "sources",
    "demand": "demands",
    "measure": "measures",
}
_NAMES = ("name", "title", "publisher", "url")

#: Fields that are no column of their own.
_LABELS: dict[str, str | Promise] = {
    "issued": gettext_lazy("issued"),
    "as_of": gettext_lazy("as of"),
    "since": gettext_lazy("since"),
    "deadline": gettext_lazy("deadline"),
    "published": gettext_lazy("published"),
    "date": gettext_lazy("date"),
    "aliases": gettext_lazy("other names"),
    "handles": gettext_lazy("accounts"),
}


def fields_of(list_name: str = "") -> list[str]:
    """The fields of a row of this list, or of the statement itself, in the schema's order: a database may lose that of
    a document. Without ``key``, which is for machines.
    """
    content: Document = json_schema()["properties"]["content"]["properties"]
    if not list_name:
        return [name for name in content if name not in LISTS]
    return [name for name in content[list_name]["items"]["properties"] if name != "key"]


def label(model: type[models.Model] | None, name: str) -> str:
    """A field as the desk's forms name it; of what is no field of the model the bare word."""
    if name in _LABELS:
        return str(_LABELS[name])
    try:
        return str(model._meta.get_field(name).verbose_name) if model else name.replace("_", " ")  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name.replace("_", " ")


def model_of(kind: str) -> type[models.Model] | None:
    """The model of a row that a record of changes is about."""
    try:
        return apps.get_model("statements", kind)
    except LookupError:
        return None


def is_words(model: type[models.Model], name: str) -> bool:
    """Whether people write sentences there, in which single words can differ."""
    field: Any = None if name in _LABELS else model._meta.get_field(name)
    is_text = isinstance(field, models.CharField | models.TextField)
    return is_text and not field.choices and name != "language"


class Described:
    """One document. ``statements`` has the titles of other statements by slug: one that isn't there is not named."""

    def __init__(self, document: Document, *, statements: Mapping[str, str]) -> None:
        self.content: Document = document["content"]
        self._context: Document = document["context"]
        self._statements = statements

    def value(self, model: type[models.Model], name: str, value: Any, *, with_slugs: bool = False) -> str:
        """Of a field, in words; blank for what wasn't filled in. ``with_slugs`` tells two of one name apart."""
        if value is None or value == "" or value == []:
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name == "relation":
            return self._relation(value, with_slugs)
        if name == "addressees":
            return ", ".join(sorted(self.name("organisation", slug, with_slugs=with_slugs) for slug in value))
        if name in _NAMED:
            return self.name(name, value, with_slugs=with_slugs)
        if name == "language":
            return f"{language_name(value)} ({value})"
        if isinstance(getattr(model, name, None), PartialDateProperty):
            return PartialDate.parse(value).display()
        return _of_column(model, name, value)

    def name(self, field: str, slug: str, *, with_slugs: bool = False) -> str:
        """What the slug in a field stood for on the document's day."""
        row = self._context[_NAMED[field]].get(slug, {})
        name = next((row[column] for column in _NAMES if row.get(column)), "")
        return f"{name} ({slug})" if name and with_slugs else name or slug

    def row_name(self, list_name: str, row: Document) -> str:
        """A row of a list as an editor would name it: "Count: political prisoners, more than 880"."""
        model = LISTS[list_name].model
        return _("%(what)s: %(which)s") % {
            "what": capfirst(model._meta.verbose_name),
            "which": self._which(list_name, row),
        }

    def _which(self, list_name: str, row: Document) -> str:
        match list_name:
            case "issuers":
                return self.name("organisation", row["organisation"])
            case "speakers":
                return self.name("speaker", row["speaker"])
            case "citations":
                return f"{self.name('source', row['source'])} ({self.value(Citation, 'role', row['role'])})"
            case "wordings":
                return f"{language_name(row['language'])}, {self.value(Wording, 'kind', row['kind'])}"
            case "mentions":
                return self.name("demand", row["demand"])
            case _:
                return f"{self.name('measure', row['measure'])}, {_figure(row)}"

    def _relation(self, relation: Document, with_slugs: bool) -> str:
        slug = relation["statement"]
        title = self._statements.get(slug, "")
        shown = f"{title} ({slug})" if with_slugs else title
        return f"{Statement.Relation(relation['kind']).label}: {shown}" if title else ""


def _of_column(model: type[models.Model], name: str, value: Any) -> str:
    choices = dict(getattr(model._meta.get_field(name), "flatchoices", ()))
    if value in choices:
        return str(choices[value])
    return number(value) if isinstance(value, int) else str(value)


def _figure(row: Document) -> str:
    words = text_of_row(row)
    return str(words) if row["value_to"] is None else words.number
