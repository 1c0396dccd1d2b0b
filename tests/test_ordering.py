"""A list in its order: whichever way its pages are found, they are those of all that meets the criteria, sorted."""

import datetime
import random
from collections.abc import Iterator
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from statements.dates import PartialDate
from statements.models import Entry, EntryWords, Tally
from statements.record import ordering
from statements.record.content_version import readers_see_a_change
from statements.record.listing import (
    COUNTED_OF_COLUMN,
    FACET_OF_PARAMETER,
    SORTS,
    TODAY_OF_PARAMETER,
    TODAY_OF_WORD,
    Criteria,
    matching,
    total,
)
from statements.record.ordering import identities
from statements.record.search import parse, with_names
from tests.factories import make_public_statement


def _date(chance: random.Random) -> str:
    year, month, day = chance.randint(2019, 2022), chance.randint(1, 12), chance.randint(1, 28)
    texts = (f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}", f"{year}-{month:02}-{day:02}/{year + 1}")
    return chance.choice(texts)


@pytest.mark.parametrize("seed", range(5))
def test_dates_from_either_end_find_what_plain_comparing_finds(editor: User, reviewer: User, seed: int) -> None:
    chance = random.Random(seed)
    for _number in range(14):
        make_public_statement(by=editor, published_by=reviewer, issued=_date(chance))
    readers_see_a_change()
    entries = list(Entry.objects.all())
    for _question in range(30):
        after = PartialDate.parse(_date(chance))
        before = PartialDate.parse(_date(chance)) if chance.random() < 0.5 else None
        within = [e for e in entries if e.issued_until >= after.first and (not before or e.issued_from <= before.last)]
        for sort, turned in (("-issued", True), ("issued", False)):
            criteria = Criteria(issued_after=after, issued_before=before, sort=sort)
            ordered = [e.pk for e in sorted(within, key=_key, reverse=turned)]
            assert _whole(criteria) == ordered
            assert total(criteria) == identities(criteria).count() == len(ordered)
            size = chance.randint(1, 5)
            pages = [list(identities(criteria)[start : start + size]) for start in range(0, len(ordered) + size, size)]
            assert [pk for page in pages for pk in page] == ordered
            assert all(len(page) == size for page in pages[: len(ordered) // size])


#: Of each part what it is counted by.
_COUNTED_BY = {**FACET_OF_PARAMETER, **TODAY_OF_PARAMETER, **TODAY_OF_WORD, **COUNTED_OF_COLUMN}
del _COUNTED_BY["has_count"]


def _commonest() -> dict[str, list[int | str]]:
    """Of each part the values that find most."""
    found: dict[str, list[int | str]] = {}
    for parameter, of in _COUNTED_BY.items():
        most = Tally.objects.filter(of=of).order_by("-number", "target_id", "value")[:3]
        found[parameter] = [tally.value or tally.target_id for tally in most]
    return found


def _words() -> list[str]:
    """What can be typed into the search: words of a statement, two of them in quotation marks, one left out."""
    texts = [words.search_text.split() for words in EntryWords.objects.order_by("pk")[:3]]
    return [
        *(text[0] for text in texts),
        texts[0][0][:2],
        f'"{texts[0][0]} {texts[0][1]}"',
        f"{texts[1][0][:2]} -{texts[0][0]}",
        f"{texts[1][0][:3]} {texts[1][1][:3]}",
    ]


def _asked(chance: random.Random, values: dict[str, list[int | str]], words: list[str]) -> Iterator[Criteria]:
    while True:
        asked: dict[str, object] = {
            name: tuple(chance.sample(values[name], chance.choice((1, 1, 1, 2))))
            for name in chance.sample(sorted(values), chance.choice((0, 1, 1, 2, 2, 3)))
        }
        if chance.random() < 0.5:
            asked["q"] = with_names([parse(chance.choice(words)) for _again in range(chance.choice((1, 1, 2)))])
        if chance.random() < 0.2:
            asked["has_count"] = chance.random() < 0.5
        for name in ("issued_after", "issued_before"):
            if chance.random() < 0.3:
                asked[name] = PartialDate.parse(f"{chance.randint(2000, 2025)}-{chance.randint(1, 12):02}")
        yield Criteria(**asked, sort=chance.choice(list(SORTS)))  # type: ignore[arg-type]  # each as its part has it


@pytest.mark.django_db
@pytest.mark.parametrize("walked", [1, 40, 200, 5000])
def test_whatever_is_asked_the_pages_are_those_of_all_that_is_found(
    monkeypatch: pytest.MonkeyPatch, walked: int
) -> None:
    """However far rows are asked one by one: to the end of a page, to none of it, to some rows of a day."""
    call_command("make_scale_data", statements=400, seed=5, processes=1, stdout=StringIO())
    monkeypatch.setattr(ordering, "_WALKED", walked)
    questions = _asked(random.Random(walked), _commonest(), _words())
    found_in_all, found_nothing = 0, 0
    for _question in range(250):
        criteria = next(questions)
        every = list(matching(criteria).order_by(*SORTS[criteria.sort]).values_list("pk", flat=True))
        found_in_all += len(every)
        found_nothing += not every
        for number in (None, len(every)):
            found = identities(criteria, number=number)
            for start in (0, 5, 95, 98):
                assert list(found[start : start + 5]) == every[start : start + 5], criteria
        assert found.count() == total(criteria) == len(every), criteria
        assert _whole(criteria) == every, criteria
    assert found_in_all > 3000
    assert found_nothing < 150


@pytest.mark.django_db
def test_a_word_that_is_in_very_many_names_is_looked_for_in_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("make_scale_data", statements=100, seed=5, processes=1, stdout=StringIO())
    monkeypatch.setattr("statements.record.search._FEW_WORDS", 0)
    word = _words()[3]
    for criteria in (
        Criteria(q=with_names([parse(word)])),
        Criteria(q=with_names([parse(word)]), issued_after=PartialDate.parse("2010-06")),
    ):
        every = list(matching(criteria).order_by(*SORTS["-issued"]).values_list("pk", flat=True))
        assert len(every) > 5
        assert list(identities(criteria, number=len(every))[0:5]) == every[:5]


def _key(entry: Entry) -> tuple[datetime.date, int]:
    return entry.issued_from, entry.pk


def _whole(criteria: Criteria) -> list[int]:
    return list(identities(criteria).iterator(chunk_size=3))
