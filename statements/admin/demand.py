"""Demands and the updates of their status, on the desk."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from statements.actions.refusal import Refusal
from statements.actions.updates import PUBLISH_UPDATE, publish_update, withdraw_update
from statements.admin.base import DeskAdmin
from statements.admin.confirm import ask
from statements.admin.desk.lists import QueueLists
from statements.admin.display import EMPTY, counted, partial_date
from statements.admin.filters import NewestRelatedFilter
from statements.admin.reference import ReferenceAdmin
from statements.admin.search import find_demands
from statements.admin.steps import say_refusal
from statements.forms.reference import DemandForm, DemandUpdateForm
from statements.models import Demand, DemandUpdate


@admin.register(Demand)
class DemandAdmin(QueueLists, ReferenceAdmin):
    form = DemandForm
    autocomplete_fields = ["addressees", "parent"]
    fieldsets = [(None, {"fields": ["title", "theme", "description", "addressees", "parent", "slug"]})]
    list_display = ["title", "theme", "asked", "parent", "statements"]
    queue_display = ["title", "asked", "statements"]
    list_filter = ["theme", ("addressees", NewestRelatedFilter)]
    search_help_text = gettext_lazy("Words of its title.")

    statements = counted("statement_count", gettext_lazy("statements"))

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return find_demands(queryset, term)

    def for_changelist(self, queryset: Any) -> Any:
        return queryset.for_changelist()

    @admin.display(description=gettext_lazy("addressees"))
    def asked(self, demand: Demand) -> str:
        return ", ".join(str(organisation) for organisation in demand.addressees.all()) or EMPTY


class PublicUpdateFilter(admin.SimpleListFilter):
    title = gettext_lazy("public state")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("published")), ("no", _("awaiting a reviewer"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        wanted = self.value()
        return queryset if wanted is None else queryset.filter(published_at__isnull=wanted != "yes")


@admin.register(DemandUpdate)
class DemandUpdateAdmin(QueueLists, DeskAdmin):
    """A published update is read-only until it is withdrawn."""

    form = DemandUpdateForm
    autocomplete_fields = ["demand", "source"]
    fieldsets = [(None, {"fields": ["demand", "date", "status", "source", "note"]})]
    list_display = ["demand", "status", "date", "source", "saved_by_name", "published_at", "published_by_name"]
    queue_display = ["demand", "status", "date", "source", "saved_by_name"]
    list_filter = [PublicUpdateFilter, "status"]
    search_fields = ["demand__title"]
    search_help_text = gettext_lazy("Words of the demand.")
    actions = ["publish_selected", "withdraw_selected"]

    date = partial_date("date", gettext_lazy("date"))

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return queryset.filter(demand__in=find_demands(Demand.objects.all(), term))

    def for_changelist(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return queryset.select_related("demand", "source")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH_UPDATE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.published_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)

    def page_notes(self, request: HttpRequest, obj: DemandUpdate) -> list[str | SafeString]:
        if obj.published_at is None:
            return [_("Readers do not see it yet: somebody other than %(name)s publishes it.") % {"name": _saver(obj)}]
        day = obj.published_at.date().isoformat()
        return [
            _("Published on %(day)s by %(name)s. To correct it, withdraw it first.")
            % {"day": day, "name": obj.published_by_name}
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is not None and self.has_publish_permission(request):
            step = "publish" if obj.published_at is None else "withdraw"
            label = _("Publish …") if obj.published_at is None else _("Withdraw …")
            context["step_links"] = [(self.address(step, obj), label)]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Who saves words of it is its author, whom the four eyes are about."""
        if not change or form.has_changed():
            obj.saved_by, obj.saved_by_name = request.user, request.user.get_username()
            obj.run = None
        super().save_model(request, obj, form, change)
        if not change or form.has_changed():
            obj.authors.add(request.user)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<path:object_id>/publish/", wrap(self.publish_view), name="statements_demandupdate_publish"),
            path("<path:object_id>/withdraw/", wrap(self.withdraw_view), name="statements_demandupdate_withdraw"),
        ]
        return own + super().get_urls()

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        update = self._update(request, object_id)

        def act(_values: dict[str, Any]) -> str:
            publish_update(update=update, by=request.user)  # type: ignore[arg-type]
            return _("Readers see it now.")

        question = _("Publish this update?")
        return self._ask(request, update, question=question, button=_("Publish"), act=act)

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        update = self._update(request, object_id)

        def act(_values: dict[str, Any]) -> str:
            withdraw_update(update=update, by=request.user)  # type: ignore[arg-type]
            return _("Readers no longer see it. It can be corrected and published again.")

        question = _("Withdraw this update?")
        return self._ask(request, update, question=question, button=_("Withdraw"), act=act)

    def _update(self, request: HttpRequest, object_id: str) -> DemandUpdate:
        if not self.has_publish_permission(request):
            raise PermissionDenied
        update: DemandUpdate | None = self.get_object(request, unquote(object_id))
        if update is None:
            raise Http404
        return update

    def _ask(self, request: HttpRequest, update: DemandUpdate, **kwargs: Any) -> HttpResponse:
        rows = [format_html("{}: {}", update, update.note)] if update.note else [update]
        return ask(request, self, rows=rows, seen=[update], back=self.address("change", update), **kwargs)

    @admin.action(description=gettext_lazy("Publish the selected updates"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: models.QuerySet[DemandUpdate]) -> None:
        done = _for_all(self, request, queryset, publish_update)
        if done:
            sentence = ngettext("Readers see %(n)s update now.", "Readers see %(n)s updates now.", done)
            self.message_user(request, sentence % {"n": done}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Withdraw the selected updates"), permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: models.QuerySet[DemandUpdate]) -> None:
        done = _for_all(self, request, queryset, withdraw_update)
        if done:
            sentence = ngettext("%(n)s update was withdrawn.", "%(n)s updates were withdrawn.", done)
            self.message_user(request, sentence % {"n": done}, messages.SUCCESS)


def _saver(update: DemandUpdate) -> str:
    return update.saved_by_name or _("its author")


def _for_all(model_admin: DeskAdmin, request: HttpRequest, queryset: models.QuerySet[DemandUpdate], action: Any) -> int:
    """All or none: how many it was done for, or 0 with every reason said."""
    updates = list(queryset.select_related("demand"))
    reasons: list[str] = []
    with transaction.atomic():
        for update in updates:
            step = partial(action, update=update, by=request.user)
            try:
                step()
            except Refusal as refusal:
                reasons += [f"{update}: {reason}" for reason in refusal.reasons]
        if reasons:
            transaction.set_rollback(True)
    if reasons:
        say_refusal(model_admin, request, reasons)
    return 0 if reasons else len(updates)
