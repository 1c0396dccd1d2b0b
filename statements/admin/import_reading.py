"""How the files of a run were read, in sentences, and a form to have one read in another way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from statements.admin.import_forms import missing_words
from statements.importing.incoming import FileOptions, Options
from statements.importing.kinds import kind_named
from statements.importing.reading import ENCODINGS, How
from statements.importing.reading.formats import XLSX
from statements.importing.reading.headers import folded
from statements.models import ImportRun

#: A column of which nobody has said yet what it is.
_UNKNOWN = "?"

_DELIMITERS: dict[str, str | Promise] = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}


class ReadingForm(forms.Form):
    """How one file is read. Shows what was found out, or chosen; what is not changed here is found out again."""

    create_missing = forms.BooleanField(required=False)
    encoding = forms.ChoiceField(required=False)
    delimiter = forms.ChoiceField(required=False)

    def __init__(self, run: ImportRun, number: int, data: Any = None) -> None:
        """``number`` is the place of the file in run.understood."""
        super().__init__(data)
        self.number, self.file = number, run.understood[number]
        self.before = Options.from_json(run.options)
        self.chosen = self.before.of_file(self.file["name"])
        self.read: Mapping[str, Any] = self.file["read"] or {}
        missing = self.fields["create_missing"]
        missing.label, missing.help_text = missing_words()
        missing.initial = self.before.create_missing
        self._set_up_text()
        self.problems = _problems(run, self.file)
        #: Fields of the columns of the file, in its order, each with what is wrong there.
        self.columns = [self._column(*place) for place in enumerate(self.read.get("columns", []))]

    def _set_up_text(self) -> None:
        if self.read.get("format") == XLSX:
            del self.fields["encoding"], self.fields["delimiter"]
            return
        encoding: Any = self.fields["encoding"]
        delimiter: Any = self.fields["delimiter"]
        encoding.label, delimiter.label = _("Encoding"), _("Between the cells")
        encoding.choices = [("", _("find it out")), *((name, name) for name in ENCODINGS)]
        delimiter.choices = [("", _("find it out")), *_DELIMITERS.items()]
        encoding.initial = self.read.get("encoding") or self.chosen.encoding
        delimiter.initial = self.read.get("delimiter") or self.chosen.delimiter

    def _column(self, position: int, column: Mapping[str, str]) -> "ShownColumn":
        ours = list(kind_named(self.file["kind"]).columns())
        is_unknown = column["how"] == How.UNKNOWN
        name = f"column-{position}"
        field = forms.ChoiceField(
            label=column["theirs"],
            required=False,
            choices=[
                *([(_UNKNOWN, _("choose …"))] if is_unknown else []),
                ("", _("leave it out")),
                *((own, own) for own in ours),
            ],
            initial=_UNKNOWN if is_unknown else column["ours"],
        )
        problems = self.problems.get(column["theirs"], [])
        if problems:
            field.widget.attrs |= {"aria-describedby": f"id_{name}_error", "aria-invalid": "true"}
        self.fields[name] = field
        return ShownColumn(column["theirs"], self[name], problems)

    @property
    def is_certain(self) -> bool:
        """Whether nobody needs to look at the encoding."""
        return bool(self.read.get("encoding_is_certain", True) or self.chosen.encoding)

    @property
    def options(self) -> Options:
        """The run's options with what was chosen here. Only of a valid form."""
        text = self.cleaned_data
        encoding = self._kept("encoding", self.chosen.encoding)
        delimiter = self._kept("delimiter", self.chosen.delimiter)
        mapping = self._mapping()
        if "encoding" in self.changed_data:
            # Names with other letters are other names now.
            mapping = {theirs: ours for theirs, ours in mapping.items() if theirs.isascii()}
        if "delimiter" in self.changed_data:
            mapping = {}
        files = {**self.before.files, self.file["name"]: FileOptions(encoding, delimiter, mapping)}
        return replace(self.before, files=files, create_missing=text["create_missing"])

    def _kept(self, name: str, chosen: str) -> str:
        """What was found out and left as it was stays to be found out."""
        return str(self.cleaned_data[name]) if name in self.changed_data else chosen

    def _mapping(self) -> dict[str, str]:
        before = {folded(theirs) for theirs in self.chosen.mapping}
        mapping: dict[str, str] = {}
        for column in self.columns:
            is_chosen = column.field.name in self.changed_data or folded(column.theirs) in before
            value = self.cleaned_data[column.field.name]
            if is_chosen and value != _UNKNOWN:
                mapping.setdefault(column.theirs, value)
        return mapping


@dataclass(frozen=True)
class ShownColumn:
    theirs: str
    field: forms.BoundField
    problems: list[str]


def _problems(run: ImportRun, file: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with the header of a file, by column."""
    problems: dict[str, list[str]] = {}
    header_line = (file["read"] or {}).get("header_line")
    for error in run.report:
        if error["file"] == file["name"] and header_line is not None and error["line"] == header_line:
            problems.setdefault(error["column"], []).append(error["message"])
    return problems


def file_to_read(run: ImportRun, wanted: int | None) -> int | None:
    """The place of the file whose reading is to be looked at: the wanted one, one of which something is wrong, or the
    only one; None where that is none of several.
    """
    if wanted is not None and wanted < len(run.understood):
        return wanted
    wrong = {error["file"] for error in run.report}
    places = [number for number, file in enumerate(run.understood) if file["name"] in wrong]
    if not places and len(run.understood) == 1:
        return 0
    return places[0] if places else None


def reading_sentences(file: Mapping[str, Any]) -> list[str]:
    """How a file of run.understood was read."""
    read = file["read"]
    if read is None:
        return [_("It can't be read as a table.")]
    if read["format"] == XLSX:
        sentences = [_("A workbook: its sheet “%(sheet)s”.") % read]
    else:
        words = {"encoding": read["encoding"], "delimiter": _DELIMITERS.get(read["delimiter"], read["delimiter"])}
        sentences = [_("Text in %(encoding)s, a %(delimiter)s between the cells.") % words]
        if not read["encoding_is_certain"]:
            sentences.append(_("The encoding was made out from the letters: look whether the words are right."))
    if read["other_sheets"]:
        sentences.append(_("Other sheets are left out: %(names)s.") % {"names": ", ".join(read["other_sheets"])})
    if read["header_line"] > 1:
        sentences.append(_("The names of the columns stand on line %(header_line)d.") % read)
    if read["above"]:
        sentences.append(_("Above them, and left out: “%(words)s”.") % {"words": " / ".join(read["above"])})
    taken = [f"{column['theirs']} → {column['ours']}" for column in read["columns"] if column["how"] in _RENAMED]
    if taken:
        sentences.append(_("Columns under other names: %(names)s.") % {"names": ", ".join(taken)})
    left_out = [column["theirs"] for column in read["columns"] if column["how"] == How.LEFT_OUT]
    if left_out:
        sentences.append(_("Columns that are left out: %(names)s.") % {"names": ", ".join(left_out)})
    return sentences


_RENAMED = (How.SYNONYM, How.CHOSEN)
