"""Import runs: their history, and the page on which a file is brought in: upload, preview, confirm."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.admin.base import ReadOnlyAdmin
from statements.admin.importing import UploadForm, shown_of
from statements.importing import PlanOutdated, report
from statements.importing.apply import apply_plan
from statements.importing.incoming import Incoming
from statements.importing.plan import IMPORT, Plan, plan_files
from statements.models import ImportRun

_LONGEST_REPORT = 1000


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    change_form_template = "admin/statements/importrun/change_form.html"
    fields = ["kind", "file_name", "state", "started_at", "ended_at", "user_name", "counts", "sha256"]
    list_display = ["started_at", "kind", "file_name", "state", "user_name", "counts"]
    list_filter = ["state", ("kind", admin.AllValuesFieldListFilter)]
    search_fields = ["file_name"]
    search_help_text = gettext_lazy("A part of the file's name.")

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return queryset.filter(file_name__icontains=term)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=gettext_lazy("rows"))
    def counts(self, run: ImportRun) -> str:
        return report.counts_line(run.outcomes) if run.outcomes else ""

    def page_notes(self, request: HttpRequest, obj: ImportRun) -> list[str | SafeString]:
        return [_("Nothing was written.")] if obj.state != ImportRun.State.APPLIED else []

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        run = kwargs.get("obj")
        if run is not None and request.user.has_perm(IMPORT) and not _why_not(request, run):
            context["step_links"] = [(self.address("preview", run), _("Preview and confirm"))]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("import/", wrap(self.upload_view), name="statements_importrun_import"),
            path("import/<int:run_id>/", wrap(self.preview_view), name="statements_importrun_preview"),
        ]
        return own + super().get_urls()

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        _require_permission(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self._page(request, "import", title=_("Import a file"), form=form)
        kind, upload = form.cleaned_data["resource"], form.cleaned_data["import_file"]
        content = upload.read()
        plan = _plan(request, kind, upload.name, content)
        run = _store(request, plan, content)
        if not plan.is_clean:
            return self._preview(request, plan, run)
        return HttpResponseRedirect(reverse("admin:statements_importrun_preview", args=[run.pk]))

    def preview_view(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """The plan as the desk stands now. A POST with the digest of the plan that was shown applies it."""
        _require_permission(request)
        run = ImportRun.objects.filter(pk=run_id).first()
        if run is None:
            raise Http404
        reason = _why_not(request, run)
        if reason:
            return self._leave(request, run, messages.WARNING, reason)
        if "_discard" in request.POST:
            _close(run)
            return self._leave(request, run, messages.SUCCESS, _("The file was discarded. Nothing was written."))
        try:
            with run.file.open("rb") as stored:
                content = stored.read()
        except OSError:
            _close(run)
            return self._leave(request, run, messages.ERROR, _("The uploaded file is gone: upload it again."))
        plan = _plan(request, run.kind, run.file_name, content)
        if request.method == "POST" and plan.is_clean:
            if request.POST.get("digest") == plan.digest:
                return self._apply(request, run, plan)
            sentence = _(
                "The desk has changed since you saw this preview. Nothing was written. See what it would do now."
            )
            messages.warning(request, sentence)
        return self._preview(request, plan, run)

    def _apply(self, request: HttpRequest, run: ImportRun, plan: Plan) -> HttpResponse:
        by: Any = request.user
        try:
            with transaction.atomic():
                locked = ImportRun.objects.select_for_update().get(pk=run.pk)
                reason = _why_not(request, locked)
                if not reason:
                    applied = apply_plan(plan, user=by, run=locked)
                    applied.file.delete(save=False)
                    applied.save(update_fields=["file"])
        except PlanOutdated as outdated:
            messages.error(request, str(outdated))
            return HttpResponseRedirect(reverse("admin:statements_importrun_preview", args=[run.pk]))
        if reason:
            return self._leave(request, run, messages.WARNING, reason)
        done = f"{report.counts_line(plan.counts)} {report.written_line(plan, written=True)}"
        return self._leave(request, run, messages.SUCCESS, done)

    def _preview(self, request: HttpRequest, plan: Plan, run: ImportRun) -> HttpResponse:
        return self._page(
            request,
            "preview",
            title=_("What the import of %(name)s would do") % {"name": run.file_name},
            run=run,
            counts=report.counts_line(plan.counts),
            shown=shown_of(plan),
            can_confirm=plan.is_clean and not plan.changes_nothing,
            is_clean=plan.is_clean,
            digest=plan.digest,
        )

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        everywhere = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/statements/importrun/{name}.html", everywhere | context)

    def _leave(self, request: HttpRequest, run: ImportRun, level: int, sentence: str) -> HttpResponse:
        self.message_user(request, sentence, level)
        return HttpResponseRedirect(self.address("change", run))


def _require_permission(request: HttpRequest) -> None:
    if not request.user.has_perm(IMPORT):
        raise PermissionDenied


def _plan(request: HttpRequest, kind: str, name: str, content: bytes) -> Plan:
    by: Any = request.user
    return plan_files([Incoming(kind, name, content)], user=by)


def _store(request: HttpRequest, plan: Plan, content: bytes) -> ImportRun:
    """A clean file waits for its confirmation; of a refused one only the report is kept."""
    by: Any = request.user
    file = plan.files[0]
    run = ImportRun(
        kind=file.kind,
        file_name=file.name[:300],
        sha256=plan.sha256,
        state=ImportRun.State.PREVIEWED if plan.is_clean else ImportRun.State.REFUSED,
        started_at=timezone.now(),
        user=by,
        user_name=by.get_username(),
        outcomes=plan.counts,
        report=report.as_json(plan, written=False)["errors"][:_LONGEST_REPORT],
    )
    if plan.is_clean:
        run.file.save(f"{plan.sha256[:16]}.csv", ContentFile(content), save=False)
    else:
        run.ended_at = run.started_at
    run.save()
    return run


def _why_not(request: HttpRequest, run: ImportRun) -> str:
    """A sentence when this user can't confirm this run now."""
    if run.state == ImportRun.State.APPLIED:
        return _("This import has been confirmed already: it is done, and nothing was written a second time.")
    if run.state == ImportRun.State.REFUSED:
        return _("This file was refused or discarded: upload it again.")
    if run.user_id != request.user.pk:
        return _("%(name)s uploaded this file: only they can confirm it.") % {"name": run.user_name}
    return ""


def _close(run: ImportRun) -> None:
    run.file.delete(save=False)
    run.state, run.ended_at = ImportRun.State.REFUSED, timezone.now()
    run.save()
