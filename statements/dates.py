"""Partial dates: a day, a month, a year, or an interval in which the day lies.

Stored as two columns, ``<name>_from`` and ``<name>_until``: the first and the last possible day; equal means a known
day. Written as one text in ISO 8601 (``2022-01-27``, ``2022-01``, ``2022``, ``2022-01-20/2022-01-27``,
``2020-08/2021-01``). A month never turns into its first day: whatever shows a date goes through this module.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self, overload

from babel.core import Locale
from babel.dates import format_date, format_skeleton
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.locales import active_locale

HELP_TEXT = gettext_lazy("As precise as known: 2022-01-27, 2022-01, 2022, or 2022-01-20/2022-01-27.")

_ENDPOINT = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class PartialDate:
    """The first and the last possible day of something. Sorts by the first day, as lists do."""

    first: datetime.date
    last: datetime.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(_("An interval ends before it begins: write the earlier date first."))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ISO 8601. Raises ValueError with a sentence for the person who typed it."""
        start, slash, end = text.strip().partition("/")
        if not slash:
            return cls(*_days_of(start, text))
        return cls(_days_of(start.strip(), text)[0], _days_of(end.strip(), text)[1])

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    def isoformat(self) -> str:
        """The shortest text that ``parse`` reads back as the same two days."""
        if self.is_day:
            return self.first.isoformat()
        starts_year = (self.first.month, self.first.day) == (1, 1)
        ends_year = (self.last.month, self.last.day) == (12, 31)
        ends_month = self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]
        if starts_year and ends_year:
            length = 4
        elif self.first.day == 1 and ends_month:
            length = 7
        else:
            length = 10
        start, end = self.first.isoformat()[:length], self.last.isoformat()[:length]
        return start if start == end else f"{start}/{end}"

    def display(self) -> str:
        """In words of the active language, as precise as known: "November 2021", "between 20 and 27 January 2022"."""
        locale = active_locale()
        text = self.isoformat()
        start, slash, end = text.partition("/")
        if not slash:
            return _in_words(start, locale)
        if len(start) == 10 and start[:7] == end[:7]:
            return _("between %(start)s and %(end)s") % {"start": int(start[8:]), "end": _in_words(end, locale)}
        return _("between %(start)s and %(end)s") % {
            "start": _in_words(start, locale),
            "end": _in_words(end, locale),
        }

    def __str__(self) -> str:
        return self.isoformat()


@lru_cache(maxsize=8192)
def _days_of(endpoint: str, whole: str) -> tuple[datetime.date, datetime.date]:
    match = _ENDPOINT.fullmatch(endpoint)
    if match is None:
        raise ValueError(
            _("“%(text)s” is not a date this site reads. Write 2022-01-27, 2022-01, 2022 or 2022-01-20/2022-01-27.")
            % {"text": whole.strip()}
        )
    year, month, day = int(match["year"]), int(match["month"] or 0), int(match["day"] or 0)
    try:
        first = datetime.date(year, month if match["month"] else 1, day if match["day"] else 1)
    except ValueError:
        raise ValueError(_("“%(text)s” is not a day of the calendar.") % {"text": whole.strip()}) from None
    if match["day"]:
        return first, first
    last_month = month or 12
    return first, datetime.date(year, last_month, calendar.monthrange(year, last_month)[1])


@lru_cache(maxsize=8192)
def _in_words(endpoint: str, locale: Locale) -> str:
    year, month, day = (int(part) for part in (endpoint + "-01-01").split("-")[:3])
    date = datetime.date(year, month, day)
    if len(endpoint) == 4:
        return endpoint
    if len(endpoint) == 7:
        return format_skeleton("yMMMM", date, locale=locale)
    return format_date(date, format="long", locale=locale)


def overlapping(name: str, *, after: PartialDate | None = None, before: PartialDate | None = None) -> Q:
    """Rows whose pair ``name`` may lie on or after ``after`` begins and on or before ``before`` ends."""
    condition = Q()
    if after is not None:
        condition &= Q(**{f"{name}_until__gte": after.first})
    if before is not None:
        condition &= Q(**{f"{name}_from__lte": before.last})
    return condition


class PartialDateProperty:
    """The pair ``<name>_from``, ``<name>_until`` of a model as one value: a PartialDate, or None."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        # Names of the attributes, built once: this is read for every row of a list.
        self.first, self.last = f"{name}_from", f"{name}_until"

    @overload
    def __get__(self, instance: None, owner: type) -> "PartialDateProperty": ...
    @overload
    def __get__(self, instance: models.Model, owner: type) -> PartialDate | None: ...
    def __get__(self, instance: models.Model | None, owner: type) -> "PartialDateProperty | PartialDate | None":
        if instance is None:
            return self
        first, last = getattr(instance, self.first), getattr(instance, self.last)
        return None if first is None or last is None else PartialDate(first, last)

    def __set__(self, instance: models.Model, value: PartialDate | None) -> None:
        setattr(instance, self.first, value.first if value else None)
        setattr(instance, self.last, value.last if value else None)


def pair_constraint(name: str, *, prefix: str, required: bool = False) -> models.CheckConstraint:
    """Both days or neither, in order: the rule of every pair. ``prefix`` makes the name unique in the database."""
    ordered = Q(
        **{f"{name}_from__isnull": False, f"{name}_until__isnull": False, f"{name}_until__gte": F(f"{name}_from")}
    )
    empty = Q(**{f"{name}_from__isnull": True, f"{name}_until__isnull": True})
    return models.CheckConstraint(
        name=f"{prefix}_{name}_is_a_partial_date",
        condition=ordered if required else ordered | empty,
        violation_error_message=gettext_lazy("A date needs its first and its last possible day, the earlier first."),
    )


class PartialDateFormField(forms.CharField):
    """One text for a pair; cleans to a PartialDate, or to None when blank."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", HELP_TEXT)
        kwargs.setdefault("max_length", 21)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            return PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, PartialDate) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (self.prepare_value(initial) or "") != str(data or "").strip()
