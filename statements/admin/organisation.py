"""Organisations on the desk."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from statements.admin.display import EMPTY
from statements.admin.filters import ValuesFilter
from statements.admin.reference import ReferenceAdmin, ReferenceInline
from statements.admin.search import find_organisations
from statements.forms.formsets import DeskFormSet
from statements.forms.reference import OrganisationForm, OtherNameForm
from statements.models import Name, Organisation, OrganisationName


class OtherNamesInline(ReferenceInline, admin.TabularInline):
    """The names besides its own: those mirror the columns and are kept by the form."""

    form = OtherNameForm
    formset = DeskFormSet
    fields = ["name", "language"]
    verbose_name = _("other name")
    verbose_name_plural = _("other names, in any script: searches and imports find it by all of them")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).filter(kind=Name.Kind.OTHER)


class OrganisationNamesInline(OtherNamesInline):
    model = OrganisationName


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    form = OrganisationForm
    inlines = [OrganisationNamesInline]
    autocomplete_fields = ["parent"]
    fieldsets = [
        (None, {"fields": ["name", "short_name", "kind", "country", "parent", "description"]}),
        (_("Elsewhere"), {"fields": ["website", "wikidata_id", "slug"]}),
    ]
    list_display = ["name", "short_name", "kind", "country", "parent", "other_names"]
    list_filter = ["kind", ("country", ValuesFilter)]
    search_help_text = _("Any of its names, in any script: МИД, EEAS, Saeima.")

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return find_organisations(queryset, term)

    def option_label(self, row: Organisation) -> str:
        details = ", ".join(filter(None, (row.short_name, row.country, row.get_kind_display())))
        return f"{row.name} ({details})"

    def for_changelist(self, queryset: Any) -> Any:
        return queryset.for_changelist()

    @admin.display(description=_("other names"))
    def other_names(self, organisation: Organisation) -> str:
        others = [str(name) for name in organisation.names.all() if name.kind == Name.Kind.OTHER]
        return ", ".join(others) or EMPTY
