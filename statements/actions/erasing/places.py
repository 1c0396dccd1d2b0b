"""Whatever else than versions and the desk's own rows may hold the words of a statement."""

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import text
from statements.actions.erasing.words import Words
from statements.bulk import update
from statements.models import (
    Demand,
    ImportRun,
    Measure,
    Move,
    OldSlug,
    Organisation,
    PutOff,
    ReferenceChange,
    RunRows,
    Schedule,
    Source,
    Speaker,
    Statement,
    Through,
    Version,
)
from statements.models.derived import words_of
from statements.record.document import is_erased
from statements.record.identities import REFERENCE_MODELS, Identities, named_in

#: Of the texts of a version that goes as a whole, those of fewer words are not looked for in other people's work.
_TELLING = 3
#: So much of a long text is looked for by the database; the rest of it is compared here.
_LOOKED_FOR = 40


@dataclass
class Place:
    """Rows of a table that hold the words. ``rows`` have the new values already, and are stored by ``clear``."""

    label: str
    fields: tuple[str, ...]
    rows: list[Any] = field(default_factory=list)

    def clear(self) -> None:
        changes = [row for row in self.rows if isinstance(row, ReferenceChange)]
        for change in changes:
            change.folded = words_of(change.label)
        update(self.rows, (*self.fields, "folded") if changes else self.fields)


def places(statement: Statement, words: Words, *, with_references: bool, is_whole: bool) -> list[Place]:
    """Those that hold the words. A query for each table; those of imports are read where they may hold them.

    ``with_references``: what is on record of the rows that any version names, too. About fifteen queries more.
    ``is_whole``: the words are all texts of a version.
    """
    of_statement = {"statement": statement.pk}
    # Where things stand that have nothing to do with it, "Riga" is somebody else's, too.
    telling = words if not is_whole else Words([one for one in words.texts if len(one.split()) >= _TELLING])
    named = _all_that_is_named(statement) if with_references else {}
    named[Statement] = {statement.pk}
    changes, logged = Q(through=Through.MERGE), Q(pk__in=[])
    for model, numbers in named.items():
        changes |= Q(kind=model._meta.model_name, target_id__in=numbers)
        in_log = [str(number) for number in numbers]
        logged |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=in_log)
    versions = Version.objects.filter(**of_statement).defer("document")
    found = [
        _place(_("Reasons and notes of versions"), versions, ("why", "revision_note"), words),
        _place(_("Notes of steps"), Move.objects.filter(**of_statement), ("note",), words),
        _place(_("The schedule"), Schedule.objects.filter(**of_statement), ("revision_note", "refused"), words),
        _place(
            _("The desk note and the reason of the withdrawal"),
            Statement.objects.filter(pk=statement.pk),
            ("desk_note", "withdrawn_reason"),
            words,
        ),
        _place(_("Reasons why something was put off"), PutOff.objects.all(), ("reason",), telling),
        _place(_("Records of changes"), ReferenceChange.objects.filter(changes), ("label", "changes", "why"), words),
        _place(_("The log of the desk"), LogEntry.objects.filter(logged), ("object_repr", "change_message"), words),
        _place(_("Rows of imports"), _rows_of_runs(statement, telling), ("rows",), telling),
        _place(_("Reports of imports"), _holding(ImportRun.objects.all(), _OF_RUNS, telling), _OF_RUNS, telling),
    ]
    return [place for place in found if place.rows]


_OF_RUNS = ("report", "made", "undone_report", "undone_reason")


def _place(label: str, rows: models.QuerySet[Any, Any], fields: tuple[str, ...], words: Words) -> Place:
    place = Place(label, fields)
    for row in rows.order_by("pk").iterator(chunk_size=100):
        new = {name: _without(words, name, getattr(row, name)) for name in fields}
        if any(new[name] != getattr(row, name) for name in fields):
            for name, value in new.items():
                setattr(row, name, value)
            place.rows.append(row)
    return place


def _all_that_is_named(statement: Statement) -> dict[type[models.Model], set[int]]:
    """The rows that the statement names or named: the record of their changes has what they no longer say."""
    documents = Version.objects.filter(statement=statement.pk).values_list("document", flat=True)
    contents = [document["content"] for document in documents if not is_erased(document)]
    identities = Identities(contents)
    found: dict[type[models.Model], set[int]] = {}
    for kind, slugs in (named for content in contents for named in named_in(content).items()):
        for slug in slugs if kind != OldSlug.Kind.STATEMENT else ():
            with suppress(KeyError):
                found.setdefault(REFERENCE_MODELS[kind], set()).add(identities.id(kind, slug))
    return found


def _without(words: Words, name: str, value: Any) -> Any:
    """The admin's log keeps JSON as text, in which a letter that isn't Latin stands as its number."""
    try:
        said = json.loads(value) if name == "change_message" else None
    except ValueError:
        said = None
    if not isinstance(said, list):
        return words.taken_out_of(value)
    without = words.taken_out_of(said)
    return value if without == said else json.dumps(without)


def _rows_of_runs(statement: Statement, words: Words) -> models.QuerySet[RunRows, Any]:
    """Those that hold the words, and all of the runs that brought the statement: long cells are cut there."""
    holding = _holding(RunRows.objects.all(), ("rows",), words).values("pk")
    return RunRows.objects.filter(Q(pk__in=holding) | Q(run__in=statement.runs.values("pk")))


def _holding(rows: models.QuerySet[Any, Any], fields: Iterable[str], words: Words) -> models.QuerySet[Any, Any]:
    """Rows in which the longest of the words stands, as a text or as JSON is stored by either database."""
    wanted: list[Q] = []
    for one in words.texts:
        longest = max(one.split(), key=len)[:_LOOKED_FOR]
        for written in {longest, unicodedata.normalize("NFD", longest)}:
            for form in {written, json.dumps(written)[1:-1], json.dumps(written, ensure_ascii=False)[1:-1]}:
                wanted += [Q(**{f"{name}_words__contains": form}) for name in fields]
    casts = {f"{name}_words": Cast(name, TextField()) for name in fields}
    return rows.annotate(**casts).filter(reduce(or_, wanted)) if wanted else rows.none()


def runs_with_files(statement: Statement, found: Iterable[Place], versions: Iterable[Version]) -> list[ImportRun]:
    """The imports whose uploaded file brought the words. ``versions`` are those that hold them. One query."""
    ids = {version.run_id for version in versions if version.run_id}
    for place in found:
        ids |= {row.run_id for row in place.rows if isinstance(row, RunRows)}
    return list(ImportRun.objects.filter(pk__in=ids).exclude(file="").order_by("pk"))


def delete_files(runs: Iterable[ImportRun]) -> None:
    """The files go when the transaction has ended well. Each run says so from then on."""
    for run in runs:
        storage, name = run.file.storage, str(run.file.name)
        sentence = _("Its file was deleted: something in it had to be erased.")
        run.refresh_from_db(fields=["report"])
        error = {"file": "", "line": None, "column": "", "value": "", "message": sentence, "suggestion": ""}
        run.report = [*run.report, error]
        run.file = ""
        run.save(update_fields=["file", "report"])
        transaction.on_commit(partial(storage.delete, name))


_REFERENCE: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Organisation, ("name", "short_name", "description", "names__name")),
    (Speaker, ("name", "description", "names__name")),
    (Source, ("title", "publisher", "author", "url")),
    (Demand, ("title", "description")),
    (Measure, ("name", "definition")),
)
_EVERYWHERE: str | Promise = gettext_lazy(
    "Backups made before keep it until they are deleted, and so do pages and files that readers, archives and search "
    "engines have already. Tell whoever runs this site."
)


def beyond_reach(statement: Statement, words: Words, runs: Collection[ImportRun]) -> Iterator[str]:
    """Sentences on what an erasure doesn't reach; the files of ``runs`` it does. About eight queries."""
    for model, columns in _REFERENCE:
        for row in model._default_manager.filter(_containing(columns, words)).distinct()[:5]:
            yield _(
                "The %(what)s “%(name)s” has these words: change that there. Then erase them here once more, from the "
                "record of that change."
            ) % {
                "what": model._meta.verbose_name,
                "name": row,
            }
    texts = ("title", "summary", "date_note", "attribution", "wordings__text", "mentions__quote", "counts__quote")
    others = Statement.objects.filter(_containing(texts, words)).exclude(pk=statement.pk).distinct().count()
    if others:
        yield _("Other statements that have these words: %(n)s. They are erased there, one by one.") % {"n": others}
    if any(text.slugify(one) and text.slugify(one) in statement.slug for one in words.texts):
        yield _("The address of the statement has them, too: %(slug)s. It stays.") % {"slug": statement.slug}
    files = ImportRun.objects.exclude(file="").exclude(pk__in=[run.pk for run in runs]).count()
    if files:
        yield _(
            "Uploaded files of other imports are kept, and nobody looks into them here: %(n)s. Ask whoever runs this "
            "site to delete those that may have these words."
        ) % {"n": files}
    yield str(_EVERYWHERE)


def _containing(columns: Iterable[str], words: Words) -> Q:
    found = [Q(**{f"{column}__contains": one}) for column in columns for one in words.texts]
    return reduce(or_, found) if found else Q(pk__in=[])
