"""The list with everything that can be asked of it costs as much at 2,000 statements as at 20."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import publish_all
from statements.models import Statement
from tests.importing import imported
from tests.test_public_queries import counted_queries

MOST = 12
QUESTIONS = (
    "",
    "q=release",
    "q=%22release+of+all%22+-nothing&sort=relevance",
    "q=Организация",
    (
        "issuer=office-0&issuer=office-1&speaker=person-1&demand=release&measure=held&kind=speech&language=en&country=LV&"
        "theme=release&addressee=authorities&issued_after=2019&issued_before=2024&has_count=true&q=release&q=prisoners"
    ),
    "page=2&sort=issued",
)
#: Links on the page that change with what is there; their number is bounded.
_CHOICES = re.compile(r'rel="nofollow"')


def fill(number: int, *, by: User, published_by: User) -> None:
    """As many statements, through the import: 12 offices, 5 people, two demands, one measure, in five years."""
    imported(
        "organisations",
        "slug,name,kind,country,aliases\nauthorities,Authorities,government,BY,\n"
        + "".join(f"office-{n},Office {n},NGO,LV,Организация {n} [ru]\n" for n in range(12)),
        by=by,
    )
    imported("speakers", "slug,name\n" + "".join(f"person-{n},Person {n}\n" for n in range(5)), by=by)
    imported("measures", "slug,name,unit,basis\nheld,Held,people,stock\n", by=by)
    imported("demands", "slug,title,theme,addressees\nrelease,Release,release,authorities\nstop,Stop,justice,\n", by=by)
    header = (
        "slug,title,kind,language,issued,issuers,speakers,attributions,text,text_kind,text_language,source_urls,step\n"
    )
    lines = [
        f"s-{n},The release {n},speech,en,{2019 + n % 6}-0{1 + n % 9},office-{n % 12},person-{n % 5},,"
        f"The release of all {n} prisoners,original,en,https://example.org/{n},in review\n"
        for n in range(number)
    ]
    imported("statements", header + "".join(lines), by=by)
    imported(
        "mentions",
        "statement,demand,quote\n" + "".join(f"s-{n},release,release of all\n" for n in range(number)),
        by=by,
    )
    imported(
        "counts",
        "statement,measure,qualifier,value,quote\n"
        + "".join(f"s-{n},held,exact,{n},{n} prisoners\n" for n in range(number)),
        by=by,
    )
    publish_all(statements=list(Statement.objects.all()), by=published_by)


@pytest.mark.parametrize("number", [20, 2000])
def test_the_list_with_facets_and_search_takes_at_most_twelve_queries(
    importer: User, reviewer: User, client: Client, number: int
) -> None:
    fill(number, by=importer, published_by=reviewer)
    counts = {}
    for question in QUESTIONS:
        if number == 20 and "page=2" in question:
            continue
        with counted_queries() as seen:
            page = client.get(f"/statements/?{question}").content.decode()
        assert "so nothing is shown" not in page
        assert len(_CHOICES.findall(page)) < 120
        counts[question] = len(seen)
    assert {question: counts[question] for question in QUESTIONS[:-1]} == dict(
        zip(QUESTIONS[:-1], [8, 11, 10, 11, 12], strict=True)
    )
    assert max(counts.values()) <= MOST
