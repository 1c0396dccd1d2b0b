"""What all pages of the desk have in common: a save is one transaction, and what refuses it is shown on its form."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.db import IntegrityError, connection, models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from statements.admin.changelist import MOST, NUMBER, DeskChangeList, DeskPaginator, more_than
from statements.admin.guarded import GuardedAdmin
from statements.admin.integrity import sentence_for
from statements.admin.seen import SeenAdmin
from statements.forms.base import Finding, Findings


class SaveRefused(Exception):
    """Raised out of save_related: everything is rolled back and the form is shown again with these findings."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(finding.sentence for finding in findings))
        self.findings = findings


def findings_of(request: HttpRequest) -> Findings:
    """What kept the page from being saved, where this request already tried; by prefix of the form."""
    found: Findings = getattr(request, "desk_findings", {})
    return found


def _by_prefix(findings: Sequence[Finding]) -> Findings:
    grouped: dict[str, list[tuple[str, str]]] = {}
    for finding in findings:
        grouped.setdefault(finding.prefix, []).append((finding.field, finding.sentence))
    # The main form is always refused, or the second try would save what the first one may not.
    grouped.setdefault("", [("", _("Nothing was saved. See below what keeps it from being saved."))])
    return grouped


class _Numbers:
    """The stock autocomplete raises where an address or a form holds something else than the number of a row."""

    def optgroups(self, name: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        known = [number for number in value if number in ("", "None") or NUMBER.fullmatch(str(number))]
        return super().optgroups(name, known, *args, **kwargs)  # type: ignore[misc]  # of the widget it is mixed into


class _Named:
    """An autocomplete shows a box of its own, to which a script gives the name of its field."""

    @property
    def media(self) -> forms.Media:
        stock: forms.Media = super().media  # type: ignore[misc]  # of the widget it is mixed into
        return stock + forms.Media(js=["admin/js/autocomplete.js", "statements/labels.js"])


class AutocompleteRow(_Named, _Numbers, AutocompleteSelect):
    pass


class AutocompleteRows(_Named, _Numbers, AutocompleteSelectMultiple):
    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Each chosen row can be taken out; a sign that takes out all would be no item of the list it stands in."""
        attrs: dict[str, Any] = super().build_attrs(*args, **kwargs)
        return attrs | {"data-allow-clear": "false"}


class _RowsField(forms.ModelMultipleChoiceField):
    """The stock field asks the database for numbers that no database has room for."""

    def clean(self, value: Any) -> Any:
        for number in value or ():
            if not NUMBER.fullmatch(str(number)):
                message = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(message, code="invalid_pk_value", params={"pk": number})
        return super().clean(value)


class DeskFields(admin.options.BaseModelAdmin):
    """A row is deleted on its own page, where it says what speaks against it, never from a field that refers to it."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteRow(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteRows(db_field, self.admin_site, using=kwargs.get("using")))
        kwargs.setdefault("form_class", _RowsField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class DeskInline(DeskFields, admin.options.InlineModelAdmin):
    """One empty row without scripts; with them, "Add another"."""

    extra = 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A table's heads are no labels of the fields below them."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.names_its_fields = isinstance(self, admin.TabularInline)
        return formset


class DeskAdmin(DeskFields, GuardedAdmin, SeenAdmin):
    #: Autocompletes ask for it; what is searched says ``search``.
    search_fields = ["slug"]
    list_per_page = 50
    show_full_result_count = False
    paginator = DeskPaginator
    # Of each choice of a filter the number of its rows: that would count all of them.
    show_facets = admin.ShowFacets.NEVER

    def search(self, queryset: models.QuerySet[Any], term: str) -> models.QuerySet[Any]:
        """The rows that an editor means by this term. Must not make a row appear twice."""
        return queryset.filter(slug__icontains=term)

    def option_label(self, row: Any) -> str:
        """What an autocomplete shows of a row, so that two of one name can be told apart."""
        return str(row)

    def for_changelist(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows with all that the list shows of them. Only those of a page pay for it."""
        return queryset

    def rows_shown(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """``for_changelist``, and what only the list that this request asks for shows."""
        return self.for_changelist(queryset)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        return (self.search(queryset, search_term) if search_term.strip() else queryset), False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[Any]:
        return DeskChangeList

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Rows are deleted one by one: each has its own reasons why it can't be."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """The numbers of the chosen rows come from check boxes: other words are no row."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(NUMBER.fullmatch(number) for number in chosen):
            self.message_user(request, _("The rows could not be read. Tick them in the list again."), messages.ERROR)
            return None
        if request.POST.get("select_across", "0") not in ("", "0") and more_than(MOST, queryset):
            self.message_user(request, _too_many(), messages.ERROR)
            return None
        return super().response_action(request, queryset, *args, **kwargs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A row that is about to be saved is locked, or a step that somebody takes meanwhile would be taken back."""
        if request.method == "POST" and connection.in_atomic_block and from_field is None:
            rows = self.model._default_manager.select_for_update(of=("self",))
            try:
                rows.filter(pk=object_id).first()
            except (ValueError, TypeError):
                return None
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except SaveRefused as refused:
            findings = refused.findings
        except IntegrityError as error:
            findings = [Finding("", "", sentence_for(error))]
        request.desk_findings = _by_prefix(findings)  # type: ignore[attr-defined]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.findings = findings_of(request)  # every form of the desk is a DeskForm
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        given: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        return given | {"form_kwargs": {"findings": findings_of(request)}}

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        context["page_notes"] = self.page_notes(request, obj) if obj is not None and obj.pk else []
        return super().render_change_form(request, context, *args, **kwargs)

    def address(self, name: str, obj: Any) -> str:
        """The address of one of this model's own pages on a row."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[quote(obj.pk)])


class ReadOnlyAdmin(DeskAdmin):
    """History: written by the actions, read by people."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _too_many() -> str:
    return _("These are more than %(most)s rows, so nothing was done. Narrow the list down, and choose them again.") % {
        "most": f"{MOST:,}"
    }


def asked_once(request: HttpRequest, key: tuple[Any, ...], ask: Callable[[], bool]) -> bool:
    """The admin asks for permissions many times on one page; the database is asked once."""
    answers: dict[tuple[Any, ...], bool] = request.__dict__.setdefault("desk_answers", {})
    if key not in answers:
        answers[key] = ask()
    return answers[key]
