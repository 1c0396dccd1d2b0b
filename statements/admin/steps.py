"""The steps of a statement as buttons beside Save, as pages that ask, and as actions on a list.

They call the actions and say every reason of a refusal at once.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.actions.moves import PUBLISH, SUBMIT
from statements.actions.refusal import Refusal
from statements.admin.base import DeskAdmin
from statements.admin.confirm import ask
from statements.admin.public_state import changes_since
from statements.admin.step_table import STEPS, Step
from statements.forms.steps import RevisionForm
from statements.models import Statement


def step_in(request: HttpRequest) -> Step | None:
    """The step whose button was pressed."""
    return next((step for step in STEPS if step.label and step.name == request.POST.get("_step")), None)


class StepsAdmin(DeskAdmin):
    """The pages and actions; the buttons are pressed in StatementAdmin's form, which saves what was typed with them."""

    actions = [f"{step.name}_selected" for step in STEPS]

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SUBMIT)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH)

    # --- On the page of a statement ---

    def steps_for(self, request: HttpRequest, statement: Statement) -> dict[str, Any]:
        """The buttons and the links that this user has on the page of this statement, stored or new."""
        by: Any = request.user
        fitting = [step for step in STEPS if by.has_perm(step.permission) and step.fits(statement, by)]
        return {
            "steps": [step for step in fitting if step.label],
            "step_pages": [(self.address(step.name, statement), step.link) for step in fitting if not step.label],
        }

    def take_step(self, request: HttpRequest, statement: Statement) -> None:
        """Take the step whose button was pressed with what was just saved; or, where it asks something, see that it
        could be taken, so that its page comes next. Raises Refusal.
        """
        step = step_in(request)
        if step is None:
            return
        by: Any = request.user
        request.desk_asks = step.form({statement.pk}) is not None  # type: ignore[attr-defined]
        if not request.desk_asks:  # type: ignore[attr-defined]
            step.act(statement=statement, by=by)
        elif reasons := step.reasons(statement=statement, by=by):
            raise Refusal(reasons)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._next_page(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._next_page(request, obj) or super().response_change(request, obj)

    def _next_page(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        step = step_in(request)
        scheduled, in_review = Statement.Step.SCHEDULED, Statement.Step.IN_REVIEW
        if obj.step == scheduled and Statement.objects.filter(pk=obj.pk, step=in_review).exists():
            sentence = _("It was scheduled. Since it was changed, it waits for a reviewer again.")
            self.message_user(request, sentence, messages.WARNING)
        if step is not None and request.desk_asks:  # type: ignore[attr-defined]
            return HttpResponseRedirect(self.address(step.name, obj))
        if step is not None:
            self.message_user(request, str(step.done), messages.SUCCESS)
        return None

    # --- Pages that ask ---

    def get_urls(self) -> list[Any]:
        def own(step: Step) -> Any:
            def view(request: HttpRequest, object_id: str) -> HttpResponse:
                return self._step_page(request, object_id, step)

            address = f"<path:object_id>/{step.name.replace('_', '-')}/"
            return path(address, self.admin_site.admin_view(view), name=f"statements_statement_{step.name}")

        return [*(own(step) for step in STEPS if step.question), *super().get_urls()]

    def _step_page(self, request: HttpRequest, object_id: str, step: Step) -> HttpResponse:
        if not request.user.has_perm(step.permission):
            raise PermissionDenied
        statement: Statement | None = self.get_object(request, unquote(object_id))
        if statement is None:
            raise Http404

        def act(values: dict[str, Any]) -> str:
            step.act(statement=statement, by=request.user, **values)
            return str(step.done)

        form_class = step.form({statement.pk}) or step.note_form
        return ask(
            request,
            self,
            question=step.question,
            button=step.button,
            act=act,
            back=self.address("change", statement),
            form_class=form_class,
            rows=[statement, *_what_readers_will_see(statement, form_class)],
            seen=[statement],
        )

    # --- Actions on the list ---

    @admin.action(description=gettext_lazy("Submit the selected statements"), permissions=["submit"])
    def submit_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> HttpResponse | None:
        return self._selected(request, queryset, "submit")

    @admin.action(description=gettext_lazy("Take up the selected statements again"), permissions=["submit"])
    def take_up_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> HttpResponse | None:
        return self._selected(request, queryset, "take_up")

    @admin.action(
        description=gettext_lazy("Return the selected statements to their editors …"), permissions=["publish"]
    )
    def return_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> HttpResponse | None:
        return self._selected(request, queryset, "return")

    @admin.action(description=gettext_lazy("Approve and publish the selected statements"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> HttpResponse | None:
        return self._selected(request, queryset, "publish")

    @admin.action(
        description=gettext_lazy("Approve the selected statements and schedule them …"), permissions=["publish"]
    )
    def schedule_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> HttpResponse | None:
        return self._selected(request, queryset, "schedule")

    @admin.action(description=gettext_lazy("Take the selected statements off the schedule"), permissions=["publish"])
    def unschedule_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> HttpResponse | None:
        return self._selected(request, queryset, "unschedule")

    @admin.action(description=gettext_lazy("Withdraw the selected statements …"), permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> HttpResponse | None:
        return self._selected(request, queryset, "withdraw")

    def _selected(self, request: HttpRequest, queryset: models.QuerySet[Statement], name: str) -> HttpResponse | None:
        step = next(step for step in STEPS if step.name == name)
        chosen = list(queryset.order_by("pk"))
        form_class = step.form({statement.pk for statement in chosen})

        def act(values: dict[str, Any]) -> str:
            step.act_on_all(chosen, by=request.user, **values)  # type: ignore[arg-type]  # the admin lets in nobody else
            return step.done_with(len(chosen))

        if form_class is None:
            self._try(request, lambda: act({}))
            return None
        return ask(
            request,
            self,
            question=step.question_of_many,
            button=step.button,
            act=act,
            back=request.get_full_path(),
            form_class=form_class,
            rows=chosen,
            hidden=[("action", f"{name}_selected"), *((ACTION_CHECKBOX_NAME, row.pk) for row in chosen)],
            is_answer=any(field in request.POST for field in form_class.base_fields),
            seen=chosen,
        )

    def _try(self, request: HttpRequest, act: Callable[[], str]) -> None:
        try:
            self.message_user(request, act(), messages.SUCCESS)
        except Refusal as refusal:
            say_refusal(self, request, refusal.reasons)


def _what_readers_will_see(statement: Statement, form_class: type[forms.Form]) -> list[Any]:
    """Beside the question what a change is to readers: the way to what it is. At most one query."""
    shown = statement.published_version
    return [changes_since(statement, shown)] if shown is not None and issubclass(form_class, RevisionForm) else []


def say_refusal(model_admin: DeskAdmin, request: HttpRequest, reasons: list[str]) -> None:
    """Actions on a list do all or none: that, and every reason."""
    model_admin.message_user(request, _("Nothing was done with any of them:"), messages.ERROR)
    for reason in reasons:
        model_admin.message_user(request, reason, messages.ERROR)
