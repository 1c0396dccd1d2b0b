"""Statements with all that hangs on them, a batch at a time, without a query."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from statements import text
from statements.bulk import made
from statements.dates import PartialDate
from statements.models import (
    Citation,
    CountObservation,
    DemandMention,
    Issuer,
    Organisation,
    Source,
    SpeakerRole,
    Statement,
    Wording,
)
from statements.models.derived import fill_folded
from statements.models.statement import first_of
from statements.record.document import Bundle, Mention
from statements.scale import chance
from statements.scale.chance import any_of, numbers
from statements.scale.phrases import Phrases
from statements.scale.reference import World, source
from statements.scale.vocabulary import DESK_LANGUAGE, SOUNDS, Vocabulary, sentence

#: So many are drawn from one seed.
BATCH = 500

_LANGUAGES = chance.repeated({language: sounds.share for language, sounds in SOUNDS.items()})

#: Of 0, 1, 2, ...: two mentions, a count, and half a further source on average. Mentions are of different demands.
_MENTIONS = numbers(8, 30, 31, 17, 9, 5, 2)
_COUNTS = numbers(42, 32, 15, 7, 3, 1)
_FURTHER_SOURCES = numbers(62, 29, 7, 2)
_MOST_SOURCES = len(set(_FURTHER_SOURCES))
_FURTHER_ISSUERS = numbers(80, 12, 5, 3)
_SPEAKERS = numbers(45, 48, 7)

_KINDS, _ROLES = Statement.Kind.values, Citation.Role.values[1:]
_TRANSLATIONS = [kind for kind in Wording.Kind.values if "translation" in kind]
_BASES = chance.repeated({"printed": 90, "from the address": 6, "inferred": 4})
_PARTS = chance.repeated({"issued": 3, "joined": 5, "delivered on behalf": 1})
_FORCES = chance.repeated({"demand": 60, "appeal": 25, "condition": 5, "implied": 10})
_QUALIFIERS = chance.repeated(
    {
        "exact": 40,
        "about": 14,
        "more than": 14,
        "at least": 10,
        "nearly": 6,
        "up to": 5,
        "fewer than": 3,
        "range": 5,
        "unquantified": 3,
    }
)


@dataclass
class Batch:
    """Unsaved rows in the order in which they can be stored. ``first_source`` is the number of the first source."""

    first_source: int
    sources: list[Source] = field(default_factory=list)
    bundles: list[Bundle] = field(default_factory=list)


def batch(world: World, phrases: Phrases, first: int, last: int) -> Batch:
    """The statements with the ids first to last: of one seed, so that they don't depend on others."""
    random = chance.generator(world.seed, "statements", first)
    made_up = Batch(world.first_source + _MOST_SOURCES * (first - 1))
    for pk in range(first, last + 1):
        before = any_of(random, made_up.bundles) if made_up.bundles and random.random() < 0.08 else None
        made_up.bundles.append(_One(world, phrases, random, made_up, pk, before).bundle())
    return made_up


class _One:
    """One statement while it is made up. ``before`` is an earlier one that it relates to."""

    def __init__(
        self, world: World, phrases: Phrases, random: Random, made_up: Batch, pk: int, before: Bundle | None
    ) -> None:
        self._world, self._phrases, self._random, self._batch = world, phrases, random, made_up
        self._pk, self._before = pk, before
        self._language = any_of(random, _LANGUAGES)
        self._words = world.vocabularies[self._language]
        self._desk_words = world.vocabularies[DESK_LANGUAGE]
        self._issued = chance.issued(random)
        self._again: Bundle | None = None
        #: Sentences that hold what is quoted.
        self._said: list[str] = []

    def bundle(self) -> Bundle:
        statement = self._statement()
        found = Bundle(statement)
        found.issuers = list(self._issuers())
        found.speaker_roles = list(self._speakers(is_needed=not found.issuers))
        found.mentions = list(self._mentions())
        found.counts = list(self._counts())
        found.citations = list(self._citations())
        found.wordings = list(self._wordings(found.citations[0].source))
        # What the desk's index makes of these rows: so it needs to alter few.
        statement.lacks_content = not found.mentions and not found.counts
        statement.has_contradicting_dates = any(
            day is not None and day < self._issued.first
            for day in (row.source.published_until for row in found.citations)
        )
        statement.slug = text.derive_statement_slug(
            title=statement.title,
            issued=self._issued.isoformat(),
            first=first_of(
                ((row.part, row.organisation.slug) for row in found.issuers),
                (row.speaker.slug for row in found.speaker_roles),
            ),
        )
        return found

    def _statement(self) -> Statement:
        random, desk = self._random, self._desk_words
        related: dict[str, Any] = {}
        values: dict[str, Any] = {}
        if self._before is not None:
            values["relation"] = any_of(random, Statement.Relation.values)
            related["related_statement"] = self._before.statement
            if values["relation"] in Statement.SAYING_AGAIN:
                self._again = self._before
        if random.random() < 0.1:
            values["attribution"] = sentence(desk.words.many(random, 2)).rstrip(".")
        if random.random() < 0.3:
            values["place"] = sentence(desk.rare(random, 1)).rstrip(".")
        if random.random() < 0.2:
            values["occasion"] = sentence(desk.words.many(random, 4)).rstrip(".")
        if random.random() < 0.05:
            values["desk_note"] = sentence(desk.words.many(random, 8))
        row: Statement = made(
            Statement,
            related,
            id=self._pk,
            title=sentence(desk.words.many(random, 4 + int(random.random() * 5)) + desk.rare(random, 1)).rstrip("."),
            kind=any_of(random, _KINDS),
            language=self._language,
            issued_from=self._issued.first,
            issued_until=self._issued.last,
            issued_basis=any_of(random, _BASES),
            summary=" ".join(map(sentence, desk.sentences(random, 12 + int(random.random() * 16)))),
            **values,
        )
        fill_folded(row)
        return row

    def _issuers(self) -> Iterator[Issuer]:
        """One of twenty statements is a person's own."""
        random, world = self._random, self._world
        if self._again is not None:
            issuers = [(row.organisation, row.part) for row in self._again.issuers]
        elif random.random() < 0.05:
            issuers = []
        else:
            first = world.issuers.one(random)
            issuers = [(first, Issuer.Part.ISSUED.value)]
            for organisation in world.organisations.many(random, any_of(random, _FURTHER_ISSUERS)):
                if all(organisation is not known for known, _part in issuers):
                    part = any_of(random, _PARTS)
                    issuers.append((organisation, part))
        for position, (organisation, part) in enumerate(issuers):
            yield made(Issuer, {"organisation": organisation}, statement_id=self._pk, part=part, position=position)

    def _speakers(self, *, is_needed: bool) -> Iterator[SpeakerRole]:
        random = self._random
        count = max(any_of(random, _SPEAKERS), int(is_needed))
        for position, speaker in enumerate(dict.fromkeys(self._world.speakers.many(random, count))):
            attribution = sentence(self._desk_words.words.many(random, 3)).rstrip(".")
            yield made(
                SpeakerRole,
                {"speaker": speaker},
                statement_id=self._pk,
                attribution=attribution,
                position=position,
            )

    def _mentions(self) -> Iterator[Mention]:
        random = self._random
        if self._again is not None:
            demands = [mention.row.demand for mention in self._again.mentions]
        else:
            demands = self._world.demands.different(random, any_of(random, _MENTIONS))
        for number, demand in enumerate(demands, 1):
            quote = ""
            if random.random() < 0.85:
                quote = self._phrases.of_demand(self._language, demand)
                self._say(quote)
            values: dict[str, Any] = {}
            if random.random() < 0.1:
                deadline = chance.issued(random)
                values = {"deadline_from": deadline.first, "deadline_until": deadline.last}
            row = made(
                DemandMention,
                {"demand": demand},
                key=f"m{self._pk}-{number}",
                statement_id=self._pk,
                quote=quote,
                force=any_of(random, _FORCES),
                is_reiterated=random.random() < 0.15,
                locator=f"paragraph {number}" if random.random() < 0.1 else "",
                **values,
            )
            yield Mention(row, self._addressees())

    def _addressees(self) -> list[Organisation]:
        random = self._random
        count = 1 + int(random.random() * 2) if random.random() < 0.1 else 0
        return list(dict.fromkeys(self._world.organisations.many(random, count)))

    def _counts(self) -> Iterator[CountObservation]:
        random, world = self._random, self._world
        measures = world.measures.different(random, any_of(random, _COUNTS))
        if measures and random.random() < 0.05:
            measures.append(measures[0])  # two figures for one measure: they differ in their number
        for number, measure in enumerate(measures, 1):
            qualifier = any_of(random, _QUALIFIERS)
            value = int(20 * 1.3 ** (random.random() * 18)) * 10 + number
            quote = wording = ""
            if random.random() < 0.85:
                said = self._phrases.of_figure(self._language, measure)
                quote = said if qualifier == "unquantified" else f"{value} {said}"
                self._say(quote)
            if qualifier == "unquantified":
                wording = quote or f"many {measure.unit}"
            row = made(
                CountObservation,
                {"measure": measure},
                key=f"c{self._pk}-{number}",
                statement_id=self._pk,
                qualifier=qualifier,
                value=None if qualifier == "unquantified" else value,
                value_to=value + int(1 + random.random() * 200) if qualifier == "range" else None,
                wording=wording,
                quote=quote,
            )
            self._attribute(row)
            self._date(row)
            yield row

    def _attribute(self, row: CountObservation) -> None:
        random = self._random
        drawn = random.random()
        if drawn < 0.2:
            row.attributed_to = self._world.organisations.one(random)
        elif drawn < 0.3:
            row.attributed_wording = sentence(self._desk_words.words.many(random, 3)).rstrip(".")

    def _date(self, row: CountObservation) -> None:
        random, day = self._random, self._issued.first
        if random.random() < 0.4:
            before = day - datetime.timedelta(days=int(random.random() * 60))
            row.as_of = chance.less_precise(random, before, random.random())
        if row.measure.basis in ("total", "change") and random.random() < 0.7:
            since = day - datetime.timedelta(days=int(100 + random.random() * 800))
            row.since = PartialDate(since, since)

    def _citations(self) -> Iterator[Citation]:
        """The first is its own, or one that the batch knows; the others are anybody's."""
        random = self._random
        sources = [self._source(own=0.75)]
        for _further in range(any_of(random, _FURTHER_SOURCES)):
            other = self._source(own=0.2)
            if other not in sources:
                sources.append(other)
        for number, cited in enumerate(sources):
            role = any_of(random, _ROLES) if number else Citation.Role.ORIGINAL.value
            locator = f"page {int(1 + random.random() * 90)}" if random.random() < 0.1 else ""
            yield made(Citation, {"source": cited}, statement_id=self._pk, role=role, locator=locator)

    def _source(self, *, own: float) -> Source:
        random, known = self._random, self._batch.sources
        drawn = random.random()
        if drawn < own or not known:
            row = source(random, self._words, f"{self._pk}/{len(known)}")
            row.pk = self._batch.first_source + len(known)
            known.append(row)
            return row
        if drawn < own + (1 - own) * 0.2:
            return self._world.sources.one(random)
        return known[int(random.random() * len(known))]

    def _wordings(self, taken_from: Source) -> Iterator[Wording]:
        """One of twenty-five is known in a translation, too."""
        random = self._random
        yield self._wording(1, self._words, Wording.Kind.ORIGINAL.value, self._said, taken_from)
        if random.random() < 0.04:
            other = any_of(random, [words for words in self._world.vocabularies.values() if words is not self._words])
            kind = any_of(random, _TRANSLATIONS)
            yield self._wording(2, other, kind, [], None)

    def _wording(
        self, number: int, words: Vocabulary, kind: str, said: list[str], taken_from: Source | None
    ) -> Wording:
        """130 to 400 words, what is quoted among them, in paragraphs."""
        random = self._random
        length = 130 + int(random.random() ** 1.3 * 270) - sum(line.count(" ") + 1 for line in said)
        lines = [sentence(line) for line in words.sentences(random, max(length, 60))]
        for line in said:
            lines.insert(int(random.random() * len(lines)), line)
        paragraphs = [" ".join(lines[start : start + 6]) for start in range(0, len(lines), 6)]
        row: Wording = made(
            Wording,
            {"source": taken_from} if taken_from is not None else None,
            key=f"w{self._pk}-{number}",
            statement_id=self._pk,
            language=words.language,
            kind=kind,
            text="\n\n".join(paragraphs),
            is_excerpt=random.random() < 0.1,
        )
        return row

    def _say(self, quote: str) -> None:
        """A sentence with what is quoted between words of its own."""
        start, end = self._words.words.many(self._random, 2)
        self._said.append(f"{start.capitalize()} {quote} {end}.")
