"""Small pages that ask before something is done to one row: a question, perhaps a form, one button."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from statements.actions.refusal import Refusal
from statements.admin.seen import refuse_what_changed, seen_fields


def ask(
    request: HttpRequest,
    model_admin: ModelAdmin,
    *,
    question: str | Promise,
    button: str | Promise,
    act: Callable[[dict[str, Any]], str],
    back: str,
    form_class: type[forms.Form] = forms.Form,
    rows: Any = (),
    hidden: Any = (),
    is_answer: bool | None = None,
    seen: Sequence[models.Model] = (),
) -> HttpResponse:
    """Show the question; on the answer call ``act`` with the form's values, say what it returns and go ``back``.

    A Refusal is shown on the same page, every reason of it, and what was typed stays. ``seen`` are the stored rows that
    it is about: when somebody changed one of them after the question was shown, that is such a refusal.
    """
    answered = request.method == "POST" if is_answer is None else is_answer
    form = form_class(request.POST if answered else None)
    if answered and form.is_valid():
        try:
            with transaction.atomic():
                refuse_what_changed(request, seen)
                done = act(form.cleaned_data)
        except Refusal as refusal:
            for reason in refusal.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, done)
            return HttpResponseRedirect(back)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": question,
        "button": button,
        "form": form,
        "rows": rows,
        "hidden": [*hidden, *seen_fields(seen)],
        "back": back,
    }
    return TemplateResponse(request, "admin/statements/confirm.html", context)
