"""What all forms of the desk have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils.translation import gettext_lazy as _

from statements.forms.partial_dates import PartialDatesMixin

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

#: What was found after a form had been accepted: prefix of the form -> (field, sentence). The page's main form has "".
Findings = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Finding:
    """Something that keeps a page from being saved: at which form, at which of its fields ("" for the whole form)."""

    prefix: str
    field: str
    sentence: str


class LinesTextarea(AdminTextareaWidget):
    """A text as it is stored: browsers send lines that end in CR LF, the desk keeps LF."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


class DeskForm(PartialDatesMixin):
    """``findings`` are shown with the form's own errors: they come from rules that need the whole page saved first."""

    findings: Findings = {}

    def __init__(self, *args: Any, findings: Findings | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if findings is not None:
            self.findings = findings
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea) and not isinstance(field.widget, LinesTextarea):
                field.widget = LinesTextarea(attrs=field.widget.attrs)

    def clean(self) -> dict[str, Any] | None:
        """What is typed on one line is stored on one, as browsers send it."""
        cleaned = super().clean()
        for name, field in self.fields.items():
            value = self.cleaned_data.get(name)
            if isinstance(value, str) and isinstance(field.widget, forms.TextInput):
                self.cleaned_data[name] = " ".join(value.splitlines())
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        for field, sentence in self.findings.get(self.prefix or "", ()):
            self.add_error(field if field in self.fields else None, sentence)


class GuardedForm(DeskForm):
    """The main form of a page. While it is held, it is shown as if it was sent and saves nothing."""

    is_held = False

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_held


def why_field(help_text: "str | StrPromise") -> forms.CharField:
    """Beside what is stored: why somebody changes it."""
    return forms.CharField(
        label=_("Why this change"), required=False, max_length=500, widget=AdminTextInputWidget, help_text=help_text
    )


class ReasonForm(forms.Form):
    """Why something is taken away from readers, in words for readers."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=LinesTextarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_(
            "At the statement's address readers then find its title, the day and this, and nothing else; the list of "
            "corrections has it, too: The ministry corrected the date of its statement."
        ),
    )
