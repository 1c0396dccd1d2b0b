"""The steps as the desk offers them: to whom, when, in which words, what each asks, and which action it is."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from statements.actions import moves
from statements.actions.moves import RULES, WAITING, Kind
from statements.actions.publishing import (
    publish,
    publish_all,
    reasons_against_publishing,
    revised_among,
    withdraw,
)
from statements.actions.refusal import Refusal
from statements.actions.scheduling import schedule, unschedule
from statements.actions.steps import return_to_editor, submit, submitted_by, take_up
from statements.forms.base import ReasonForm
from statements.forms.steps import MendingForm, NoteForm, RevisionForm, TimeAndRevisionForm, TimeForm
from statements.models import Statement

Words = str | Promise
Form = type[forms.Form]


def _one_by_one(act: Callable[..., Any], statements: Sequence[Statement], by: User, values: dict[str, Any]) -> None:
    """All or none. The reasons of a refusal name the statement."""
    reasons: list[str] = []
    with transaction.atomic():
        for statement in statements:
            try:
                act(statement=statement, by=by, **values)
            except Refusal as refusal:
                reasons += [f"{statement.title}: {reason}" for reason in refusal.reasons]
            except Statement.DoesNotExist:
                reasons.append(_("%(title)s: It was deleted in the meantime.") % {"title": statement.title})
        if reasons:
            raise Refusal(reasons)


@dataclass(frozen=True)
class Step:
    """A step with its button, its page and its action on a list.

    ``label`` is that of the button that saves what was typed and then takes the step, blank where there is none;
    ``link`` leads to its page instead. ``form`` says what is asked before it is taken with these statements, None for
    nothing; on its own page at least ``note_form`` is. ``reasons`` is asked before the page is shown.
    """

    name: str
    kind: Kind
    act: Callable[..., Any]
    fits: Callable[[Statement, User], bool]
    done: Words
    done_with: Callable[[int], str]
    label: Words = ""
    link: Words = ""
    question: Words = ""
    question_of_many: Words = ""
    button: Words = ""
    form: Callable[[Set[int]], Form | None] = lambda _ids: None
    note_form: Form = forms.Form
    reasons: Callable[..., list[str]] = field(default=lambda **_given: [])

    @property
    def permission(self) -> str:
        return RULES[self.kind].permission

    def act_on_all(self, statements: Sequence[Statement], *, by: User, **values: Any) -> None:
        """All or none. Raises Refusal with reasons that name the statement."""
        if self.act is publish:
            publish_all(statements=statements, by=by, **values)
        else:
            _one_by_one(self.act, statements, by, values)


def _revision(ids: Set[int]) -> Form | None:
    return RevisionForm if revised_among(ids) else None


def _time(ids: Set[int]) -> Form:
    return TimeAndRevisionForm if revised_among(ids) else TimeForm


def _may_be_published(statement: Statement, _by: User) -> bool:
    withdrawn = statement.withdrawn_at is not None and statement.step == Statement.Step.DONE
    return statement.step in WAITING or withdrawn


def _may_be_taken_up(statement: Statement, by: User) -> bool:
    """At most two queries."""
    if statement.step == Statement.Step.IN_REVIEW:
        return submitted_by(statement)[0] == by.pk
    return statement.withdrawn_at is not None and statement.step == Statement.Step.DONE


STEPS = (
    Step(
        "submit",
        Kind.SUBMITTED,
        submit,
        lambda statement, _by: statement.step not in WAITING,
        gettext_lazy("It waits for a reviewer now."),
        lambda n: ngettext("%(n)s statement waits for review.", "%(n)s statements wait for review.", n) % {"n": n},
        label=gettext_lazy("Save and submit for review"),
    ),
    Step(
        "take_up",
        Kind.TAKEN_UP,
        take_up,
        _may_be_taken_up,
        gettext_lazy("It is a draft again."),
        lambda n: ngettext("%(n)s statement is a draft again.", "%(n)s statements are drafts again.", n) % {"n": n},
        link=gettext_lazy("Take up again …"),
        question=gettext_lazy("Take up this statement again, as a draft?"),
        button=gettext_lazy("Make it a draft"),
        note_form=NoteForm,
    ),
    Step(
        "return",
        Kind.RETURNED,
        return_to_editor,
        lambda statement, _by: statement.step in WAITING,
        gettext_lazy("It is back with its editor."),
        lambda n: ngettext("%(n)s statement was returned.", "%(n)s statements were returned.", n) % {"n": n},
        label=gettext_lazy("Return with a note …"),
        question=gettext_lazy("Return this statement to its editor?"),
        question_of_many=gettext_lazy("Return these statements to their editors?"),
        button=gettext_lazy("Return"),
        form=lambda _ids: MendingForm,
        reasons=lambda statement, by: moves.reasons_against(Kind.RETURNED, statement=statement, by=by),
    ),
    Step(
        "publish",
        Kind.PUBLISHED,
        publish,
        _may_be_published,
        gettext_lazy("Readers see it now."),
        lambda n: ngettext("Readers see %(n)s statement now.", "Readers see %(n)s statements now.", n) % {"n": n},
        label=gettext_lazy("Approve and publish"),
        question=gettext_lazy("Publish this statement?"),
        question_of_many=gettext_lazy("Publish these statements?"),
        button=gettext_lazy("Approve and publish"),
        form=_revision,
        reasons=reasons_against_publishing,
    ),
    Step(
        "schedule",
        Kind.SCHEDULED,
        schedule,
        _may_be_published,
        gettext_lazy("It is scheduled: readers see it from that time on."),
        lambda n: ngettext("%(n)s statement is scheduled.", "%(n)s statements are scheduled.", n) % {"n": n},
        label=gettext_lazy("Approve and schedule …"),
        question=gettext_lazy("Publish this statement at a time?"),
        question_of_many=gettext_lazy("Publish these statements at a time?"),
        button=gettext_lazy("Approve and schedule"),
        form=_time,
        reasons=reasons_against_publishing,
    ),
    Step(
        "unschedule",
        Kind.UNSCHEDULED,
        unschedule,
        lambda statement, _by: statement.step == Statement.Step.SCHEDULED,
        gettext_lazy("It is off the schedule and waits for a reviewer."),
        lambda n: (
            ngettext("%(n)s statement is off the schedule.", "%(n)s statements are off the schedule.", n) % {"n": n}
        ),
        link=gettext_lazy("Take off the schedule …"),
        question=gettext_lazy("Take this statement off the schedule?"),
        button=gettext_lazy("Take off the schedule"),
        note_form=NoteForm,
    ),
    Step(
        "withdraw",
        Kind.WITHDRAWN,
        withdraw,
        lambda statement, _by: statement.is_public,
        gettext_lazy("It was withdrawn: its public address says so, with the reason."),
        lambda n: ngettext("%(n)s statement was withdrawn.", "%(n)s statements were withdrawn.", n) % {"n": n},
        link=gettext_lazy("Withdraw …"),
        question=gettext_lazy("Withdraw this statement?"),
        question_of_many=gettext_lazy("Withdraw these statements?"),
        button=gettext_lazy("Withdraw"),
        form=lambda _ids: ReasonForm,
    ),
)
