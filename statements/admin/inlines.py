"""All that hangs on a statement, on its page."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from statements.admin.base import DeskInline
from statements.admin.display import partial_date
from statements.forms.formsets import DeskFormSet, KeyedFormSet, OrderedFormSet
from statements.forms.statement import CitationForm, CountForm, IssuerForm, MentionForm, SpeakerRoleForm, WordingForm
from statements.models import Citation, CountObservation, DemandMention, Issuer, SpeakerRole, Wording


class IssuerInline(DeskInline, admin.TabularInline):
    model = Issuer
    form = IssuerForm
    formset = OrderedFormSet
    fields = ["organisation", "part", "order"]
    autocomplete_fields = ["organisation"]
    verbose_name_plural = _("Issuers: the organisations that made it")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("organisation")


class SpeakerInline(DeskInline, admin.TabularInline):
    model = SpeakerRole
    form = SpeakerRoleForm
    formset = OrderedFormSet
    fields = ["speaker", "attribution", "order"]
    autocomplete_fields = ["speaker"]
    verbose_name_plural = _("Speakers: the people who speak in it")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("speaker")


class CitationInline(DeskInline, admin.TabularInline):
    model = Citation
    form = CitationForm
    formset = DeskFormSet
    fields = ["source", "role", "locator"]
    autocomplete_fields = ["source"]
    verbose_name_plural = _("Sources: where it can be read")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("source")


class WordingInline(DeskInline, admin.StackedInline):
    model = Wording
    form = WordingForm
    formset = KeyedFormSet
    fields = [("language", "kind", "is_excerpt"), "text", "source"]
    autocomplete_fields = ["source"]
    verbose_name_plural = _("Wordings: its words, in each language in which they are known")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("source")


class MentionInline(DeskInline, admin.StackedInline):
    model = DemandMention
    form = MentionForm
    formset = KeyedFormSet
    fieldsets = [
        (None, {"fields": ["demand", "quote", ("force", "is_reiterated")]}),
        (_("Addressees, deadline, note"), {"fields": ["addressees", ("deadline", "locator"), "note"]}),
    ]
    autocomplete_fields = ["demand", "addressees"]
    verbose_name_plural = _("Demands made in it")

    deadline = partial_date("deadline", _("deadline"))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("demand").prefetch_related("addressees")


class CountInline(DeskInline, admin.StackedInline):
    model = CountObservation
    form = CountForm
    formset = KeyedFormSet
    fieldsets = [
        (None, {"fields": ["measure", ("qualifier", "value", "value_to"), "wording", "quote"]}),
        (
            _("When, according to whom, note"),
            {"fields": [("as_of", "since"), ("attributed_to", "attributed_wording"), "excludes", "note"]},
        ),
    ]
    autocomplete_fields = ["measure", "attributed_to"]
    verbose_name_plural = _("Counts: the figures quoted in it")

    as_of = partial_date("as_of", _("as of"))
    since = partial_date("since", _("since"))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).select_related("measure", "attributed_to")
