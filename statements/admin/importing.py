"""The form of an upload, and a plan as its preview shows it."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.formats.base_formats import CSV
from import_export.forms import ImportForm

from statements.importing.drafts import Outcome, RowResult
from statements.importing.kinds import all_kinds
from statements.importing.kinds.base import Kind
from statements.importing.plan import Plan

ROWS_SHOWN = 200

_HEADINGS: dict[Outcome, str | Promise] = {
    Outcome.REJECTED: gettext_lazy("Rejected"),
    Outcome.CHANGED: gettext_lazy("Changed"),
    Outcome.NEW: gettext_lazy("New"),
}


class UploadForm(ImportForm):
    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__([CSV], all_kinds(), data=data, files=files)
        del self.fields["format"]
        file = self.fields["import_file"]
        file.label = _("CSV file")
        file.help_text = _("UTF-8, with a header line. You see what it would do before it does it.")

    def _init_resources(self, resources: list[type[Kind]]) -> None:
        self.fields["resource"] = forms.ChoiceField(
            label=_("What the file holds"),
            choices=[("", "---------"), *((kind.kind_name, kind.kind_name.replace("_", " ")) for kind in resources)],
            help_text=_("Organisations, speakers, sources, measures and demands come before the statements on them."),
        )


@dataclass
class Group:
    """The rows of one outcome: as many as are shown, and how many more there are."""

    heading: str | Promise
    rows: list[RowResult] = field(default_factory=list)
    more: str = ""


@dataclass
class Shown:
    """What of a plan is on the page: what concerns a whole file, and rows, the rejected first."""

    of_the_file: list[Any]
    groups: list[Group]


def shown_of(plan: Plan) -> Shown:
    """At most ROWS_SHOWN rows; the unchanged ones are only counted."""
    drafts = list(plan.results())
    room, groups = ROWS_SHOWN, []
    for outcome, heading in _HEADINGS.items():
        rows = [draft for draft in drafts if draft.outcome == outcome]
        if rows:
            left = len(rows) - room
            more = ngettext("and %(n)s row more", "and %(n)s rows more", left) % {"n": left} if left > 0 else ""
            groups.append(Group(heading, rows[:room], more))
            room = max(0, room - len(rows))
    return Shown([error for file in plan.files for error in file.own_errors], groups)
