"""The site of the desk: the stock admin in plain words, whose autocompletes tell rows of one name apart."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _


class Options(AutocompleteJsonView):
    """The rows that an autocomplete offers, as their admin class calls them in ``option_label``, where it has one."""

    def process_request(self, request: HttpRequest) -> tuple[str, Any, Any, str]:
        """No database can look for a NUL, and PostgreSQL raises on it."""
        term, *place = super().process_request(request)
        return term.replace("\0", " "), *place  # type: ignore[return-value]  # the stubs lose the length

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        option = super().serialize_result(obj, to_field_name)
        label = getattr(self.model_admin, "option_label", str)
        return option | {"text": label(obj)}


class Desk(AdminSite):
    site_header = _("The desk")
    site_title = _("The desk")
    index_title = _("What is on the desk")
    enable_nav_sidebar = False  # the lists need the width; the index is one click away
    #: The application sets it: what its template of the first page gets, from the request.
    front_page: Callable[[HttpRequest], dict[str, Any]] | None = None

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        said = self.front_page(request) if self.front_page is not None else {}
        return super().index(request, said | (extra_context or {}))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        response: Any = Options.as_view(admin_site=self)(request)
        return response
