"""What the desk asks before a step: a note, what readers are told of a change, a time."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from statements.forms.base import LinesTextarea
from statements.models import Version

LONGEST_NOTE = 2000


class MendingForm(forms.Form):
    """What an editor is told with a statement that comes back."""

    note = forms.CharField(
        label=_("What should be mended"),
        widget=LinesTextarea(attrs={"rows": 4}),
        max_length=LONGEST_NOTE,
        help_text=_("For its editor, who sees it above the statement: The second figure is of 2021, see page 3."),
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        widget=LinesTextarea(attrs={"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("For colleagues; may be left out."),
    )


class RevisionForm(forms.Form):
    """What the change of something that readers saw before is to them. What is lacking, the action says."""

    revision = forms.ChoiceField(
        label=_("Readers saw it before in other words. What is this change?"),
        choices=[
            (
                Version.Revision.MINOR,
                _("A minor fix: spelling, a link. Nothing that a reader relied on was wrong."),
            ),
            (Version.Revision.CORRECTION, _("A correction: readers are told what was wrong.")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(
        label=_("Note for readers"),
        widget=LinesTextarea(attrs={"rows": 3}),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_(
            "Of a correction. It stands at the top of the statement's page and in the list of corrections: An earlier "
            "version gave 1000 prisoners; the source says 1007."
        ),
    )


class TimeForm(forms.Form):
    publish_at = forms.DateTimeField(
        label=_("Publish at (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = f"{timezone.now():%Y-%m-%d %H:%M}"
        self.fields["publish_at"].help_text = _("A day and a time in UTC. By that clock it is %(now)s now.") % {
            "now": now
        }


class TimeAndRevisionForm(RevisionForm, TimeForm):
    """The time, and what the change is to readers then."""
