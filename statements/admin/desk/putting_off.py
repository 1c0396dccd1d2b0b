"""What is put off in the lists of the desk: by whom, until when and why; putting off, and taking that back."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Case, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.actions.putting_off import PERMISSIONS, may_put_off, put_off, take_back
from statements.admin.base import ReadOnlyAdmin
from statements.admin.confirm import ask
from statements.admin.desk import rivals
from statements.admin.desk.lists import take_back_words
from statements.admin.desk.queues import PARAMETER, model_of, queue_named
from statements.admin.display import EMPTY
from statements.admin.search import words_in
from statements.forms.base import LinesTextarea
from statements.models import PutOff


class PutOffForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("A day to come: on it this is back in the list."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=LinesTextarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("For colleagues: The archive has promised the full text for January."),
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day that is still to come."))
        return until


@admin.register(PutOff)
class PutOffAdmin(ReadOnlyAdmin):
    """Only what is put off now; on its day an item is back in its list, and no longer in this one."""

    fields = ["queue", "item", "until", "reason", "at", "by_name"]
    list_display = ["about", "queue", "until", "reason", "by_name", "at", "back"]
    list_display_links = None
    list_filter = ["queue"]
    search_fields = ["reason"]
    search_help_text = gettext_lazy("Words of the reason.")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Each with whether this user ``may_take_back`` it."""
        own = [queue for queue in PERMISSIONS if may_put_off(request.user, queue)]
        return PutOff.objects.active().annotate(may_take_back=Case(When(queue__in=own, then=True), default=False))

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return words_in(queryset, "reason", term)

    def for_changelist(self, queryset: Any) -> Any:
        return queryset.for_changelist()

    @admin.display(description=gettext_lazy("what"))
    def about(self, row: Any) -> str | SafeString:
        if row.title is None:
            return _("It is gone.")
        return format_html('<a href="{}">{}</a>', _address_of(row), row.title)

    @admin.display(description=gettext_lazy("again"))
    def back(self, row: Any) -> str | SafeString:
        if not row.may_take_back:
            return EMPTY
        address = reverse("admin:statements_putoff_take_back", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, take_back_words())

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("put-off/<str:queue>/<str:item>/", wrap(self.put_off_view), name="statements_putoff_put_off"),
            path("<int:pk>/take-back/", wrap(self.take_back_view), name="statements_putoff_take_back"),
        ]
        return own + super().get_urls()

    def put_off_view(self, request: HttpRequest, queue: str, item: str) -> HttpResponse:
        by: Any = request.user
        if not may_put_off(by, queue):
            raise PermissionDenied
        label = _label_in(queue, item, by)
        if label is None:
            raise Http404

        def act(values: dict[str, Any]) -> str:
            put_off(queue=queue, item=item, until=values["until"], reason=values["reason"], by=by)
            day = date_format(values["until"], "j F Y")
            return _("It is put off until %(day)s.") % {"day": day}

        return ask(
            request,
            self,
            question=_("Put off this item of the list “%(list)s”?") % {"list": capfirst(PutOff.Queue(queue).label)},
            button=_("Put off"),
            act=act,
            back=list_address(queue),
            form_class=PutOffForm,
            rows=[label],
        )

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        by: Any = request.user
        row: Any = PutOff.objects.active().for_changelist().filter(pk=pk).first()
        if row is None:
            raise Http404
        if not may_put_off(by, row.queue):
            raise PermissionDenied

        def act(_values: dict[str, Any]) -> str:
            take_back(put_off=row, by=by)
            return _("It is back in its list.")

        day = date_format(row.until, "j F Y")
        told = _("Put off until %(day)s by %(name)s: %(reason)s")
        return ask(
            request,
            self,
            question=_("Take this item back into the list “%(list)s”?") % {"list": capfirst(row.get_queue_display())},
            button=_("Take back"),
            act=act,
            back=list_address(row.queue),
            rows=[row.title or EMPTY, told % {"day": day, "name": row.by_name, "reason": row.reason}],
        )


def list_address(queue: str) -> str:
    """The list in which items of this queue wait."""
    model = model_of(queue)
    if model is None:
        return reverse("admin:statements_measure_rivals")
    return f"{reverse(f'admin:statements_{model._meta.model_name}_changelist')}?{PARAMETER}={queue}"


def _label_in(queue: str, item: str, user: Any) -> str | None:
    """What the item is called; None where it isn't in the list, as this user sees it."""
    model = model_of(queue)
    if model is None:
        return rivals.label_of(item)
    found = queue_named(model, queue, user)
    # One number, one way to write it: 007 would be put off beside 7.
    if found is None or not re.fullmatch(r"[1-9][0-9]{0,17}", item):
        return None
    row = found.with_told(found.rows(model._default_manager.filter(pk=int(item)), user)).first()
    return str(row) if row is not None else None


def _address_of(row: Any) -> str:
    """The page of what is put off: of rival figures, their day."""
    model = model_of(row.queue)
    if model is None:
        return rivals.address_of(row.item)
    return reverse(f"admin:statements_{model._meta.model_name}_change", args=[row.number])
