"""The steps of a statement as buttons beside Save, as pages that ask, and as actions on a list.

They call actions.publishing and say every reason of a refusal at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from statements.actions.publishing import (
    PUBLISH,
    SUBMIT,
    WAITING,
    publish,
    publish_all,
    return_to_editor,
    submit,
    withdraw,
)
from statements.actions.refusal import Refusal
from statements.admin.base import DeskAdmin
from statements.admin.confirm import ask
from statements.forms.base import ReasonForm
from statements.models import Statement


@dataclass(frozen=True)
class Step:
    """A button that saves what was typed and then takes the step, or, when that is refused, does neither."""

    name: str
    permission: str
    label: str | Promise
    done: str | Promise
    act: Callable[..., Any]
    fits: Callable[[Statement], bool]


STEPS = (
    Step(
        "submit",
        SUBMIT,
        gettext_lazy("Save and submit"),
        gettext_lazy("It waits for a reviewer now."),
        submit,
        lambda statement: statement.step not in WAITING,
    ),
    Step(
        "return",
        PUBLISH,
        gettext_lazy("Save and return to the editor"),
        gettext_lazy("It is back with its editor."),
        return_to_editor,
        lambda statement: statement.step == Statement.Step.IN_REVIEW,
    ),
    Step(
        "publish",
        PUBLISH,
        gettext_lazy("Save and publish"),
        gettext_lazy("Readers see it now."),
        publish,
        lambda statement: statement.step == Statement.Step.IN_REVIEW or statement.withdrawn_at is not None,
    ),
)


def steps_for(user: User, statement: Statement) -> list[Step]:
    """The buttons that this user has on the page of this statement, stored or new."""
    return [step for step in STEPS if user.has_perm(step.permission) and step.fits(statement)]


def step_in(request: HttpRequest) -> Step | None:
    """The step whose button was pressed."""
    return next((step for step in STEPS if step.name == request.POST.get("_step")), None)


class StepsAdmin(DeskAdmin):
    """The pages and actions; the buttons are StatementAdmin's, since they save its form."""

    actions = ["submit_selected", "return_selected", "publish_selected", "withdraw_selected"]

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SUBMIT)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PUBLISH)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.withdraw_view)
        return [path("<path:object_id>/withdraw/", view, name="statements_statement_withdraw"), *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not self.has_publish_permission(request):
            raise PermissionDenied
        statement: Statement | None = self.get_object(request, unquote(object_id))
        if statement is None:
            raise Http404

        def act(values: dict[str, Any]) -> str:
            withdraw(statement=statement, by=request.user, reason=values["reason"])  # type: ignore[arg-type]
            return _("It was withdrawn: its public address says so, with the reason.")

        return ask(
            request,
            self,
            question=_("Withdraw this statement?"),
            button=_("Withdraw"),
            act=act,
            back=self.address("change", statement),
            form_class=ReasonForm,
            rows=[statement],
        )

    @admin.action(description=gettext_lazy("Submit the selected statements"), permissions=["submit"])
    def submit_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> None:
        done = self._try(request, lambda: _for_each(queryset, submit, request.user))
        if done:
            sentence = ngettext("%(n)s statement waits for review.", "%(n)s statements wait for review.", done)
            self.message_user(request, sentence % {"n": done}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Return the selected statements to their editors"), permissions=["publish"])
    def return_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> None:
        done = self._try(request, lambda: _for_each(queryset, return_to_editor, request.user))
        if done:
            sentence = ngettext("%(n)s statement was returned.", "%(n)s statements were returned.", done)
            self.message_user(request, sentence % {"n": done}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Publish the selected statements"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> None:
        statements = list(queryset.order_by("pk"))
        by: User = request.user  # type: ignore[assignment]  # the admin lets in nobody else
        done = self._try(request, lambda: len(publish_all(statements=statements, by=by)))
        if done:
            sentence = ngettext("Readers see %(n)s statement now.", "Readers see %(n)s statements now.", done)
            self.message_user(request, sentence % {"n": done}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Withdraw the selected statements …"), permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: models.QuerySet[Statement]) -> HttpResponse:
        chosen = list(queryset.order_by("pk"))

        def act(values: dict[str, Any]) -> str:
            done = _for_each(queryset, withdraw, request.user, reason=values["reason"])
            return ngettext("%(n)s statement was withdrawn.", "%(n)s statements were withdrawn.", done) % {"n": done}

        return ask(
            request,
            self,
            question=_("Withdraw these statements?"),
            button=_("Withdraw"),
            act=act,
            back=request.get_full_path(),
            form_class=ReasonForm,
            rows=chosen,
            hidden=[("action", "withdraw_selected"), *((ACTION_CHECKBOX_NAME, row.pk) for row in chosen)],
            is_answer="reason" in request.POST,
        )

    def _try(self, request: HttpRequest, act: Callable[[], int]) -> int:
        """What ``act`` returns; 0 when it was refused, with every reason said."""
        try:
            return act()
        except Refusal as refusal:
            say_refusal(self, request, refusal.reasons)
        return 0


def say_refusal(model_admin: DeskAdmin, request: HttpRequest, reasons: list[str]) -> None:
    """Actions on a list do all or none: that, and every reason."""
    model_admin.message_user(request, _("Nothing was done with any of them:"), messages.ERROR)
    for reason in reasons:
        model_admin.message_user(request, reason, messages.ERROR)


def _for_each(queryset: models.QuerySet[Statement], action: Callable[..., Any], by: Any, **values: Any) -> int:
    """All or none. The reasons of a refusal name the statement."""
    statements = list(queryset.order_by("pk"))
    reasons: list[str] = []
    with transaction.atomic():
        for statement in statements:
            try:
                action(statement=statement, by=by, **values)
            except Refusal as refusal:
                reasons += [f"{statement.title}: {reason}" for reason in refusal.reasons]
        if reasons:
            raise Refusal(reasons)
    return len(statements)
