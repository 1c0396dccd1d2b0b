"""The statement's page and list."""

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements import text
from statements.actions.refusal import Refusal
from statements.actions.versions import save_versions
from statements.admin.base import Finding, SaveRefused, asked_once
from statements.admin.desk.lists import QueueLists
from statements.admin.display import EMPTY, counted, partial_date, who_made
from statements.admin.entering import EnteringAdmin
from statements.admin.erasing import ErasingAdmin
from statements.admin.evidence import EvidenceAdmin
from statements.admin.filters import IssuerFilter, LanguageFilter, MissingFilter, PublicStateFilter
from statements.admin.inlines import (
    CitationInline,
    CountInline,
    IssuerInline,
    MentionInline,
    SpeakerInline,
    WordingInline,
)
from statements.admin.moves import latest_moves, notes_of_steps
from statements.admin.preview import PreviewAdmin
from statements.admin.public_state import notes_on, public_state
from statements.admin.search import find_statements
from statements.admin.steps import StepsAdmin
from statements.admin.versions import VersionsAdmin
from statements.forms.identity import free_slug
from statements.forms.statement import StatementForm
from statements.models import Statement, Through, Version
from statements.models.statement import first_of
from statements.record.document import Bundle, build, load
from statements.record.problems import Problem, problems

#: List of a document -> prefix of the formset on the page, where they differ.
_PREFIXES = {"speakers": "speaker_roles"}


@admin.register(Statement)
class StatementAdmin(QueueLists, EnteringAdmin, EvidenceAdmin, PreviewAdmin, VersionsAdmin, ErasingAdmin, StepsAdmin):
    form = StatementForm
    inlines = [IssuerInline, SpeakerInline, CitationInline, WordingInline, MentionInline, CountInline]
    autocomplete_fields = ["related_statement"]
    fieldsets = [
        (None, {"fields": ["title", ("kind", "language"), "summary"]}),
        (
            gettext_lazy("When and where"),
            {"fields": [("issued", "issued_basis"), "date_note", ("place", "occasion"), "attribution"]},
        ),
        (
            gettext_lazy("Another statement"),
            {
                "fields": [("relation", "related_statement")],
                "description": gettext_lazy("Only where this one quotes, repeats, corrects or translates another."),
            },
        ),
        (gettext_lazy("For the desk"), {"fields": ["desk_note", "why", "slug"]}),
    ]
    list_display = [
        "title",
        "step",
        "state",
        "issued",
        "who",
        "demand_count",
        "count_count",
        "source_count",
        "missing",
    ]
    queue_display = ["title", "issued", "who", "state"]
    list_filter = [
        "step",
        PublicStateFilter,
        MissingFilter,
        "kind",
        LanguageFilter,
        IssuerFilter,
    ]
    sortable_by = ["issued"]
    search_help_text = gettext_lazy("Words of its title, names of who made it, or the address of its public page.")
    save_on_top = False

    issued = partial_date("issued", gettext_lazy("issued"))
    demand_count = counted("demand_count", gettext_lazy("demands"))
    count_count = counted("count_count", gettext_lazy("counts"))
    source_count = counted("source_count", gettext_lazy("sources"))

    # --- The list ---

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        own = lookup == IssuerFilter.parameter_name
        return own or bool(super().lookup_allowed(lookup, value, request))

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        return find_statements(queryset, term)

    def option_label(self, row: Statement) -> str:
        return f"{row.title} ({row.issued})"

    def for_changelist(self, queryset: Any) -> Any:
        return queryset.for_changelist()

    @admin.display(description=gettext_lazy("public state"))
    def state(self, statement: Any) -> str:
        changed = statement.latest_hash != statement.public_hash
        return public_state(statement, changed=changed)

    @admin.display(description=gettext_lazy("issuers and speakers"))
    def who(self, statement: Statement) -> str:
        return who_made(statement)

    @admin.display(description=gettext_lazy("missing"))
    def missing(self, statement: Any) -> str:
        lacks = []
        if not statement.issuers.all() and not statement.speaker_roles.all():
            lacks.append(_("who made it"))
        if not statement.source_count:
            lacks.append(_("source"))
        if not statement.has_words:
            lacks.append(_("words"))
        return ", ".join(lacks) or EMPTY

    # --- The page ---

    def page_notes(self, request: HttpRequest, obj: Statement) -> list[str | SafeString]:
        return [*notes_of_steps(obj), *notes_on(obj)]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        stored = kwargs.get("obj")
        if stored is None or self.has_change_permission(request, stored):
            context |= self.steps_for(request, stored or Statement())
        if stored is not None:
            links = [(self.address("preview", stored), _("Preview")), *self.version_links(request, stored)]
            context["step_links"] = links
            context["moves"] = latest_moves(stored)
        return super().render_change_form(request, context, *args, **kwargs)

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)
        request.desk_formsets = {formset.prefix: formset for formset in formsets}  # type: ignore[attr-defined]
        return formsets, inlines

    def save_model(self, request: HttpRequest, obj: Statement, form: Any, change: bool) -> None:
        """A slug left blank is made here, where the issuers and speakers are known and valid."""
        if not obj.slug:
            wanted = text.derive_statement_slug(
                title=obj.title,
                issued=str(obj.issued),
                first=_first_slug(request.desk_formsets),  # type: ignore[attr-defined]
            )
            obj.slug = free_slug(obj, wanted or "statement")
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """After the rows: the rules across them, the version, and the step whose button was pressed."""
        super().save_related(request, form, formsets, change)
        statement: Statement = form.instance
        bundle = load([statement.pk])[statement.pk]
        found = problems(build(bundle))
        if found:
            raise SaveRefused([_at_its_form(problem, bundle, request.desk_formsets) for problem in found])  # type: ignore[attr-defined]
        by: Any = request.user
        save_versions(bundles=[bundle], by=by, through=Through.FORM, why=form.cleaned_data["why"])
        try:
            self.take_step(request, statement)
        except Refusal as refusal:
            raise SaveRefused([Finding("", "", reason) for reason in refusal.reasons]) from refusal

    # --- Deleting ---

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What readers once saw is withdrawn, never deleted."""
        allowed = super().has_delete_permission(request, obj)
        if not allowed or obj is None:
            return allowed
        published = Version.objects.published().filter(statement=obj)
        return not asked_once(request, ("published", Statement, obj.pk), published.exists)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its own rows and versions go with it; a statement that names it keeps it."""
        naming = Statement.objects.filter(related_statement__in=objs)
        protected = [format_html("{}: {}", _("named by the statement"), statement) for statement in naming]
        versions = Version.objects.filter(statement__in=objs).count()
        counts = {self.opts.verbose_name_plural: len(objs), Version._meta.verbose_name_plural: versions}
        return [str(obj) for obj in objs], counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Statement) -> None:
        with transaction.atomic():
            obj.versions.all().delete()
            super().delete_model(request, obj)


def _first_slug(formsets: dict[str, Any]) -> str:
    """The slug of whoever the statement's own slug begins with."""
    issuers = [form.cleaned_data for form in formsets["issuers"].ordered_forms_by_editor()]
    speakers = [form.cleaned_data for form in formsets["speaker_roles"].ordered_forms_by_editor()]
    return first_of(
        [(row["part"], row["organisation"].slug) for row in issuers], [row["speaker"].slug for row in speakers]
    )


def _at_its_form(problem: Problem, bundle: Bundle, formsets: dict[str, Any]) -> Finding:
    """The form and the field of the page that show what a place in the document was made from."""
    name, *rest = problem.place
    if not rest:
        return Finding("", str(name), problem.sentence)
    rows = {
        "issuers": bundle.issuers,
        "speakers": bundle.speaker_roles,
        "wordings": bundle.wordings,
        "citations": bundle.citations,
        "mentions": [mention.row for mention in bundle.mentions],
        "counts": bundle.counts,
    }
    row: Any = rows[str(name)][int(rest[0])]  # type: ignore[index]
    formset = formsets[_PREFIXES.get(str(name), str(name))]
    prefix = next((form.prefix for form in formset.kept_forms() if form.instance.pk == row.pk), "")
    return Finding(prefix, str(rest[1]), problem.sentence)
