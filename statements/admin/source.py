"""Sources on the desk."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.admin.display import counted, partial_date
from statements.admin.filters import ValuesFilter
from statements.admin.reference import ReferenceAdmin
from statements.admin.search import find_sources
from statements.admin.source_start import SourceStartAdmin
from statements.forms.reference import SourceForm
from statements.models import Source


@admin.register(Source)
class SourceAdmin(SourceStartAdmin, ReferenceAdmin):
    form = SourceForm
    fieldsets = [
        (
            None,
            {
                "fields": ["url", "title", "publisher", "author", "kind", "language", "published"],
                "description": _("A pasted address is enough to begin with; the rest can be filled in later."),
            },
        ),
        (_("More"), {"fields": ["accessed_on", "slug"]}),
    ]
    list_display = ["__str__", "kind", "language", "published", "url", "statements"]
    list_filter = ["kind", ("language", ValuesFilter)]
    sortable_by = []
    search_help_text = _("Its address, or words of its title, publisher or author.")

    published = partial_date("published", _("published"))
    statements = counted("statement_count", _("statements"))

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return find_sources(queryset, term)

    def option_label(self, row: Source) -> str:
        return f"{row} ({row.published})" if row.published else str(row)

    def for_changelist(self, queryset: Any) -> Any:
        return queryset.for_changelist()
