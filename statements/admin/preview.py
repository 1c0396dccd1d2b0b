"""What would be published, exactly as readers would see it.

The one module of the desk that knows the readers' pages: a preview made by other code than theirs would be worth
nothing. tests/test_layers.py lets it import them, and no other.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from statements.admin.base import DeskAdmin
from statements.models import Statement, Version
from statements.public.preview import page_of
from statements.record.document import Document, build, content_hash, is_erased, load


class PreviewAdmin(DeskAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/preview/", view, name="statements_statement_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Nobody keeps it: it holds what readers may not see."""
        statement: Statement | None = self.get_object(request, unquote(object_id))
        if statement is None:
            raise Http404
        if not self.has_view_permission(request, statement):
            raise PermissionDenied
        version = Version.objects.filter(statement=statement).order_by("-number").first()
        if version is None or is_erased(version.document):
            messages.error(request, _("There is nothing to preview: it has no version yet, or the latest was erased."))
            return HttpResponseRedirect(self.address("change", statement))
        context = {
            "page": page_of(statement=statement, version=version, document=_with_names_of_today(version)),
            "desk_address": self.address("change", statement),
        }
        response = render(request, "statements/preview.html", context)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex"
        return response


def _with_names_of_today(version: Version) -> Document:
    """The version's document with the names that publishing it now would write into it. Fourteen queries at most."""
    today = build(load([version.statement_id])[version.statement_id])
    return today if content_hash(today) == version.content_hash else version.document
