"""The page of an import run, whatever has become of it: what it says, and what this user can do there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.actions.moves import PUBLISH, SUBMIT, WITH_EDITOR
from statements.actions.publishing import revised_among
from statements.admin.import_forms import AlikeForm
from statements.admin.import_reading import ReadingForm, file_to_read, reading_sentences
from statements.admin.import_rows import rows_page
from statements.forms.steps import RevisionForm
from statements.importing import report, runs
from statements.importing.directory import Made
from statements.importing.plan import IMPORT
from statements.importing.progress import Phase, Progress
from statements.importing.run_files import ALL
from statements.models import ImportRun, ReferenceChange, Statement
from statements.record.identities import REFERENCE_MODELS

STATEMENTS_A_PAGE = 100

State = ImportRun.State


@dataclass
class Brought:
    """What an applied run brought, and what this user can do with it now."""

    steps: list[tuple[str | Promise, int]]
    statements: list[Statement]
    number: int
    of: int
    waiting: int = 0
    to_submit: int = 0
    to_publish: int = 0
    #: What readers are told of statements that they saw before; None where there are none among those to publish.
    revision: RevisionForm | None = None
    reference: list[tuple[Any, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def page_of(run: ImportRun, user: User, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The page's context. The number of queries depends on the state of the run, not on its rows."""
    may_import = user.has_perm(IMPORT)
    known = runs.progress_of(run)
    is_underway = run.state in runs.UNDERWAY or (known is not None and known.is_alive)
    context: dict[str, Any] = {
        "title": _("Import of %(name)s") % {"name": run.file_name},
        "run": run,
        "counts": report.counts_line(run.outcomes) if run.outcomes else "",
        "notes": _notes(run, user),
        "made": [report.made_line(Made(**made)) for made in run.made],
        "may_import": may_import,
        "report": run.report,
        "facts": _facts(run),
    }
    if is_underway:
        return context | {"progress": _shown(run, known or Progress()), "can_discard": run.state == State.PLANNING}
    if known is not None and run.state == State.APPLIED:
        context["notes"].append(
            _("The last step was ended before it was done. What it did is done: take it once more.")
        )
    is_own = may_import and run.state in runs.OPEN and not runs.why_not(run, user)
    context |= {
        "is_open": is_own,
        "can_confirm": is_own and run.state == State.PREVIEWED and _changes_something(run),
        "can_discard": is_own,
        "alike": AlikeForm(run),
        "files": [file | {"sentences": reading_sentences(file)} for file in run.understood],
        "page": rows_page(run, parameters),
    }
    context |= _reading(run, parameters) if is_own else {}
    if run.state == State.APPLIED:
        context["brought"] = _brought(run, user, parameters)
    return context


def _reading(run: ImportRun, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The form to have a file read in another way, open where somebody should look at it. What is wrong at a column
    stands there, not in the report.
    """
    wanted = parameters.get("read", "")
    number = file_to_read(run, int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else None)
    if number is None:
        return {}
    form = ReadingForm(run, number)
    is_open = bool(wanted) or not form.is_certain or any(error["file"] for error in run.report)
    at_columns = [sentence for column in form.columns for sentence in column.problems]
    report = [error for error in run.report if error["message"] not in at_columns]
    return {"reading": form, "reading_is_open": is_open, "report": report}


def _changes_something(run: ImportRun) -> bool:
    return bool(run.outcomes.get("new") or run.outcomes.get("changed"))


def _notes(run: ImportRun, user: User) -> list[str]:
    match run.state:
        case State.PREVIEWED if not _changes_something(run):
            return [_("The desk holds all of it already: there is nothing to write.")]
        case State.PREVIEWED:
            reason = runs.why_not(run, user)
            return [_("Nothing has been written yet."), *([reason] if reason else [])]
        case State.REFUSED:
            return [
                _(
                    "Nothing was written, and nothing will be while anything is wrong. Correct the file and upload it "
                    "again, or change below how it is read."
                )
            ]
        case State.STOPPED:
            return [_("It was stopped before its end, and nothing was written.")]
        case State.DISCARDED:
            return [_("The file was discarded. Nothing was written.")]
        case State.APPLIED if run.undone_at is not None:
            return [_("It was written, and undone later: see below.")]
        case State.APPLIED:
            return [_("Everything was written.") if _changes_something(run) else _("There was nothing to write.")]
    return []


def _facts(run: ImportRun) -> list[tuple[str, str]]:
    """What the history keeps of it, by name."""
    kind = _("several, in a ZIP") if run.kind == ALL else run.kind.replace("_", " ")
    facts = [
        (_("Kind"), kind),
        (_("State"), run.get_state_display()),
        (_("Brought in by"), run.user_name),
        (_("Begun"), _time(run.started_at)),
    ]
    if run.ended_at is not None:
        facts.append((_("Ended"), _time(run.ended_at)))
    if run.options.get("create_missing"):
        facts.append((_("Missing names"), _("organisations, speakers and demands are created")))
    return [*facts, (_("SHA-256"), run.sha256)]


def _time(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


@dataclass
class ShownProgress:
    """``done`` of ``of``, as a sentence and for a bar; both 0 where the work has not begun."""

    heading: str | Promise
    sentence: str
    speed: str
    done: int
    of: int
    seconds_to_next: int


def _shown(run: ImportRun, known: Progress) -> ShownProgress:
    words = {"done": round(known.done), "of": known.total or 0}
    if known.phase == Phase.WAITING:
        sentence = (
            _("It waits until a worker takes it.")
            if known.is_queued
            else _("It waits until the imports before it end.")
        )
    elif known.total:
        sentence = _with_total(known.phase) % words
    else:
        sentence = _without_total(known.phase) % words
    speed = ngettext("%(n)d a second", "%(n)d a second", known.per_second) % {"n": known.per_second}
    return ShownProgress(
        heading=run.get_state_display() if run.state in runs.UNDERWAY else _("Work on what it brought"),
        sentence=sentence,
        speed=speed if known.per_second else "",
        done=min(words["done"], words["of"]),
        of=words["of"],
        # The longer it has taken, the less often it is asked.
        seconds_to_next=2 if known.seconds < 20 else 5,
    )


def _with_total(phase: Phase) -> str:
    return {
        Phase.READING: _("Read and checked: %(done)d of at most %(of)d rows."),
        Phase.WRITING: _("Written: %(done)d of at most %(of)d statements."),
        Phase.SUBMITTING: _("Submitted: %(done)d of %(of)d statements."),
        Phase.PUBLISHING: _("Publishing %(of)d statements."),
        Phase.UNDOING: _("Undoing it: %(of)d statements."),
    }[phase]


def _without_total(phase: Phase) -> str:
    return {
        Phase.READING: _("Read and checked: %(done)d rows."),
        Phase.WRITING: _("Written: %(done)d statements."),
        Phase.SUBMITTING: _("Submitted: %(done)d statements."),
        Phase.PUBLISHING: _("Publishing."),
        Phase.UNDOING: _("Undoing it."),
    }[phase]


def _brought(run: ImportRun, user: User, parameters: Mapping[str, str]) -> Brought:
    """At most six queries."""
    counted = dict(run.statements.order_by().values_list("step").annotate(n=Count("pk")))
    total = sum(counted.values())
    last = max(1, -(-total // STATEMENTS_A_PAGE))
    wanted = parameters.get("statements", "")
    number = min(int(wanted), last) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 1
    start = max(0, number - 1) * STATEMENTS_A_PAGE
    brought = Brought(
        steps=[(step.label, counted[step]) for step in Statement.Step if step in counted],
        statements=list(run.statements.order_by("pk")[start : start + STATEMENTS_A_PAGE]),
        number=max(1, number),
        of=last,
        waiting=run.demand_updates.awaiting_review().count(),
    )
    if run.undone_at is not None:
        return brought
    changes = dict(ReferenceChange.objects.filter(run=run).order_by().values_list("kind").annotate(n=Count("pk")))
    brought.reference = [
        (model._meta.verbose_name_plural, changes[kind])
        for kind, model in REFERENCE_MODELS.items()
        if kind in changes and model is not Statement
    ]
    if user.has_perm(SUBMIT):
        brought.to_submit = sum(counted.get(step, 0) for step in WITH_EDITOR)
    if user.has_perm(PUBLISH):
        in_review = counted.get(Statement.Step.IN_REVIEW, 0) + brought.waiting
        if in_review and settings.FOUR_EYES and run.user_id == user.pk:
            brought.notes.append(_("You brought it in yourself: a second person publishes it."))
        else:
            brought.to_publish = in_review
            if in_review and revised_among(run.statements.filter(step=Statement.Step.IN_REVIEW).values("pk")):
                brought.revision = RevisionForm()
    return brought
