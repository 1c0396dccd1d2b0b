"""Many rows of every model, written in bulk: for tests of what pages cost."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from statements.actions.putting_off import PERMISSIONS
from statements.models import (
    Citation,
    CountObservation,
    Demand,
    DemandMention,
    DemandUpdate,
    Entry,
    Facet,
    Figure,
    ImportRun,
    Issuer,
    Link,
    Measure,
    Move,
    Organisation,
    PutOff,
    ReferenceChange,
    Schedule,
    Source,
    Speaker,
    SpeakerRole,
    Statement,
    Version,
)
from statements.record.desk_index import refresh
from statements.record.index import analyse

DAY = datetime.date(2022, 1, 27)
#: Of each, a list of the desk: what is in review, returned, a draft, scheduled; the rest is public.
STEPS = ("in review", "returned", "draft", "scheduled", "done")
#: Where somebody else's statements matter to whoever looks.
STEPS_OF_OTHERS = ("in review", "done")


def fill(number: int, *, by: User, others: User) -> None:
    """So many of each model, and so many in each list of the desk of ``by``, a quarter of them put off."""
    now = timezone.now()
    label = f"{number}-"
    User.objects.bulk_create([User(username=f"user-{label}{n}") for n in range(number)])
    Group.objects.bulk_create([Group(name=f"group-{label}{n}") for n in range(number)])
    organisations = Organisation.objects.bulk_create(
        [Organisation(slug=f"o-{label}{n}", name=f"Organisation {label}{n}", kind="NGO") for n in range(number)]
    )
    speakers = Speaker.objects.bulk_create(
        [
            Speaker(slug=f"p-{label}{n}", name=f"Speaker {label}{n}", organisation=organisations[n])
            for n in range(number)
        ]
    )
    sources = Source.objects.bulk_create(
        [
            Source(slug=f"s-{label}{n}", title=f"Source {n}", publisher="Press", kind="news", **_days("published"))
            for n in range(number)
        ]
    )
    measures = Measure.objects.bulk_create(
        [Measure(slug=f"m-{label}{n}", name=f"Measure {n}", unit="people", basis="stock") for n in range(number)]
    )
    demands = Demand.objects.bulk_create([Demand(slug=f"d-{label}{n}", title=f"Demand {n}") for n in range(number)])
    for demand, organisation in zip(demands[:50], organisations[:50], strict=True):
        demand.addressees.add(organisation)
    for author in (by, others):
        DemandUpdate.objects.bulk_create(
            [
                DemandUpdate(
                    demand=demand, source=source, status="open", saved_by=author, **_days("date", offset=author.pk)
                )
                for demand, source in zip(demands, sources, strict=True)
            ]
        )
        ImportRun.objects.bulk_create(
            [
                ImportRun(kind="sources", file_name=f"{n}.csv", state="previewed", started_at=now, user=author)
                for n in range(number)
            ]
        )
        _statements(
            number,
            by=author,
            label=f"{label}{author.pk}-",
            now=now,
            steps=STEPS if author == by else STEPS_OF_OTHERS,
            of=(organisations, speakers, sources, demands, measures),
        )
    runs = ImportRun.objects.bulk_create(
        [ImportRun(kind="statements", file_name=f"{n}.csv", state="applied", started_at=now) for n in range(number)]
    )
    reviewed = Statement.objects.filter(step="in review")[0]
    ImportRun.statements.through.objects.bulk_create(
        [ImportRun.statements.through(importrun=run, statement=reviewed) for run in runs]
    )
    ReferenceChange.objects.bulk_create(
        [
            ReferenceChange(kind="source", target_id=source.pk, label="x", changes={}, saved_at=now, through="form")
            for source in sources
        ]
    )
    put_off_a_quarter(by=by)
    # As after a large import: until then PostgreSQL plans for the few rows that there were.
    analyse()


def _days(name: str, *, offset: int = 0) -> dict[str, datetime.date]:
    day = DAY + datetime.timedelta(days=offset)
    return {f"{name}_from": day, f"{name}_until": day}


def _statements(
    number: int, *, by: User, label: str, now: Any, steps: Sequence[str], of: tuple[Sequence[Any], ...]
) -> None:
    """So many at each step. All lack words, have an unchecked quote, and were issued after their source was out."""
    organisations, speakers, sources, demands, measures = of
    made = [
        Statement(
            slug=f"{step.replace(' ', '-')}-{label}{n}",
            title=f"Statement {step} {n}",
            kind="speech",
            language="en",
            step=step,
            **_days("issued", offset=1),
        )
        for step in steps
        for n in range(number)
    ]
    Statement.objects.bulk_create(made)
    numbered = list(enumerate(made))
    Issuer.objects.bulk_create([Issuer(statement=s, organisation=organisations[n % number]) for n, s in numbered])
    SpeakerRole.objects.bulk_create([SpeakerRole(statement=s, speaker=speakers[n % number]) for n, s in numbered])
    Citation.objects.bulk_create(
        [Citation(statement=s, source=sources[n % number], role="report") for n, s in numbered]
    )
    DemandMention.objects.bulk_create(
        [DemandMention(key=f"m{label}{n}", statement=s, demand=demands[n % number], quote="all") for n, s in numbered]
    )
    CountObservation.objects.bulk_create(
        [
            CountObservation(
                key=f"c{label}{n}", statement=s, measure=measures[n % number], qualifier="exact", value=by.pk
            )
            for n, s in numbered
        ]
    )
    versions = Version.objects.bulk_create(
        [
            Version(
                statement=s,
                number=1,
                document={},
                content_hash=f"{n:064}",
                saved_at=now,
                saved_by=by,
                through="form",
                public_number=1 if s.step == "done" else None,
                published_at=now if s.step == "done" else None,
            )
            for n, s in numbered
        ]
    )
    Move.objects.bulk_create(
        [Move(statement=s, kind="returned", note="Look.", at=now) for s in made if s.step == "returned"]
    )
    Schedule.objects.bulk_create(
        [
            Schedule(statement=v.statement, version=v, publish_at=now)
            for v in versions
            if v.statement.step == "scheduled"
        ]
    )
    _publish([version for version in versions if version.public_number], demands, measures, by.pk)
    refresh(statement.pk for statement in made)


def _publish(versions: Sequence[Version], demands: Sequence[Any], measures: Sequence[Any], value: int) -> None:
    for version in versions:
        version.statement.published_version = version
    Statement.objects.bulk_update([version.statement for version in versions], ["published_version"], batch_size=500)
    entries = Entry.objects.bulk_create(
        [
            Entry(
                statement=version.statement,
                version=version,
                slug=version.statement.slug,
                title=version.statement.title,
                published_at=version.published_at,
                **_days("issued"),
            )
            for version in versions
        ]
    )
    Link.objects.bulk_create(
        [
            Link(entry=entry, facet=facet, target_id=row.pk, issued_from=DAY)
            for facet, rows in ((Facet.DEMAND, demands), (Facet.MEASURE, measures))
            for entry, row in zip(entries, rows, strict=True)
        ]
    )
    Figure.objects.bulk_create(
        [
            Figure(
                entry=entry,
                key=f"f{entry.slug}",
                measure=measure,
                qualifier="exact",
                value=value,
                has_number=True,
                issued_from=DAY,
                as_of_is_given=False,
                **_days("as_of"),
            )
            for entry, measure in zip(entries, measures, strict=True)
        ]
    )


def put_off_a_quarter(*, by: User) -> None:
    until = timezone.localdate() + datetime.timedelta(days=30)
    models = {"updates": DemandUpdate, "stale": Demand, "rivals": Measure}
    for queue in PERMISSIONS:
        rows = models.get(queue, Statement)._default_manager.order_by("pk").values_list("pk", flat=True)
        items = [f"{pk}:{DAY}" if queue == "rivals" else str(pk) for pk in rows if pk % 4 == 0]
        PutOff.objects.filter(queue=queue).delete()
        PutOff.objects.bulk_create(
            [PutOff(queue=queue, item=item, until=until, reason="Later.", at=timezone.now(), by=by) for item in items]
        )
