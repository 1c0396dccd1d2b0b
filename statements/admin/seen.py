"""What somebody decides on is what they saw: lists, pages that ask and deletions carry the marks of their rows, signed.

Where a row has changed since, nothing is done with any, and it is said which one, by whom, and when. A request without
these marks comes from no page of the desk, and is not held against them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core import signing
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.admin.happened import Marks, marks_of, told_of_deletion, told_since
from statements.models import Move, Statement, Version

#: The hidden field with the marks, and the one that says: this is the answer to a page that asked.
SEEN, ASKED = "seen", "asked"


def seen_words(model: type[models.Model], rows: Iterable[models.Model]) -> str:
    """The words of the hidden field on a page that shows these stored rows. At most three queries."""
    marks = marks_of(model, [row.pk for row in rows])
    return signing.dumps(
        [{str(pk): of_one for pk, of_one in marks.items()}, _newest(model)], salt=_salt(model), compress=True
    )


def _salt(model: type[models.Model]) -> str:
    return f"seen {model._meta.label_lower}"


def _newest(model: type[models.Model]) -> list[int]:
    """The last version and the last step of all: what is newer than that was on no page yet."""
    if model is not Statement:
        return []
    return [kind._default_manager.aggregate(last=models.Max("id"))["last"] or 0 for kind in (Version, Move)]


def changed_since_seen(request: HttpRequest, model: type[models.Model], ids: Iterable[int] | None = None) -> list[str]:
    """A sentence for each of these rows that has changed since the page of this request was shown.

    Without ``ids`` it is about all rows of that page. Call it in the transaction in which something will be done with
    them: it locks them. Two queries, and a few for each that has changed.
    """
    if SEEN not in request.POST:
        return []
    try:
        carried, newest = signing.loads(request.POST[SEEN], salt=_salt(model))
    except (signing.BadSignature, ValueError, TypeError):
        return [_("What you saw can't be read any more: open the page again, and decide then.")]
    seen: dict[int, Marks] = {int(pk): marks for pk, marks in carried.items()}
    wanted = list(seen) if ids is None else list(ids)
    stored = model._default_manager.select_for_update(of=("self",)).order_by("pk").in_bulk(wanted)
    marks = marks_of(model, [pk for pk in wanted if pk in seen])
    sentences = [told_of_deletion(model, str(pk), user=request.user) for pk in wanted if pk not in stored]
    changed = {pk: seen[pk] for pk, now in marks.items() if pk in stored and now != seen[pk]}
    changed |= _newer(model, [pk for pk in stored if pk not in seen], newest)
    for pk, before in changed.items():
        since = told_since(stored[pk], before, user=request.user)
        sentences += [f"{stored[pk]}: {since[0]}"]
    return sentences


def _newer(model: type[models.Model], ids: Collection[int], newest: Sequence[int]) -> dict[int, Marks]:
    """Of the rows that stood on another page of the list ("select all"): those with something newer than the list."""
    found: dict[int, Marks] = {}
    if model is Statement and ids:
        kinds: Sequence[type[models.Model]] = (Version, Move)
        for kind, last in zip(kinds, newest, strict=True):
            rows = kind._default_manager.filter(statement__in=ids, id__gt=last)
            found |= {pk: {} for pk in rows.values_list("statement_id", flat=True)}
    return found


def refuse_what_changed(request: HttpRequest, rows: Sequence[models.Model]) -> None:
    """For a page that asks about these rows. Raises Refusal when it was shown before another change."""
    reasons = changed_since_seen(request, type(rows[0])) if rows else []
    if reasons:
        raise Refusal([*reasons, _not_done()])


def seen_fields(rows: Sequence[models.Model]) -> Iterator[tuple[str, str]]:
    """The hidden fields of a page that asks about these rows."""
    if rows:
        yield ASKED, "1"
        yield SEEN, seen_words(type(rows[0]), rows)


def _not_done() -> str:
    return _("That was after you had opened this page, so nothing was done. Look at it, and decide again.")


class SeenAdmin(admin.ModelAdmin):
    """Lists with actions, and deletions."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        context: dict[str, Any] = getattr(response, "context_data", None) or {}
        if context.get("action_form") and "cl" in context:
            context["seen"] = seen_words(self.model, context["cl"].result_list)
        return response

    def response_action(self, request: HttpRequest, queryset: models.QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """All in one transaction: nobody changes the rows between the look at them and the step. A page that an action
        shows looks again for itself, so that what was typed there stays.
        """
        with transaction.atomic():
            reasons = [] if ASKED in request.POST else self._changed(request, queryset)
            if not reasons:
                return super().response_action(request, queryset, *args, **kwargs)
        for reason in [*reasons, _not_done()]:
            self.message_user(request, reason, messages.ERROR)
        return None

    def _changed(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> list[str]:
        if request.POST.get("select_across", "0") not in ("", "0"):
            return changed_since_seen(request, self.model, queryset.values_list("pk", flat=True))
        # Not those of the queryset: what left the list's filter meanwhile would be left out without a word.
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        return changed_since_seen(request, self.model, [int(number) for number in chosen])

    def _delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None) -> HttpResponse:
        """Called inside the transaction of the deletion."""
        obj = self.get_object(request, unquote(object_id))
        if obj is not None and request.method == "POST" and self.has_delete_permission(request, obj):
            reasons = changed_since_seen(request, self.model)
            if reasons:
                for reason in [*reasons, _not_done()]:
                    self.message_user(request, reason, messages.ERROR)
                return HttpResponseRedirect(request.get_full_path())
        seen = seen_words(self.model, [obj]) if obj is not None else ""
        return super()._delete_view(request, object_id, {**(extra_context or {}), "seen": seen})  # type: ignore[misc]
