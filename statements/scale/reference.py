"""Organisations, speakers, demands, measures and the sources that many statements share."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import transaction

from statements import text
from statements.bulk import insert, made, update
from statements.models import Demand, DemandUpdate, Measure, Name, Organisation, Source, Speaker
from statements.models.derived import canonical_url_of, fill_folded, mirrored_names, names_of
from statements.models.names import folded_name
from statements.scale import chance
from statements.scale.chance import Leading, Shares, any_of
from statements.scale.vocabulary import DESK_LANGUAGE, LANGUAGES, Vocabulary, sentence, titled

#: What every organisation says of itself, so that nobody takes it for real, and with it what the data set is.
MADE_UP = "Made up for measurements with --statements {count} --seed {seed}."

#: Of all statements, those of the commonest issuer and those with the commonest demand; of those that readers see, the
#: ones with the commonest measure. Here of the ones that have any, which is what is drawn.
COMMONEST_ISSUER, COMMONEST_DEMAND, COMMONEST_MEASURE = 0.12 / 0.95, 0.25 / 0.92, 0.2 / 0.58 / 0.9

ENTERED_AT = datetime.datetime(2018, 12, 1, tzinfo=datetime.UTC)

_MOST = {Organisation: 4000, Speaker: 6000, Demand: 1500, Measure: 60, Source: 300}
#: A small data set has fewer, so that each has some statements.
_STATEMENTS_FOR_EACH = {Organisation: 5, Speaker: 3, Demand: 13, Measure: 20, Source: 60}
_LEAST = 12

_COUNTRIES = [
    *("BY", "LT", "LV", "PL", "UA", "DE", "FR", "US", "GB", "EE", "CZ", "SE", "NO", "FI", "DK", "NL", "BE", "AT", "CH"),
    *("IT", "ES", "PT", "IE", "CA", "GE", "MD", "AM", "AZ", "KZ", "KG", "UZ", "TJ", "RU", "RS", "SK", "SI", "RO", "BG"),
]
_ADDRESSEES, _UPDATES = chance.numbers(1, 6, 3, 1), chance.numbers(4, 3, 2, 1)
_SOURCE_KINDS = Source.Kind.values
#: In each language.
_PUBLISHERS = 300
_UNITS = ("people", "cases", "arrests", "trials", "days", "journalists")


@dataclass(frozen=True)
class World:
    """All that statements name. Its rows are stored."""

    seed: int
    vocabularies: dict[str, Vocabulary]
    issuers: Leading[Organisation]
    speakers: Shares[Speaker]
    demands: Leading[Demand]
    measures: Leading[Measure]
    sources: Shares[Source]

    @property
    def first_source(self) -> int:
        """The first number that no source has."""
        return max(row.pk for row in self.sources.things) + 1

    @property
    def organisations(self) -> Shares[Organisation]:
        """All but the commonest issuer."""
        return self.issuers.others


def world(seed: int, count: int) -> World:
    """What ``count`` statements need, unsaved."""
    vocabularies = {language: Vocabulary.made(language, seed) for language in LANGUAGES}
    words = vocabularies[DESK_LANGUAGE]
    described = MADE_UP.format(count=count, seed=seed)
    rows: dict[type[Any], list[Any]] = {}
    for model, one in _MAKERS.items():
        random = chance.generator(seed, model.__name__)
        wanted = max(_LEAST, min(_MOST[model], count // _STATEMENTS_FOR_EACH[model]))
        rows[model] = list(_each(random, wanted, words, described, one))
    for demand, addressees in zip(rows[Demand], _addressees(seed, rows[Demand], rows[Organisation]), strict=True):
        demand.planned_addressees = addressees
    return World(
        seed=seed,
        vocabularies=vocabularies,
        issuers=Leading.of(rows[Organisation], COMMONEST_ISSUER, flattened=8.0),
        speakers=Shares.of(rows[Speaker], flattened=20.0),
        demands=Leading.of(rows[Demand], COMMONEST_DEMAND),
        measures=Leading.of(rows[Measure], COMMONEST_MEASURE),
        sources=Shares.of(rows[Source]),
    )


_Maker = Callable[[Random, Vocabulary, int, str], Any]


def _each(random: Random, count: int, words: Vocabulary, described: str, one: _Maker) -> Iterator[Any]:
    taken: set[str] = set()
    for rank in range(count):
        row = one(random, words, rank, described)
        row.slug = text.free_slug(row.slug, taken=taken)
        taken.add(row.slug)
        fill_folded(row)
        yield row


def _organisation(random: Random, words: Vocabulary, rank: int, described: str) -> Organisation:
    kind = random.choice(Organisation.Kind.values)
    name = titled((*words.rare(random, 2 + rank % 3), "" if kind == "other" else kind)).strip()
    row: Organisation = made(
        Organisation,
        name=name,
        short_name="".join(word[0] for word in name.split()).upper() if rank % 2 else "",
        slug=text.slugify(name),
        kind=kind,
        country="" if rank % 10 == 9 else random.choice(_COUNTRIES),
        description=described,
    )
    return row


def _speaker(random: Random, words: Vocabulary, _rank: int, described: str) -> Speaker:
    name = titled(words.rare(random, 2))
    row: Speaker = made(Speaker, name=name, slug=text.slugify(name), description=described)
    return row


def _demand(random: Random, words: Vocabulary, _rank: int, described: str) -> Demand:
    title = sentence(words.words.many(random, 4) + words.rare(random, 2)).rstrip(".")
    row: Demand = made(
        Demand, title=title, slug=text.slugify(title), description=described, theme=random.choice(Demand.Theme.values)
    )
    return row


def _measure(random: Random, words: Vocabulary, rank: int, described: str) -> Measure:
    name = sentence(words.rare(random, 3)).rstrip(".")
    row: Measure = made(
        Measure,
        name=name,
        slug=text.slugify(name),
        unit=_UNITS[rank % len(_UNITS)],
        country="" if rank % 4 == 3 else random.choice(_COUNTRIES),
        basis=Measure.Basis.values[rank % len(Measure.Basis.values)],
        definition=described,
        position=rank + 1,
    )
    return row


def _source(random: Random, words: Vocabulary, rank: int, _described: str) -> Source:
    return source(random, words, f"shared/{rank}")


def source(random: Random, words: Vocabulary, path: str) -> Source:
    """A source at an address that ends in ``path``, by which it differs from all others; its slug, too."""
    host = any_of(random, words.words.things[:_PUBLISHERS])
    title = words.words.many(random, 5)
    published = chance.issued(random)
    row: Source = made(
        Source,
        url=f"https://{host}.example/{path}?id={int(random.random() * 9)}",
        title=sentence(title),
        publisher=titled((host,)),
        kind=any_of(random, _SOURCE_KINDS),
        language=any_of(random, LANGUAGES),
        published_from=published.first,
        published_until=published.last,
    )
    row.canonical_url = canonical_url_of(row)
    row.slug = f"{text.slugify(row.publisher)}-{path.replace('/', '-')}"
    fill_folded(row)
    return row


_MAKERS: dict[type[Any], _Maker] = {
    Organisation: _organisation,
    Speaker: _speaker,
    Demand: _demand,
    Measure: _measure,
    Source: _source,
}


def _addressees(
    seed: int, demands: Sequence[Demand], organisations: Sequence[Organisation]
) -> Iterator[list[Organisation]]:
    """Most demands are addressed to the same few."""
    random, often = chance.generator(seed, "addressees"), Shares.of(organisations[1:])
    for _demand in demands:
        drawn = often.many(random, any_of(random, _ADDRESSEES))
        yield list({row.slug: row for row in drawn}.values())


@transaction.atomic
def store(known: World) -> None:
    """All rows of it, with what hangs on them."""
    random = chance.generator(known.seed, "relations")
    organisations = [known.issuers.first, *known.organisations.things]
    demands = [known.demands.first, *known.demands.others.things]
    measures = [known.measures.first, *known.measures.others.things]
    insert(organisations)
    for speaker in known.speakers.things:
        if random.random() < 0.8:
            speaker.organisation_id = random.choice(organisations).pk
    for rows in (known.speakers.things, demands, measures, known.sources.things):
        insert(rows)
    _store_parents(random, organisations, demands, measures)
    _store_names(random, known, organisations)
    through = Demand.addressees.through
    insert(
        [
            made(through, demand_id=demand.pk, organisation_id=organisation.pk)
            for demand in demands
            for organisation in demand.planned_addressees  # type: ignore[attr-defined]
        ]
    )
    insert(list(_updates(random, demands, known.sources)))


def _store_parents(random: Random, *lists: Sequence[Any]) -> None:
    """A part has a later place than the whole: so there are no circles."""
    for rows in lists:
        parts = [row for row in rows[1:] if random.random() < 0.2]
        places = {row.pk: place for place, row in enumerate(rows)}
        for row in parts:
            row.parent_id = rows[int(random.random() ** 3 * places[row.pk])].pk
        update(parts, ["parent_id"])


def _store_names(random: Random, known: World, organisations: Sequence[Organisation]) -> None:
    """Their own, and for every third one in another language."""
    others = [vocabulary for language, vocabulary in known.vocabularies.items() if language != DESK_LANGUAGE]
    for owners in (organisations, known.speakers.things):
        names: list[Any] = []
        for owner in owners:
            names += mirrored_names(owner)
            if random.random() < 0.33:
                vocabulary = random.choice(others)
                name = titled(vocabulary.rare(random, 2))
                names.append(
                    names_of(owner)(
                        owner=owner,
                        kind=Name.Kind.OTHER,
                        name=name,
                        language=vocabulary.language,
                        folded=folded_name(name),
                    )
                )
        insert(names)


def _updates(random: Random, demands: Sequence[Demand], sources: Shares[Source]) -> Iterator[DemandUpdate]:
    """One for each demand on average, published by a second person."""
    for demand in demands:
        for _update in range(any_of(random, _UPDATES)):
            date, other = chance.issued(random), sources.one(random)
            yield made(
                DemandUpdate,
                {"demand": demand, "source": other},
                date_from=date.first,
                date_until=date.last,
                status=random.choice(DemandUpdate.Status.values),
                saved_by_name="scale data",
                published_by_name="scale data",
                published_at=ENTERED_AT,
            )


def made_up_organisation() -> Organisation | None:
    """One of this database that was made up here."""
    return Organisation.objects.filter(description__startswith=MADE_UP.partition("{")[0]).first()


def count_of(organisation: Organisation) -> int:
    """How many statements the data set was to have that an organisation was made up for."""
    return int(organisation.description.partition("--statements ")[2].split()[0])
