"""What is done with an import run from its page: confirm, discard, download, submit, publish, undo."""

import tempfile
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.admin.import_forms import choices_in
from statements.admin.import_reading import ReadingForm
from statements.forms.base import LinesTextarea
from statements.forms.steps import RevisionForm
from statements.importing import afterwards, runs
from statements.importing.incoming import Options
from statements.importing.plan import IMPORT
from statements.importing.refused import FileRefused
from statements.importing.run_files import write_rows
from statements.importing.undo import undo_preview
from statements.models import ImportRun

#: So many rows of each sort are on the page that asks whether to undo a run.
_MOST_ITEMS = 200

VIEW = "statements.view_importrun"

Step = Callable[[HttpRequest, ImportRun], object]


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=LinesTextarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("For colleagues; it is kept with the import."),
    )


class RunSteps:
    """Each step is a POST that leads back to the run's page; asked by GET, by a reload, it only leads there."""

    def __init__(self, of: admin.ModelAdmin[Any]) -> None:
        self.opts, self.site = of.opts, of.admin_site

    def urls(self) -> list[URLPattern]:
        wrap = self.site.admin_view

        def own(name: str, view: Callable[..., HttpResponseBase], more: str = "") -> URLPattern:
            return path(f"<int:pk>/{name}/{more}", wrap(view), name=f"statements_importrun_{name}")

        return [
            own("read", self._step(IMPORT, self._read)),
            own("again", self._step(IMPORT, self._again)),
            own("choose", self._step(IMPORT, self._choose)),
            own("confirm", self._step(IMPORT, self._confirm)),
            own("discard", self._step(IMPORT, self._discard)),
            own("submit", self._step(VIEW, self._submit)),
            own("publish", self._step(VIEW, self._publish)),
            own("undo", self.undo_view),
            own("file", self.file_view),
            own("rejected", self.rejected_view, "<int:file>/"),
            own("others", self.others_view, "<int:file>/"),
        ]

    def _step(self, permission: str, take: Step) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            run = self._run(request, pk, permission)
            if request.method == "POST":
                try:
                    take(request, run)
                except Refusal as refusal:
                    for reason in refusal.reasons:
                        messages.error(request, reason)
            return _to_page(run)

        return view

    def _read(self, request: HttpRequest, run: ImportRun) -> None:
        """In the way that the form says."""
        number = request.POST.get("file", "")
        known = [str(place) for place in range(len(run.understood))]
        form = ReadingForm(run, int(number), request.POST) if number in known else None
        if form is None or not form.is_valid():
            raise Refusal([_("This way of reading the file was not understood. Nothing was changed.")])
        runs.plan_again(run=run, options=form.options, by=_user(request))

    def _again(self, request: HttpRequest, run: ImportRun) -> None:
        """As before, where that was stopped."""
        runs.plan_again(run=run, options=Options.from_json(run.options), by=_user(request))

    def _choose(self, request: HttpRequest, run: ImportRun) -> None:
        """What becomes of rows that look like stored statements: of all, or of those on the page."""
        options = choices_in(run, request.POST.dict())
        if options is None:
            raise Refusal([_("These choices were not understood. Nothing was changed.")])
        runs.plan_again(run=run, options=options, by=_user(request))

    def _confirm(self, request: HttpRequest, run: ImportRun) -> None:
        runs.confirm(run=run, digest=request.POST.get("digest", ""), by=_user(request))

    def _discard(self, request: HttpRequest, run: ImportRun) -> None:
        runs.discard(run=run, by=_user(request))

    def _submit(self, request: HttpRequest, run: ImportRun) -> None:
        afterwards.submit_statements(run=run, by=_user(request))

    def _publish(self, request: HttpRequest, run: ImportRun) -> None:
        answer = RevisionForm(request.POST)
        if not answer.is_valid():
            raise Refusal([_("What readers are told was not understood. Nothing was published.")])
        afterwards.publish_statements(run=run, by=_user(request), **answer.cleaned_data)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What undoing would do now, and the question for the reason."""
        run = self._run(request, pk, IMPORT)
        form = UndoForm(request.POST or None)
        try:
            if request.method == "POST" and form.is_valid():
                afterwards.undo(run=run, by=_user(request), reason=form.cleaned_data["reason"])
                return _to_page(run)
            undone = undo_preview(run=run, by=_user(request))
        except Refusal as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
            return _to_page(run)
        context = {
            **self.site.each_context(request),
            "opts": self.opts,
            "title": _("Undo the import of %(name)s?") % {"name": run.file_name},
            "run": run,
            "form": form,
            "lists": [
                (_("Removed"), undone.removed[:_MOST_ITEMS], len(undone.removed)),
                (_("As before"), undone.restored[:_MOST_ITEMS], len(undone.restored)),
                (_("Left alone"), undone.left_alone[:_MOST_ITEMS], len(undone.left_alone)),
            ],
        }
        return TemplateResponse(request, "admin/statements/importrun/undo.html", context)

    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """The file as it was uploaded."""
        run = self._run(request, pk, IMPORT)
        try:
            return FileResponse(run.file.open("rb"), as_attachment=True, filename=run.file_name)
        except (OSError, ValueError):
            raise Http404 from None

    def rejected_view(self, request: HttpRequest, pk: int, file: int) -> FileResponse:
        """The rejected rows of a file of the run, to be corrected and brought in again."""
        return self._rows(request, pk, file, is_rejected=True)

    def others_view(self, request: HttpRequest, pk: int, file: int) -> FileResponse:
        """Its other rows."""
        return self._rows(request, pk, file, is_rejected=False)

    def _rows(self, request: HttpRequest, pk: int, file: int, *, is_rejected: bool) -> FileResponse:
        run = self._run(request, pk, IMPORT)
        output = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
        try:
            name = write_rows(run, file, output, is_rejected=is_rejected)
        except (OSError, ValueError, LookupError, FileRefused):
            output.close()
            raise Http404 from None
        output.seek(0)
        return FileResponse(output, as_attachment=True, filename=name)

    def _run(self, request: HttpRequest, pk: int, permission: str) -> ImportRun:
        if not (request.user.has_perm(permission) and request.user.has_perm(VIEW)):
            raise PermissionDenied
        runs.notice_stopped()
        run = ImportRun.objects.filter(pk=pk).first()
        if run is None:
            raise Http404
        return run


def _to_page(run: ImportRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:statements_importrun_change", args=[run.pk]))


def _user(request: HttpRequest) -> Any:
    """The admin lets in nobody who isn't logged in."""
    return request.user
