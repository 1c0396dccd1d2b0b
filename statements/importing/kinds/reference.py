"""Reference data: organisations, speakers, sources, measures and demands. Each is identified by its slug."""

from functools import partial
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import text
from statements.importing.columns import (
    AddresseesWidget,
    AliasesWidget,
    ChoiceWidget,
    Column,
    CountryWidget,
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
    purpose = gettext_lazy("Who issues statements, whom demands are addressed to, and whose figures are quoted.")
    model = Organisation

    slug = Column("slug", TextWidget(), example="example-centre")
    name = Column("name", TextWidget(), required=True, example="Example Centre for Human Rights")
    short_name = Column("short_name", TextWidget(), example="Example Centre")
    kind = Column("kind", ChoiceWidget(Organisation.Kind), required=True, example="NGO")
    country = Column("country", CountryWidget(), example="LT")
    parent = Column("parent", ReferenceWidget(Organisation), in_second_pass=True)
    description = Column(
        "description", TextWidget(), example="A made-up organisation that shows how a row is filled in."
    )
    website = Column("website", TextWidget(), example="https://example.org")
    wikidata_id = Column("wikidata_id", TextWidget())
    aliases = Column(
        "planned_aliases",
        AliasesWidget(),
        help_text=gettext_lazy("Its other names, in any language and script, from former times, too."),
        example="Beispielzentrum [de] | Центр-пример [ru]",
    )


class Speakers(ReferenceKind):
    kind_name = "speakers"
    purpose = gettext_lazy("People who speak in statements. The office of the day stands in each statement.")
    model = Speaker

    slug = Column("slug", TextWidget(), example="jane-example")
    name = Column(
        "name",
        TextWidget(),
        required=True,
        help_text=gettext_lazy("In full, and in English letters where that form is in use."),
        example="Jane Example",
    )
    aliases = Column(
        "planned_aliases",
        AliasesWidget(),
        help_text=gettext_lazy("Other forms of the name, in any language and script."),
        example="Джейн Пример [ru]",
    )
    description = Column("description", TextWidget(), example="Director of the Example Centre in 2022.")
    organisation = Column("organisation", ReferenceWidget(Organisation), example="example-centre")
    handles = Column(
        "planned_handles",
        HandlesWidget(),
        help_text=gettext_lazy("Accounts in social networks, so that posts are found."),
        example="x:@jane_example | telegram:jane_example",
    )

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
    purpose = gettext_lazy("Documents in which statements stand: pages, posts, articles, printed reports.")
    model = Source
    natural = "url"

    slug = Column("slug", TextWidget(), example="example-centre-2022-01-27")
    url = Column("url", TextWidget(), example="https://example.org/2022/01/27/statement")
    title = Column("title", TextWidget(), required=True, example="Call for the release of all political prisoners")
    publisher = Column("publisher", TextWidget(), required=True, example="Example Centre for Human Rights")
    author = Column("author", TextWidget(), example="Jane Example")
    kind = Column("kind", ChoiceWidget(Source.Kind), required=True, example="official")
    language = Column("language", LanguageWidget(), example="en")
    published = Column(
        "published", PartialDateWidget(), help_text=gettext_lazy("When this source printed it."), example="2022-01-27"
    )
    accessed_on = Column("accessed_on", DayWidget(), example="2022-02-01")

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
    purpose = gettext_lazy("What is counted. Only figures of one measure are shown together.")
    model = Measure

    slug = Column("slug", TextWidget(), example="example-political-prisoners")
    name = Column(
        "name",
        TextWidget(),
        required=True,
        help_text=gettext_lazy("What is counted, and where: political prisoners held in Belarus."),
        example="Political prisoners in the example",
    )
    unit = Column("unit", TextWidget(), required=True, example="people")
    place = Column(
        "place",
        TextWidget(),
        help_text=gettext_lazy("Where they are counted: a country, a town, a prison."),
        example="Belarus",
    )
    country = Column("country", CountryWidget(), example="BY")
    basis = Column("basis", ChoiceWidget(Measure.Basis), required=True, example="stock")
    definition = Column(
        "definition",
        TextWidget(),
        example="Everyone held at that moment whom the speaker counts as a political prisoner.",
    )
    parent = Column("parent", ReferenceWidget(Measure), in_second_pass=True)
    position = Column("position", IntegerWidget(), example="90")


class Demands(ReferenceKind):
    kind_name = "demands"
    purpose = gettext_lazy("What is demanded, in however many statements.")
    model = Demand
    natural = "title"

    slug = Column("slug", TextWidget(), example="example-release-all")
    title = Column("title", TextWidget(), required=True, example="Release all political prisoners of the example")
    description = Column(
        "description",
        TextWidget(),
        example="Freedom for everyone held on political grounds, in whatever words it is asked for.",
    )
    theme = Column("theme", ChoiceWidget(Demand.Theme, may_be_empty=True), example="release")
    addressees = Column(
        "planned_addressees",
        AddresseesWidget(Organisation),
        help_text=gettext_lazy("Of whom it is demanded, unless a statement asks somebody else."),
        example="example-centre",
    )
    parent = Column("parent", ReferenceWidget(Demand), in_second_pass=True)
