"""Every rule that a constraint can't hold, over the whole database: what ``check_data`` prints."""

from collections.abc import Iterator, Sequence
from typing import Any

import jsonschema
from django.db import models
from django.db.models import Max, OuterRef, Subquery

from statements.bulk import BATCH, batches
from statements.models import (
    Demand,
    Erasure,
    Measure,
    Name,
    OldSlug,
    Organisation,
    OrganisationName,
    Schedule,
    Source,
    Speaker,
    SpeakerName,
    Statement,
    Version,
)
from statements.models.derived import FOLDED, canonical_url_of, folded_words, mirrored_names
from statements.models.names import folded_name
from statements.record import desk_index, index
from statements.record.document import ERASED, build, content_hash, is_erased, json_schema, load, upgraded
from statements.record.identities import REFERENCE_MODELS
from statements.record.problems import problems
from statements.record.said import said_by_the_latest


def offences() -> Iterator[str]:
    """A sentence on each, beginning with what it is about. Reads everything; a fixed number of queries a batch."""
    yield from _derived_columns()
    yield from _circles()
    yield from _old_slugs()
    yield from _desk()
    yield from _schedules()
    yield from _versions()
    yield from index.differences()
    yield from desk_index.differences_of_words()


def _derived_columns() -> Iterator[str]:
    for source in Source.objects.iterator(chunk_size=BATCH):
        if source.canonical_url != canonical_url_of(source):
            yield f"Source {source.slug}: the canonical address is not that of its address."
    for folded, columns in FOLDED.items():
        rows: models.QuerySet[Any] = folded._default_manager.only("slug", "folded", *columns)
        for row in rows.iterator(chunk_size=BATCH):
            if row.folded != folded_words(row):
                yield f"{folded.__name__} {row.slug}: its folded words are out of date."
    for model in (OrganisationName, SpeakerName):
        for name in model.objects.select_related("owner").iterator(chunk_size=BATCH):
            if name.folded != folded_name(name.name):
                yield f"Name “{name.name}” of {name.owner.slug}: its folded form is out of date."
    for owners in (Organisation.objects.prefetch_related("names"), Speaker.objects.prefetch_related("names")):
        for owner in owners.iterator(chunk_size=BATCH):
            stored = sorted((n.kind, n.name) for n in owner.names.all() if n.kind != Name.Kind.OTHER)
            if stored != sorted((str(n.kind), n.name) for n in mirrored_names(owner)):
                yield f"{owner.slug}: its table of names does not hold its own name."


def _circles() -> Iterator[str]:
    for model in (Organisation, Demand, Measure):
        parents = dict(model.objects.values_list("pk", "parent_id"))
        slugs = dict(model.objects.values_list("pk", "slug"))
        for start in parents:
            step, seen = parents[start], {start}
            while step is not None and step not in seen:
                seen.add(step)
                step = parents[step]
            if step == start:
                yield f"{slugs[start]}: it is, through others, a part of itself."


def _old_slugs() -> Iterator[str]:
    for kind, model in REFERENCE_MODELS.items():
        old = OldSlug.objects.filter(kind=kind)
        for slug in old.filter(slug__in=model._default_manager.values("slug")).values_list("slug", flat=True):
            yield f"{kind} {slug}: it is in use, and an old address of something else."
        for slug in old.exclude(target_id__in=model._default_manager.values("pk")).values_list("slug", flat=True):
            yield f"{kind} {slug}: an old address leads to what does not exist."


def _desk() -> Iterator[str]:
    """The desk's words against their versions and against the rules across rows."""
    newest = Version.objects.filter(statement=OuterRef("pk")).order_by("-number")
    hashes = dict(
        Statement.objects.annotate(latest=Subquery(newest.values("content_hash")[:1])).values_list("pk", "latest")
    )
    for ids in _batches(Statement.objects.order_by("pk")):
        bundles = load(ids)
        documents = {pk: build(bundle) for pk, bundle in bundles.items()}
        now = {pk: content_hash(document) for pk, document in documents.items()}
        differing = {pk: of_desk for pk, of_desk in now.items() if of_desk != hashes[pk]}
        unsaved = differing.keys() - said_by_the_latest(differing) if differing else set()
        outdated = desk_index.differences(ids)
        for pk, document in documents.items():
            bundle = bundles[pk]
            slug = bundle.statement.slug
            if pk in outdated:
                yield f"Statement {slug}: the desk's lists and searches show it as it was before."
            if pk in unsaved:
                yield f"Statement {slug}: the desk differs from its latest version."
            for problem in problems(document):
                yield f"Statement {slug}: {problem}"
            if bundle.statement.is_public and bundle.statement.published_version_id is None:
                yield f"Statement {slug}: it is public without a version."


def _schedules() -> Iterator[str]:
    scheduled = Statement.objects.filter(step=Statement.Step.SCHEDULED)
    for slug in scheduled.filter(schedule__isnull=True).values_list("slug", flat=True):
        yield f"Statement {slug}: it is scheduled, and has no time."
    elsewhere = Schedule.objects.exclude(statement__step=Statement.Step.SCHEDULED)
    for slug in elsewhere.values_list("statement__slug", flat=True):
        yield f"Statement {slug}: it has a time, and is not scheduled."


def _versions() -> Iterator[str]:
    validator = jsonschema.Draft202012Validator(json_schema())
    shown = set(Version.objects.shown().values_list("pk", flat=True))
    erased = set(Erasure.objects.values_list("version_id", flat=True))
    for version in Version.objects.select_related("statement").iterator(chunk_size=BATCH):
        name = f"Statement {version.statement.slug}, version {version.number}"
        document = upgraded(version.document)
        for error in validator.iter_errors(document):
            yield f"{name}: its document breaks the schema at {error.json_path}: {error.message}"
        if version.pk in erased:
            if ERASED not in document:
                yield f"{name}: something was erased from it, and it does not say so."
        elif is_erased(document) or content_hash(document) != version.content_hash:
            yield f"{name}: its content does not give its hash, and nothing was erased from it."
        if version.pk in shown:
            for problem in problems(document, publishing=True):
                yield f"{name}: readers see it, and: {problem}"
    numbers = Version.objects.values("statement__slug").annotate(n=models.Count("pk"), newest=Max("number"))
    for row in numbers:
        if row["n"] != row["newest"]:
            yield f"Statement {row['statement__slug']}: a version is missing."


def _batches(rows: models.QuerySet[Statement]) -> Iterator[Sequence[int]]:
    return batches(list(rows.values_list("pk", flat=True)))
