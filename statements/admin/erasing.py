"""The pages on which an administrator erases words, a wording or a version for good.

What is to be erased is sent in the body of a request only, never in an address: addresses are kept in logs.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from statements.actions.erasing import ERASE, Outdated, Preview, Target, erase, preview
from statements.actions.refusal import Refusal
from statements.admin.base import DeskAdmin
from statements.forms.base import LinesTextarea
from statements.models import Demand, Erasure, Measure, Organisation, Source, Speaker, Statement, Version
from statements.models.codes import language_name
from statements.record.described import LISTS
from statements.record.described import label as label_of
from statements.record.document import is_erased

_BEGINNING = 60

#: Whose field it is in which words stand, by list of a content or part of a context.
_MODELS: dict[str, Any] = {
    "": Statement,
    **{name: one.model for name, one in LISTS.items()},
    "organisations": Organisation,
    "sources": Source,
    "demands": Demand,
    "measures": Measure,
}


class TargetForm(forms.Form):
    """One of three: exact words, a wording, a version."""

    words = forms.CharField(
        label=gettext_lazy("These words"),
        required=False,
        max_length=20_000,
        widget=LinesTextarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Letter by letter, wherever they stand in this statement: a name, an address."),
    )
    wording = forms.ChoiceField(label=gettext_lazy("or a wording as a whole"), required=False)
    version = forms.ChoiceField(
        label=gettext_lazy("or a version as a whole"),
        required=False,
        help_text=gettext_lazy("All that it says. Its number stays, with the day and the kind of reason."),
    )

    def __init__(self, data: Any, *, statement: Statement) -> None:
        super().__init__(data)
        versions = list(Version.objects.filter(statement=statement).order_by("-number"))
        self.fields["wording"].choices = [("", "–"), *_wordings(versions)]  # type: ignore[attr-defined]
        self.fields["version"].choices = [("", "–"), *_versions(versions)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        given = [name for name in ("words", "wording", "version") if cleaned.get(name)]
        if len(given) != 1 and not self.errors:
            raise forms.ValidationError(_("Say one thing that is to be erased: words, a wording, or a version."))
        return cleaned

    @property
    def target(self) -> Target:
        given = self.cleaned_data
        return Target(given["words"], given["wording"], int(given["version"]) if given["version"] else None)


def _wordings(versions: list[Version]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for version in versions:
        for row in [] if is_erased(version.document) else version.document["content"]["wordings"]:
            text = row["text"] if len(row["text"]) <= _BEGINNING else row["text"][:_BEGINNING] + "…"
            found.setdefault(row["key"], f"{language_name(row['language'])}: {text}")
    return list(found.items())


def _versions(versions: list[Version]) -> list[tuple[str, str]]:
    words = _("Version %(number)s of %(day)s, by %(name)s")
    return [
        (
            str(version.number),
            words % {"number": version.number, "day": version.saved_at.date(), "name": version.saved_by_name},
        )
        for version in versions
        if not is_erased(version.document)
    ]


class EraseForm(forms.Form):
    """No note: it could say again what is to be erased."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Kind of reason"),
        choices=[("", "–"), *Erasure.Reason.choices],
        help_text=gettext_lazy("Readers see it, with the day. Nothing else is said about what stood there."),
    )
    confirmation = forms.CharField(label=gettext_lazy("To confirm"), max_length=120)

    def __init__(self, data: Any, *, statement: Statement) -> None:
        super().__init__(data)
        self.slug = statement.slug
        self.fields["confirmation"].help_text = _("Type the statement's slug: %(slug)s") % {"slug": statement.slug}
        self.fields["confirmation"].widget.attrs["autocomplete"] = "off"

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"].strip()
        if typed != self.slug:
            raise forms.ValidationError(_("This is not the slug: nothing was erased."))
        return typed


class ErasingAdmin(DeskAdmin):
    def may_erase(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ERASE)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.erase_view)
        return [path("<path:object_id>/erase/", view, name="statements_statement_erase"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        stored = kwargs.get("obj")
        if stored is not None and stored.pk and self.may_erase(request):
            context["step_links"] = [*context.get("step_links", ()), (self.address("erase", stored), _("Erase …"))]
        return super().render_change_form(request, context, *args, **kwargs)

    def erase_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not self.may_erase(request):
            raise PermissionDenied
        statement: Statement | None = self.get_object(request, unquote(object_id))
        if statement is None:
            raise Http404
        chosen = TargetForm(request.POST if request.method == "POST" else None, statement=statement)
        if not chosen.is_bound or not chosen.is_valid():
            return self._erase_page(request, statement, chosen=chosen)
        is_answer = "confirmation" in request.POST
        form = EraseForm(request.POST if is_answer else None, statement=statement)
        by: Any = request.user
        try:
            if is_answer and form.is_valid():
                given = {name: form.cleaned_data[name] for name in ("reason", "digest")}
                done = erase(statement=statement, target=chosen.target, by=by, **given)
                self.message_user(request, _said(done), messages.SUCCESS)
                return HttpResponseRedirect(self.address("change", statement))
            shown = preview(statement=statement, target=chosen.target, by=by)
        except Outdated as outdated:
            shown = outdated.preview
            form.add_error(None, outdated.reasons[0])
        except Refusal as refusal:
            for reason in refusal.reasons:
                chosen.add_error(None, reason)
            return self._erase_page(request, statement, chosen=chosen)
        return self._erase_page(request, statement, chosen=chosen, shown=shown, form=form)

    def _erase_page(self, request: HttpRequest, statement: Statement, **context: Any) -> HttpResponse:
        shown: Preview | None = context.get("shown")
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Erase this for good?") if shown is not None else _("Erase something for good"),
            "row": statement,
            "back": self.address("change", statement),
            "versions": _in_words(shown) if shown is not None else [],
        }
        return TemplateResponse(request, "admin/statements/statement/erase.html", context)


def _in_words(shown: Preview) -> list[str]:
    lines = []
    for one in shown.versions:
        number = one.version.number
        if shown.is_whole:
            lines.append(_("Version %(number)s: all of it") % {"number": number})
            continue
        places = "; ".join(f"{_place(*place)}: {count}" for place, count in sorted(one.found.items()))
        lines.append(_("Version %(number)s: %(places)s") % {"number": number, "places": places})
    return lines


def _place(name: str, field: str) -> str:
    model: Any = Speaker if (name, field) == ("speakers", "name") else _MODELS[name]
    return f"{label_of(model, field)} ({model._meta.verbose_name})" if name else label_of(model, field)


def _said(done: Preview) -> str:
    n = len(done.versions)
    if not n:
        return _("It was erased. No version held it.")
    return ngettext("It was erased from one version.", "It was erased from %(n)s versions.", n) % {"n": n}


def notes_on_erasures(version: Version) -> list[str]:
    """What was taken out of a version, when, by whom and for which kind of reason. One query."""
    sentence = _("Erased on %(day)s by %(name)s, for %(reason)s: %(what)s. What stood there has the SHA-256 %(hash)s.")
    return [
        sentence
        % {
            "day": erasure.at.date().isoformat(),
            "name": erasure.by_name,
            "reason": erasure.get_reason_display(),
            "what": erasure.get_what_display(),
            "hash": erasure.erased_hash,
        }
        for erasure in version.erasures.all()
    ]
