"""The page on which two rows of reference data are merged: choose the other one, look at what will happen, confirm."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.actions.merging import Outdated, Preview, merge, preview
from statements.actions.merging.relations import RELATIONS
from statements.actions.reference import public_permission
from statements.actions.refusal import Refusal
from statements.admin.base import AutocompleteRow, DeskAdmin
from statements.forms.base import LinesTextarea
from statements.models import OldSlug

#: So many rows that become one are shown.
SHOWN = 50


#: Which of the two stays, as the address says it.
THIS, OTHER = "this", "other"


class OtherForm(forms.Form):
    """Which other, and which of the two stays."""

    other: Any = forms.ModelChoiceField(label=gettext_lazy("Merge with"), queryset=None, required=False)
    slug = forms.CharField(
        label=gettext_lazy("or its slug"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("The last part of its public address, where the list above can't be used."),
    )
    stays = forms.ChoiceField(
        label=gettext_lazy("Which one stays"),
        help_text=gettext_lazy("It keeps its name and address. Those of the one that goes lead to it from then on."),
    )

    def __init__(self, data: Any, *, row: models.Model, admin_site: Any) -> None:
        super().__init__(data)
        self.row = row
        first = RELATIONS[type(row)][0]
        other: Any = self.fields["other"]
        other.widget = AutocompleteRow(first.model._meta.get_field(first.column), admin_site)
        other.queryset = type(row)._default_manager.exclude(pk=row.pk)
        self.fields["stays"].choices = [(THIS, str(row)), (OTHER, _("the other one"))]  # type: ignore[attr-defined]
        other.error_messages["invalid_choice"] = _("This one can't be chosen. Choose another one.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        slug = cleaned.get("slug")
        if slug and not cleaned.get("other") and "other" not in self.errors:
            cleaned["other"] = self._with_slug(slug)
        if not cleaned.get("other") and not self.errors:
            self.add_error("other", _("Choose the other one."))
        return cleaned

    def _with_slug(self, slug: str) -> Any:
        rows, kind = type(self.row)._default_manager, str(self.row._meta.model_name)
        old = OldSlug.objects.filter(kind=kind, slug=slug).values("target_id")
        found = rows.filter(slug=slug).first() or rows.filter(pk__in=old).first()
        if found is None:
            self.add_error("slug", _("Nothing here has this slug, or had it."))
        return found


class MergeForm(forms.Form):
    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=LinesTextarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("For colleagues; kept on record: Both are the ministry in Riga."),
    )


class MergingAdmin(DeskAdmin):
    def may_merge(self, request: HttpRequest) -> bool:
        return request.user.has_perm(public_permission(self.model))

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        view = self.admin_site.admin_view(self.merge_view)
        return [path("<path:object_id>/merge/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        if row is not None and row.pk and self.may_merge(request):
            link = (self.address("merge", row), _("Merge with another …"))
            context["step_links"] = [*context.get("step_links", []), link]
        return super().render_change_form(request, context, *args, **kwargs)

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The choice stands in the address, so that the page can be opened again; only confirming it is a POST."""
        if not self.may_merge(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        asked = request.GET if {"other", "slug"} & request.GET.keys() else None
        chosen = OtherForm(asked, row=row, admin_site=self.admin_site)
        if not chosen.is_bound or not chosen.is_valid():
            return self._merge_page(request, row, chosen=chosen)
        pair = [row, chosen.cleaned_data["other"]]
        survivor, other = pair if chosen.cleaned_data["stays"] == THIS else pair[::-1]
        form = MergeForm(request.POST if request.method == "POST" else None)
        by: Any = request.user
        try:
            if request.method == "POST" and form.is_valid():
                done = merge(survivor=survivor, other=other, by=by, **form.cleaned_data)
                self.message_user(request, _said(done), messages.SUCCESS)
                return HttpResponseRedirect(self.address("change", done.survivor))
            shown = preview(survivor=survivor, other=other, by=by)
        except Outdated as outdated:
            shown = outdated.preview
            form.add_error(None, outdated.reasons[0])
        except Refusal as refusal:
            for reason in refusal.reasons:
                chosen.add_error(None, reason)
            return self._merge_page(request, row, chosen=chosen)
        return self._merge_page(request, row, chosen=chosen, shown=shown, form=form)

    def _merge_page(self, request: HttpRequest, row: Any, **context: Any) -> HttpResponse:
        shown: Preview | None = context.get("shown")
        title = _("Merge “%(row)s” with another one") % {"row": row}
        if shown is not None:
            title = _("Merge “%(other)s” into “%(survivor)s”?") % {"other": shown.other, "survivor": shown.survivor}
            context["joined"], context["more_joined"] = shown.joined[:SHOWN], len(shown.joined[SHOWN:])
        chosen: OtherForm = context["chosen"]
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "row": row,
            "media": self.media + chosen.media,
            "back": self.address("change", row),
        }
        return TemplateResponse(request, "admin/statements/merge.html", context)


def _said(done: Preview) -> str:
    return _("“%(other)s” is one with “%(survivor)s” now: its names and addresses lead here.") % {
        "other": done.other,
        "survivor": done.survivor,
    }
