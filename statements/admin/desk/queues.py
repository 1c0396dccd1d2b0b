"""The lists of the desk's front page: whose they are, which rows stand in them, and what they say of each.

The rows are named querysets of the models; the front page counts what the lists show, from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from statements.actions.moves import PUBLISH, SUBMIT
from statements.actions.putting_off import may_put_off
from statements.actions.updates import PUBLISH_UPDATE
from statements.admin.desk import told
from statements.importing.plan import IMPORT
from statements.models import Demand, DemandUpdate, ImportRun, PutOff, Statement
from statements.models.queues import REFUSED_FIRST

Rows = models.QuerySet[Any, Any]

#: The parameter of a list with the name of one of these.
PARAMETER = "desk"


@dataclass(frozen=True)
class Queue:
    """``sees`` is the permission of those whose list it is. ``with_told`` adds what ``tells`` says of a row."""

    name: str
    label: str | Promise
    explains: str | Promise
    sees: str
    rows: Callable[[Any, User], Rows]
    with_told: Callable[[Any], Rows] = lambda rows: rows
    tells: Callable[[Any], str | SafeString] | None = None
    order: tuple[Any, ...] = ()

    @property
    def can_be_put_off(self) -> bool:
        return self.name in PutOff.Queue.values

    def may_put_off(self, user: User) -> bool:
        return may_put_off(user, self.name)

    def waiting(self, queryset: Any, user: User) -> Rows:
        rows: Any = self.rows(queryset, user)
        return rows.waiting(self.name) if self.can_be_put_off else rows

    def put_off(self, queryset: Any, user: User) -> Rows:
        rows: Any = self.rows(queryset, user)
        return rows.put_off(self.name) if self.can_be_put_off else rows.none()


def _scheduled(rows: Any, user: User) -> Rows:
    """A reviewer keeps the schedule; an author sees what of theirs is on it."""
    scheduled: Any = rows.scheduled()
    return scheduled if user.has_perm(PUBLISH) else scheduled.changed_by(user)


_SECOND = "second person"

_WAITING_STATEMENTS = (
    Queue(
        PutOff.Queue.REVIEW,
        _("To review"),
        _("Submitted by others. Return each with a note, or publish it."),
        PUBLISH,
        lambda rows, user: rows.to_review_by(user),
    ),
    Queue(
        PutOff.Queue.RETURNED,
        _("Returned to you"),
        _("A reviewer asks for something."),
        "statements.change_statement",
        lambda rows, user: rows.returned_to(user),
        lambda rows: rows.with_the_return(),
        told.the_return,
    ),
    Queue(
        PutOff.Queue.DRAFTS,
        _("Your drafts"),
        _("Begun or changed by you, and not submitted yet."),
        "statements.change_statement",
        lambda rows, user: rows.drafts_of(user),
    ),
    Queue(
        PutOff.Queue.SCHEDULED,
        _("Scheduled"),
        _("Approved, and published when their time has come. What could not be published then stands first."),
        "statements.view_statement",
        _scheduled,
        lambda rows: rows.select_related("schedule"),
        told.the_schedule,
        REFUSED_FIRST,
    ),
    Queue(
        _SECOND,
        _("Yours, waiting for a second person"),
        _("You changed these yourself, so somebody else publishes them."),
        SUBMIT,
        lambda rows, user: rows.waiting_for_a_second_person(user),
    ),
)

_NEEDY_STATEMENTS = (
    Queue(
        PutOff.Queue.WORDS,
        _("No verbatim words"),
        _("Statements of which the desk has no words in any language."),
        "statements.view_statement",
        lambda rows, user: rows.needing_words(),
    ),
    Queue(
        PutOff.Queue.QUOTES,
        _("Quotes not checked"),
        _("Statements that are quoted as evidence while there are no words to check the quotes against."),
        "statements.view_statement",
        lambda rows, user: rows.needing_a_check_of_quotes(),
    ),
    Queue(
        PutOff.Queue.DATES,
        _("Dates that contradict"),
        _("Issued after a source was published, a date of another year than its source, a figure as of a later day."),
        "statements.view_statement",
        lambda rows, user: rows.needing_a_look_at_dates(),
        lambda rows: rows.with_what_contradicts(),
        told.the_contradictions,
    ),
)

_UPDATES = (
    Queue(
        PutOff.Queue.UPDATES,
        _("Updates of demands to review"),
        _("Entered by others, and not public yet."),
        PUBLISH_UPDATE,
        lambda rows, user: rows.to_review_by(user),
        lambda rows: rows.select_related("demand"),
    ),
    Queue(
        _SECOND,
        _("Your updates of demands, waiting for a second person"),
        _("You changed these yourself, so somebody else publishes them."),
        "statements.change_demandupdate",
        lambda rows, user: rows.waiting_for_a_second_person(user),
        lambda rows: rows.select_related("demand"),
    ),
)

_RUNS = (
    Queue(
        "confirm",
        _("Your imports, waiting for confirmation"),
        _("Read and checked; nothing of them is written yet."),
        IMPORT,
        lambda rows, user: rows.awaiting_confirmation_by(user),
    ),
    Queue(
        "in review",
        _("Imports with statements in review"),
        _("The page of an import publishes all that it brought."),
        PUBLISH,
        lambda rows, user: rows.to_review_by(user),
    ),
)

_DEMANDS = (
    Queue(
        PutOff.Queue.STALE,
        _("Demands without an update for a year"),
        _("Readers are not told how these stand, or only how they stood more than a year ago."),
        "statements.view_demand",
        lambda rows, user: rows.stale(),
        lambda rows: rows.with_latest_update(),
        told.the_latest_update,
        (F("latest_update").asc(nulls_first=True), "title", "pk"),
    ),
)

#: In the order of the front page.
WAITING: tuple[tuple[type[models.Model], Queue], ...] = (
    *((Statement, queue) for queue in _WAITING_STATEMENTS[:1]),
    (DemandUpdate, _UPDATES[0]),
    (ImportRun, _RUNS[1]),
    (ImportRun, _RUNS[0]),
    *((Statement, queue) for queue in _WAITING_STATEMENTS[1:]),
    (DemandUpdate, _UPDATES[1]),
)
NEEDS: tuple[tuple[type[models.Model], Queue], ...] = (
    *((Statement, queue) for queue in _NEEDY_STATEMENTS),
    *((Demand, queue) for queue in _DEMANDS),
)

QUEUES: Mapping[type[models.Model], tuple[Queue, ...]] = {
    Statement: (*_WAITING_STATEMENTS, *_NEEDY_STATEMENTS),
    DemandUpdate: _UPDATES,
    ImportRun: _RUNS,
    Demand: _DEMANDS,
}


def queues_of(model: type[models.Model], user: User) -> list[Queue]:
    """Those that this user sees."""
    return [queue for queue in QUEUES[model] if user.has_perm(queue.sees)]


def queue_named(model: type[models.Model], name: str | None, user: User) -> Queue | None:
    return next((queue for queue in queues_of(model, user) if queue.name == name), None)


def model_of(name: str) -> type[models.Model] | None:
    """The model whose rows can be put off in a list of this name."""
    return next((model for model, queues in QUEUES.items() for queue in queues if queue.name == name), None)
