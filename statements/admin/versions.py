"""The versions of a statement on the desk: their list, any two compared, one restored, what was changed discarded."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import JSONField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.actions.restoring import restore
from statements.admin.base import DeskAdmin
from statements.admin.confirm import ask
from statements.admin.readable import titles_for
from statements.forms.versions import OptionalWhyForm, WhyForm
from statements.models import ImportRun, Statement, Through, Version
from statements.record.compare import compare_versions, no_such_version, two_numbers
from statements.record.document import ERASED

VERSIONS_A_PAGE = 50
#: What a list of versions needn't read of the import that made them.
_OF_A_RUN = [f"run__{field.name}" for field in ImportRun._meta.concrete_fields if isinstance(field, JSONField)]


def differing(statement: Statement) -> tuple[int, int] | None:
    """The numbers of the version that readers see and of the desk's latest, where the two differ. One query."""
    shown = statement.published_version
    if shown is None or not statement.is_public:
        return None
    latest = _latest(statement)
    return None if latest is None or latest.content_hash == shown.content_hash else (shown.number, latest.number)


def comparison_address(statement: Statement, before: int, after: int) -> str:
    address = reverse("admin:statements_statement_compare", args=[statement.pk])
    return f"{address}?from={before}&to={after}"


class VersionsAdmin(DeskAdmin):
    """The pages; each asks for the permission that it needs."""

    def get_urls(self) -> list[Any]:
        pages: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "versions": ("versions/", self.versions_view),
            "compare": ("compare/", self.compare_view),
            "restore": ("restore/<int:number>/", self.restore_view),
            "discard": ("discard/", self.discard_view),
        }
        own = [
            path(f"<path:object_id>/{ending}", self.admin_site.admin_view(view), name=f"statements_statement_{name}")
            for name, (ending, view) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def version_links(self, request: HttpRequest, statement: Statement) -> list[tuple[str, str]]:
        """What the page of a stored statement offers: (address, label). One query."""
        links = []
        if self._may_see_versions(request, statement):
            links.append((self.address("versions", statement), _("Versions")))
        if self.has_change_permission(request, statement) and differing(statement):
            links.append((self.address("discard", statement), _("Discard the changes …")))
        return links

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The stock history knows nothing of imports: the versions are the history."""
        return HttpResponseRedirect(self.address("versions", self._statement(request, object_id)))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The link to the stock history would lead to the versions, too."""
        context["history_is_told"] = True
        return super().render_change_form(request, context, *args, **kwargs)

    # --- To read ---

    def versions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The same number of queries however many versions there are."""
        statement = self._statement(request, object_id)
        versions = Version.objects.filter(statement=statement).select_related("run").defer("document", *_OF_A_RUN)
        versions = versions.prefetch_related("erasures").order_by("-number")
        page = Paginator(versions, VERSIONS_A_PAGE).get_page(request.GET.get("page"))
        latest = _latest(statement)
        context = {
            "title": _("Versions"),
            "page": page,
            "latest": latest.number if latest is not None else 0,
            "may_restore": self.has_change_permission(request, statement),
        }
        return self._page(request, statement, "versions", context)

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        statement = self._statement(request, object_id)
        context: dict[str, Any] = {"title": _("What differs between two versions")}
        try:
            numbers = two_numbers(request.GET.getlist("from"), request.GET.getlist("to"))
            versions = [self._version(statement, number) for number in numbers]
        except ValueError as problem:
            return self._page(request, statement, "compare", context | {"problem": str(problem)}, status=400)
        titles = titles_for(version.document for version in versions)
        before, after = versions
        context |= {
            "before": before,
            "after": after,
            "comparison": compare_versions(before, after, numbers=numbers, statements=titles),
            "may_restore": ERASED not in before.document and self.has_change_permission(request, statement),
            "other_way_round": comparison_address(statement, after.number, before.number),
        }
        return self._page(request, statement, "compare", context)

    # --- To go back ---

    def restore_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        statement = self._statement(request, object_id, to_change=True)
        try:
            version = self._version(statement, number)
        except ValueError as problem:
            raise Http404(str(problem)) from problem
        latest = _latest(statement)

        def act(values: dict[str, Any]) -> str:
            why = _("Version %(number)s restored: %(why)s") % {"number": number, "why": values["why"]}
            made = _restore(request, statement, version, why)
            return _("The desk says again what version %(number)s says, as version %(new)s.") % {
                "number": number,
                "new": made.number,
            }

        return ask(
            request,
            self,
            question=_("Restore version %(number)s?") % {"number": number},
            button=_("Restore"),
            act=act,
            back=self.address("change", statement),
            form_class=WhyForm,
            rows=[
                statement,
                _("This makes a new version on the desk. Readers see it once it is published."),
                *_what_it_changes(statement, latest, version),
            ],
            hidden=[("latest", latest.number if latest is not None else "")],
        )

    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        statement = self._statement(request, object_id, to_change=True)
        shown, latest = statement.published_version, _latest(statement)

        def act(values: dict[str, Any]) -> str:
            if shown is None or not statement.is_public:
                raise Refusal([_("Readers do not see it, so there is nothing to go back to.")])
            why = values["why"] or _("What was changed after publication was discarded.")
            _restore(request, statement, shown, why)
            return _("The changes were discarded: the desk says again what readers see.")

        return ask(
            request,
            self,
            question=_("Discard the changes that readers have not seen?"),
            button=_("Discard the changes"),
            act=act,
            back=self.address("change", statement),
            form_class=OptionalWhyForm,
            rows=[
                statement,
                _("The desk will say again what readers see. What you discard stays in the list of versions."),
                *(_what_it_changes(statement, latest, shown) if shown is not None else []),
            ],
            hidden=[("latest", latest.number if latest is not None else "")],
        )

    # --- What they share ---

    def _may_see_versions(self, request: HttpRequest, statement: Statement) -> bool:
        return self.has_view_permission(request, statement) and request.user.has_perm("statements.view_version")

    def _statement(self, request: HttpRequest, object_id: str, *, to_change: bool = False) -> Statement:
        statement: Statement | None = self.get_object(request, unquote(object_id))
        if statement is None:
            raise Http404
        if not self._may_see_versions(request, statement):
            raise PermissionDenied
        if to_change and not self.has_change_permission(request, statement):
            raise PermissionDenied
        return statement

    def _version(self, statement: Statement, number: int) -> Version:
        """ValueError with a sentence where there is none."""
        version = Version.objects.filter(statement=statement, number=number).select_related("run").first()
        if version is None:
            raise ValueError(no_such_version(number))
        return version

    def _page(
        self, request: HttpRequest, statement: Statement, name: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        everywhere = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "statement": statement,
            "statement_address": self.address("change", statement),
            "versions_address": self.address("versions", statement),
            "compare_address": self.address("compare", statement),
        }
        template = f"admin/statements/statement/{name}.html"
        return TemplateResponse(request, template, everywhere | context, status=status)


def _latest(statement: Statement) -> Version | None:
    versions = Version.objects.filter(statement=statement).defer("document")
    return versions.order_by("-number").first()


def _what_it_changes(statement: Statement, latest: Version | None, version: Version) -> list[SafeString]:
    if latest is None or latest.content_hash == version.content_hash:
        return []
    address = comparison_address(statement, latest.number, version.number)
    return [format_html('<a href="{}">{}</a>', address, _("See what would change on the desk"))]


@transaction.atomic
def _restore(request: HttpRequest, statement: Statement, version: Version, why: str) -> Version:
    """Only what somebody looked at is undone: whoever saved after the question was asked is not overwritten."""
    Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    latest = _latest(statement)
    if latest is None or str(latest.number) != request.POST.get("latest"):
        name = latest.saved_by_name if latest is not None else ""
        raise Refusal(
            [
                _(
                    "%(name)s saved this statement after you had opened this page. "
                    "Look at what would change now, and confirm it once more."
                )
                % {"name": name or _("Somebody")}
            ]
        )
    by: Any = request.user
    return restore(version=version, by=by, why=why, through=Through.FORM)
