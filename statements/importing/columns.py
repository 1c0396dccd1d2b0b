"""Columns of CSV files: reading a cell, and writing one.

A widget's ``clean`` takes the text of a cell that is neither blank nor ``[clear]`` and raises ValueError with a
sentence; ``render`` writes the cell that ``clean`` reads back as the same value.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.widgets import Widget

from statements.cells import NAME_AND_LANGUAGE, joined, split, with_language
from statements.importing.directory import Directory, nearest
from statements.importing.values.codes import read_country, read_language
from statements.importing.values.day_order import DayOrder
from statements.importing.values.days import read_date
from statements.importing.values.figures import Figure, read_figure
from statements.importing.values.numbers import read_whole
from statements.importing.values.problems import CellProblem
from statements.importing.values.words import choice_alike, read_boolean
from statements.text import canonical_address

CLEAR = "[clear]"


@dataclass
class CellContext:
    """What a cell is read in: what it can refer to, in which order the file writes the numbers of a date, which day it
    is, and what is to be told about how the cell was understood.
    """

    directory: Directory
    day_order: DayOrder
    today: datetime.date
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
        help_text: str | Promise = "",
        example: str = "",
    ) -> None:
        """``required``: a new row needs it, and it is never emptied. ``in_second_pass``: refers to rows of its own
        KIND. ``is_short_form``: only the import knows it; it stands for rows of other KINDs. ``help_text`` says what
        it means where the model's own does not, ``example`` is its cell in the KIND's template.
        """
        super().__init__(attribute=attribute, widget=widget)
        self.required = required
        self.in_second_pass = in_second_pass
        self.is_short_form = is_short_form
        self.help_text = help_text
        self.example = example

    @cached_property
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

    def meaning(self, model: type[models.Model]) -> str:
        """What stands in it, in the words that the model's own form has for it, or its own."""
        of_form = (getattr(model._meta.get_field(name), "help_text", "") for name in self.model_fields(model))
        return str(self.help_text) or next((str(words) for words in of_form if words), "")

    def model_fields(self, model: type[models.Model]) -> list[str]:
        """The columns of the database that it fills; none for a list."""
        known = {field.name for field in model._meta.concrete_fields}
        pair = [f"{self.attribute}_from", f"{self.attribute}_until"]
        return [name for name in (self.attribute, *pair) if name in known]


class TextWidget(Widget):
    #: Whether equal cells of a file have the same value, which nobody changes: then it is made out once for many.
    is_remembered = False

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        return value.replace("\r\n", "\n").replace("\r", "\n")

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return "" if value is None else str(value)

    def empty_value(self) -> Any:
        return ""


class UnderstoodWidget(TextWidget):
    """Reads what people type in many ways, and tells how it was understood where that is not plain."""

    is_remembered = True
    empty: Any = None

    def understood(self, cell: str, context: CellContext) -> tuple[Any, str]:
        """The value and a notice, or "". Raises CellProblem."""
        raise NotImplementedError

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        context = kwargs["context"]
        found, notice = self.understood(value, context)
        if notice:
            context.notices.append(notice)
        return found

    def empty_value(self) -> Any:
        return self.empty


class ChoiceWidget(TextWidget):
    """A value of a choice, also as the admin shows it, in any case, its words parted by anything."""

    is_remembered = True

    def __init__(self, allowed: Iterable[models.TextChoices], *, may_be_empty: bool = False) -> None:
        super().__init__()
        self.choices = list(allowed)
        self.allowed = [choice.value for choice in self.choices]
        self.may_be_empty = may_be_empty

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:
        if value in self.allowed:
            return value
        meant = choice_alike(value, {choice.value: str(choice.label) for choice in self.choices})
        if meant is None:
            folded = {allowed.casefold(): allowed for allowed in self.allowed}
            suggestion = folded.get(nearest(value.casefold(), folded) or "", "")
            raise CellProblem(_("“%(value)s” is none of: %(allowed)s.") % self._words(value), suggestion=suggestion)
        return meant

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


class IntegerWidget(UnderstoodWidget):
    def understood(self, cell: str, context: CellContext) -> tuple[int, str]:
        return read_whole(cell)


class FigureWidget(UnderstoodWidget):
    """Cleans to a Figure, of which the KIND makes the number, its qualifier and the upper end of a range."""

    def understood(self, cell: str, context: CellContext) -> tuple[Figure, str]:
        figure = read_figure(cell)
        return figure, figure.notice

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if not isinstance(value, Figure):
            return super().render(value, obj, **kwargs)
        # What else a cell says, an export writes into columns of its own.
        return "" if value.qualifier else str(value.value)


class BooleanWidget(UnderstoodWidget):
    empty = False

    def understood(self, cell: str, context: CellContext) -> tuple[bool, str]:
        return read_boolean(cell)

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return "" if value is None else "true" if value else "false"


class PartialDateWidget(UnderstoodWidget):
    def __init__(self, *, may_be_future: bool = False) -> None:
        super().__init__()
        self.may_be_future = may_be_future

    def understood(self, cell: str, context: CellContext) -> tuple[Any, str]:
        return read_date(cell, order=context.day_order, today=context.today, may_be_future=self.may_be_future)


class DayWidget(PartialDateWidget):
    def understood(self, cell: str, context: CellContext) -> tuple[datetime.date, str]:
        found, notice = super().understood(cell, context)
        if not found.is_day:
            raise CellProblem(_("“%(value)s” is not a day. Write it as 2022-01-27.") % {"value": cell})
        return found.first, notice


class LanguageWidget(UnderstoodWidget):
    empty = ""

    def understood(self, cell: str, context: CellContext) -> tuple[str, str]:
        return read_language(cell)


class CountryWidget(UnderstoodWidget):
    empty = ""

    def understood(self, cell: str, context: CellContext) -> tuple[str, str]:
        return read_country(cell)


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
        problems: list[CellProblem] = []
        mended: list[str] = []
        for name in parts_of(value):
            try:
                reference = entries.one(name)
            except CellProblem as problem:
                problems.append(problem)
                mended.append(problem.suggestion)
                continue
            if reference.slug in found:
                problems.append(CellProblem(_("“%(name)s” stands twice in this cell.") % {"name": name}))
            else:
                mended.append(name)
            found[reference.slug] = reference
        if problems:
            suggestion = joined(mended) if all(mended) else ""
            raise CellProblem(" ".join(map(str, problems)), suggestion=suggestion)
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


class AliasesWidget(UnderstoodWidget):
    """Pairs of a name and its language, written ``ЕСВД [ru]``; the language may be missing.

    A name that itself ends like that is told apart by empty brackets: ``Gazeta [by] []`` has no language.
    """

    is_remembered = False

    def understood(self, cell: str, context: CellContext) -> tuple[list[tuple[str, str]], str]:
        aliases: list[tuple[str, str]] = []
        notices: list[str] = []
        for part in parts_of(cell):
            match = NAME_AND_LANGUAGE.fullmatch(part)
            name, tag = (match["name"], match["language"]) if match else (part, "")
            try:
                language, notice = read_language(tag) if tag else ("", "")
            except CellProblem as problem:
                mended = cell.replace(f"[{tag}]", f"[{problem.suggestion}]") if problem.suggestion else ""
                raise CellProblem(str(problem), suggestion=mended) from None
            aliases.append((name, language))
            notices.append(notice)
        doubled = next((name for name, language in aliases if aliases.count((name, language)) > 1), None)
        if doubled is not None:
            raise CellProblem(_("“%(name)s” stands twice in this cell.") % {"name": doubled})
        return aliases, " ".join(filter(None, notices))

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:
        return joined(with_language(name, language) for name, language in value or [])

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


def parts_of(cell: str) -> list[str]:
    return [part for part in split(cell) if part]
