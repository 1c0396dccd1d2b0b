"""The lists on a page: rows that are made, kept in order, and told apart."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.forms import BaseInlineFormSet
from django.utils.text import capfirst

from statements.forms.identity import new_key


class DeskFormSet(BaseInlineFormSet):
    """Two equal rows of one page are refused with the sentence of the constraint that they break."""

    model: type[models.Model]
    #: Whether each field says its own name, because no label stands at it.
    names_its_fields = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Rows that are filled in for the editor are all shown, in place of the empty ones."""
        super().__init__(*args, **kwargs)
        self.extra = max(self.extra, len(self.initial_extra or ()))

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values() if self.names_its_fields else ():
            widget = getattr(field.widget, "widget", field.widget)  # the one within that of a related row
            if field.label and not widget.is_hidden:
                widget.attrs["aria-label"] = capfirst(field.label)

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and set(unique_check) <= set(constraint.fields):
                return str(constraint.violation_error_message)
        return super().get_unique_error_message(unique_check)

    def kept_forms(self) -> list[Any]:
        """The forms of the rows that will be there after saving, as they stand on the page."""
        deleted = self.deleted_forms
        return [form for form in self.forms if form not in deleted and (form.instance.pk or form.has_changed())]


class KeyedFormSet(DeskFormSet):
    """New rows get their key."""

    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.statement = self.instance
        form.instance.key = new_key(form.instance)
        return super().save_new(form, commit=commit)


class OrderedFormSet(DeskFormSet):
    """``position`` follows the order that the editor gave, and where none was given, that of the page."""

    def ordered_forms_by_editor(self) -> list[Any]:
        def place(numbered: tuple[int, Any]) -> tuple[float, bool, int]:
            index, form = numbered
            order = form.cleaned_data.get("order")
            # A row that was moved to a number comes before the one that has it.
            return (float("inf") if order is None else order, "order" not in form.changed_data, index)

        return [form for _index, form in sorted(enumerate(self.kept_forms()), key=place)]

    def save(self, commit: bool = True) -> Any:
        forms = self.ordered_forms_by_editor()
        for position, form in enumerate(forms):
            form.instance.position = position
        saved = super().save(commit=commit)
        self.model._default_manager.bulk_update([form.instance for form in forms], ["position"])
        return saved
