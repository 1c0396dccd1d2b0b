"""The one door from the desk to the record, and the steps that lead to it.

Every action takes rows by keyword and ``by=``, checks the permission itself, and raises Refusal with all
reasons at once.
"""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.models import DemandUpdate, Statement, Version
from statements.record import index
from statements.record.document import Document, build, content_hash, load
from statements.record.problems import problems

SUBMIT, PUBLISH = "statements.submit_statement", "statements.publish_statement"
PUBLISH_UPDATE = "statements.publish_demandupdate"

#: The steps at which work waits for a reviewer already.
WAITING = (Statement.Step.IN_REVIEW, Statement.Step.SCHEDULED)


@transaction.atomic
def submit(*, statement: Statement, by: User) -> None:
    """Hand a draft to a reviewer."""
    stored = _locked(statement)
    reasons = _lacking(by, SUBMIT, _("You may not submit statements."))
    if stored.step in WAITING:
        reasons.append(_("It waits for a reviewer already."))
    if _unchanged_since_publication(stored):
        reasons.append(_("Readers see it exactly as it is: there is nothing new to review."))
    _move(stored, statement, reasons, Statement.Step.IN_REVIEW)


@transaction.atomic
def return_to_editor(*, statement: Statement, by: User) -> None:
    """Give a statement back to whoever entered it."""
    stored = _locked(statement)
    reasons = _lacking(by, PUBLISH, _("You may not return statements."))
    if stored.step != Statement.Step.IN_REVIEW:
        reasons.append(_("It is not in review, so there is nothing to return."))
    _move(stored, statement, reasons, Statement.Step.RETURNED)


@transaction.atomic
def publish(*, statement: Statement, by: User) -> Version:
    """Show readers the desk's statement as it stands. A fixed number of queries."""
    return publish_all(statements=[statement], by=by)[0]


@transaction.atomic
def publish_all(*, statements: Sequence[Statement], by: User) -> list[Version]:
    """``publish`` for many: all or none. The reasons of a refusal name the statement where there are several."""
    ids = [statement.pk for statement in statements]
    locked = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("published_version")
        .order_by("pk")
        .in_bulk(ids)
    )
    versions = {v.statement_id: v for v in _latest(ids)}
    authors = _authors_since_publication(ids)
    public_numbers = dict(
        Version.objects.filter(statement__in=ids).values_list("statement").annotate(Max("public_number"))
    )
    bundles = load(ids)
    reasons: list[str] = []
    for statement in statements:
        pk = statement.pk
        if pk not in locked:
            reasons.append(_("%(title)s: It was deleted in the meantime.") % {"title": statement.title})
            continue
        document = build(bundles[pk])
        of_this = _reasons_against(locked[pk], versions.get(pk), content_hash(document), by, authors.get(pk, set()))
        of_this += [str(problem) for problem in problems(document, publishing=True)]
        reasons += [f"{locked[pk].title}: {reason}" if len(ids) > 1 else reason for reason in of_this]
        if pk in versions and versions[pk].public_number is None:
            _mark_published(versions[pk], document, (public_numbers[pk] or 0) + 1, by, authors[pk])
    if reasons:
        raise Refusal(reasons)
    _show([versions[pk] for pk in ids], locked)
    for statement in statements:
        statement.refresh_from_db()
    return [versions[pk] for pk in ids]


def _mark_published(version: Version, document: Document, number: int, by: User, authors: set[int | None]) -> None:
    # The content is the version's own; the names in its context are those of the day on which readers first see it.
    version.document = document
    version.public_number = number
    version.published_at = timezone.now()
    version.published_by, version.published_by_name = by, by.get_username()
    version.four_eyes_waived = not settings.FOUR_EYES and by.pk in authors


def _show(versions: Sequence[Version], locked: dict[int, Statement]) -> None:
    Version.objects.bulk_update(
        versions,
        ["document", "public_number", "published_at", "published_by", "published_by_name", "four_eyes_waived"],
        batch_size=200,
    )
    for version in versions:
        stored = locked[version.statement_id]
        stored.published_version = version
        stored.step = Statement.Step.DONE
        stored.withdrawn_at, stored.withdrawn_by, stored.withdrawn_reason = None, None, ""
    Statement.objects.bulk_update(
        [locked[version.statement_id] for version in versions],
        ["published_version", "step", "withdrawn_at", "withdrawn_by", "withdrawn_reason"],
        batch_size=200,
    )
    index.write(versions)


@transaction.atomic
def withdraw(*, statement: Statement, by: User, reason: str) -> None:
    """Take a statement away from readers. Its address says so from now on, with the reason."""
    stored = _locked(statement)
    reasons = _lacking(by, PUBLISH, _("You may not withdraw statements."))
    if not stored.is_public:
        reasons.append(_("It is not public, so there is nothing to withdraw."))
    if not reason.strip():
        reasons.append(_("Readers are told why: write the reason."))
    if reasons:
        raise Refusal(reasons)
    stored.withdrawn_at, stored.withdrawn_by, stored.withdrawn_reason = timezone.now(), by, reason.strip()
    stored.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    index.remove([stored.pk])
    statement.refresh_from_db()


@transaction.atomic
def publish_update(*, update: DemandUpdate, by: User) -> None:
    """Show readers an update of a demand's status."""
    stored = DemandUpdate.objects.select_for_update(of=("self",)).get(pk=update.pk)
    reasons = _lacking(by, PUBLISH_UPDATE, _("You may not publish updates of demands."))
    own = stored.saved_by_id == by.pk or stored.authors.filter(pk=by.pk).exists()
    if stored.published_at is not None:
        reasons.append(_("It is public already."))
    if own and settings.FOUR_EYES:
        reasons.append(_("You entered or changed it yourself: a second person publishes it."))
    if reasons:
        raise Refusal(reasons)
    stored.published_at, stored.published_by, stored.published_by_name = timezone.now(), by, by.get_username()
    stored.four_eyes_waived = own
    stored.save(update_fields=["published_at", "published_by", "published_by_name", "four_eyes_waived"])
    stored.authors.clear()
    update.refresh_from_db()


@transaction.atomic
def withdraw_update(*, update: DemandUpdate, by: User) -> None:
    """Take an update away from readers, so that it can be corrected and published again."""
    stored = DemandUpdate.objects.select_for_update(of=("self",)).get(pk=update.pk)
    reasons = _lacking(by, PUBLISH_UPDATE, _("You may not withdraw updates of demands."))
    if stored.published_at is None:
        reasons.append(_("It is not public, so there is nothing to withdraw."))
    if reasons:
        raise Refusal(reasons)
    stored.published_at, stored.published_by, stored.published_by_name = None, None, ""
    stored.four_eyes_waived = False
    stored.save(update_fields=["published_at", "published_by", "published_by_name", "four_eyes_waived"])
    update.refresh_from_db()


def _locked(statement: Statement) -> Statement:
    return Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)


def _lacking(by: User, permission: str, sentence: str) -> list[str]:
    return [] if by.has_perm(permission) else [sentence]


def _move(stored: Statement, statement: Statement, reasons: list[str], step: Statement.Step) -> None:
    if reasons:
        raise Refusal(reasons)
    stored.step = step
    stored.save(update_fields=["step"])
    statement.refresh_from_db()


def _latest(statement_ids: Sequence[int]) -> list[Version]:
    newest = Version.objects.filter(statement__in=statement_ids).values("statement").annotate(newest=Max("number"))
    numbers = {row["statement"]: row["newest"] for row in newest}
    rows = Version.objects.filter(statement__in=statement_ids).select_related("published_by")
    return [version for version in rows if version.number == numbers[version.statement_id]]


def _unchanged_since_publication(stored: Statement) -> bool:
    latest = _latest([stored.pk])
    return bool(latest) and _readers_see(stored, latest[0])


def _readers_see(stored: Statement, version: Version) -> bool:
    shown = stored.published_version
    return stored.is_public and shown is not None and shown.content_hash == version.content_hash


def _was_withdrawn_as(stored: Statement, version: Version | None) -> bool:
    """Whether publishing would only show again what readers saw until it was withdrawn: that was reviewed then."""
    seen = stored.published_version
    if stored.withdrawn_at is None or seen is None or version is None:
        return False
    return version.content_hash == seen.content_hash


def _authors_since_publication(statement_ids: Sequence[int]) -> dict[int, set[int | None]]:
    """Who changed each statement since the version that readers saw last. One query."""
    last_public = dict(
        Version.objects.filter(statement__in=statement_ids, public_number__isnull=False)
        .values_list("statement")
        .annotate(Max("number"))
    )
    authors: dict[int, set[int | None]] = {}
    for pk, number, author in Version.objects.filter(statement__in=statement_ids).values_list(
        "statement_id", "number", "saved_by_id"
    ):
        if number > last_public.get(pk, 0):
            authors.setdefault(pk, set()).add(author)
    return authors


def _reasons_against(
    stored: Statement, version: Version | None, desk_hash: str, by: User, authors: set[int | None]
) -> list[str]:
    reasons = _lacking(by, PUBLISH, _("You may not publish statements."))
    if version is not None and _readers_see(stored, version):
        return [*reasons, _("Readers see it exactly as it is: there is nothing to publish.")]
    if stored.step != Statement.Step.IN_REVIEW and not _was_withdrawn_as(stored, version):
        reasons.append(_("It has not been submitted for review."))
    if settings.FOUR_EYES and by.pk in authors:
        reasons.append(_("You entered or changed it yourself: a second person publishes it."))
    if version is None or version.content_hash != desk_hash:
        reasons.append(_("It was changed without a version: open it, check it and save it once."))
    return reasons
