"""The forms of an import: the upload, and what becomes of rows that look like stored statements."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.formats.base_formats import CSV
from import_export.forms import ImportForm

from statements.importing.incoming import Alike, Options
from statements.importing.kinds import all_kinds
from statements.importing.kinds.base import Kind
from statements.importing.reading.limits import refuse_too_large
from statements.importing.refused import FileRefused
from statements.importing.run_files import ALL
from statements.models import ImportRun

_ENDINGS = ".csv,.tsv,.txt,.xlsx,.zip"

#: What becomes of a row that looks like a stored statement.
CHOICES: dict[str, str | Promise] = {
    Alike.IMPORT: gettext_lazy("import it as another"),
    Alike.SKIP: gettext_lazy("leave it out"),
    Alike.ADD_SOURCE: gettext_lazy("add its addresses to the stored one"),
}


class UploadForm(ImportForm):
    create_missing = forms.BooleanField(required=False)
    field_order = ["resource", "import_file", "create_missing"]

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__([CSV], all_kinds(), data=data, files=files)
        del self.fields["format"]
        file, missing = self.fields["import_file"], self.fields["create_missing"]
        file.label = _("File")
        file.help_text = _(
            "CSV, TSV or XLSX, with a header line; or a ZIP of several, each named like its kind: sources.csv. "
            "You see what it would do before it does it."
        )
        file.widget.attrs["accept"] = _ENDINGS
        missing.label, missing.help_text = missing_words()

    def _init_resources(self, resources: list[type[Kind]]) -> None:
        self.fields["resource"] = forms.ChoiceField(
            label=_("What the file holds"),
            choices=[
                ("", "---------"),
                (ALL, _("several, in a ZIP")),
                *((kind.kind_name, kind.kind_name.replace("_", " ")) for kind in resources),
            ],
            help_text=_("Organisations, speakers, sources, measures and demands come before the statements on them."),
        )

    def clean_import_file(self) -> Any:
        """One that is too large is not even kept."""
        upload = self.cleaned_data["import_file"]
        try:
            refuse_too_large(upload.size)
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        return upload

    @property
    def options(self) -> Options:
        return Options(create_missing=self.cleaned_data["create_missing"])


def missing_words() -> tuple[str, str]:
    """Label and help of the box that has missing names created."""
    return (
        _("Create missing organisations, speakers and demands"),
        _("By the names that the file has for them. You see each before it is made."),
    )


class AlikeForm(forms.Form):
    alike = forms.ChoiceField(choices=list(CHOICES.items()))

    def __init__(self, run: ImportRun, data: Any = None) -> None:
        super().__init__(data, initial={"alike": Options.from_json(run.options).alike})
        field = self.fields["alike"]
        field.label = _("What becomes of rows that look like a stored statement")
        field.help_text = _("Of all of which nothing else is chosen below.")


def choices_in(run: ImportRun, posted: Mapping[str, str]) -> Options | None:
    """The run's options with what was chosen on a page of rows; None where that can't be understood."""
    form = AlikeForm(run, posted)
    if not form.is_valid():
        return None
    options = Options.from_json(run.options)
    choices = dict(options.choices)
    for name, value in posted.items():
        what, _separator, place = name.partition("-")
        file, _separator, line = place.partition("-")
        if what != "choice" or not (file.isdigit() and line.isdigit()):
            continue
        if int(file) >= len(run.understood) or value not in ("", *CHOICES):
            return None
        place = f"{run.understood[int(file)]['name']}:{line}"
        choices.pop(place, None)
        if value:
            choices[place] = Alike(value)
    return replace(options, alike=Alike(form.cleaned_data["alike"]), choices=choices)
