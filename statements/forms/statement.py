"""The statement's page: its own form, and those of all that hangs on it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.dates import PartialDateFormField
from statements.forms.base import DeskForm, why_field
from statements.forms.identity import leads_back
from statements.forms.reference import SluggedForm
from statements.models import Citation, CountObservation, DemandMention, Issuer, SpeakerRole, Statement, Wording


class StatementForm(SluggedForm):
    """Its slug, left blank, is derived when its issuers are known: see admin.statement."""

    issued = PartialDateFormField(
        label=gettext_lazy("Issued"),
        widget=AdminTextInputWidget,
        help_text=gettext_lazy(
            "When it was made, as precise as known: 2022-01-27, 2022-01, 2022, or 2022-01-20/2022-01-27."
        ),
    )
    why = why_field(gettext_lazy("Kept with the version for colleagues: The ministry added a paragraph."))

    class Meta:
        model = Statement
        fields = [
            "title",
            "kind",
            "language",
            "issued_basis",
            "date_note",
            "attribution",
            "place",
            "occasion",
            "summary",
            "desk_note",
            "relation",
            "related_statement",
            "slug",
        ]

    #: Field -> a sentence more below it, on this page only.
    hints: Mapping[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, hint in self.hints.items():
            field = self.fields[name]
            field.help_text = f"{field.help_text} {hint}"

    def clean_related_statement(self) -> Any:
        related = self.cleaned_data["related_statement"]
        if leads_back(self.instance, related, "related_statement"):
            raise forms.ValidationError(
                _("“%(related)s” is itself related to this one, directly or through others. Keep one of the two."),
                params={"related": related},
            )
        return related


class OrderedForm(DeskForm):
    """A row of a list whose order means something."""

    order = forms.IntegerField(
        label=gettext_lazy("Order"),
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs={"class": "desk-order"}),
        help_text=gettext_lazy("1 is named first. Blank: after the others."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["order"] = self.instance.position + 1


class IssuerForm(OrderedForm):
    class Meta:
        model = Issuer
        fields = ["organisation", "part"]


class SpeakerRoleForm(OrderedForm):
    class Meta:
        model = SpeakerRole
        fields = ["speaker", "attribution"]


class WordsForm(DeskForm):
    """A row with words as printed: they are shown from right to left where their script is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"text", "quote"} & self.fields.keys():
            self.fields[name].widget.attrs["dir"] = "auto"


class WordingForm(WordsForm):
    class Meta:
        model = Wording
        fields = ["language", "kind", "text", "is_excerpt", "source"]


class CitationForm(DeskForm):
    class Meta:
        model = Citation
        fields = ["source", "role", "locator"]


class MentionForm(WordsForm):
    deadline = PartialDateFormField(
        label=gettext_lazy("Deadline"),
        required=False,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("By when, if the words say so: 2022-01-27, 2022-01, 2022."),
    )

    class Meta:
        model = DemandMention
        fields = ["demand", "quote", "force", "is_reiterated", "addressees", "locator", "note"]


class CountForm(WordsForm):
    as_of = PartialDateFormField(
        label=gettext_lazy("As of"),
        required=False,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("The day for which it holds. Blank: as of the statement."),
    )
    since = PartialDateFormField(
        label=gettext_lazy("Since"),
        required=False,
        widget=AdminTextInputWidget,
        help_text=gettext_lazy("Where it counts from a day on: 2020-08-09."),
    )

    class Meta:
        model = CountObservation
        fields = [
            "measure",
            "qualifier",
            "value",
            "value_to",
            "wording",
            "attributed_to",
            "attributed_wording",
            "excludes",
            "quote",
            "note",
        ]
