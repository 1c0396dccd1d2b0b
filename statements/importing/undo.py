"""Undoing a run: what it made goes, what it changed says again what it said, and what others touched since stays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.moves import PUBLISH
from statements.actions.refusal import Refusal
from statements.actions.restoring import CHANGE
from statements.actions.turns import wait_for_other_imports
from statements.importing.plan import IMPORT
from statements.importing.undoing import reference, statements, updates
from statements.importing.undoing.fate import Fate
from statements.importing.undoing.kept import kept_of
from statements.models import Demand, DemandUpdate, ImportRun, ReferenceChange, Source, Statement


@dataclass(frozen=True)
class Item:
    """A row, by its KIND and by what it is called. ``reason`` says why it is left alone."""

    kind: str
    label: str
    reason: str = ""


@dataclass
class Undone:
    """What undoing a run removes, restores and leaves alone, in the order of the KINDs."""

    removed: list[Item] = field(default_factory=list)
    restored: list[Item] = field(default_factory=list)
    left_alone: list[Item] = field(default_factory=list)

    def add(self, kind: str, fates: Iterable[Fate]) -> None:
        for one in fates:
            if one.reasons:
                self.left_alone.append(Item(kind, one.label, " ".join(one.reasons)))
            else:
                (self.removed if one.goes else self.restored).append(Item(kind, one.label))


@dataclass
class _Plan:
    statements: statements.Fates
    updates: updates.Fates
    reference: reference.Touched

    @property
    def undone(self) -> Undone:
        undone = Undone()
        for model in reversed(reference.ORDER):
            undone.add(reference.KINDS[model].kind_name, self.reference[model].values())
        undone.add("statements", self.statements.values())
        undone.add("demand_updates", self.updates.values())
        return undone


def undo_preview(*, run: ImportRun, by: User) -> Undone:
    """What ``undo_run`` would do now. Writes nothing. Raises Refusal where this user can't undo this run."""
    reasons = list(reasons_against(run, by))
    if reasons:
        raise Refusal(reasons)
    return _planned(run, by).undone


@transaction.atomic
def undo_run(*, run: ImportRun, by: User, reason: str) -> Undone:
    """Remove what the run made and restore what it changed, and keep with the run who did so, when and why.

    What somebody has edited or published since, and what such rows need, is left alone. A statement that the run
    brought goes with all that hangs on it, its versions, too: nobody but the desk has ever seen them. A statement that
    it changed gets a new version with the reason. Reference data goes where nothing else uses it.

    Whoever imported it may do this, and whoever may import and publish. Raises Refusal with every reason. The number
    of queries grows with the batches of 500 rows, not with the rows.
    """
    wait_for_other_imports()
    locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    reasons = list(reasons_against(locked, by))
    if not reason.strip():
        reasons.append(_("Write why it is undone: the reason is kept with the import."))
    if reasons:
        raise Refusal(reasons)
    _lock_rows(locked)
    plan = _planned(locked, by)
    statements.carry_out(plan.statements, run=locked, by=by, reason=reason.strip())
    updates.carry_out(plan.updates, run=locked, by=by)
    reference.carry_out(plan.reference, run=locked, by=by)
    undone = plan.undone
    locked.undone_at, locked.undone_by, locked.undone_by_name = timezone.now(), by, by.get_username()
    locked.undone_reason = reason.strip()
    locked.undone_report = [[item.label, item.reason] for item in undone.left_alone]
    locked.save(update_fields=["undone_at", "undone_by", "undone_by_name", "undone_reason", "undone_report"])
    run.refresh_from_db()
    return undone


def reasons_against(run: ImportRun, by: User) -> Iterator[str]:
    """Why this user can't undo this run. A query or none: what it brought is not looked at."""
    if not by.has_perm(IMPORT) or not by.has_perm(CHANGE):
        yield _("You may not undo imports. Ask an administrator for the role of an importer.")
    elif run.user_id != by.pk and not by.has_perm(PUBLISH):
        yield _("%(name)s made this import: only they or an administrator can undo it.") % {"name": run.user_name}
    if run.state != ImportRun.State.APPLIED:
        yield _("This import wrote nothing, so there is nothing to undo.")
    elif run.undone_at is not None:
        words = {"day": run.undone_at.date().isoformat(), "name": run.undone_by_name}
        yield _("It was undone already, on %(day)s by %(name)s.") % words


def _lock_rows(run: ImportRun) -> None:
    """Nobody edits, publishes or newly refers to what is being undone until that is done."""
    of_run = ImportRun.statements.through.objects.filter(importrun=run).values("statement")
    list(Statement.objects.select_for_update(of=("self",)).filter(pk__in=of_run).order_by("pk").values_list("pk"))
    list(DemandUpdate.objects.select_for_update(of=("self",)).filter(run=run).order_by("pk").values_list("pk"))
    for model in reference.ORDER:
        touched = ReferenceChange.objects.filter(run=run, kind=model._meta.model_name).values("target_id")
        rows = model._default_manager.select_for_update(of=("self",)).filter(pk__in=touched)
        list(rows.order_by("pk").values_list("pk"))


def _planned(run: ImportRun, by: User) -> _Plan:
    kept, touched = kept_of(run), reference.touched_by(run)
    of_statements, named = statements.plan_statements(run, kept)
    new = {model: {one.pk for one in touched[model].values() if one.is_new} for model in (Demand, Source)}
    of_updates = updates.plan_updates(run, kept, new_demands=new[Demand], new_sources=new[Source])
    not_using: dict[type, set[int]] = {
        Statement: {one.pk for one in of_statements.values() if one.gives_up},
        DemandUpdate: {one.pk for one in of_updates.values() if one.goes},
    }
    reference.plan_reference(touched, by=by, named=named, not_using=not_using)
    return _Plan(of_statements, of_updates, touched)
