"""The merge itself, in one transaction."""

from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext as _

from statements.actions.merging import fields, relations, updates
from statements.actions.merging.joining import join
from statements.actions.merging.plan import (
    Preview,
    kind_of,
    plan,
    public_entries,
    today_after,
)
from statements.actions.merging.relations import RELATIONS, Way
from statements.actions.reference import Changed, Changes, public_permission, record_changes
from statements.actions.refusal import Refusal
from statements.actions.turns import wait_for_other_imports
from statements.bulk import batches
from statements.models import Demand, DemandUpdate, OldSlug, Organisation, Source, Speaker, Statement, Through, Version
from statements.models.derived import write_mirrored_names
from statements.record import desk_index, index, today_links


class Outdated(Refusal):  # it is an answer, not an error
    """Something that was shown is different by now. ``preview`` is what a merge would do now; nothing was done."""

    def __init__(self, preview: Preview) -> None:
        super().__init__([_("Something changed after you had looked at it. Look again: nothing was done yet.")])
        self.preview = preview


def preview(*, survivor: models.Model, other: models.Model, by: User) -> Preview:
    """What ``merge`` would do now. Writes nothing. Raises Refusal where it would refuse."""
    rows = type(survivor)._default_manager
    return _judged(rows.filter(pk=survivor.pk).first(), rows.filter(pk=other.pk).first(), by)


@transaction.atomic
def merge(*, survivor: models.Model, other: models.Model, by: User, reason: str, digest: str) -> Preview:
    """Do what the preview of this ``digest`` showed, and return it. ``other`` is gone then.

    Raises Refusal with every reason, and Outdated where the preview is another by now. What a row lost is kept in the
    record of changes. About a hundred queries, and about 60 for each 500 statements that readers see.
    """
    wait_for_other_imports()
    _lock_what_names(other)
    rows = type(survivor)._default_manager.select_for_update(of=("self",)).order_by("pk")
    stored: dict[int, Any] = rows.in_bulk([survivor.pk, other.pk])
    planned = _judged(stored.get(survivor.pk), stored.get(other.pk), by)
    if not reason.strip():
        raise Refusal([_("Write why they are one: the reason is kept with the change.")])
    if planned.digest != digest:
        raise Outdated(planned)
    _carry_out(planned, by=by, reason=reason.strip())
    survivor.refresh_from_db()
    return planned


def _judged(survivor: Any, other: Any, by: User) -> Preview:
    reasons = _reasons_against(survivor, other, by)
    if reasons:
        raise Refusal(reasons)
    return plan(survivor, other)


def _reasons_against(survivor: Any, other: Any, by: User) -> list[str]:
    if survivor is None or other is None:
        return [_("One of the two is no longer there: somebody deleted it, or merged it.")]
    reasons = []
    if not by.has_perm(public_permission(type(survivor))):
        reasons.append(_("Only reviewers may merge: tell one which two are one."))
    if survivor.pk == other.pk:
        return [*reasons, _("It can't be merged with itself: choose another one.")]
    lacking = relations.unhandled(type(survivor))
    if lacking:
        raise RuntimeError(f"No merge knows what to do with {', '.join(lacking)}.")
    return [*reasons, *(_part_of(first, second) for first, second in _in_line(survivor, other))]


def _part_of(part: Any, whole: Any) -> str:
    return _("“%(part)s” is a part of “%(whole)s”, directly or through others. Take it out of there first.") % {
        "part": part,
        "whole": whole,
    }


def _in_line(survivor: Any, other: Any) -> list[tuple[Any, Any]]:
    """(part, whole) where one of the two stands above the other: merged, it would be a part of itself."""
    if not hasattr(survivor, "parent_id"):
        return []
    rows = type(survivor)._default_manager.filter(parent__isnull=False)
    parents: dict[int, int] = dict(rows.values_list("pk", "parent_id"))
    return [(row, above) for row, above in ((survivor, other), (other, survivor)) if _leads(parents, row.pk, above.pk)]


def _leads(parents: dict[int, int], start: int, end: int) -> bool:
    seen: set[int] = set()
    step = parents.get(start)
    while step is not None and step not in seen and step != end:
        seen.add(step)
        step = parents.get(step)
    return step == end


def _lock_what_names(other: Any) -> None:
    """Nobody edits, publishes or withdraws it while it moves. What names the other newly and is stored first makes the
    preview another one; what is stored later is refused, since references are checked when a transaction ends.
    """
    named = relations.statements_naming(type(other), other.pk)
    named |= set(public_entries(other).values_list("pk", flat=True))
    for batch in batches(sorted(named)):
        list(Statement.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk").values_list("pk"))
    for relation in RELATIONS[type(other)]:
        if relation.model is DemandUpdate:
            list(relation.rows(other.pk).select_for_update(of=("self",)).values_list("pk"))


def _carry_out(planned: Preview, *, by: User, reason: str) -> None:
    survivor, other = planned.survivor, planned.other
    model, other_pk = type(survivor), other.pk
    shown = list(public_entries(other).values_list("version_id", flat=True))
    naming = relations.statements_naming(model, other_pk)
    _keep_what_goes(planned, by=by, reason=reason)
    join([one.statement_id for one in planned.joined], today_after(survivor, other))
    updates.settle(planned.updates, by=by)
    for relation in RELATIONS[model]:
        if relation.way not in (Way.NAMES, Way.INDEX):
            relations.move(relation, survivor=survivor.pk, other=other_pk)
    fields.fill(survivor, planned.fields)
    if isinstance(survivor, Organisation | Speaker):
        for name in fields.names_taken(survivor, other):
            name.save()
    for batch in batches(shown):
        index.remove(list(Version.objects.filter(pk__in=batch).values_list("statement_id", flat=True)))
    kind = kind_of(other)
    OldSlug.objects.filter(kind=kind, target_id=other_pk).update(target_id=survivor.pk)
    OldSlug.objects.create(kind=kind, slug=other.slug, target_id=survivor.pk)
    other.delete()
    fields.store(survivor, other, planned.fields)
    if isinstance(survivor, Organisation | Speaker):
        write_mirrored_names([survivor])
    desk_index.refresh(naming)
    if isinstance(survivor, Source):
        desk_index.refresh_citing([survivor.pk])
    for batch in batches(shown):
        index.write(list(Version.objects.filter(pk__in=batch).order_by("statement_id")))
    _lists_follow(survivor, took={field.name for field in planned.filled})


def _lists_follow(survivor: Any, *, took: set[str]) -> None:
    """What it has from the other one: a theme, a country, addressees, and demands that are addressed to it."""
    if isinstance(survivor, Demand):
        today_links.follow(themes=[survivor.pk] if "theme" in took else [], addressees=[survivor.pk])
    if isinstance(survivor, Organisation):
        asked = Demand.addressees.through.objects.filter(organisation=survivor.pk).order_by("demand")
        countries = [survivor.pk] if "country" in took else []
        today_links.follow(addressees=list(asked.values_list("demand", flat=True)), countries=countries)


def _keep_what_goes(planned: Preview, *, by: User, reason: str) -> None:
    """The record of both: what the survivor took, what was joined, and all that the other said."""
    survivor, other = planned.survivor, planned.other
    took: Changes = {"merged": ["", f"{other} ({other.slug})"]}
    took |= {field.name: ["", fields.cell(field.other)] for field in planned.filled}
    if planned.names:
        took["aliases"] = ["", " | ".join(planned.names)]
    for number, one in enumerate(planned.joined, 1):
        took[f"{one.place} ({number})"] = [f"{one.first} + {one.second}", _listed(one.lost, one.joined.row)]
    for clash in planned.updates:
        dropped = clash.dropped
        said = f"{dropped}; {dropped.source}; {dropped.note}; {dropped.saved_by_name} {dropped.published_by_name}"
        took[f"update {dropped.pk}"] = [said.strip(), f"{clash.kept}; {clash.note}"]
    went: Changes = {name: [value, ""] for name, value in fields.cells_of(other).items() if value}
    went["merged into"] = ["", f"{survivor} ({survivor.slug})"]
    if isinstance(other, Organisation | Speaker):
        went["aliases"] = [" | ".join(str(name) for name in other.names.all()), ""]
    changed = [Changed(survivor, took), Changed(other, went)]
    record_changes(changed=changed, by=by, through=Through.MERGE, why=reason)


def _listed(lost: Any, row: Any) -> str:
    kept = {name: value for name, value in row.items() if value not in (None, "", [], False)}
    words = "; ".join(f"{name}: {value}" for name, value in kept.items())
    gone = "; ".join(f"{name}: {value}" for name, value in lost.items())
    return f"{words} [{gone}]" if gone else words
