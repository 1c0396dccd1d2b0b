"""Many statements with all that hangs on them, written in bulk, unlike each other: for what the desk's lists cost."""

import datetime
from itertools import product

from django.contrib.auth.models import User
from django.utils import timezone

from statements.bulk import insert, update
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    ImportRun,
    Issuer,
    Measure,
    Organisation,
    OrganisationName,
    ReferenceChange,
    Source,
    Speaker,
    SpeakerName,
    SpeakerRole,
    Statement,
    Version,
    Wording,
)
from statements.models.derived import folded_words, words_of
from statements.record.desk_index import refresh
from statements.record.index import analyse

FIRST = datetime.date(2000, 1, 1)
#: Of twenty statements: few are worked on, and fewer lack something.
STEPS = {3: "draft", 5: "in review", 7: "returned"}
MAKERS = 50
#: One editor has a part in the first of them only.
OWN = 1_500


def fill(number: int, *, by: User, others: User) -> None:
    """So many statements, half as many sources more, and a change of each source; by everybody who makes any a few.

    The commonest word is in a fifth of the titles, the commonest issuer in an eighth of the statements.
    """
    start = Statement.objects.count()
    if not start:
        _fill_reference(by=by)
    makers, people = list(Organisation.objects.order_by("pk")), list(Speaker.objects.order_by("pk"))
    demands, measures = list(Demand.objects.order_by("pk")), list(Measure.objects.order_by("pk"))
    numbers = range(start, start + number)
    now = timezone.now()
    sources = [_source(n) for n in range(start * 3 // 2, (start + number) * 3 // 2)]
    insert(sources)
    made = {n: _statement(n) for n in numbers}
    insert(list(made.values()))
    rows = list(made.items())
    insert([Issuer(statement=row, organisation=makers[0 if n % 8 == 0 else n % MAKERS]) for n, row in rows])
    insert([SpeakerRole(statement=row, speaker=people[n % MAKERS]) for n, row in rows if n % 2])
    insert([Citation(statement=row, source=sources[n - start], role="report") for n, row in rows if n % 100 != 9])
    insert(
        [
            Wording(key=f"w{n}", statement=row, language="en", kind="original", text="The release of all 7 prisoners.")
            for n, row in rows
            if n % 100 != 11
        ]
    )
    insert(
        [
            DemandMention(
                key=f"m{n}-{which}", statement=row, demand=demands[0 if which else n % MAKERS], quote="release of all"
            )
            for (n, row), which in product(rows, (0, 1))
            if n % 100 != 13
        ]
    )
    insert(
        [
            CountObservation(key=f"c{n}", statement=row, measure=measures[0], qualifier="exact", value=n)
            for n, row in rows
            if n % 100 != 13
        ]
    )
    versions = [_version(n, row, by=by if n % 20 in (3, 7) and n < OWN else others, now=now) for n, row in rows]
    insert(versions)
    for version in versions:
        version.statement.published_version = version if version.public_number else None
    update(list(made.values()), ["published_version"])
    insert([_change(n, source, now) for n, source in enumerate(sources)])
    refresh(row.pk for row in made.values())
    analyse()


def _fill_reference(*, by: User) -> None:
    for n in range(MAKERS):
        insert([Organisation(slug=f"o-{n}", name=f"Office {n}", kind="NGO")])
        insert([Speaker(slug=f"p-{n}", name=f"Person {n}")])
        demand = Demand(slug=f"d-{n}", title=f"Demand {n}", theme="release")
        measure = Measure(slug=f"m-{n}", name=f"Measure {n}", unit="people", basis="stock")
        demand.folded, measure.folded = folded_words(demand), folded_words(measure)
        insert([demand])
        insert([measure])
    for names, owners in ((OrganisationName, Organisation), (SpeakerName, Speaker)):
        rows = owners._default_manager.all()
        insert([names(owner_id=row.pk, kind="main", name=row.name, folded=row.name.lower()) for row in rows])
    run = {"kind": "sources", "file_name": "x.csv", "state": "applied", "started_at": timezone.now()}
    ImportRun.objects.bulk_create([ImportRun(**run) for _n in range(60)])
    source = Source(slug="update", title="Update", publisher="Press", kind="news", folded=" update")
    insert([source])
    insert(
        [
            DemandUpdate(demand=demand, source=source, status="open", saved_by=by, date_from=FIRST, date_until=FIRST)
            for demand in Demand.objects.all()
        ]
    )


def _source(n: int) -> Source:
    day = FIRST + datetime.timedelta(days=n * 31 % 8000 + 8000)
    row = Source(
        slug=f"s-{n}",
        url=f"https://example.org/{n}",
        canonical_url=f"https://example.org/{n}",
        title=f"Article {_word(n)} {n}",
        publisher=f"Press {n % 20}",
        kind="archive" if n % 200 == 0 else "news",
        language=("en", "lv", "ru")[n % 3],
        published_from=day,
        published_until=day,
    )
    row.folded = folded_words(row)
    return row


def _statement(n: int) -> Statement:
    # Some were issued after their source was out.
    day = FIRST + datetime.timedelta(days=n * 7877 % 8000 + (17000 if n % 100 == 15 else 0))
    return Statement(
        slug=f"t-{n}",
        title=f"On {_word(n)} and word{n % 977} {n}",
        kind="report" if n % 100 == 1 else ("speech", "press statement")[n % 2],
        language=("en", "lv", "ru", "be")[n % 4],
        issued_from=day,
        issued_until=day,
        step=STEPS.get(n % 20, "done"),
    )


def _word(n: int) -> str:
    return "release" if n % 5 == 0 else f"about{n * 7919 % 900}"


def _version(n: int, statement: Statement, *, by: User, now: datetime.datetime) -> Version:
    is_public = statement.step == "done"
    return Version(
        statement=statement,
        number=1,
        document={"content": {}, "context": {}},
        content_hash=f"{n:064}",
        saved_at=now - datetime.timedelta(minutes=n * 7 % 1000),
        saved_by=by,
        through="erasure" if n % 200 == 0 else "import",
        public_number=1 if is_public else None,
        published_at=now if is_public else None,
    )


def _change(n: int, source: Source, now: datetime.datetime) -> ReferenceChange:
    label = str(source)
    return ReferenceChange(
        kind="source",
        target_id=source.pk,
        label=label,
        folded=words_of(label),
        changes={"title": ["", "x"]},
        saved_at=now - datetime.timedelta(minutes=n * 11 % 1000),
        through="merge" if n % 200 == 0 else "import",
    )
