"""Speakers on the desk."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from statements.admin.display import EMPTY
from statements.admin.filters import NewestRelatedFilter
from statements.admin.organisation import OtherNamesInline
from statements.admin.reference import ReferenceAdmin, ReferenceInline
from statements.admin.search import find_speakers
from statements.forms.base import DeskForm
from statements.forms.formsets import DeskFormSet
from statements.forms.reference import SpeakerForm
from statements.models import Name, Speaker, SpeakerHandle, SpeakerName


class SpeakerNamesInline(OtherNamesInline):
    model = SpeakerName


class HandlesInline(ReferenceInline, admin.TabularInline):
    model = SpeakerHandle
    form = DeskForm
    formset = DeskFormSet
    fields = ["network", "handle"]


@admin.register(Speaker)
class SpeakerAdmin(ReferenceAdmin):
    form = SpeakerForm
    inlines = [SpeakerNamesInline, HandlesInline]
    autocomplete_fields = ["organisation"]
    fieldsets = [(None, {"fields": ["name", "organisation", "description", "slug"]})]
    list_display = ["name", "organisation", "other_names", "accounts"]
    list_filter = [("organisation", NewestRelatedFilter)]
    search_help_text = _("Any name in any script, or a handle: Ціханоўская, @Tsihanouskaya.")

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return find_speakers(queryset, term)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("organisation")

    def option_label(self, row: Speaker) -> str:
        return f"{row.name} ({row.organisation})" if row.organisation else row.name

    def for_changelist(self, queryset: Any) -> Any:
        return queryset.for_changelist()

    @admin.display(description=_("other names"))
    def other_names(self, speaker: Speaker) -> str:
        others = [str(name) for name in speaker.names.all() if name.kind == Name.Kind.OTHER]
        return ", ".join(others) or EMPTY

    @admin.display(description=_("handles"))
    def accounts(self, speaker: Speaker) -> str:
        return ", ".join(str(handle) for handle in speaker.handles.all()) or EMPTY
