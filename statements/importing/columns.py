"""Columns of CSV files: reading a cell, and writing one.

A widget's ``clean`` takes the text of a cell that is neither blank nor ``[clear]`` and raises ValueError with a
sentence; ``render`` writes the cell that ``clean`` reads back as the same value.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from statements.dates import PartialDate
from statements.importing.directory import Directory
from statements.models.codes import validate_language
from statements.text import canonical_address

CLEAR = "[clear]"
SEPARATOR = "|"
_SEPARATOR = re.compile(r"(?<!\\)\|")
_LARGEST_NUMBER = 2**63 - 1  # what the database's columns hold
_LANGUAGE_AT_THE_END = re.compile(r"(?P<name>.*\S)\s*\[(?P<language>(?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)?)\]", re.DOTALL)


@dataclass
class CellContext:
    """What a cell is read in: what it can refer to, and what is to be told about how it was understood."""

    directory: Directory
    notices: list[str] = field(default_factory=list)


class Column(Field):
    """A column of a KIND. ``attribute`` is where the value stands on an instance.

    Lists and what stands in other tables are attributes that begin with ``planned_``: the KIND loads and writes them.
    """

    def __init__(
        self,
        attribute: str,
        widget: Widget,
        *,
        required: bool = False,
        in_second_pass: bool = False,
        is_short_form: bool = False,
    ) -> None:
        """``required``: a new row needs it, and it is never emptied. ``in_second_pass``: refers to rows of its own
        KIND. ``is_short_form``: only the import knows it; it stands for rows of other KINDs.
        """
        super().__init__(attribute=attribute, widget=widget)
        self.required = required
        self.in_second_pass = in_second_pass
        self.is_short_form = is_short_form

    @property
    def name(self) -> str:
        return str(self.column_name)

    def value_of(self, cell: str, context: CellContext) -> Any:
        """The value of a cell that isn't blank. Raises ValueError with a sentence."""
        if cell == CLEAR:
            if self.required:
                raise ValueError(_("This column is required: it can't be emptied."))
            return self.widget.empty_value()
        return self.widget.clean(cell, context=context)

    def cell_of(self, instance: models.Model) -> str:
        return str(self.widget.render(getattr(instance, self.attribute, None)))

    def model_fields(self, model: type[models.Model]) -> list[str]:
        """The columns of the database that it fills; none for a list."""
        known = {field.name for field in model._meta.concrete_fields}
        pair = [f"{self.attribute}_from", f"{self.attribute}_until"]
        return [name for name in (self.attribute, *pair) if name in known]


class TextWidget(Widget):
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        return value.replace("\r\n", "\n").replace("\r", "\n")

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return "" if value is None else str(value)

    def empty_value(self) -> Any:
        return ""


class ChoiceWidget(TextWidget):
    def __init__(self, allowed: Iterable[str], *, may_be_empty: bool = False) -> None:
        super().__init__()
        self.allowed = [str(value) for value in allowed]
        self.may_be_empty = may_be_empty

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        if value not in self.allowed:
            raise ValueError(_("“%(value)s” is none of: %(allowed)s.") % self._words(value))
        return value

    def empty_value(self) -> Any:
        if not self.may_be_empty:
            raise ValueError(_("It can't be emptied. Write one of: %(allowed)s.") % self._words(""))
        return ""

    def _words(self, value: str) -> dict[str, str]:
        return {"value": value, "allowed": ", ".join(self.allowed)}


class StepWidget(ChoiceWidget):
    """An import hands in drafts and what waits for a reviewer; whatever is further is written as one of the two."""

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return "in review" if value in ("in review", "scheduled") else "draft"


class IntegerWidget(TextWidget):
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        if not re.fullmatch(r"[0-9]+", value):
            raise ValueError(
                _("“%(value)s” is not a whole number. Write digits only, such as 1007: no spaces, commas or words.")
                % {"value": value}
            )
        if len(value) > len(str(_LARGEST_NUMBER)) or int(value) > _LARGEST_NUMBER:
            raise ValueError(_("“%(value)s” is larger than any number that is kept.") % {"value": value})
        return int(value)

    def empty_value(self) -> Any:
        return None


class BooleanWidget(TextWidget):
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        if value not in ("true", "false"):
            raise ValueError(_("“%(value)s” is neither true nor false. Write one of the two.") % {"value": value})
        return value == "true"

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return "" if value is None else "true" if value else "false"

    def empty_value(self) -> Any:
        return False


class PartialDateWidget(TextWidget):
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        return PartialDate.parse(value)

    def empty_value(self) -> Any:
        return None


class DayWidget(TextWidget):
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass  # the sentence below holds for 2022-02-30, too
        raise ValueError(_("“%(value)s” is not a day. Write it as 2022-01-27.") % {"value": value})

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return "" if value is None else str(value.isoformat())

    def empty_value(self) -> Any:
        return None


class LanguageWidget(TextWidget):
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        return _checked_language(value)


class ReferenceWidget(TextWidget):
    """Something named by its slug, a name or an alias; a source by its slug or address."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__()
        self.model = model

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return kwargs["context"].directory.of(self.model).one(value)

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return "" if value is None else str(value.slug)

    def empty_value(self) -> Any:
        return None


class ReferencesWidget(ReferenceWidget):
    """A list of them; every one that can't be found is reported."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        entries = kwargs["context"].directory.of(self.model)
        found: dict[str, Any] = {}
        wrong: list[str] = []
        for name in parts_of(value):
            try:
                reference = entries.one(name)
            except ValueError as error:
                wrong.append(str(error))
                continue
            if reference.slug in found:
                wrong.append(_("“%(name)s” stands twice in this cell.") % {"name": name})
            found[reference.slug] = reference
        if wrong:
            raise ValueError(" ".join(wrong))
        return list(found.values())

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return joined(reference.slug for reference in value or [])

    def empty_value(self) -> Any:
        return []


class AddresseesWidget(ReferencesWidget):
    """A list without an order: it is written in that of the slugs, so that another order is no change."""

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return joined(sorted(reference.slug for reference in value or []))


class WordsWidget(TextWidget):
    """A list of texts. ``keeps_blanks``: a blank position counts, since the list goes with another one."""

    def __init__(self, *, keeps_blanks: bool = False) -> None:
        super().__init__()
        self.keeps_blanks = keeps_blanks

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        return split(value) if self.keeps_blanks else parts_of(value)

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return joined(value or []) if any(value or []) else ""

    def empty_value(self) -> Any:
        return []


class AddressesWidget(WordsWidget):
    """A list of addresses on the web."""

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        by_canonical: dict[str, str] = {}
        for url in parts_of(value):
            by_canonical.setdefault(canonical_address(url), url)
        return list(by_canonical.values())

    def empty_value(self) -> Any:
        raise ValueError(_("This column only adds sources. Take them away on the statement's page."))


class AliasesWidget(TextWidget):
    """Pairs of a name and its language, written ``ЕСВД [ru]``; the language may be missing.

    A name that itself ends like that is told apart by empty brackets: ``Gazeta [by] []`` has no language.
    """

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        aliases = []
        for part in parts_of(value):
            match = _LANGUAGE_AT_THE_END.fullmatch(part)
            name, language = (match["name"], match["language"]) if match else (part, "")
            aliases.append((name, _checked_language(language) if language else ""))
        doubled = next((name for name, language in aliases if aliases.count((name, language)) > 1), None)
        if doubled is not None:
            raise ValueError(_("“%(name)s” stands twice in this cell.") % {"name": doubled})
        return aliases

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return joined(
            f"{name} [{language}]" if language or _LANGUAGE_AT_THE_END.fullmatch(name) else name
            for name, language in value or []
        )

    def empty_value(self) -> Any:
        return []


class HandlesWidget(TextWidget):
    """Pairs of a network and a handle, written ``x:@name``."""

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        handles = []
        for part in parts_of(value):
            network, colon, handle = (piece.strip() for piece in part.partition(":"))
            if not (colon and handle and re.fullmatch(r"[a-z0-9.-]+", network)):
                raise ValueError(
                    _("“%(value)s” is not a handle. Write the network in small letters, a colon and the name: x:@name.")
                    % {"value": part}
                )
            handles.append((network, handle))
        return list(dict.fromkeys(handles))

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return joined(f"{network}:{handle}" for network, handle in value or [])

    def empty_value(self) -> Any:
        return []


def split(cell: str) -> list[str]:
    """The positions of a list, blank ones included. A bar within one is written ``\\|``."""
    return [part.strip().replace(r"\|", SEPARATOR) for part in _SEPARATOR.split(cell)]


def parts_of(cell: str) -> list[str]:
    return [part for part in split(cell) if part]


def joined(parts: Iterable[str]) -> str:
    return f" {SEPARATOR} ".join(part.replace(SEPARATOR, r"\|") for part in parts)


def _checked_language(tag: str) -> str:
    try:
        validate_language(tag)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return tag
