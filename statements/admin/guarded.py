"""Nobody overwrites anybody: a form that was opened before another change saves nothing until its editor has chosen."""

import re
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.admin.conflict_page import conflict_page, lost_page
from statements.admin.conflicts import SHOWN, Conflict, is_unchanged
from statements.admin.happened import marks_of, told_of_deletion, told_since
from statements.admin.opened import OPENED, Page, State, pack, page_of, reveal, state_of, unpack
from statements.models import Statement, Version

_NUMBER = re.compile(r"[0-9]{1,18}")


class _Outdated(Exception):  # it is an answer, not an error
    """Raised before anything was written."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__()
        self.conflict = conflict


class GuardedAdmin(admin.ModelAdmin):
    """Its change form carries what it showed. A request without that comes from no form, and isn't held against it."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.is_held = getattr(request, "desk_is_held", False)  # type: ignore[attr-defined]  # a GuardedForm
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST" and object_id is not None and _NUMBER.fullmatch(object_id):
            # Before the row is read: what happens in between makes the page older than it is, never newer.
            request.desk_marks = marks_of(self.model, [int(object_id)])  # type: ignore[attr-defined]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except _Outdated as outdated:
            conflict = outdated.conflict
        except PermissionDenied:
            page = self._forbidden_meanwhile(request, object_id)
            if page is None:
                raise
            return page
        if conflict.is_settled:
            request.desk_is_held = SHOWN in request.POST  # type: ignore[attr-defined]
            request.POST = conflict.merged(pack(conflict.stored, conflict.row))  # type: ignore[assignment]
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except _Outdated as outdated:
                conflict = outdated.conflict
        return conflict_page(self, request, conflict)

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Here the row is locked, its lists are read, and nothing of the request has touched them."""
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]  # not in the stubs
        readable = all(not formset.is_bound or formset.management_form.is_valid() for formset in formsets)
        if change and request.method == "POST" and OPENED in request.POST and readable:
            fields = self.get_form(request, obj, change=True).base_fields
            page = page_of(self.model, fields, zip(formsets, inlines, strict=True))
            stored = state_of(page, obj, marks_of(self.model, [obj.pk]).get(obj.pk, {}))
            opened = unpack(request.POST[OPENED], obj)
            if opened is None or not is_unchanged(opened, stored):
                if opened is not None:
                    _reveal(opened, obj)
                raise _Outdated(Conflict(page, obj, request.POST, opened, stored))
        return formsets, inlines

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if request.method == "POST":
            context["opened_state"] = request.POST.get(OPENED, "")
        elif obj is not None and obj.pk and self.has_change_permission(request, obj):
            context["opened_state"] = pack(self._shown(request, context, obj), obj)
        context["is_held"] = getattr(request, "desk_is_held", False)
        return super().render_change_form(request, context, *args, **kwargs)

    def _shown(self, request: HttpRequest, context: dict[str, Any], obj: Any) -> State:
        lists = [(inline.formset, inline.opts) for inline in context["inline_admin_formsets"]]
        page = page_of(self.model, context["adminform"].form.base_fields, lists)
        return state_of(page, obj, getattr(request, "desk_marks", {}).get(obj.pk, {}))

    # --- What can't be saved at all ---

    def _forbidden_meanwhile(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """The page for who opened a form that they may no longer save; None for who never could."""
        if request.method != "POST" or object_id is None or OPENED not in request.POST:
            return None
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.has_change_permission(request) or not self.has_view_permission(request, obj):
            return None
        opened = unpack(request.POST[OPENED], obj)
        since = told_since(obj, opened.marks, user=request.user, at=opened.at) if opened is not None else []
        return lost_page(
            self,
            request,
            self._empty_page(request),
            title=_("You may not change this any more"),
            sentences=[*self.page_notes(request, obj), *since],
            status=403,
        )

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        if request.method != "POST" or OPENED not in request.POST:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        return lost_page(
            self,
            request,
            self._empty_page(request),
            title=_("This was deleted while you had it open"),
            sentences=[told_of_deletion(self.model, unquote(object_id), user=request.user)],
            status=404,
        )

    def page_notes(self, request: HttpRequest, obj: Any) -> list[str | SafeString]:
        """Sentences above the form of a stored row."""
        return []

    def _empty_page(self, request: HttpRequest) -> Page:
        lists = ((formset, inline) for formset, inline in self.get_formsets_with_inlines(request))
        return page_of(self.model, self.get_form(request).base_fields, lists)


def _reveal(opened: State, row: models.Model) -> None:
    if isinstance(row, Statement):
        shown = Version.objects.filter(statement=row, number=opened.marks.get("version") or 0).first()
        if shown is not None:
            reveal(opened, shown.document)
