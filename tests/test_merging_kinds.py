"""Merging each kind of reference data: everything that named the other names the survivor, and nothing is lost."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.merging import preview
from statements.actions.merging.relations import RELATIONS, Way
from statements.actions.refusal import Refusal
from statements.models import (
    Citation,
    CountObservation,
    DemandMention,
    DemandUpdate,
    Issuer,
    ReferenceChange,
    Source,
    Speaker,
    SpeakerHandle,
    SpeakerRole,
    Statement,
    Wording,
)
from tests import factories as f
from tests.merging import merged
from tests.public_walk import without_citation

DAY = datetime.date(2022, 3, 1)


def public(statement: Statement, *, editor: User, reviewer: User) -> Statement:
    f.publish_again(statement, by=editor, published_by=reviewer, revision="")
    return statement


def new_statement(**fields: Any) -> Statement:
    statement = f.StatementFactory(**fields)
    f.CitationFactory(statement=statement, role="archive")
    return statement


def assert_nothing_names(row: Any, pk: int) -> None:
    for relation in RELATIONS[type(row)]:
        if relation.way is not Way.INDEX:
            assert not relation.rows(pk).exists(), relation


def test_all_that_names_an_organisation_names_the_survivor(editor: User, reviewer: User) -> None:
    survivor, other = f.OrganisationFactory(), f.OrganisationFactory()
    statement = f.make_statement(by=editor)
    statement.issuers.update(organisation=other)
    statement.counts.update(attributed_to=other)
    statement.mentions.get().addressees.set([other])
    demand = f.DemandFactory()
    demand.addressees.set([other, survivor])
    f.OrganisationFactory(name="Part", parent=other)
    person = f.SpeakerFactory(organisation=other)
    public(statement, editor=editor, reviewer=reviewer)
    pk = other.pk
    shown = merged(survivor, other, by=reviewer)
    assert_nothing_names(survivor, pk)
    assert {moved.label: moved.count for moved in shown.moved} == {
        "Statements in which it has a part": 1,
        "Demands in statements that name it as addressee": 1,
        "Figures that are attributed to it": 1,
        "Demands addressed to it": 1,
        "People who belong to it": 1,
        "Parts of it": 1,
    }
    assert shown.public == 1
    assert list(demand.addressees.all()) == [survivor]
    person.refresh_from_db()
    assert person.organisation == survivor
    assert [part.name for part in survivor.parts.all()] == ["Part"]


def test_no_name_is_lost_where_both_are_called_the_same(reviewer: User) -> None:
    survivor = f.OrganisationFactory(name="Ministry", short_name="MFA", names=[("МИД", "ru")])
    other = f.OrganisationFactory(
        name="Ministry", slug="ministry-2", short_name="MoFA", names=[("МИД", "ru"), ("МЗС", "be"), ("MFA", "")]
    )
    shown = preview(survivor=survivor, other=other, by=reviewer)
    assert sorted(shown.names) == ["MoFA", "МЗС [be]"]
    merged(survivor, other, by=reviewer)
    names = {(name.kind, name.name, name.language) for name in survivor.names.all()}
    assert names == {
        ("main", "Ministry", ""),
        ("short", "MFA", ""),
        ("other", "МИД", "ru"),
        ("other", "МЗС", "be"),
        ("other", "MoFA", ""),
    }


def test_a_blank_short_name_is_filled_and_stands_once(reviewer: User) -> None:
    survivor, other = f.OrganisationFactory(name="A"), f.OrganisationFactory(name="B", short_name="Bee", website="")
    merged(survivor, other, by=reviewer)
    assert sorted((name.kind, name.name) for name in survivor.names.all()) == [
        ("main", "A"),
        ("other", "B"),
        ("short", "Bee"),
    ]


@pytest.mark.parametrize("first", [True, False])
def test_two_parts_of_the_same_in_one_statement_become_the_stronger(first: bool, editor: User, reviewer: User) -> None:
    survivor, other = f.OrganisationFactory(), f.OrganisationFactory()
    statement = new_statement()
    pair = [(survivor, "joined"), (other, "issued")]
    for position, (organisation, part) in enumerate(pair if first else pair[::-1]):
        f.IssuerFactory(statement=statement, organisation=organisation, part=part, position=position)
    third = f.IssuerFactory(statement=statement, position=2)
    public(statement, editor=editor, reviewer=reviewer)
    shown = merged(survivor, other, by=reviewer)
    assert list(statement.issuers.values_list("organisation", "part")) == [
        (survivor.pk, "issued"),
        (third.organisation.pk, "issued"),
    ]
    assert dict(shown.joined[0].lost) == {"part": "joined"}
    record = ReferenceChange.objects.get(target_id=survivor.pk)
    assert "part: joined" in record.changes[f"{statement.slug}: issuers (1)"][1]
    statement.refresh_from_db()
    assert statement.step == "done", "readers see what the desk says"


def test_two_issuers_that_are_one_are_shown_to_readers_once(editor: User, reviewer: User, client: Client) -> None:
    survivor, other = f.OrganisationFactory(name="Stays"), f.OrganisationFactory(name="Goes")
    statement = new_statement()
    f.IssuerFactory(statement=statement, organisation=other)
    f.IssuerFactory(statement=statement, organisation=survivor, position=1)
    public(statement, editor=editor, reviewer=reviewer)
    merged(survivor, other, by=reviewer)
    page = without_citation(client.get(f"/statements/{statement.slug}/").content.decode())
    assert page.count('href="/organisations/stays/"') == 1
    assert "Goes" not in page
    old = client.get(f"/statements/{statement.slug}/versions/1/").content.decode()
    assert ">Stays<" in old
    assert ">Goes<" in old


def test_all_that_names_a_speaker_names_the_survivor(editor: User, reviewer: User, client: Client) -> None:
    survivor = f.SpeakerFactory(name="Sviatlana Tsikhanouskaya")
    other = f.SpeakerFactory(name="Святлана Ціханоўская", slug="tsikhanouskaya")
    SpeakerHandle.objects.create(speaker=other, network="x", handle="@Tsihanouskaya")
    statement = new_statement()
    f.SpeakerRoleFactory(statement=statement, speaker=other, attribution="National leader")
    f.SpeakerRoleFactory(statement=statement, speaker=survivor, attribution="Candidate", position=1)
    public(statement, editor=editor, reviewer=reviewer)
    pk = other.pk
    merged(survivor, other, by=reviewer)
    assert_nothing_names(survivor, pk)
    assert [str(handle) for handle in survivor.handles.all()] == ["x:@Tsihanouskaya"]
    assert SpeakerRole.objects.get().attribution == "National leader; Candidate"
    assert "National leader; Candidate" in client.get(f"/speakers/{survivor.slug}/").content.decode()
    assert client.get("/speakers/tsikhanouskaya/")["Location"] == f"/speakers/{survivor.slug}/"
    assert Speaker.objects.filter(names__name="Святлана Ціханоўская").get() == survivor


def test_all_that_names_a_source_names_the_survivor_and_locators_are_joined(editor: User, reviewer: User) -> None:
    survivor, other = f.SourceFactory(url="", canonical_url=None), f.SourceFactory(author="A. Writer")
    statement = f.StatementFactory()
    f.IssuerFactory(statement=statement)
    for source, locator in ((other, "page 1"), (survivor, "page 2")):
        f.CitationFactory(statement=statement, source=source, locator=locator)
    f.CitationFactory(statement=statement, source=other, role="archive")
    for source in (other, survivor):
        f.WordingFactory(statement=statement, source=source)
    f.DemandUpdateFactory(source=other)
    public(statement, editor=editor, reviewer=reviewer)
    pk, url = other.pk, other.url
    shown = merged(survivor, other, by=reviewer)
    assert_nothing_names(survivor, pk)
    assert sorted(Citation.objects.values_list("role", "locator")) == [("archive", ""), ("report", "page 1; page 2")]
    assert Wording.objects.count() == 1, "the same words from the same source"
    assert [one.joined.name for one in shown.joined] == ["citations", "wordings"]
    survivor.refresh_from_db()
    assert (survivor.author, survivor.url, survivor.canonical_url) == ("A. Writer", url, url)


def test_two_addresses_of_one_source_are_told_and_the_other_is_kept_on_record(reviewer: User) -> None:
    survivor, other = f.SourceFactory(), f.SourceFactory()
    shown = merged(survivor, other, by=reviewer)
    assert {field.name for field in shown.staying} == {"url", "title"}
    gone = ReferenceChange.objects.order_by("pk").last()
    assert gone is not None
    assert gone.changes["url"] == [other.url, ""]


def test_the_publication_date_of_a_source_is_filled_as_a_whole(reviewer: User) -> None:
    survivor = f.SourceFactory(published_from=None, published_until=None)
    other = f.SourceFactory(published_from=datetime.date(2022, 1, 1), published_until=datetime.date(2022, 1, 31))
    merged(survivor, other, by=reviewer)
    survivor.refresh_from_db()
    assert str(survivor.published) == "2022-01"


def test_all_that_names_a_demand_names_the_survivor(editor: User, reviewer: User, client: Client) -> None:
    survivor, other = f.DemandFactory(title="Release all"), f.DemandFactory(title="Free everybody")
    part = f.DemandFactory(title="Release one", parent=other)
    organisation = f.OrganisationFactory()
    other.addressees.add(organisation)
    statement = f.make_statement(by=editor)
    statement.mentions.update(demand=other)
    f.DemandMentionFactory(statement=statement, demand=survivor, quote="political prisoners")
    public(statement, editor=editor, reviewer=reviewer)
    pk = other.pk
    merged(survivor, other, by=reviewer)
    assert_nothing_names(survivor, pk)
    part.refresh_from_db()
    assert part.parent == survivor
    assert list(survivor.addressees.all()) == [organisation]
    assert DemandMention.objects.count() == 2, "another quote is another mention"
    assert client.get("/demands/free-everybody/")["Location"] == "/demands/release-all/"
    page = client.get("/demands/release-all/").content.decode()
    assert "political prisoners" in page
    assert "release of all" in page


def test_mentions_that_say_the_same_become_one_with_all_that_both_said(editor: User, reviewer: User) -> None:
    survivor, other = f.DemandFactory(), f.DemandFactory()
    statement = new_statement()
    f.IssuerFactory(statement=statement)
    first = f.DemandMentionFactory(statement=statement, demand=survivor, note="The first.", force="demand")
    second = f.DemandMentionFactory(statement=statement, demand=other, note="The second.", force="appeal")
    first.addressees.add(f.OrganisationFactory(name="First"))
    second.addressees.add(f.OrganisationFactory(name="Second"))
    public(statement, editor=editor, reviewer=reviewer)
    shown = merged(survivor, other, by=reviewer)
    mention = DemandMention.objects.get()
    assert mention.note == "The first.\nThe second."
    assert mention.addressees.count() == 2
    assert dict(shown.joined[0].lost) == {"force": "appeal"}, "one force stays, and the preview says which goes"


def test_all_that_names_a_measure_names_the_survivor(editor: User, reviewer: User, client: Client) -> None:
    survivor, other = f.MeasureFactory(name="Political prisoners"), f.MeasureFactory(name="Prisoners", place="Belarus")
    part = f.MeasureFactory(name="Women", parent=other)
    statement = new_statement()
    f.IssuerFactory(statement=statement)
    same = {"statement": statement, "value": 1007}
    f.CountObservationFactory(measure=survivor, **same)
    f.CountObservationFactory(measure=other, note="By Viasna.", **same)
    f.CountObservationFactory(measure=other, qualifier="at least", **same)
    public(statement, editor=editor, reviewer=reviewer)
    pk = other.pk
    shown = merged(survivor, other, by=reviewer)
    assert_nothing_names(survivor, pk)
    assert list(CountObservation.objects.values_list("qualifier", "note")) == [
        ("exact", "By Viasna."),
        ("at least", ""),
    ]
    assert len(shown.joined) == 1
    part.refresh_from_db()
    survivor.refresh_from_db()
    assert (part.parent, survivor.place) == (survivor, "Belarus")
    page = client.get("/measures/political-prisoners/").content.decode()
    assert "at least" in page
    assert client.get("/measures/prisoners/")["Location"] == "/measures/political-prisoners/"


@pytest.mark.parametrize("kind", ["demand", "source"])
def test_the_update_that_readers_see_stays_and_the_other_is_kept_on_record(
    kind: str, editor: User, reviewer: User
) -> None:
    factory = {"demand": f.DemandFactory, "source": f.SourceFactory}[kind]
    rest = {"source": f.SourceFactory()} if kind == "demand" else {"demand": f.DemandFactory()}
    survivor, other = factory(), factory()
    f.DemandUpdateFactory(**{kind: survivor}, **rest, status="open", note="Not yet.", saved_by=editor)
    f.DemandUpdateFactory(
        **{kind: other}, **rest, status="met", note="Done.", published_at=timezone.now(), published_by=reviewer
    )
    shown = merged(survivor, other, by=reviewer)
    update = DemandUpdate.objects.get()
    assert (update.status, update.note, update.published_by) == ("met", "Done.", reviewer)
    assert getattr(update, kind) == survivor
    assert shown.updates[0].lost == {"status": "open", "note": "Not yet."}
    record = ReferenceChange.objects.get(target_id=survivor.pk, kind=kind)
    assert any("Not yet." in old for old, _new in record.changes.values())


def test_notes_of_two_equal_updates_are_joined_and_who_wrote_them_does_not_publish_them(
    editor: User, reviewer: User
) -> None:
    survivor, other, source = f.DemandFactory(), f.DemandFactory(), f.SourceFactory()
    f.DemandUpdateFactory(demand=survivor, source=source, note="One.", saved_by=editor)
    f.DemandUpdateFactory(demand=other, source=source, note="Two.", saved_by=reviewer)
    merged(survivor, other, by=reviewer)
    update = DemandUpdate.objects.get()
    assert update.note == "One.\nTwo."
    assert reviewer in update.authors.all()


def test_a_source_keeps_what_nobody_else_may_have(reviewer: User) -> None:
    """The canonical address is one source's only: the survivor takes it once the other is gone."""
    survivor, other = f.SourceFactory(url="", canonical_url=None), f.SourceFactory()
    merged(survivor, other, by=reviewer)
    assert Source.objects.get().canonical_url == other.url


def test_a_demand_is_not_merged_with_a_part_of_it(reviewer: User) -> None:
    whole = f.DemandFactory()
    part = f.DemandFactory(parent=whole)
    with pytest.raises(Refusal, match="is a part of"):
        preview(survivor=part, other=whole, by=reviewer)


def test_other_issuers_of_the_statement_stay_as_they_are(editor: User, reviewer: User) -> None:
    survivor, other = f.OrganisationFactory(), f.OrganisationFactory()
    statement = f.make_statement(by=editor)
    f.IssuerFactory(statement=statement, organisation=other, position=1, part="delivered on behalf")
    f.save_version(statement=statement, by=editor)
    merged(survivor, other, by=reviewer)
    assert list(Issuer.objects.values_list("part", flat=True)) == ["issued", "delivered on behalf"]
