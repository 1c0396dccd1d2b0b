"""Everything that a cell can refer to, in dictionaries: what is stored, and what earlier rows of the run will make."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext as _
from rapidfuzz import process

from statements import text
from statements.importing.bundles import Statements
from statements.importing.incoming import Options
from statements.importing.stored import stored_rows
from statements.importing.values.problems import CellProblem
from statements.models import Demand, Measure, OldSlug, Organisation, Source, Speaker, Statement
from statements.models.rules import row_problems
from statements.record.document import fetched
from statements.record.identities import REFERENCE_MODELS

Keys = Callable[[Any], Iterable[str]]

#: What many statements name: rows of these that no file looks for by their names are held, so many at most.
_HELD = frozenset([Organisation, Speaker, Demand, Measure])
_MOST_HELD = 5_000

#: What can be made of its name alone, and the field that takes it.
_MADE_BY_NAME: dict[type[models.Model], str] = {Organisation: "name", Speaker: "name", Demand: "title"}

_BY_NAME = {model.__name__: model for model in REFERENCE_MODELS.values()}


@dataclass(frozen=True)
class Made:
    """Something that a cell named and nobody had, made because staff asked for it. ``similar`` is the nearest known."""

    kind: str
    name: str
    slug: str
    similar: str


class Entries:
    """The rows of one model by slug, and by name (a source: by address)."""

    def __init__(
        self,
        model: type[models.Model],
        rows: Iterable[Any],
        *,
        keys: Keys,
        key: Callable[[str], str],
        make: Callable[[str, str], Any] | None = None,
    ) -> None:
        """``keys`` are what an instance is found by besides its slug, ``key`` brings a cell into their form. ``make``
        is called with the name of what is missing and the slug of the most similar, where that is to be made.
        """
        self.model = model
        self._make = make
        self._keys, self._key = keys, key
        self.by_slug: dict[str, Any] = {}
        self.by_pk: dict[int, Any] = {}
        self._found_by: dict[str, list[Any]] = {}
        self._keys_of: dict[int, list[str]] = {}
        self._given_up: dict[str, int] | None = None
        for row in rows:
            self.by_pk[row.pk] = row
            self.add(row)

    def add(self, row: Any) -> None:
        """Make a row findable, or findable by what it is called now. Its slug is unique and never changes."""
        self.by_slug.setdefault(row.slug, row)
        for key in self._keys_of.get(id(row), []):
            self._found_by[key].remove(row)
        self._keys_of[id(row)] = [key for key in dict.fromkeys(self._keys(row)) if key]
        for key in self._keys_of[id(row)]:
            self._found_by.setdefault(key, []).append(row)

    def __contains__(self, slug: object) -> bool:
        """Whether a row has this slug, or had it."""
        return slug in self.by_slug or self.given_up(str(slug)) is not None

    def named(self, name: str) -> list[Any]:
        """All that a name or an address leads to; else what a merge made of the row whose slug was made from this name.

        Raises ValueError for what is no address.
        """
        found = self._found_by.get(self._key(name), [])
        merged = None if found else self.given_up(text.slugify(name))
        return found if merged is None else [merged]

    def one(self, cell: str) -> Any:
        """What a cell names. Raises ValueError with a sentence where that is nothing, or several."""
        if cell in self.by_slug:
            return self.by_slug[cell]
        if self.given_up(cell) is not None:
            return self.given_up(cell)
        try:
            found = self.named(cell)
        except ValueError:
            found = []
        if len(found) == 1:
            return found[0]
        what = {"what": self.model._meta.verbose_name, "cell": cell}
        if found:
            slugs = sorted(row.slug for row in found)
            raise CellProblem(
                _("“%(cell)s” can mean several: %(slugs)s. Write one of these slugs.")
                % {**what, "slugs": ", ".join(slugs)},
                suggestion=slugs[0],
            )
        similar = self._nearest(cell)
        if self._make is not None:
            return self._make(cell, similar or "")
        if similar is None:
            raise CellProblem(_("No %(what)s is known as “%(cell)s”. Add it first, or correct the spelling.") % what)
        raise CellProblem(
            _("No %(what)s is known as “%(cell)s”. Did you mean “%(similar)s”? Otherwise add it first.")
            % {**what, "similar": similar},
            suggestion=similar,
        )

    def given_up(self, slug: str) -> Any:
        """The row that an old slug leads to. One query, once."""
        if self._given_up is None:
            kind = next(kind for kind, model in REFERENCE_MODELS.items() if model is self.model)
            self._given_up = dict(OldSlug.objects.filter(kind=kind).values_list("slug", "target_id"))
        return self.by_pk.get(self._given_up.get(slug, 0))

    def _nearest(self, cell: str) -> str | None:
        by_slug = nearest(cell, self.by_slug)
        if by_slug is not None:
            return by_slug
        by_name = nearest(text.fold(cell), [key for key, rows in self._found_by.items() if rows])
        return str(self._found_by[by_name][0].slug) if by_name is not None else None


class Directory:
    """Loaded model by model when a file needs it, each in a fixed number of queries."""

    def __init__(self, *, user: User, options: Options | None = None) -> None:
        """Where ``options`` say so, organisations, speakers and demands that a cell names and nobody has are made."""
        self.options = options or Options()
        self.statements = Statements(self.known)
        #: Rows that no file has a row of: sources that statements name by a new address, and what was missing.
        self.made: dict[type[models.Model], list[Any]] = {}
        self.made_by_name: list[Made] = []
        self._user = user
        self._entries: dict[type[models.Model], Entries] = {}
        #: By model: such as the issuers of those statements that get a count. Called as the first batch found them.
        self._held: dict[type[models.Model], dict[int, Any]] = {}

    def of(self, model: type[models.Model]) -> Any:
        """Entries of a model; for statements the object that holds what hangs on them, too."""
        if model is Statement:
            return self.statements
        if model not in self._entries:
            is_source = model is Source
            keys, key = (_address_of, text.canonical_address) if is_source else (_names_of, text.fold)
            make = partial(self._make, model) if self.options.create_missing and model in _MADE_BY_NAME else None
            self._entries[model] = Entries(model, stored_rows(model), keys=keys, key=key, make=make)
            self._held.pop(model, None)
        return self._entries[model]

    def known(self, model: type[models.Model], pks: Collection[int]) -> dict[int, Any]:
        """Rows by their numbers, from memory where they are there: see record.document.load."""
        is_whole = model in self._entries
        held = self._entries[model].by_pk if is_whole else self._held.setdefault(model, {})
        lacking = fetched(model, [pk for pk in pks if pk not in held])
        found = {**{pk: held[pk] for pk in pks if pk in held}, **lacking}
        if model in _HELD and not is_whole and len(held) + len(lacking) <= _MOST_HELD:
            held.update(lacking)
        return found

    def add_made(self, row: Any) -> None:
        self.of(type(row)).add(row)
        self.made.setdefault(type(row), []).append(row)

    def kept(self, name: str, slug: str, pk: int | None) -> Any:
        """What stands in this place now: model, slug, and id where it had one. Statements are named only."""
        if name == Statement.__name__:
            return Statement(pk=pk or self.statements.written[slug], slug=slug)
        return self.of(_BY_NAME[name]).by_slug[slug]

    def _make(self, model: type[models.Model], name: str, similar: str) -> Any:
        """Raises CellProblem where this user may not, or where the name can't stand."""
        entries = self.of(model)
        what = {"what": model._meta.verbose_name, "cell": name}
        if not self._user.has_perm(f"statements.add_{model._meta.model_name}"):
            raise CellProblem(_("No %(what)s is known as “%(cell)s”, and you may not add one.") % what)
        wanted = text.slugify(name)
        if not wanted:
            raise CellProblem(_("No %(what)s can be made of “%(cell)s”: it has neither a letter nor a digit.") % what)
        row: Any = model(slug=text.free_slug(wanted, taken=entries), **{_MADE_BY_NAME[model]: name})
        row.planned_aliases, row.planned_handles, row.planned_addressees = [], [], []
        if isinstance(row, Organisation):
            row.kind = Organisation.Kind.OTHER
        wrong = row_problems(row)
        if wrong:
            raise CellProblem(" ".join(sentence for _field, sentence in wrong))
        self.add_made(row)
        self.made_by_name.append(Made(str(model._meta.model_name), name, row.slug, similar))
        return row


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The most similar of these, where any is similar enough to be what was meant."""
    match = process.extractOne(word, list(known), score_cutoff=70)
    return match[0] if match else None


def _address_of(row: Any) -> list[str]:
    return [row.canonical_url or ""]


def _names_of(row: Any) -> list[str]:
    names = [getattr(row, "name", ""), getattr(row, "title", ""), getattr(row, "short_name", "")]
    names += [name for name, _language in getattr(row, "planned_aliases", [])]
    return [text.fold(name) for name in names]
