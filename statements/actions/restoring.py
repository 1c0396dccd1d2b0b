"""Restoring versions: the desk says again what a version says, and that makes a new version.

A version's document says who and what by slugs. One that was given up leads to the row that it leads to today, so what
was merged comes back as the one that is left. The desk note is no part of a document and stays as it is. So does the
step, with two exceptions: what was done becomes a draft, and what says again what readers see is done.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.actions.rewriting import KEYED, Wanted, rewrite
from statements.actions.versions import save_documents
from statements.bulk import batches
from statements.models import ImportRun, Statement, Through, Version
from statements.models.rules import row_problems
from statements.record.document import Document, content_hash, is_erased, upgraded
from statements.record.identities import REFERENCE_MODELS, Identities, named_in
from statements.record.problems import problems
from statements.record.today import Today

CHANGE = "statements.change_statement"

#: (kind, slug in a document) -> the row's number and its slug of today.
_Known = Mapping[tuple[str, str], tuple[int, str]]

#: A key that another statement holds now: the list of the document, the key, and the number of that statement.
Taken = tuple[str, str, int]


@dataclass
class Prepared(Wanted):
    """A version that is about to be restored, with what speaks against it.

    ``reasons`` are those that lie in the version alone.
    """

    title: str = ""
    reasons: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)


@transaction.atomic
def restore(*, version: Version, by: User, why: str, through: Through, run: ImportRun | None = None) -> Version:
    """Make the desk's statement say what this version says, and return the new version that this makes.

    A fixed number of queries. Raises Refusal with every reason: something that it names no longer exists, a rule that
    it breaks today, words that were erased from it, or that the desk says it already.
    """
    if not restore_all(versions=[version], by=by, why=why, through=through, run=run):
        raise Refusal([_("The desk says exactly this already: there is nothing to restore.")])
    return Version.objects.filter(statement=version.statement_id).latest("number")


@transaction.atomic
def restore_all(
    *, versions: Iterable[Version], by: User, why: str, through: Through, run: ImportRun | None = None
) -> int:
    """``restore`` for many, at most one of each statement: all or none. Returns how many new versions that made.

    Their documents may be deferred: they are read in batches of 500, each with a fixed number of queries. The reasons
    of a refusal name the statement where there are several.
    """
    if not by.has_perm(CHANGE):
        raise Refusal([_("You may not change statements.")])
    wanted = {version.statement_id: version.pk for version in versions}
    waiting, made = set(wanted), 0
    reasons: list[str] = []
    for batch in batches(sorted(wanted)):
        list(Statement.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk").values_list("pk"))
        prepared = prepare(Version.objects.filter(pk__in=[wanted[pk] for pk in batch]))
        if len(prepared) < len(batch):
            reasons.append(_("A statement was deleted in the meantime."))
        leading_back = _leading_back(prepared, waiting)
        for one in prepared:
            of_this = [*one.reasons, *taken_reasons(one.taken, waiting)]
            of_this += [circle_sentence()] if one.statement_id in leading_back else []
            reasons += [f"{one.title}: {reason}" if len(wanted) > 1 else reason for reason in of_this]
        if not reasons:
            made += len(_write(prepared, by=by, why=why, through=through, run=run))
        waiting.difference_update(batch)
    if reasons:
        raise Refusal(reasons)
    return made


def prepare(versions: Iterable[Version]) -> list[Prepared]:
    """What restoring these versions would write, and what speaks against it. Writes nothing; at most 25 queries.

    From what readers saw last, words may have been erased: going back to it says no more than they see.
    """
    rows = list(versions)
    of_these = Statement.objects.filter(pk__in=[version.statement_id for version in rows])
    statements = {pk: (slug, seen) for pk, slug, seen in of_these.values_list("pk", "slug", "published_version_id")}
    documents = {
        version.pk: upgraded(version.document)
        for version in rows
        if _is_whole(version) or (version.pk == statements[version.statement_id][1] and not is_erased(version.document))
    }
    known = _known([document["content"] for document in documents.values()])
    numbers = {(kind, slug): pk for (kind, _old), (pk, slug) in known.items()}
    today = Today({named: slug for named, (_pk, slug) in known.items()})
    found = []
    for version in rows:
        slug = statements[version.statement_id][0]
        one = Prepared(version.statement_id, numbers=numbers, title=slug)
        found.append(one)
        if version.pk not in documents:
            one.reasons.append(_("Something was erased from this version, so it can't come back."))
            continue
        document = documents[version.pk]
        one.title = document["content"]["title"]
        one.content = today.content(document["content"])
        one.reasons += _missing(document, known) or _broken_rules(one, slug)
        one.reasons += [str(problem) for problem in problems({"content": one.content})]
    _note_taken_keys(found)
    return found


def taken_reasons(taken: Iterable[Taken], giving_up: Set[int]) -> list[str]:
    """``giving_up`` are the statements that give a key up, since they are restored or deleted in the same breath."""
    return [
        _("It holds %(key)s, which belongs to another statement now. Delete it there first.") % {"key": key}
        for _name, key, holder in taken
        if holder not in giving_up
    ]


def circle_sentence() -> str:
    return _("The statement that it would be related to leads back to it. Change the relation of that one first.")


def in_circles(targets: Mapping[int, int], starts: Iterable[int]) -> set[int]:
    """Those of ``starts`` that lead back to themselves. No query."""
    found = set()
    for start in starts:
        seen: set[int] = set()
        step = targets.get(start)
        while step is not None and step != start and step not in seen:
            seen.add(step)
            step = targets.get(step)
        if step == start:
            found.add(start)
    return found


def stored_relations() -> dict[int, int]:
    """From a statement to the one that it is related to, as the desk has it. One query."""
    related = Statement.objects.filter(related_statement__isnull=False)
    return {pk: target for pk, target in related.values_list("pk", "related_statement_id") if target is not None}


def _write(
    prepared: Sequence[Prepared], *, by: User, why: str, through: Through, run: ImportRun | None
) -> list[Version]:
    for name, model in KEYED.items():
        for batch in batches([key for one in prepared for of, key, _holder in one.taken if of == name]):
            model._default_manager.filter(key__in=batch).delete()
    made = save_documents(documents=rewrite(prepared), by=by, through=through, why=why, run=run)
    public = Statement.objects.public().filter(pk__in=[version.statement_id for version in made])
    seen = dict(public.values_list("pk", "published_version__content_hash"))
    done = [version.statement_id for version in made if seen.get(version.statement_id) == version.content_hash]
    Statement.objects.filter(pk__in=done).update(step=Statement.Step.DONE)
    return made


def _leading_back(prepared: Sequence[Prepared], waiting: Set[int]) -> set[int]:
    """Those of a batch whose relation would close a circle; what still waits for its turn has no relation yet."""
    related = {one.statement_id: one.related_id for one in prepared if one.related_id is not None}
    if not related:
        return set()
    relations = {pk: target for pk, target in stored_relations().items() if pk not in waiting}
    return in_circles(relations | related, related)


def _is_whole(version: Version) -> bool:
    return not is_erased(version.document) and content_hash(version.document) == version.content_hash


def _known(contents: Sequence[Document]) -> _Known:
    identities = Identities(contents)
    wanted: dict[str, dict[str, int]] = {kind: {} for kind in REFERENCE_MODELS}
    for content in contents:
        for kind, slugs in named_in(content).items():
            for slug in slugs - wanted[kind].keys():
                try:
                    wanted[kind][slug] = identities.id(kind, slug)
                except KeyError:
                    continue
    found = {}
    for kind, pks in wanted.items():
        rows = REFERENCE_MODELS[kind]._default_manager.filter(pk__in=set(pks.values()))
        now = dict(rows.values_list("pk", "slug"))
        found.update({(kind, slug): (pk, now[pk]) for slug, pk in pks.items() if pk in now})
    return found


def _missing(document: Document, known: _Known) -> list[str]:
    """A sentence on everything that the document names and that no longer exists, by the name of that day."""
    found = []
    for kind, slugs in named_in(document["content"]).items():
        for slug in sorted(slug for slug in slugs if (kind, slug) not in known):
            of_that_day = document["context"].get(f"{kind}s", {}).get(slug, {})
            name = of_that_day.get("name") or of_that_day.get("title") or slug
            words = {"what": REFERENCE_MODELS[kind]._meta.verbose_name, "name": name, "slug": slug}
            found.append(_("It names the %(what)s “%(name)s” (%(slug)s), which no longer exists.") % words)
    return found


def _broken_rules(one: Prepared, slug: str) -> list[str]:
    """The rules on one row that the rows to be written would break: they may be stricter than on that day."""
    broken = (sentence for row in one.unsaved_rows(slug=slug) for _field, sentence in row_problems(row))
    return list(dict.fromkeys(broken))


def _note_taken_keys(prepared: Iterable[Prepared]) -> None:
    """One query for each list with keys, and one more for each 500 keys that their statements lack."""
    by_statement = {one.statement_id: one for one in prepared if one.content}
    for name, model in KEYED.items():
        here = model._default_manager.filter(statement__in=by_statement)
        present = set(here.values_list("statement_id", "key"))
        lacking = {
            row["key"]: one
            for pk, one in by_statement.items()
            for row in one.content[name]
            if (pk, row["key"]) not in present
        }
        for batch in batches(sorted(lacking)):
            elsewhere = model._default_manager.filter(key__in=batch).values_list("key", "statement_id")
            for key, holder in elsewhere:
                lacking[key].taken.append((name, key, holder))
