"""Forms that show one field for several columns: a partial date is one text, its pair of columns is on no form."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from statements.dates import PartialDateFormField
from statements.models.rules import broken_rules


class PartialDatesMixin(forms.ModelForm):
    """For every declared PartialDateFormField ``x`` of a model with the pair ``x_from``, ``x_until``.

    Fields that are not on a form are left out of validation, and so is every constraint that names one of them. Here
    the pair is set from the text and validated with it; what is wrong with a hidden column is said at the field that
    shows it, and what breaks a rule at the first field of that rule.
    """

    #: Hidden column -> the field it is made from, besides the pairs of dates.
    derived_columns: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._date_fields():
            self.initial.setdefault(name, getattr(self.instance, name))

    def _date_fields(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, PartialDateFormField)]

    def _hidden_columns(self) -> dict[str, str]:
        pairs = {f"{name}_{end}": name for name in self._date_fields() for end in ("from", "until")}
        derived = {column: name for column, name in self.derived_columns.items() if name in self.fields}
        return pairs | derived

    def _get_validation_exclusions(self) -> set[str]:
        # A field that was refused takes its columns out of validation, as Django does with its own.
        validated = {column for column, name in self._hidden_columns().items() if name not in self.errors}
        if self.instance.pk is not None:
            validated.add(self.instance._meta.pk.name)  # rules such as "not its own parent" name it
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return exclusions - validated

    def _post_clean(self) -> None:
        for name in self._date_fields():
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
        super()._post_clean()  # type: ignore[misc]  # not in the stubs

    def _update_errors(self, errors: ValidationError) -> None:
        shown: dict[str, list[ValidationError]] = {}
        for column, found in errors.error_dict.items():
            for error in found:
                columns = self._columns_of_the_rule(error) if column == NON_FIELD_ERRORS else [column]
                shown.setdefault(self._field_for(columns), []).append(error)
        super()._update_errors(ValidationError(shown))  # type: ignore[misc]  # not in the stubs

    def _field_for(self, columns: list[str]) -> str:
        """The field of this form at which an error about these columns is said."""
        hidden = self._hidden_columns()
        shown = [hidden.get(column, column) for column in columns]
        return next((name for name in shown if name in self.fields), NON_FIELD_ERRORS)

    def _columns_of_the_rule(self, error: ValidationError) -> list[str]:
        """Django says which rule was broken by its sentence only."""
        broken = (rule for rule in broken_rules(self.instance) if str(rule.message) == str(error.message))
        return [column for rule in broken for column in rule.fields]
