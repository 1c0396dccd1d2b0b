"""The lists of the front page as lists of the admin: a filter, what each says of a row, and a way to put it off."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.admin.base import DeskAdmin
from statements.admin.desk.queues import PARAMETER, QUEUES, Queue, queue_named, queues_of
from statements.admin.display import EMPTY
from statements.models import PutOff

#: The parameter of a list that shows what is put off in it instead.
LATER = "later"


class QueueFilter(admin.SimpleListFilter):
    """Only the lists that are this user's: another's are no choice, and asking for them by address is refused."""

    title = gettext_lazy("list of the desk")
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        user: Any = request.user
        return [(queue.name, queue.label) for queue in queues_of(model_admin.model, user)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        user: Any = request.user
        queue = queue_named(queryset.model, self.value(), user)
        if queue is None:
            raise IncorrectLookupParameters
        later = is_later(request)
        rows = queue.put_off(queryset, user) if later else queue.waiting(queryset, user)
        # Its order may be one of what it tells.
        return queue.with_told(rows) if queue.order else rows


class LaterFilter(admin.SimpleListFilter):
    """Beside a list of the desk: what waits in it, or what is put off. ``QueueFilter`` reads it."""

    title = gettext_lazy("when")
    parameter_name = LATER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        queue = chosen(request, model_admin.model)
        return [("yes", _("put off"))] if queue is not None and queue.can_be_put_off else []

    def choices(self, changelist: Any) -> Any:
        waiting, *put_off = super().choices(changelist)
        return [{**waiting, "display": _("waiting now")}, *put_off]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in (None, "yes"):
            raise IncorrectLookupParameters
        return queryset


def is_later(request: HttpRequest) -> bool:
    """Whether the list of the desk is asked for what is put off in it."""
    return request.GET.get(LATER) == "yes"


def chosen(request: HttpRequest, model: type[models.Model]) -> Queue | None:
    """The list of the desk that this address asks for."""
    user: Any = request.user
    return queue_named(model, request.GET.get(PARAMETER), user)


def with_put_off(rows: Any, queue: Queue) -> models.QuerySet[Any, Any]:
    """With ``put_off_id``, ``put_off_until``, ``put_off_reason`` and ``put_off_by_name``."""
    item = Cast(OuterRef("pk"), models.CharField(max_length=100))
    about = PutOff.objects.filter(queue=queue.name, item=item)
    columns = {"id": "pk", "until": "until", "reason": "reason", "by_name": "by_name"}
    annotated: models.QuerySet[Any, Any] = rows.annotate(
        **{f"put_off_{name}": Subquery(about.values(column)[:1]) for name, column in columns.items()}
    )
    return annotated


class QueueLists(DeskAdmin):
    """Mixed into the admin of a model with lists on the front page."""

    #: The columns of such a list, before what it says of each row.
    queue_display: list[str] = ["__str__"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [QueueFilter, LaterFilter, *super().get_list_filter(request)]

    def get_list_display(self, request: HttpRequest) -> Any:
        queue = chosen(request, self.model)
        if queue is None:
            return super().get_list_display(request)
        shown = [*self.queue_display, *(["told"] if queue.tells else [])]
        user: Any = request.user
        return [*shown, "put_off"] if queue.can_be_put_off and queue.may_put_off(user) else shown

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Headed by what the list is, and not by what the admin asks for."""
        queue = chosen(request, self.model)
        heading = {} if queue is None else {"title": queue.label, "explains": queue.explains}
        return super().changelist_view(request, heading | (extra_context or {}))

    def rows_shown(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        rows = super().rows_shown(request, queryset)
        queue = chosen(request, self.model)
        if queue is None:
            return rows
        rows = queue.with_told(rows).annotate(queue_name=Value(queue.name))
        return with_put_off(rows, queue) if is_later(request) else rows

    def get_ordering(self, request: HttpRequest) -> Any:
        queue = chosen(request, self.model)
        return queue.order if queue is not None and queue.order else super().get_ordering(request)

    @admin.display(description=gettext_lazy("why it stands here"))
    def told(self, row: Any) -> str | SafeString:
        queue = next(queue for queue in QUEUES[self.model] if queue.name == row.queue_name)
        return queue.tells(row) if queue.tells is not None else EMPTY

    @admin.display(description=gettext_lazy("later"))
    def put_off(self, row: Any) -> SafeString:
        if not hasattr(row, "put_off_id"):
            return put_off_link(row.queue_name, str(row.pk), str(row))
        return put_off_note(row.put_off_id, row.put_off_until, row.put_off_by_name, row.put_off_reason)


def put_off_link(queue: str, item: str, label: str) -> SafeString:
    address = reverse("admin:statements_putoff_put_off", args=[queue, item])
    words = _("Put off …").replace(" ", "\N{NO-BREAK SPACE}")
    return format_html('<a href="{}">{}<span class="visually-hidden">: {}</span></a>', address, words, label)


def put_off_note(pk: int, until: Any, by_name: str, reason: str) -> SafeString:
    """Until when, by whom and why, with the way back."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("Until %(day)s, by %(name)s: %(reason)s")
        % {"day": date_format(until, "j F Y"), "name": by_name, "reason": reason},
        reverse("admin:statements_putoff_take_back", args=[pk]),
        take_back_words(),
    )


def take_back_words() -> str:
    """On one line, however narrow the column."""
    return _("Take back …").replace(" ", "\N{NO-BREAK SPACE}")
