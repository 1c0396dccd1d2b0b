"""Import runs: their history, the upload, and a page for each from the upload to the undoing."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.actions.refusal import Refusal
from statements.admin.base import ReadOnlyAdmin
from statements.admin.desk.lists import QueueLists
from statements.admin.filters import ValuesFilter
from statements.admin.import_forms import UploadForm
from statements.admin.import_kinds import KindPages
from statements.admin.import_page import page_of
from statements.admin.import_steps import RunSteps
from statements.admin.search import words_in
from statements.importing import report, runs
from statements.importing.plan import IMPORT
from statements.models import ImportRun


class UndoneFilter(admin.SimpleListFilter):
    title = gettext_lazy("whether it was undone")
    parameter_name = "undone"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("undone")), ("no", _("not undone"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in ("yes", "no"):
            return queryset.filter(undone_at__isnull=self.value() == "no")
        return queryset


@admin.register(ImportRun)
class ImportRunAdmin(QueueLists, ReadOnlyAdmin):
    list_display = ["file_name", "state_shown", "kind", "started_at", "user_name", "counts"]
    queue_display = ["file_name", "kind", "started_at", "user_name", "counts"]
    list_filter = [
        "state",
        ("kind", ValuesFilter),
        ("user_name", ValuesFilter),
        UndoneFilter,
    ]
    search_fields = ["file_name"]
    search_help_text = gettext_lazy("Parts of the file's name.")

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return words_in(queryset, "file_name", term)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, run: ImportRun) -> str:
        state = run.get_state_display()
        return _("%(state)s, undone later") % {"state": state} if run.undone_at is not None else state

    @admin.display(description=gettext_lazy("rows"))
    def counts(self, run: ImportRun) -> str:
        return report.counts_line(run.outcomes) if run.outcomes else ""

    def get_urls(self) -> list[Any]:
        upload = path("import/", self.admin_site.admin_view(self.upload_view), name="statements_importrun_import")
        return [upload, *KindPages(self).urls(), *RunSteps(self).urls(), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        runs.notice_stopped()
        return super().changelist_view(request, extra_context)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(IMPORT):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            by: Any = request.user
            upload, kind = form.cleaned_data["import_file"], form.cleaned_data["resource"]
            try:
                run = runs.take_in(upload=upload, kind=kind, options=form.options, by=by)
            except Refusal as refusal:
                for reason in refusal.reasons:
                    form.add_error(None, reason)
            else:
                return HttpResponseRedirect(self.address("change", run))
        return self._page(request, "import", title=_("Import a file"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The run's own page; nothing is typed there."""
        runs.notice_stopped()
        run: ImportRun | None = self.get_object(request, object_id)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        if run is None:
            self.message_user(request, _("There is no such import."), messages.WARNING)
            return HttpResponseRedirect("../..")
        by: Any = request.user
        context = page_of(run, by, request.GET.dict())
        response = self._page(request, "run", **context)
        if "progress" in context:
            # Without a script: the browser asks again.
            response.headers["Refresh"] = str(context["progress"].seconds_to_next)
        return response

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        everywhere = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/statements/importrun/{name}.html", everywhere | context)
