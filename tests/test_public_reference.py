"""The pages of demands, measures, organisations, speakers and sources, the home page, and those of errors."""

import datetime
import re
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish_all, withdraw
from statements.actions.steps import submit
from statements.models import Demand, Measure, Statement
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    DemandUpdateFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    make_statement,
    save_version,
)


def text_of(client: Client, address: str) -> str:
    """The words of a page, without its tags."""
    response = client.get(address)
    assert response.status_code == 200, address
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def demand(db: None) -> Demand:
    return DemandFactory(title="Release everybody", description="Whoever is held.")


@pytest.fixture
def made(demand: Demand, editor: User, reviewer: User) -> dict[str, Statement]:
    """Two organisations together, one of them again, a speaker alone, a translation of the first and a repetition."""
    one, two = OrganisationFactory(name="First office"), OrganisationFactory(name="Second office")
    rows = {
        "joint": StatementFactory(title="Joint", issued="2021-11"),
        "again": StatementFactory(title="Again", issued="2022-02-01"),
        "alone": StatementFactory(title="Alone", issued="2022-03-01"),
    }
    rows["translation"] = StatementFactory(
        title="Translation", issued="2021-12", relation="translates", related_statement=rows["joint"]
    )
    rows["quoting"] = StatementFactory(
        title="Quoting", issued="2022-04", relation="quotes", related_statement=rows["joint"]
    )
    for name, organisations in {
        "joint": [one, two],
        "again": [one],
        "alone": [],
        "translation": [OrganisationFactory(name="Translators")],
        "quoting": [two],
    }.items():
        for organisation in organisations:
            IssuerFactory(statement=rows[name], organisation=organisation)
        CitationFactory(statement=rows[name])
        DemandMentionFactory(statement=rows[name], demand=demand, quote=f"free them, {name}", force="appeal")
    SpeakerRoleFactory(statement=rows["alone"], speaker=SpeakerFactory(name="Anna"))
    SpeakerRoleFactory(statement=rows["again"], speaker=SpeakerFactory(name="Berta"))
    for statement in rows.values():
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
    publish_all(statements=list(rows.values()), by=reviewer)
    return rows


def test_a_demand_is_counted_without_what_only_translates_or_repeats(
    made: dict[str, Statement], demand: Demand, client: Client, reviewer: User
) -> None:
    words = text_of(client, "/demands/release-everybody/")
    assert "made in 4 statements by 2 organisations and one person" in words
    assert "(one more statement only repeats or translates another one)" in words
    assert "The 5 statements that make it" in words
    assert "repeats or translates another statement, not counted again" in words
    assert "First November 2021: Joint" in words
    assert "Last April 2022" in words
    withdraw(statement=made["joint"], by=reviewer, reason="A mistake.")
    words = text_of(client, "/demands/release-everybody/")
    # The translation speaks for itself now.
    assert "made in 4 statements by 3 organisations and one person" in words
    assert "another statement, not counted again" not in words


def test_a_demand_that_only_a_repetition_makes_is_counted_there(
    demand: Demand, editor: User, reviewer: User, client: Client
) -> None:
    first = make_public_statement(by=editor, published_by=reviewer, title="First")
    repeating = make_statement(by=editor, title="Repeating", relation="repeats", related_statement=first)
    DemandMentionFactory(statement=repeating, demand=demand)
    save_version(statement=repeating, by=editor)
    submit(statement=repeating, by=editor)
    publish_all(statements=[repeating], by=reviewer)
    words = text_of(client, "/demands/release-everybody/")
    assert "made in one statement by one organisation" in words
    assert "not counted again" not in words


def test_who_only_joined_is_told_apart_from_who_made_it(
    demand: Demand, editor: User, reviewer: User, client: Client
) -> None:
    first, both, joining = (OrganisationFactory(name=name) for name in ("First", "Both", "Joining"))
    statements = [make_statement(by=editor, title=title) for title in ("One", "Two")]
    for statement, parts in zip(
        statements, [{first: "issued", both: "joined", joining: "delivered on behalf"}, {both: "issued"}], strict=True
    ):
        statement.issuers.all().delete()
        for organisation, part in parts.items():
            IssuerFactory(statement=statement, organisation=organisation, part=part)
        DemandMentionFactory(statement=statement, demand=demand)
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
    publish_all(statements=statements, by=reviewer)
    assert "made in 2 statements by 2 organisations, joined by one more" in text_of(
        client, "/demands/release-everybody/"
    )
    for slug, found in (("first", 1), ("both", 2), ("joining", 1)):
        heading = "one statement" if found == 1 else f"{found} statements"
        assert heading in text_of(client, f"/statements/?issuer={slug}").casefold()


def test_a_demand_shows_each_statement_with_its_quote_its_force_and_whom_it_asks(
    made: dict[str, Statement], demand: Demand, client: Client
) -> None:
    words = text_of(client, "/demands/release-everybody/")
    assert words.index("free them, quoting") < words.index("free them, alone") < words.index("free them, joint")
    assert words.count("appeal") == 5


def test_the_status_of_a_demand_is_that_of_the_latest_update_that_has_come_to_pass(
    made: dict[str, Statement], demand: Demand, client: Client
) -> None:
    assert "nobody has said yet how it stands" in text_of(client, "/demands/release-everybody/")
    today = timezone.localdate()
    # The last possible day counts: a year is over when it is over.
    for first, last, status in (
        (today - datetime.timedelta(days=90), today - datetime.timedelta(days=90), "open"),
        (today - datetime.timedelta(days=30), today, "partly met"),
        (today - datetime.timedelta(days=200), today + datetime.timedelta(days=1), "met"),
    ):
        DemandUpdateFactory(
            demand=demand,
            date_from=first,
            date_until=last,
            status=status,
            published_at=timezone.now(),
            source=SourceFactory(title=f"Says {status}"),
        )
    words = text_of(client, "/demands/release-everybody/")
    assert "Today partly met" in words
    assert "Example Press · Says met" in words
    assert "partly met" in text_of(client, "/demands/")
    assert "Release everybody" in text_of(client, f"/sources/{demand.updates.first().source.slug}/")  # type: ignore[union-attr]


def test_a_measure_shows_every_figure_and_those_that_disagree_side_by_side(
    editor: User, reviewer: User, client: Client
) -> None:
    measure = MeasureFactory(name="Held", position=1, definition="Who is counted.", unit="people")
    rows = []
    for title, qualifier, value, as_of in (
        ("EEAS", "exact", 1000, None),
        ("Anna", "exact", 1007, None),
        ("Latvia", "more than", 880, "2021-11-27"),
    ):
        statement = StatementFactory(title=title, issued="2022-01-27")
        IssuerFactory(statement=statement, organisation=OrganisationFactory(name=f"{title} office"))
        CitationFactory(statement=statement)
        WordingFactory(statement=statement, language="lv", text=f"tagad {value} ieslodzīto")
        CountObservationFactory(
            statement=statement,
            measure=measure,
            qualifier=qualifier,
            value=value,
            as_of_from=as_of,
            as_of_until=as_of,
            quote=f"tagad {value}",
        )
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
        rows.append(statement)
    publish_all(statements=rows, by=reviewer)
    page = client.get("/measures/held/").content.decode()
    assert page.count('<tbody role="rowgroup"') == 2
    differing = re.search(r'<tbody role="rowgroup" class="differ">(.*?)</tbody>', page, re.DOTALL)
    assert differing is not None
    assert 'rowspan="2">27 January 2022' in differing[1]
    assert "<b>1,000</b>" in differing[1]
    assert "<b>1,007</b>" in differing[1]
    assert '<q lang="lv" dir="ltr">tagad 1000</q>' in differing[1]
    assert '<span class="qualifier">more than</span> <b>880</b>' in page
    words = text_of(client, "/measures/held/")
    assert "How many there were at that moment." in words
    assert page.index("<b>1,007</b>") < page.index("<b>880</b>")
    home = text_of(client, "/")
    assert "Held" in home
    assert "As of 27 January 2022" in home
    assert "Said by Anna office" in home


def test_the_home_page_leads_with_the_measure_of_the_smallest_position_that_is_in_use(
    editor: User, reviewer: User, client: Client
) -> None:
    MeasureFactory(name="Nobody counts this", position=1)
    for position in (3, 2, None):
        statement = make_public_statement(by=editor, published_by=reviewer)
        measure = statement.counts.get().measure
        Measure.objects.filter(pk=measure.pk).update(position=position)
    home = client.get("/").content.decode()
    leading = Measure.objects.get(position=2)
    assert f'<h2 id="leading"><a href="/measures/{leading.slug}/">' in home
    assert "Nobody counts this" not in home


def test_an_organisation_shows_its_names_what_it_said_and_what_is_asked_of_it(
    made: dict[str, Statement], demand: Demand, client: Client
) -> None:
    office = made["again"].issuers.get().organisation
    office.names.create(name="Первое ведомство", language="ru", folded="первое ведомство")
    demand.addressees.add(office)
    page = client.get(f"/organisations/{office.slug}/").content.decode()
    assert '<span lang="ru" dir="ltr">Первое ведомство</span>' in page
    assert "2 statements" in page
    assert "Asked of it" in page
    assert f'href="/statements/?addressee={office.slug}"' in page


def test_a_speaker_is_shown_with_the_attribution_of_each_day(made: dict[str, Statement], client: Client) -> None:
    words = text_of(client, "/speakers/anna/")
    assert "(as printed: Foreign Minister )" in words
    assert "One statement" in words


def test_a_source_shows_all_that_rests_on_it(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="One")
    citation = statement.citations.get()
    words = text_of(client, f"/sources/{citation.source.slug}/")
    assert "One statement rests on it" in words
    assert "It is cited as: report" in words


def test_the_about_page_says_so_where_one_person_may_publish_alone(db: None, client: Client, settings: Any) -> None:
    assert "a second person checks it first" in text_of(client, "/about/")
    settings.FOUR_EYES = False
    words = text_of(client, "/about/")
    assert "a second person checks it first" not in words
    assert "may publish with one person alone" in words


def test_the_about_page_names_the_licence_and_whom_to_write_to(db: None, client: Client, settings: object) -> None:
    settings.CONTACT_EMAIL = "mistakes@tracker.example"  # type: ignore[attr-defined]
    settings.DATA_LICENCE = "CC0-1.0"  # type: ignore[attr-defined]
    settings.SITE_NAME = "Who said what"  # type: ignore[attr-defined]
    page = client.get("/about/").content.decode()
    assert 'href="mailto:mistakes@tracker.example"' in page
    assert "CC0-1.0" in page
    assert "<title>About · Who said what</title>" in page


@pytest.mark.parametrize("address", ["/nothing/", "/statements/nothing/", "/demands/nothing/", "/speakers/"])
def test_a_missing_page_looks_like_the_others(db: None, client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    page = response.content.decode()
    assert "There is nothing at this address" in page
    assert 'href="/statements/"' in page
    assert 'rel="canonical"' not in page


@pytest.mark.parametrize("template", ["403.html", "403_csrf.html", "404.html", "500.html", "503.html"])
def test_the_pages_of_errors_need_no_context(template: str) -> None:
    from django.template.loader import get_template

    page = get_template(template).render()
    assert "<h1>" in page
    assert "Statement tracker" in page


def test_a_form_that_was_not_accepted_says_that_nothing_was_saved_and_what_to_do(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "<h1>This form could not be accepted</h1>" in page
    assert "Nothing was saved." in page
    assert 'href="/statements/"' in page


def test_a_page_beyond_the_last_one_answers_404(made: dict[str, Statement], client: Client) -> None:
    for address in ("/demands/release-everybody/", "/organisations/", "/sources/"):
        assert client.get(f"{address}?page=2").status_code == 404
        assert client.get(f"{address}?page=1").status_code == 200


def test_every_page_has_a_title_a_description_one_heading_and_the_landmarks(
    made: dict[str, Statement], client: Client
) -> None:
    titles = set()
    for address in (
        "/",
        "/statements/",
        "/statements/joint/",
        "/organisations/",
        "/organisations/first-office/",
        "/speakers/anna/",
        "/demands/",
        "/demands/release-everybody/",
        "/measures/",
        "/sources/",
        "/about/",
        "/corrections/",
        "/data/",
    ):
        page = client.get(address).content.decode()
        title = re.search(r"<title>([^<]+)</title>", page)
        assert title is not None, address
        titles.add(title[1])
        assert re.search(r'<meta name="description" content="[^"]{20,}">', page), address
        assert f'<link rel="canonical" href="http://localhost:8000{address}">' in page
        assert page.count("<h1") == 1, address
        assert page.count("<main") == page.count('<nav aria-label="Main"') == 1, address
        assert '<html lang="en-gb" dir="ltr">' in page
        levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), (address, levels)
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), address
        without_data = re.sub(r'<script type="application/ld\+json">.*?</script>', "", page)
        assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=", without_data), address
    assert len(titles) == 13


def test_one_figure_alone_has_no_chart(editor: User, reviewer: User, client: Client) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer)
    assert "<svg" not in client.get(f"/measures/{statement.counts.get().measure.slug}/").content.decode()


def test_whom_only_a_statement_itself_asks_has_a_link_to_that_statement(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = StatementFactory(title="Only here")
    IssuerFactory(statement=statement)
    CitationFactory(statement=statement)
    demand = DemandFactory()
    demand.addressees.add(OrganisationFactory(name="Usually asked"))
    DemandMentionFactory(statement=statement, demand=demand).addressees.add(OrganisationFactory(name="Courts"))
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    publish_all(statements=[statement], by=reviewer)
    assert 'href="/statements/?addressee=courts"' in client.get("/organisations/courts/").content.decode()
    assert "Only here" in text_of(client, "/statements/?addressee=courts")
    assert "No statement meets all of this" in text_of(client, "/statements/?addressee=usually-asked")
