"""What can be imported: the KINDs in their order, what the columns of each take, and an empty file of each."""

import io
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from statements.importing import KINDS
from statements.importing.kinds import all_kinds, kind_named
from statements.importing.kinds.base import Kind
from statements.importing.plan import IMPORT
from statements.importing.templates import TEMPLATES, explained, refers_to
from statements.importing.writing import MEDIA_TYPES


class KindPages:
    """For those who may import. No query but those of the admin's frame."""

    def __init__(self, of: admin.ModelAdmin[Any]) -> None:
        self.opts, self.site = of.opts, of.admin_site

    def urls(self) -> list[URLPattern]:
        wrap = self.site.admin_view
        return [
            path("import/kinds/", wrap(self.kinds_view), name="statements_importrun_kinds"),
            path("import/kinds/<slug:kind>/", wrap(self.kind_view), name="statements_importrun_kind"),
            path(
                "import/kinds/<slug:kind>.<slug:ending>",
                wrap(self.template_view),
                name="statements_importrun_template",
            ),
        ]

    def kinds_view(self, request: HttpRequest) -> HttpResponse:
        _require_permission(request)
        kinds = [(kind.kind_name, _title(kind.kind_name), kind.purpose) for kind in all_kinds()]
        return self._page(request, "kinds", title=_("What can be imported"), kinds=kinds)

    def kind_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        _require_permission(request)
        found = _kind(kind)
        return self._page(
            request,
            "kind",
            title=_("Files of %(kind)s") % {"kind": _title(kind)},
            name=kind,
            purpose=found.purpose,
            refers_to=[(name, _title(name)) for name in refers_to(found)],
            columns=explained(found),
        )

    def template_view(self, request: HttpRequest, kind: str, ending: str) -> HttpResponse:
        _require_permission(request)
        found = _kind(kind)
        if ending not in TEMPLATES:
            raise Http404
        output = io.BytesIO()
        TEMPLATES[ending](output, found)
        name = f'attachment; filename="{kind}.{ending}"'
        return HttpResponse(output.getvalue(), content_type=MEDIA_TYPES[ending], headers={"Content-Disposition": name})

    def _page(self, request: HttpRequest, page: str, **context: Any) -> HttpResponse:
        everywhere = {**self.site.each_context(request), "opts": self.opts, "endings": list(TEMPLATES)}
        return TemplateResponse(request, f"admin/statements/importrun/{page}.html", everywhere | context)


def _title(name: str) -> str:
    return name.replace("_", " ")


def _kind(name: str) -> type[Kind]:
    if name not in KINDS:
        raise Http404
    return kind_named(name)


def _require_permission(request: HttpRequest) -> None:
    if not request.user.has_perm(IMPORT):
        raise PermissionDenied
