"""Reference data: organisations, speakers, sources, measures and demands. Each is identified by its slug."""

from functools import partial
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from statements import text
from statements.importing.columns import (
    AddresseesWidget,
    AliasesWidget,
    ChoiceWidget,
    Column,
    DayWidget,
    HandlesWidget,
    IntegerWidget,
    LanguageWidget,
    PartialDateWidget,
    ReferenceWidget,
    TextWidget,
)
from statements.importing.directory import Entries
from statements.importing.drafts import Draft
from statements.importing.kinds.base import Kind, refuse_changes_of_public_rows, refuse_circles
from statements.models import Demand, Measure, Organisation, Source, Speaker
from statements.models.derived import canonical_url_of


class ReferenceKind(Kind):
    """Rows with a slug and a name: found by the slug, else by the name, which may be ambiguous."""

    identity = "slug"
    natural = "name"

    @property
    def entries(self) -> Entries:
        entries: Entries = self.directory.of(self.model)
        return entries

    def identify(self, drafts: list[Draft]) -> None:
        by_slug: dict[str, Draft] = {}
        for draft in drafts:
            slug = self._slug_of(draft)
            if slug is None:
                continue
            if slug in by_slug:
                self.refuse_twice(by_slug[slug], draft)
                continue
            self.take(draft, self.entries.by_slug.get(slug), partial(self.new_instance, slug=slug))
            by_slug[slug] = draft
            self.derive(draft)
            self.entries.add(draft.instance)

    def derive(self, draft: Draft) -> None:
        """Fill the columns of the database that follow from others."""

    def _slug_of(self, draft: Draft) -> str | None:
        slug = draft.values.get("slug")
        if slug is not None:
            if slug not in self.entries.by_slug and self.entries.given_up(slug) is not None:
                draft.refuse_identity("slug", self._given_up(slug))
                return None
            return str(slug)
        if draft.has_error_in("slug"):
            return None
        found = self.naturally(draft)
        if len(found) > 1:
            slugs = ", ".join(sorted(row.slug for row in found))
            draft.refuse_identity(
                self.natural, _("Several have this name: %(slugs)s. Write the slug of the one.") % {"slugs": slugs}
            )
            return None
        return str(found[0].slug) if found else self._derived(draft)

    def naturally(self, draft: Draft) -> list[Any]:
        """The rows of this very name: another spelling of case or accents is a correction of it."""
        name = text.fold(draft.values.get(self.natural, ""))
        return (
            [row for row in self.entries.named(name) if text.fold(getattr(row, self.natural)) == name] if name else []
        )

    def wanted_slug(self, draft: Draft) -> str:
        """The slug that this row gets when the file names none."""
        return text.slugify(draft.values.get(self.natural, ""))

    def _derived(self, draft: Draft) -> str | None:
        slug = self.wanted_slug(draft)
        if not slug:
            if all(draft.values.get(name) for name in self.required()):  # or what is missing is said of its column
                draft.refuse_identity(
                    "slug", _("No slug can be made of this: it has neither a letter nor a digit. Write a slug.")
                )
            return None
        row = self.entries.by_slug.get(slug)
        if self.entries.given_up(slug) is not None:
            draft.refuse_identity("slug", self._given_up(slug))
        elif row is not None and row.pk is not None and not self.is_same(row, draft):
            draft.refuse_identity(
                "slug",
                _("The slug made for this row, %(slug)s, is that of “%(row)s”. Write a slug.")
                % {"slug": slug, "row": row},
            )
        else:
            return slug
        return None

    def is_same(self, _row: models.Model, _draft: Draft) -> bool:
        """Whether a stored row that has the derived slug is what this row is about, although it has another name."""
        return False

    def _given_up(self, slug: str) -> str:
        return _("The address %(slug)s was given up; it leads to %(now)s. Write that slug, or a new one.") % {
            "slug": slug,
            "now": self.entries.given_up(slug).slug,
        }

    def check(self, drafts: list[Draft]) -> None:
        if "parent" in self.columns():
            refuse_circles(drafts, "parent", self._parent_slug, set())

    def _parent_slug(self, slug: str) -> str | None:
        parent = self.entries.by_slug[slug].parent
        return None if parent is None else str(parent.slug)

    def check_permissions(self, drafts: Any) -> None:
        super().check_permissions(drafts)
        refuse_changes_of_public_rows(self, drafts)


class Organisations(ReferenceKind):
    kind_name = "organisations"
    model = Organisation

    slug = Column("slug", TextWidget())
    name = Column("name", TextWidget(), required=True)
    short_name = Column("short_name", TextWidget())
    kind = Column("kind", ChoiceWidget(Organisation.Kind.values), required=True)
    country = Column("country", TextWidget())
    parent = Column("parent", ReferenceWidget(Organisation), in_second_pass=True)
    description = Column("description", TextWidget())
    website = Column("website", TextWidget())
    wikidata_id = Column("wikidata_id", TextWidget())
    aliases = Column("planned_aliases", AliasesWidget())


class Speakers(ReferenceKind):
    kind_name = "speakers"
    model = Speaker

    slug = Column("slug", TextWidget())
    name = Column("name", TextWidget(), required=True)
    aliases = Column("planned_aliases", AliasesWidget())
    description = Column("description", TextWidget())
    organisation = Column("organisation", ReferenceWidget(Organisation))
    handles = Column("planned_handles", HandlesWidget())

    def check(self, drafts: list[Draft]) -> None:
        owners: dict[tuple[str, str], Any] = {}
        touched = {id(draft.instance) for draft in drafts if "handles" in draft.values}
        for row in self.entries.by_slug.values():
            if id(row) not in touched:
                owners |= dict.fromkeys(row.planned_handles, row)
        for draft in drafts:
            for handle in draft.values.get("handles", []):
                owner = owners.setdefault(handle, draft.instance)
                if owner is not draft.instance:
                    draft.refuse(
                        "handles",
                        _("%(handle)s belongs to %(owner)s. A handle is one person's: take it from one of them.")
                        % {"handle": ":".join(handle), "owner": owner.slug},
                    )


class Sources(ReferenceKind):
    """Without a slug a source is found by its canonical address, without an address by publisher, title and date."""

    kind_name = "sources"
    model = Source
    natural = "url"

    slug = Column("slug", TextWidget())
    url = Column("url", TextWidget())
    title = Column("title", TextWidget(), required=True)
    publisher = Column("publisher", TextWidget(), required=True)
    author = Column("author", TextWidget())
    kind = Column("kind", ChoiceWidget(Source.Kind.values), required=True)
    language = Column("language", LanguageWidget())
    published = Column("published", PartialDateWidget())
    accessed_on = Column("accessed_on", DayWidget())

    def naturally(self, draft: Draft) -> list[Any]:
        try:
            return self.entries.named(draft.values["url"]) if draft.values.get("url") else []
        except ValueError as error:
            draft.refuse("url", str(error))
            return []

    def wanted_slug(self, draft: Draft) -> str:
        words = {name: draft.values.get(name, "") for name in ("publisher", "title", "url")}
        return text.derive_source_slug(**words, published=str(draft.values.get("published") or ""))

    def is_same(self, row: Any, draft: Draft) -> bool:
        return not row.url and not draft.values.get("url")

    def derive(self, draft: Draft) -> None:
        try:
            draft.instance.canonical_url = canonical_url_of(draft.instance)
        except ValueError as error:
            draft.refuse("url", str(error))

    def check(self, drafts: list[Draft]) -> None:
        by_instance = {id(draft.instance): draft for draft in drafts}
        for draft in drafts:
            address = draft.instance.canonical_url
            for other in self.entries.named(address) if address else []:
                if other is not draft.instance and not draft.has_error_in("url"):
                    self._refuse_address(draft, other, by_instance.get(id(other)))

    def _refuse_address(self, draft: Draft, other: Source, of_file: Draft | None) -> None:
        if of_file is None:
            sentence = _("The source %(slug)s has this address already. Write its slug, or another address.")
            draft.refuse("url", sentence % {"slug": other.slug})
        elif of_file.line < draft.line:
            sentence = _("Lines %(first)d and %(second)d have the same address. Keep one of them.")
            draft.refuse("url", sentence % {"first": of_file.line, "second": draft.line})


class Measures(ReferenceKind):
    kind_name = "measures"
    model = Measure

    slug = Column("slug", TextWidget())
    name = Column("name", TextWidget(), required=True)
    unit = Column("unit", TextWidget(), required=True)
    place = Column("place", TextWidget())
    country = Column("country", TextWidget())
    basis = Column("basis", ChoiceWidget(Measure.Basis.values), required=True)
    definition = Column("definition", TextWidget())
    parent = Column("parent", ReferenceWidget(Measure), in_second_pass=True)
    position = Column("position", IntegerWidget())


class Demands(ReferenceKind):
    kind_name = "demands"
    model = Demand
    natural = "title"

    slug = Column("slug", TextWidget())
    title = Column("title", TextWidget(), required=True)
    description = Column("description", TextWidget())
    theme = Column("theme", ChoiceWidget(Demand.Theme.values, may_be_empty=True))
    addressees = Column("planned_addressees", AddresseesWidget(Organisation))
    parent = Column("parent", ReferenceWidget(Demand), in_second_pass=True)
