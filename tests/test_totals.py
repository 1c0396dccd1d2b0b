"""One question, one answer: the page, the facets, the files, the feed and plain SQL agree on how many there are."""

import csv
import datetime
import io
import json
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import feedparser
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements import text
from statements.actions.publishing import publish_all
from statements.actions.steps import submit
from statements.models import Entry, Statement
from statements.public.filters import read
from statements.record.facets import DATES, facets
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
    save_version,
)
from tests.public_walk import body_of

WORDS = (
    "release",
    "released",
    "prisoners",
    "justice",
    "политзаключённых",
    "вызваліць",
    "atbrīvot",
    "trial",
    "pre-trial",
)
DATES_GIVEN = ("2020", "2021-03", "2021-06-15", "2020-11/2021-02", "2022", "2019-12-31", "2023-01")
ISSUED = ("2020", "2020-12", "2021-03-04", "2020-11/2021-02", "2021", "2022-06", "2022-06-30", "2023", "2019-05-01")

POOL: dict[str, tuple[str, ...]] = {
    "issuer": ("organisation-0", "organisation-1", "organisation-2", "organisation-3"),
    "speaker": ("person-0", "person-1", "person-2"),
    "addressee": ("authority-0", "authority-1", "organisation-0"),
    "demand": ("demand-0", "demand-1", "demand-2"),
    "measure": ("measure-0", "measure-1"),
    "kind": ("speech", "press statement", "resolution"),
    "language": ("en", "ru", "lv", "be"),
    "country": ("LV", "BY", "PT"),
    "theme": ("release", "justice", "other"),
    "q": (
        *(
            "release",
            '"release of"',
            "prison",
            "-justice",
            "политзаключенных -release",
            "Тихановская",
            "Ministry trial",
        ),
        *("pre-trial", '-"of all" release', "organisation", "nothing-like-this", "atbrivot", "person -organisation"),
    ),
    "issued_after": DATES_GIVEN,
    "issued_before": DATES_GIVEN,
    "has_count": ("true", "false"),
}
ONCE = ("issued_after", "issued_before", "has_count")


@pytest.fixture
def many(editor: User, reviewer: User) -> list[Statement]:
    """Sixty statements, made of the pool by dice that always fall alike."""
    dice = random.Random(6)  # no secret
    organisations = [
        OrganisationFactory(name=f"Organisation {n}", slug=f"organisation-{n}", country=country, names=names)
        for n, (country, names) in enumerate(
            [("LV", [("Ministry of Things", "en")]), ("BY", []), ("", [("Организация", "ru")]), ("LV", [])]
        )
    ]
    people = [
        SpeakerFactory(name=f"Person {n}", slug=f"person-{n}", names=[("Светлана Тихановская", "ru")] if n == 0 else [])
        for n in range(3)
    ]
    authorities = [OrganisationFactory(name=f"Authority {n}", slug=f"authority-{n}") for n in range(2)]
    demands = [
        DemandFactory(title=f"Demand {n}", slug=f"demand-{n}", theme=("release", "justice")[n % 2]) for n in range(3)
    ]
    demands[0].addressees.add(*authorities)
    demands[1].addressees.add(organisations[0])
    measures = [MeasureFactory(name=f"Measure {n}", slug=f"measure-{n}") for n in range(2)]
    made = []
    for number in range(60):
        statement = StatementFactory(
            title=f"{number} {dice.choice(WORDS)}",
            issued=dice.choice(ISSUED),
            kind=dice.choice(POOL["kind"]),
            language=dice.choice(POOL["language"]),
            summary=" ".join(dice.choices(WORDS, k=3)),
        )
        CitationFactory(statement=statement)
        WordingFactory(statement=statement, text=f"The release of all 1007 {' '.join(dice.choices(WORDS, k=6))} of")
        for organisation in dice.sample(organisations, dice.choice((1, 1, 2))):
            IssuerFactory(statement=statement, organisation=organisation, part=dice.choice(("issued", "joined")))
        for person in dice.sample(people, dice.choice((0, 1, 1, 2))):
            SpeakerRoleFactory(statement=statement, speaker=person)
        for demand in dice.sample(demands, dice.choice((0, 1, 2))):
            mention = DemandMentionFactory(statement=statement, demand=demand, quote="")
            mention.addressees.add(*dice.sample(authorities, dice.choice((0, 0, 1))))
        for measure in dice.sample(measures, dice.choice((0, 1))):
            CountObservationFactory(statement=statement, measure=measure, value=1007, quote="1007")
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
        made.append(statement)
    publish_all(statements=made, by=reviewer)
    return made


@st.composite
def questions(draw: st.DrawFn) -> str:
    """The query of an address: up to four parameters with up to three values each."""
    names = draw(st.lists(st.sampled_from(sorted(POOL)), max_size=4, unique=True))
    pairs = []
    for name in names:
        most = 1 if name in ONCE else 3
        values = draw(st.lists(st.sampled_from(POOL[name]), min_size=1, max_size=most, unique=True))
        pairs += [(name, value) for value in values]
    return urlencode(pairs)


def total_of_page(client: Client, query: str) -> int:
    page = client.get(f"/statements/?{query}").content.decode()
    assert "so nothing is shown" not in page, query
    heading = re.search(r'<h2 id="found"[^>]*>(One|[\d,]+) statements?</h2>', page)
    if heading is None:
        assert "No statement meets all of this" in page, query
        return 0
    return 1 if heading[1] == "One" else int(heading[1].replace(",", ""))


def totals_of_files(client: Client, query: str) -> Iterator[tuple[str, int]]:
    document = json.loads(body_of(client.get(f"/statements.json?{query}")))
    yield "the total that the JSON tells", document["total"]
    yield "the statements in the JSON", len(document["statements"])
    rows = csv.DictReader(io.StringIO(body_of(client.get(f"/statements.csv?{query}")).decode("utf-8-sig")))
    yield "the rows of the CSV", len(list(rows))
    feed = feedparser.parse(body_of(client.get(f"/statements.atom?{query}")))
    yield "the total that the feed tells", int(feed.feed["opensearch_totalresults"])


def total_by_plain_sql(query: str) -> int:
    """Said anew, with nothing of what the list itself is made of but the tables."""
    asked = QueryDict(query)
    conditions, parameters = ["1 = 1"], []

    def add(sql: str, *values: Any) -> None:
        conditions.append(sql)
        parameters.extend(values)

    def marks(values: list[str]) -> str:
        return ", ".join(["%s"] * len(values))

    linked = "EXISTS (SELECT 1 FROM statements_link l JOIN {table} r ON r.id = l.target_id WHERE "
    linked += "l.entry_id = e.statement_id AND l.facet IN ({facets}) AND r.{column} IN ({marks}))"
    made = "'issuer', 'joined'"
    for name, table, facets_of_it, column in (
        ("issuer", "statements_organisation", made, "slug"),
        ("speaker", "statements_speaker", "'speaker'", "slug"),
        ("demand", "statements_demand", "'demand'", "slug"),
        ("measure", "statements_measure", "'measure'", "slug"),
        ("country", "statements_organisation", made, "country"),
        ("theme", "statements_demand", "'demand'", "theme"),
    ):
        if values := asked.getlist(name):
            add(linked.format(table=table, facets=facets_of_it, column=column, marks=marks(values)), *values)
    if values := asked.getlist("addressee"):
        add(
            f"(EXISTS (SELECT 1 FROM statements_link l JOIN statements_organisation o ON o.id = l.target_id "
            f"WHERE l.entry_id = e.statement_id AND l.facet = 'addressee' AND o.slug IN ({marks(values)})) OR "
            f"EXISTS (SELECT 1 FROM statements_link l JOIN statements_demand_addressees a ON a.demand_id = l.target_id "
            f"JOIN statements_organisation o ON o.id = a.organisation_id WHERE l.entry_id = e.statement_id "
            f"AND l.facet = 'demand as addressed' AND o.slug IN ({marks(values)})))",
            *values,
            *values,
        )
    for name in ("kind", "language"):
        if values := asked.getlist(name):
            add(f"e.{name} IN ({marks(values)})", *values)
    if given_value := asked.get("has_count"):
        add(
            ("" if given_value == "true" else "NOT ")
            + "EXISTS (SELECT 1 FROM statements_figure f WHERE f.entry_id = e.statement_id)"
        )
    if day := asked.get("issued_after"):
        add("e.issued_until >= %s", _edge(day, first=True))
    if day := asked.get("issued_before"):
        add("e.issued_from <= %s", _edge(day, first=False))
    if searches := asked.getlist("q"):
        parts = []
        for search in searches:
            sql, values = _search_by_plain_sql(search)
            parts.append(sql)
            parameters.extend(values)
        conditions.append(f"({' OR '.join(parts)})")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM statements_entry e JOIN statements_entrywords w ON w.entry_id = e.statement_id "
            f"WHERE {' AND '.join(conditions)}",
            parameters,
        )
        return int(cursor.fetchone()[0])


def _edge(given_date: str, *, first: bool) -> datetime.date:
    start, _slash, end = given_date.partition("/")
    year, month, day = (*map(int, (start if first or not end else end).split("-")), None, None)[:3]
    if first:
        return datetime.date(year, month or 1, day or 1)
    if day:
        return datetime.date(year, month, day)
    following = datetime.date(year + 1, 1, 1) if not month or month == 12 else datetime.date(year, month + 1, 1)
    return following - datetime.timedelta(days=1)


def _search_by_plain_sql(search: str) -> tuple[str, list[str]]:
    conditions, values = [], []
    for minus, phrase, word in re.findall(r'(-?)(?:"([^"]*)"|([^\s"]+))', search):
        folded = text.fold(phrase or word)
        pattern = f"% {folded} %" if phrase else f"% {folded}%"
        names = " OR ".join(
            f"EXISTS (SELECT 1 FROM statements_link l JOIN {table} n ON n.owner_id = l.target_id WHERE l.entry_id = "
            f"e.statement_id AND l.facet IN ({facets_of_it}) AND ' ' || n.folded || ' ' LIKE %s)"
            for table, facets_of_it in (
                ("statements_organisationname", "'issuer', 'joined'"),
                ("statements_speakername", "'speaker'"),
            )
        )
        conditions.append(f"{'NOT ' if minus else ''}(w.search_text LIKE %s OR {names})")
        values += [pattern] * 3
    return f"({' AND '.join(conditions)})", values


def test_page_files_feed_and_plain_sql_agree_on_every_question(many: list[Statement], client: Client) -> None:
    seen: list[int] = []

    @settings(max_examples=300, deadline=None, database=None, derandomize=True)
    @given(query=questions())
    def agree(query: str) -> None:
        expected = total_by_plain_sql(query)
        assert total_of_page(client, query) == expected, query
        for what, number in totals_of_files(client, query):
            assert number == expected, (what, query)
        seen.append(expected)

    agree()
    # It would prove nothing if nearly all questions had no answer, or all statements.
    assert sum(0 < number < 60 for number in seen) > 100


def test_every_facet_promises_what_the_list_then_holds(many: list[Statement], client: Client) -> None:
    promised: list[int] = []

    @settings(max_examples=300, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(query=questions(), dice=st.randoms(use_true_random=False))
    def keep(query: str, dice: random.Random) -> None:
        asked = read(QueryDict(query))
        assert not asked.problems
        counted = facets(asked.criteria)
        assert counted.total == total_by_plain_sql(query)
        promises = [(name, c.value, c.statements) for name, values in counted.values.items() for c in values]
        promises += [("year", str(year), number) for year, number in counted.years.items()]
        for name, value, number in dice.sample(promises, min(6, len(promises))):
            wanted = QueryDict(query, mutable=True)
            for part in DATES if name == "year" else (name,):
                wanted.setlist(part, [value])
            assert total_by_plain_sql(wanted.urlencode()) == number, (query, name, value)
            promised.append(number)
        for part, number in counted.without.items():
            wanted = QueryDict(query, mutable=True)
            for name in DATES if part == "dates" else (part,):
                wanted.pop(name)
            assert total_by_plain_sql(wanted.urlencode()) == number, (query, part)

    keep()
    assert len(promised) > 1000


def test_a_facet_without_statements_is_not_offered_unless_it_is_chosen(many: list[Statement], client: Client) -> None:
    page = client.get("/statements/?kind=speech&country=PT").content.decode()
    assert 'data-key="country-PT" aria-current="true"' in page
    assert 'data-key="theme-other"' not in client.get("/statements/").content.decode()


def test_of_many_values_those_with_most_statements_are_offered(
    editor: User, reviewer: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("statements.record.facets.MOST_VALUES", 3)
    monkeypatch.setattr("statements.public.facets.AT_ONCE", 2)
    made = []
    for number in range(6):
        for _each in range(number + 1):
            statement = StatementFactory(title=f"By {number} {len(made)}")
            CitationFactory(statement=statement)
            WordingFactory(statement=statement)
            made.append(statement)
        office = OrganisationFactory(name=f"Office {number}", slug=f"office-{number}")
        for statement in made[-number - 1 :]:
            IssuerFactory(statement=statement, organisation=office)
    for statement in made:
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
    publish_all(statements=made, by=reviewer)
    page = client.get("/statements/?issuer=office-0").content.decode()
    offered = re.findall(r'data-key="issuer-(office-\d)"', page)
    assert offered == ["office-0", "office-5", "office-4", "office-3"]
    assert "These are those with most statements." in page
    assert Entry.objects.count() == 21
