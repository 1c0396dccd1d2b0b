"""Entering from a source: paste an address, see what rests on it, or make the source, and go on to a statement."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from statements.admin.base import DeskAdmin
from statements.admin.display import who_made
from statements.admin.integrity import sentence_for
from statements.admin.public_state import public_state
from statements.forms.entering import AddressForm
from statements.models import Citation, Source, Statement

#: Of the statements that rest on a source, the newest are shown; the list has them all.
_SHOWN = 100
_FIELDS = ["url", "title", "publisher", "kind", "language", "published", "slug"]


def statement_from(source: Source) -> str:
    """The address of a new statement's form with this source cited."""
    return f"{reverse('admin:statements_statement_add')}?source={source.pk}"


def start_with(source: Source) -> str:
    """The address of the page that shows what rests on this source."""
    return f"{reverse('admin:statements_source_start')}?source={source.pk}"


def number_in(request: HttpRequest, name: str) -> int | None:
    """The number of a row that a parameter of the address names; None for anything else."""
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


class SourceStartAdmin(DeskAdmin):
    """The start page, and links to it, of the sources' admin."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.start_view)
        return [path("start/", view, name="statements_source_start"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        stored = kwargs.get("obj")
        if stored is not None:
            context["step_links"] = [(start_with(stored), _("Statements that rest on it"))]
            if _may_add_statements(request):
                context["step_links"].insert(0, (statement_from(stored), _("Add a statement from this source")))
        return super().render_change_form(request, context, *args, **kwargs)

    def start_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request) or not request.user.has_perm("statements.view_statement"):
            raise PermissionDenied
        asked = AddressForm(request.GET if "address" in request.GET else None)
        context: dict[str, Any] = {"asked": asked, "may_add_statements": _may_add_statements(request)}
        if asked.is_valid():
            source = asked.known()
        elif "source" in request.GET:
            source = self._named(request)
        else:
            return self._page(request, context)
        if source is not None:
            return self._page(request, context | _resting_on(source))
        context |= {"is_unknown": True, "alike": asked.alike()}
        return self._make(request, context, asked.cleaned_data["address"])

    def _named(self, request: HttpRequest) -> Source:
        source = Source.objects.filter(pk=number_in(request, "source") or 0).first()
        if source is None:
            raise Http404
        return source

    def _make(self, request: HttpRequest, context: dict[str, Any], address: str) -> HttpResponse:
        """The short form of a source that is not known, and what becomes of it."""
        if not self.has_add_permission(request):
            return self._page(request, context)
        form_class = self.get_form(request, fields=_FIELDS)
        form_class.base_fields["slug"].widget = HiddenInput()  # derived
        form_class.base_fields["title"].widget.attrs["autofocus"] = True
        form = form_class(request.POST or None, initial={"url": address})
        if not form.is_valid():
            return self._page(request, context | {"form": form})
        try:
            with transaction.atomic():
                source = self._store(request, form)
        except IntegrityError as error:
            # Somebody else has stored a source at this address, or under this slug, since the form was checked.
            there = Source.objects.filter(canonical_url=form.instance.canonical_url).first()
            if there is None:
                form.add_error(None, sentence_for(error))
                return self._page(request, context | {"form": form})
            source = there
        else:
            self.message_user(request, _("The source was added."), messages.SUCCESS)
        goes_on = context["may_add_statements"]
        return HttpResponseRedirect(statement_from(source) if goes_on else start_with(source))

    def _store(self, request: HttpRequest, form: Any) -> Source:
        """As the admin's own page stores it."""
        source: Source = self.save_form(request, form, change=False)
        self.save_model(request, source, form, change=False)
        self.save_related(request, form, [], change=False)
        self.log_addition(request, source, self.construct_change_message(request, form, [], add=True))
        return source

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context |= {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Enter from a source")}
        return TemplateResponse(request, "admin/statements/source/start.html", context)


def _may_add_statements(request: HttpRequest) -> bool:
    return request.user.has_perm("statements.add_statement")


def _resting_on(source: Source) -> dict[str, Any]:
    """The statements that cite a source, newest first. Five queries, however many."""
    statements = resting_on(source)
    rows = [
        {
            "statement": row,
            "who": who_made(row),
            "state": public_state(row, changed=row.latest_hash != row.public_hash),
        }
        for row in statements.for_changelist()[:_SHOWN]
    ]
    in_list = f"{reverse('admin:statements_statement_changelist')}?citations__source__id__exact={source.pk}"
    return {
        "source": source,
        "rows": rows,
        "more": statements.count() - len(rows),
        "in_list": in_list,
        "add": statement_from(source),
    }


def resting_on(source: Source) -> Any:
    cited: models.QuerySet[Any] = Citation.objects.filter(statement=OuterRef("pk"), source=source)
    return Statement.objects.filter(Exists(cited))
