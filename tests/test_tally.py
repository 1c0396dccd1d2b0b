"""What is counted beforehand is what there is, whatever was published, withdrawn or merged, and in whatever order."""

import json
import random

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish, withdraw
from statements.actions.steps import submit
from statements.dates import PartialDate
from statements.models import Demand, DemandPeriod, DemandVoice, Organisation, Statement, Tally
from statements.public import paging
from statements.public import statement as statement_page
from statements.record import index, tally
from statements.record.demands import demands_in_use
from statements.record.reading import number_of
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    publish_again,
    save_version,
)
from tests.merging import merged
from tests.public_walk import body_of


@pytest.fixture
def desk(editor: User) -> list[Statement]:
    """Nine statements, of which every third repeats or translates the one before it, over three of everything."""
    organisations = [OrganisationFactory() for _number in range(3)]
    speakers, demands = [SpeakerFactory() for _number in range(3)], [DemandFactory() for _number in range(3)]
    measures = [MeasureFactory() for _number in range(2)]
    made: list[Statement] = []
    for number in range(9):
        relation = ("repeats", "translates")[number % 2] if number % 3 else ""
        related = made[-1] if relation else None
        statement = StatementFactory(
            issued=("2021-05-03", "2021-05", "2021-12-30/2022-01-02")[number % 3],
            relation=relation,
            related_statement=related,
        )
        IssuerFactory(statement=statement, organisation=organisations[number % 3])
        if number % 2:
            IssuerFactory(statement=statement, organisation=organisations[(number + 1) % 3], part="joined")
        SpeakerRoleFactory(statement=statement, speaker=speakers[number % 3])
        CitationFactory(statement=statement)
        WordingFactory(statement=statement)
        for demand in {demands[number % 2], demands[2]}:
            DemandMentionFactory(statement=statement, demand=demand, quote="release of all")
        CountObservationFactory(statement=statement, measure=measures[number % 2], quote="1007")
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
        made.append(statement)
    return made


@pytest.mark.parametrize("seed", range(6))
def test_numbers_follow_whatever_is_published_withdrawn_and_merged(
    desk: list[Statement], reviewer: User, administrator: User, seed: int
) -> None:
    chance = random.Random(seed)
    for _step in range(14):
        statement = chance.choice(desk)
        statement.refresh_from_db()
        if statement.is_public:
            withdraw(statement=statement, by=reviewer, reason="A test.")
        else:
            publish(statement=statement, by=reviewer)
        assert tally.differences() == []
    for model in (Organisation, Demand):
        survivor, other = model._default_manager.order_by("pk")[:2]
        merged(survivor, other, by=administrator)
        assert tally.differences() == []
        assert index.differences() == []


def test_a_demand_is_first_said_by_the_repetition_while_what_it_repeats_is_not_public(
    desk: list[Statement], reviewer: User
) -> None:
    original, repetition = desk[0], desk[1]
    demand = Demand.objects.get(pk=max(Demand.objects.values_list("pk", flat=True)))

    def times() -> tuple[int, int]:
        row = demands_in_use(today=timezone.localdate()).filter(pk=demand.pk).first()
        return (row.shown, row.times) if row is not None else (0, 0)

    publish(statement=repetition, by=reviewer)
    assert times() == (1, 1)
    publish(statement=original, by=reviewer)
    assert times() == (2, 1)
    withdraw(statement=original, by=reviewer, reason="A test.")
    assert times() == (1, 1)


def test_what_nobody_finds_any_more_is_counted_nowhere(desk: list[Statement], reviewer: User) -> None:
    publish(statement=desk[0], by=reviewer)
    assert Tally.objects.exists()
    withdraw(statement=desk[0], by=reviewer, reason="A test.")
    assert not Tally.objects.exists()
    assert not DemandVoice.objects.exists()


def test_a_wrong_number_is_told_and_mended(
    desk: list[Statement], reviewer: User, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(statement=desk[0], by=reviewer)
    Tally.objects.filter(of="demand").update(number=7)
    with pytest.raises((CommandError, SystemExit)):
        call_command("check_data")
    assert "7 are counted, and there are 1: rebuild_record counts anew." in capsys.readouterr().out
    call_command("rebuild_record")
    assert tally.differences() == []


@pytest.mark.parametrize("together", [1, 50, 1_000_000])
def test_rebuilding_counts_the_same_however_much_is_stored_together(
    desk: list[Statement], editor: User, reviewer: User, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """The first repeats the last: alone in the index it is the first to say so, until the last is there as well."""
    desk[0].relation, desk[0].related_statement = "repeats", desk[-1]
    desk[0].issued = PartialDate.parse("2019-01")  # when nobody else said anything
    desk[0].save()
    save_version(statement=desk[0], by=editor)
    for statement in desk:
        publish(statement=statement, by=reviewer)
    monkeypatch.setattr(index, "BATCH", 1)
    monkeypatch.setattr(tally, "_TOGETHER", together)
    index.rebuild()
    assert tally.differences() == []
    assert not DemandPeriod.objects.filter(first__year=2019).exists()


def test_publishing_is_seen_in_facets_that_somebody_has_just_asked_for(
    desk: list[Statement], reviewer: User, client: Client
) -> None:
    issuer = desk[0].issuers.get().organisation
    for number, statement in ((1, desk[0]), (2, desk[3])):
        publish(statement=statement, by=reviewer)
        for _again in range(2):
            page = client.get("/statements/", {"issuer": issuer.slug}).content.decode()
            assert ("One statement" if number == 1 else "2 statements") in page
        assert number_of("part", issuer.pk) == number  # type: ignore[arg-type]


def test_lists_end_at_a_page_and_say_so(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_ROWS", 50)
    for _number in range(51):
        make_public_statement(by=editor, published_by=reviewer)
    last = client.get("/statements/?page=2").content.decode()
    assert "Page 2 of 2, where lists end: narrow it down to see what follows" in last
    assert 'rel="next"' not in last
    beyond = client.get("/statements/?page=3").content.decode()
    assert "There is no page 3: lists end at page 2. Narrow it down, or download all of it." in beyond
    refused = client.get("/statements.json?page=3")
    assert refused.status_code == 400
    assert "lists end at page 2" in refused.content.decode()
    assert json.loads(body_of(client.get("/statements.json")))["total"] == 51


def test_a_statement_that_very_many_repeat_shows_the_newest_of_them(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_page, "MOST_RELATED", 2)
    original = make_public_statement(by=editor, published_by=reviewer, title="The original")
    again = [make_public_statement(by=editor, published_by=reviewer, title=f"Again {number}") for number in range(3)]
    sentence = "These are the newest of them. The JSON of this statement has all."
    for number, statement in enumerate(again, 1):
        statement.relation, statement.related_statement = "repeats", original
        statement.issued_from = statement.issued_until = statement.issued_from.replace(day=number)
        statement.save()
        publish_again(statement, by=editor, published_by=reviewer)
        page = client.get("/statements/the-original/").content.decode()
        assert (sentence in page) == (number > 2)
    assert "Again 2" in page
    assert "Again 0" not in page
    assert len(client.get("/statements/the-original.json").json()["related"]) == 3
