"""Columns and read-only fields that several pages of the desk show."""

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from statements.admin.changelist import said
from statements.models import Statement
from statements.models.counting import MOST_COUNTED

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

EMPTY = "–"


def moment(at: datetime.datetime) -> str:
    """A time as the desk writes it."""
    here = timezone.localtime(at)
    return f"{formats.date_format(here, 'DATE_FORMAT')}, {here:%H:%M}"


def partial_date(name: str, description: "str | StrPromise") -> Callable[[Any, models.Model], str]:
    """A column with a partial date in words, sorted by its first possible day. For the body of an admin class."""

    @admin.display(description=description, ordering=f"{name}_from")
    def shown(_self: Any, row: models.Model) -> str:
        date = getattr(row, name)
        return date.display() if date is not None else EMPTY

    return shown


def counted(attribute: str, description: "str | StrPromise") -> Callable[[Any, models.Model], str]:
    """A column with a number that ``for_changelist`` annotated. No list is sorted by it: that would count all rows."""

    @admin.display(description=description)
    def shown(_self: Any, row: models.Model) -> str:
        number = getattr(row, attribute) or 0
        return said(number, MOST_COUNTED)

    return shown


def who_made(statement: Statement) -> str:
    """Issuers and speakers by their short names. No query where they are prefetched, as ``for_changelist`` does."""
    issuers = [row.organisation.short_name or row.organisation.name for row in statement.issuers.all()]
    speakers = [row.speaker.name for row in statement.speaker_roles.all()]
    return ", ".join([*issuers, *speakers]) or EMPTY


def link_to(row: models.Model) -> SafeString:
    """A link to the desk's page of a row. No query."""
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, row)
