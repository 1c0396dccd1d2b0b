"""What is asked before the desk goes back to a version."""

from django import forms
from django.utils.translation import gettext_lazy as _

from statements.forms.base import LinesTextarea


class WhyForm(forms.Form):
    """Why the desk says again what it said, in words for colleagues."""

    why = forms.CharField(
        label=_("Why"),
        widget=LinesTextarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("For colleagues: it stands with the new version that this makes."),
    )


class OptionalWhyForm(WhyForm):
    why = forms.CharField(
        label=_("Why"),
        widget=LinesTextarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
        help_text=_("For colleagues; may stay blank."),
    )
