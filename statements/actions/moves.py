"""The steps that somebody can take with a statement: who may, from where, where it is then, and their history.

Whatever takes a step holds the statement's lock, asks ``reasons_against``, and writes its Move in the same transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from statements.bulk import insert
from statements.models import Move, Schedule, Statement, Version

SUBMIT, PUBLISH = "statements.submit_statement", "statements.publish_statement"

Kind: TypeAlias = Move.Kind
Step: TypeAlias = Statement.Step

#: The steps at which work waits for a reviewer, or for its time, already.
WAITING = (Step.IN_REVIEW, Step.SCHEDULED)

#: The steps at which a statement is with its editor.
WITH_EDITOR = (Step.DRAFT, Step.RETURNED)


@dataclass(frozen=True)
class Rule:
    """``leads_to`` is None where the step stays what it is. ``forbidden`` answers whoever lacks the permission,
    ``misplaced`` whoever asks at another step. What else a step needs, its own action says.
    """

    permission: str
    starts_at: tuple[Step, ...]
    leads_to: Step | None
    forbidden: str | Promise
    misplaced: str | Promise


#: The whole workflow. Beside it only a save moves a statement: what was done becomes a draft, and what was scheduled
#: goes back to review; a withdrawal sends what was scheduled there, too. What was withdrawn and stands as readers saw
#: it is published again without another review.
RULES: Mapping[Kind, Rule] = {
    Kind.SUBMITTED: Rule(
        SUBMIT,
        (*WITH_EDITOR, Step.DONE),
        Step.IN_REVIEW,
        _("You may not submit statements."),
        _("It waits for a reviewer already."),
    ),
    Kind.RETURNED: Rule(
        PUBLISH,
        WAITING,
        Step.RETURNED,
        _("You may not return statements."),
        _("It is not in review, so there is nothing to return."),
    ),
    Kind.TAKEN_UP: Rule(
        SUBMIT,
        (Step.IN_REVIEW, Step.DONE),
        Step.DRAFT,
        _("You may not take up statements."),
        _("Only what is in review, or was withdrawn, is taken up again."),
    ),
    Kind.SCHEDULED: Rule(
        PUBLISH,
        WAITING,
        Step.SCHEDULED,
        _("You may not publish statements."),
        _("It has not been submitted for review."),
    ),
    Kind.UNSCHEDULED: Rule(
        PUBLISH,
        (Step.SCHEDULED,),
        Step.IN_REVIEW,
        _("You may not take statements off the schedule."),
        _("It is not scheduled."),
    ),
    Kind.PUBLISHED: Rule(
        PUBLISH,
        WAITING,
        Step.DONE,
        _("You may not publish statements."),
        _("It has not been submitted for review."),
    ),
    Kind.WITHDRAWN: Rule(
        PUBLISH,
        tuple(Step),
        None,
        _("You may not withdraw statements."),
        "",
    ),
}


def locked(statement: Statement) -> Statement:
    """The stored row, which nobody else changes before this transaction ends. Raises DoesNotExist."""
    return Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)


def reasons_against(kind: Kind, *, statement: Statement, by: User) -> list[str]:
    """What the table has against this step. No query beside those for the permission."""
    rule = RULES[kind]
    reasons = [] if by.has_perm(rule.permission) else [str(rule.forbidden)]
    return reasons if statement.step in rule.starts_at else [*reasons, str(rule.misplaced)]


def latest_version_ids(statement_ids: Iterable[int]) -> dict[int, int]:
    """The version that each of these statements has on the desk. One query."""
    return dict(Version.objects.latest_of(statement_ids).values_list("statement_id", "pk"))


def record(
    kind: Kind,
    *,
    statement_ids: Sequence[int],
    by: User,
    note: str = "",
    versions: Mapping[int, int] | None = None,
    at: datetime | None = None,
) -> None:
    """Keep that this step was taken with each of them, now or ``at``. Two queries; one where ``versions`` are known."""
    known = latest_version_ids(statement_ids) if versions is None else versions
    now = at or timezone.now()
    insert(
        [
            Move(
                statement_id=pk,
                kind=kind,
                version_id=known.get(pk),
                note=note,
                at=now,
                by=by,
                by_name=by.get_username(),
            )
            for pk in statement_ids
        ]
    )


def after_save(*, made: Sequence[Version], by: User) -> None:
    """What a save does to the step: what was done becomes a draft, and what was approved for a time waits for a
    reviewer again. One query, and three more where something was scheduled.
    """
    versions = {version.statement_id: version.pk for version in made}
    moved = Statement.objects.filter(pk__among=versions, step__in=[Step.DONE, Step.SCHEDULED])
    steps = dict(moved.values_list("pk", "step"))
    done = [pk for pk, step in steps.items() if step == Step.DONE]
    scheduled = [pk for pk, step in steps.items() if step == Step.SCHEDULED]
    if done:
        Statement.objects.filter(pk__in=done).update(step=Step.DRAFT)
    if scheduled:
        note = str(_("It was changed after it had been approved."))
        take_off_schedule(statement_ids=scheduled, by=by, note=note, versions=versions)


def take_off_schedule(
    *, statement_ids: Sequence[int], by: User, note: str, versions: Mapping[int, int] | None = None
) -> None:
    """Back to review with what is scheduled among these, whoever asks. Four queries; three with ``versions``."""
    Statement.objects.filter(pk__in=statement_ids).update(step=Step.IN_REVIEW)
    Schedule.objects.filter(statement__in=statement_ids).delete()
    record(Kind.UNSCHEDULED, statement_ids=statement_ids, by=by, note=note, versions=versions)


def after_import(*, steps: Mapping[int, tuple[str, str]], made: Sequence[Version], by: User, note: str) -> None:
    """The history of what a file did to steps, which are stored already: (before, after) by statement.

    At most four queries, however many.
    """
    submitted = [pk for pk, (before, after) in steps.items() if before not in WAITING and after == Step.IN_REVIEW]
    taken_up = [pk for pk, (before, after) in steps.items() if before in WAITING and after == Step.DRAFT]
    versions = {version.statement_id: version.pk for version in made}
    lacking = [pk for pk in (*submitted, *taken_up) if pk not in versions]
    if lacking:
        versions |= latest_version_ids(lacking)
    record(Kind.SUBMITTED, statement_ids=submitted, by=by, note=note, versions=versions)
    if taken_up:
        Schedule.objects.filter(statement__in=taken_up).delete()
        record(Kind.TAKEN_UP, statement_ids=taken_up, by=by, note=note, versions=versions)
