"""Rows for tests, as plain as can be: each is valid, and says only what a test did not."""

import datetime
from typing import Any

import factory
from django.contrib.auth.models import Group, User

from statements import text
from statements.actions.publishing import publish
from statements.actions.steps import submit
from statements.actions.versions import save_versions
from statements.dates import PartialDate
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    Issuer,
    Measure,
    Organisation,
    Source,
    Speaker,
    SpeakerRole,
    Statement,
    Through,
    Version,
    Wording,
)
from statements.models.derived import FOLDED, canonical_url_of, folded_words, write_mirrored_names
from statements.record.desk_index import refresh
from statements.record.document import load


def make_user(name: str, *roles: str, password: str | None = None, **fields: Any) -> User:
    """Without a password nobody can log in, but a test client can; hashing one takes a quarter of a second."""
    user = User.objects.create_user(name, password=password, is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def folded_column(model: Any) -> factory.LazyAttribute:
    return factory.LazyAttribute(
        lambda row: folded_words(model(**{name: getattr(row, name) for name in FOLDED[model]}))
    )


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.LazyAttribute(lambda o: text.slugify(o.name))
    kind = "NGO"

    @factory.post_generation
    def names(obj, create: bool, extracted: Any, **_kwargs: Any) -> None:  # noqa: N805  # factory-boy's signature
        if not create:
            return
        write_mirrored_names([obj])
        for name, language in extracted or []:
            obj.names.create(name=name, language=language, folded=text.fold(name))


class SpeakerFactory(factory.django.DjangoModelFactory[Speaker]):
    class Meta:
        model = Speaker
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Speaker {n}")
    slug = factory.LazyAttribute(lambda o: text.slugify(o.name))

    @factory.post_generation
    def names(obj, create: bool, extracted: Any, **_kwargs: Any) -> None:  # noqa: N805  # factory-boy's signature
        if not create:
            return
        write_mirrored_names([obj])
        for name, language in extracted or []:
            obj.names.create(name=name, language=language, folded=text.fold(name))


class SourceFactory(factory.django.DjangoModelFactory[Source]):
    class Meta:
        model = Source

    slug = factory.Sequence(lambda n: f"source-{n}")
    url = factory.LazyAttribute(lambda o: f"https://example.org/{o.slug}")
    canonical_url = factory.LazyAttribute(canonical_url_of)
    title = factory.Sequence(lambda n: f"Source {n}")
    publisher = "Example Press"
    author = ""
    folded = folded_column(Source)
    kind = "news"
    language = "en"
    published_from = datetime.date(2022, 1, 28)
    published_until = datetime.date(2022, 1, 28)


class StatementFactory(factory.django.DjangoModelFactory[Statement]):
    """``issued`` takes the text of a partial date."""

    class Meta:
        model = Statement
        skip_postgeneration_save = True

    class Params:
        issued = "2022-01-27"

    title = factory.Sequence(lambda n: f"Statement {n}")
    slug = factory.LazyAttribute(lambda o: text.slugify(o.title))
    kind = "press statement"
    language = "en"
    summary = "What was said, in the editor's words."
    issued_from = factory.LazyAttribute(lambda o: PartialDate.parse(o.issued).first)
    issued_until = factory.LazyAttribute(lambda o: PartialDate.parse(o.issued).last)

    @factory.post_generation
    def on_the_desk(obj, create: bool, _extracted: Any, **_kwargs: Any) -> None:  # noqa: N805  # factory-boy's signature
        if create:
            refresh([obj.pk])


class PartFactory(factory.django.DjangoModelFactory[Any]):
    """What hangs on a statement: whoever stores it tells the desk's lists, as every save does."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    @factory.post_generation
    def on_the_desk(obj, create: bool, _extracted: Any, **_kwargs: Any) -> None:  # noqa: N805  # factory-boy's signature
        if create:
            refresh([obj.statement_id])


class IssuerFactory(PartFactory):
    class Meta:
        model = Issuer

    statement = factory.SubFactory(StatementFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class SpeakerRoleFactory(PartFactory):
    class Meta:
        model = SpeakerRole

    statement = factory.SubFactory(StatementFactory)
    speaker = factory.SubFactory(SpeakerFactory)
    attribution = "Foreign Minister"


class WordingFactory(PartFactory):
    class Meta:
        model = Wording

    key = factory.Sequence(lambda n: f"w{n}")
    statement = factory.SubFactory(StatementFactory)
    language = "en"
    kind = "original"
    text = "We ask for the release of all 1007 political prisoners."


class CitationFactory(PartFactory):
    class Meta:
        model = Citation

    statement = factory.SubFactory(StatementFactory)
    source = factory.SubFactory(SourceFactory)
    role = "report"


class DemandFactory(factory.django.DjangoModelFactory[Demand]):
    class Meta:
        model = Demand

    title = factory.Sequence(lambda n: f"Demand {n}")
    slug = factory.LazyAttribute(lambda o: text.slugify(o.title))
    folded = folded_column(Demand)
    theme = "release"


class DemandMentionFactory(PartFactory):
    class Meta:
        model = DemandMention

    key = factory.Sequence(lambda n: f"m{n}")
    statement = factory.SubFactory(StatementFactory)
    demand = factory.SubFactory(DemandFactory)


class DemandUpdateFactory(factory.django.DjangoModelFactory[DemandUpdate]):
    class Meta:
        model = DemandUpdate

    demand = factory.SubFactory(DemandFactory)
    source = factory.SubFactory(SourceFactory)
    date_from = datetime.date(2022, 3, 1)
    date_until = datetime.date(2022, 3, 1)
    status = "open"


class MeasureFactory(factory.django.DjangoModelFactory[Measure]):
    class Meta:
        model = Measure

    name = factory.Sequence(lambda n: f"Measure {n}")
    slug = factory.LazyAttribute(lambda o: text.slugify(o.name))
    place = ""
    folded = folded_column(Measure)
    unit = "people"
    basis = "stock"


class CountObservationFactory(PartFactory):
    class Meta:
        model = CountObservation

    key = factory.Sequence(lambda n: f"c{n}")
    statement = factory.SubFactory(StatementFactory)
    measure = factory.SubFactory(MeasureFactory)
    qualifier = "exact"
    value = 1007


def save_version(*, statement: Statement, by: User) -> Version | None:
    """The desk as it stands, as the form saves it: the next version, or None when the content is that of the latest."""
    made = save_versions(bundles=load([statement.pk]).values(), by=by, through=Through.FORM)
    return made[0] if made else None


def make_statement(*, by: User, **fields: Any) -> Statement:
    """A statement as an editor would have entered it, with one of everything and its version."""
    statement = StatementFactory(**fields)
    IssuerFactory(statement=statement)
    source = SourceFactory()
    CitationFactory(statement=statement, source=source)
    WordingFactory(statement=statement, source=source)
    DemandMentionFactory(statement=statement, quote="release of all")
    CountObservationFactory(statement=statement, quote="1007 political prisoners")
    save_version(statement=statement, by=by)
    return statement


def make_public_statement(*, by: User, published_by: User, **fields: Any) -> Statement:
    """A statement that went the whole way: entered and submitted by one, published by the other."""
    statement = make_statement(by=by, **fields)
    submit(statement=statement, by=by)
    publish(statement=statement, by=published_by)
    return statement


def publish_again(
    statement: Statement, *, by: User, published_by: User, revision: str = "minor fix", note: str = ""
) -> None:
    """Let readers see a statement as it stands on the desk now: saved and submitted by one, published by the other."""
    save_version(statement=statement, by=by)
    submit(statement=statement, by=by)
    publish(statement=statement, by=published_by, revision=revision, note=note)
