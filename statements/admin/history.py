"""What has happened, to read: versions of statements, and changes of reference data."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from statements.admin.base import ReadOnlyAdmin
from statements.admin.changes import in_short, parts_of
from statements.admin.display import EMPTY, link_to
from statements.admin.erasing import notes_on_erasures
from statements.admin.filters import ValuesFilter
from statements.admin.readable import sections_of
from statements.admin.search import find_changes, find_statements
from statements.admin.versions import comparison_address
from statements.models import ReferenceChange, Statement, Version
from statements.record.document import is_erased, upgraded


class PublishedFilter(admin.SimpleListFilter):
    title = _("whether it was published")
    parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("published")), ("no", gettext("not published"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        wanted = self.value()
        return queryset if wanted is None else queryset.filter(public_number__isnull=wanted != "yes")


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    change_form_template = "admin/statements/version/change_form.html"
    fields = [
        "statement_link",
        "number",
        "saved_at",
        "saved_by_name",
        "through",
        "run",
        "why",
        "public_number",
        "published_at",
        "published_by_name",
        "eyes",
        "revision",
        "revision_note",
        "content_hash",
    ]
    list_display = ["title", "number", "saved_at", "saved_by_name", "through", "why", "public_number", "published_at"]
    list_filter = ["through", PublishedFilter]
    ordering = ["-saved_at", "-id"]
    sortable_by = ["saved_at"]
    search_help_text = _("Words of the statement's title, or names of who made it.")

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return queryset.filter(statement__in=find_statements(Statement.objects.all(), term))

    def for_changelist(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return queryset.select_related("statement").defer("document")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The statement's page leads here with its versions only."""
        return lookup == "statement__id__exact" or bool(super().lookup_allowed(lookup, value, request))  # type: ignore[arg-type]

    @admin.display(description=_("statement"))
    def title(self, version: Version) -> str:
        return version.statement.title

    @admin.display(description=_("statement"))
    def statement_link(self, version: Version) -> str:
        return link_to(version.statement)

    @admin.display(description=_("four eyes"))
    def eyes(self, version: Version) -> str:
        if version.published_at is None:
            return EMPTY
        return (
            gettext("published by its own author")
            if version.four_eyes_waived
            else gettext("a second person published it")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def page_notes(self, request: HttpRequest, obj: Version) -> list[str | SafeString]:
        return [*notes_on_erasures(obj)]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        version = kwargs.get("obj")
        if version is not None:
            erased = is_erased(version.document)
            context["sections"] = [] if erased else sections_of(upgraded(version.document))
            context["page_is_blank"] = erased
            context["step_links"] = _links_of(version)
        return super().render_change_form(request, context, *args, **kwargs)


@admin.register(ReferenceChange)
class ReferenceChangeAdmin(ReadOnlyAdmin):
    change_form_template = "admin/statements/referencechange/change_form.html"
    fields = ["kind", "label", "saved_at", "saved_by_name", "through", "run", "why"]
    list_display = ["label", "kind", "changed_fields", "saved_at", "saved_by_name", "through", "why"]
    list_filter = [("kind", ValuesFilter), "through"]
    sortable_by = ["saved_at"]
    search_help_text = _("Words of what it is called today, in any script, or was called on that day.")

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return find_changes(queryset, term)

    @admin.display(description=_("changed"))
    def changed_fields(self, change: ReferenceChange) -> SafeString:
        return in_short(change)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        change = kwargs.get("obj")
        context["parts"] = parts_of(change) if change is not None else []
        return super().render_change_form(request, context, *args, **kwargs)


def _links_of(version: Version) -> list[tuple[str, str]]:
    """From the page of one version to the others of its statement."""
    statement = version.statement
    links = [(reverse("admin:statements_statement_versions", args=[statement.pk]), gettext("All versions"))]
    if version.number > 1:
        address = comparison_address(statement, version.number - 1, version.number)
        links.append((address, gettext("What it changed")))
    return links
