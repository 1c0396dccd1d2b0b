"""Pages hold when there is very much of something, and do no more work than what they show."""

import copy
import datetime
import sys
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef, Subquery
from django.test import Client

from statements.actions.publishing import publish
from statements.actions.steps import submit
from statements.models import Statement, Version
from statements.public import evidence
from statements.record import index
from tests.factories import (
    CitationFactory,
    DemandFactory,
    DemandMentionFactory,
    IssuerFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    save_version,
)
from tests.test_public_queries import MOST, counted_queries

MENTIONS = 5000


def multiply(model: Statement, number: int) -> None:
    """So many more public statements like this one, each a day older, by bulk writes through the record's index."""
    first = Version.objects.get(pk=model.published_version_id)
    statements = [
        Statement(
            slug=f"copy-{n}",
            title=f"Copy {n}",
            kind=model.kind,
            language=model.language,
            issued_from=model.issued_from - datetime.timedelta(days=n),
            issued_until=model.issued_until - datetime.timedelta(days=n),
        )
        for n in range(1, number + 1)
    ]
    Statement.objects.bulk_create(statements, batch_size=500)
    versions = []
    for statement in statements:
        document = copy.deepcopy(first.document)
        document["content"] |= {"title": statement.title, "issued": statement.issued_from.isoformat()}
        for row in document["content"]["mentions"] + document["content"]["counts"]:
            row["key"] = f"{row['key']}-{statement.pk}"
        versions.append(
            Version(
                statement=statement,
                number=1,
                document=document,
                content_hash=first.content_hash,
                saved_at=first.saved_at,
                saved_by_name=first.saved_by_name,
                through=first.through,
                public_number=1,
                published_at=first.published_at,
                published_by_name=first.published_by_name,
            )
        )
    Version.objects.bulk_create(versions, batch_size=500)
    own = Version.objects.filter(statement=OuterRef("pk")).values("pk")[:1]
    Statement.objects.filter(slug__startswith="copy-").update(published_version=Subquery(own))
    index.write(versions)


def test_a_demand_of_five_thousand_statements_shows_a_page_of_them_and_reads_no_more(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="The first", issued="2022-01-27")
    demand = statement.mentions.get().demand
    measure = statement.counts.get().measure
    multiply(statement, MENTIONS - 1)
    with counted_queries() as seen:
        page = client.get(f"/demands/{demand.slug}/").content.decode()
    assert len(seen) == MOST["/demands/the-demand/"]
    assert page.count("<blockquote") == 25
    assert "The 5,000 statements that make it" in page
    assert "made in 5,000 statements by one organisation" in page
    assert "Page 1 of 200" in page
    assert "Copy 4999" in client.get(f"/demands/{demand.slug}/?page=200").content.decode()
    for address in ("/", "/statements/", "/statements/the-first/", f"/measures/{measure.slug}/", "/sitemap.xml"):
        assert client.get(address).status_code == 200


def test_a_statement_with_very_many_demands_in_a_long_text_is_shown_whole(
    editor: User, reviewer: User, client: Client
) -> None:
    statement = StatementFactory(slug="many")
    IssuerFactory(statement=statement)
    CitationFactory(statement=statement)
    WordingFactory(statement=statement, text=" ".join(f"Free prisoner number {n} at once." for n in range(100)))
    for number in range(100):
        DemandMentionFactory(statement=statement, demand=DemandFactory(), quote=f"Free prisoner number {number} ")
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer)
    page = client.get("/statements/many/").content.decode()
    assert page.count("<mark ") == 100


def steps_of(work: Callable[[], Any]) -> int:
    """How many bytecode instructions Python takes for it: the same on every machine, however busy."""
    steps = 0

    def trace(frame: Any, event: str, _argument: Any) -> Any:
        nonlocal steps
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps


def marked_passages(number: int) -> Callable[[], Any]:
    text = " ".join(f"Free prisoner number {n} at once." for n in range(number))
    wording = {"language": "en", "kind": "original", "is_excerpt": False, "text": text}
    items = [evidence.Evidence(n, f"demand-{n}", "", f"number {n} at", "en") for n in range(number)]
    return lambda: evidence.mark([wording], items)


def test_five_thousand_passages_are_marked_and_the_words_stay_whole() -> None:
    [marked] = marked_passages(MENTIONS)()
    assert "".join(segment.text for segment in marked.segments) == " ".join(
        f"Free prisoner number {n} at once." for n in range(MENTIONS)
    )
    assert sum(len(segment.ids) for segment in marked.segments) == MENTIONS


def test_the_work_of_marking_grows_with_the_number_of_passages_only() -> None:
    assert steps_of(marked_passages(400)) < 2.5 * steps_of(marked_passages(200))
