"""The steps before publication: submitting, returning, taking up again. Each refuses with all reasons at once."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from statements.actions.moves import (
    RULES,
    Kind,
    locked,
    reasons_against,
    record,
    take_off_schedule,
)
from statements.actions.publishing import revised_among
from statements.actions.refusal import Refusal
from statements.models import Move, Statement, Version


@transaction.atomic
def submit(*, statement: Statement, by: User, note: str = "") -> None:
    """Hand a draft to a reviewer."""
    stored = locked(statement)
    reasons = reasons_against(Kind.SUBMITTED, statement=stored, by=by)
    if stored.is_public and not revised_among([stored.pk]):
        reasons.append(_("Readers see it exactly as it is: there is nothing new to review."))
    _take(Kind.SUBMITTED, stored, statement, reasons, by=by, note=note)


@transaction.atomic
def return_to_editor(*, statement: Statement, by: User, note: str = "") -> None:
    """Give a statement back to whoever entered it. ``note`` says what to mend: the desk's pages ask for one."""
    stored = locked(statement)
    reasons = reasons_against(Kind.RETURNED, statement=stored, by=by)
    if not reasons and stored.step == Statement.Step.SCHEDULED:
        take_off_schedule(statement_ids=[stored.pk], by=by, note=_("It was returned."))
    _take(Kind.RETURNED, stored, statement, reasons, by=by, note=note)


@transaction.atomic
def take_up(*, statement: Statement, by: User, note: str = "") -> None:
    """Make a draft again of what one has submitted oneself, or of what was withdrawn."""
    stored = locked(statement)
    reasons = reasons_against(Kind.TAKEN_UP, statement=stored, by=by)
    if stored.step == Statement.Step.DONE and stored.is_public:
        reasons.append(_("Readers see it exactly as it is: change it, and it is a draft again."))
    if stored.step == Statement.Step.IN_REVIEW:
        submitter, name = submitted_by(stored)
        if submitter != by.pk:
            words = {"name": name or _("An account that is gone")}
            reasons.append(_("%(name)s submitted it, and takes it back. A reviewer returns it.") % words)
    _take(Kind.TAKEN_UP, stored, statement, reasons, by=by, note=note)


def submitted_by(statement: Statement) -> tuple[int | None, str]:
    """Whose submission waits: number and name of the account. Of what came into review before steps were kept, whoever
    saved it last. At most two queries.
    """
    submitted = Move.objects.filter(statement=statement, kind=Kind.SUBMITTED).order_by("-id")
    found = submitted.values_list("by_id", "by_name").first()
    if found is None:
        saved = Version.objects.filter(statement=statement).order_by("-number")
        found = saved.values_list("saved_by_id", "saved_by_name").first()
    return found or (None, "")


def _take(kind: Kind, stored: Statement, statement: Statement, reasons: list[str], *, by: User, note: str) -> None:
    if reasons:
        raise Refusal(reasons)
    step = RULES[kind].leads_to
    if step is not None:
        stored.step = step
        stored.save(update_fields=["step"])
    record(kind, statement_ids=[stored.pk], by=by, note=note.strip())
    statement.refresh_from_db()
