"""What a run did or would do, for people and for machines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.importing.directory import Made
from statements.importing.drafts import Notice, RowError, RowResult
from statements.importing.plan import Plan
from statements.importing.reading import REJECT_COLUMNS, How, Understood

#: So many cells show in the report how their letters were read.
_SAMPLES = 3


def error_line(error: RowError) -> str:
    """One mistake on one line: file, line, column, value, the sentence that says what to do, and what to write instead
    where the sentence does not say it.
    """
    advice = ""
    if error.suggestion and not re.search(rf"(?<!\w){re.escape(error.suggestion)}(?!\w)", error.message):
        advice = _(" Write “%(suggestion)s” instead.") % {"suggestion": _short(error.suggestion)}
    return f"{_placed(error.file, error.line, error)}: {error.message}{advice}"


def notice_line(file: str, line: int, notice: Notice) -> str:
    """What staff should know of a row that is no mistake, on one line."""
    return f"{_placed(file, line, notice)}: {notice.message}"


def _placed(file: str, line: int | None, cell: RowError | Notice) -> str:
    """File, line, column and value, as far as they are known."""
    place = [file]
    if line is not None:
        place.append(_("line %(line)d") % {"line": line})
    if cell.column:
        place.append(_("column %(column)s") % {"column": cell.column})
    value = _(" (“%(value)s”)") % {"value": _short(cell.value)} if cell.value else ""
    return f"{', '.join(place)}{value}"


def counts_line(counts: dict[str, int]) -> str:
    """Rows read, and those of each outcome, which add up to them. Doubles are named where there are any."""
    read = ngettext("%(read)d row read", "%(read)d rows read", counts["read"])
    if counts["duplicate"]:
        of_each = _(
            "%(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(duplicate)d duplicate, %(rejected)d rejected."
        )
    else:
        of_each = _("%(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(rejected)d rejected.")
    return f"{read}: {of_each}" % counts


def written_line(plan: Plan, *, written: bool) -> str:
    if written:
        return _("Everything was written.") if not plan.changes_nothing else _("There was nothing to write.")
    return _("Nothing was written.")


def as_text(plan: Plan, *, written: bool) -> str:
    """How files were read where that is not plain, all mistakes, what is to be known, what was made by name, the counts
    of each file where there are several, those of the run, and whether it was written.
    """
    read = [
        _("%(file)s was read so: %(how)s.") % {"file": file.name, "how": "; ".join(how)}
        for file in plan.files
        if file.table is not None and (how := how_read(file.table.understood))
    ]
    lines = [error_line(error) for error in plan.errors]
    if lines:
        count = len(lines)
        lines.append(ngettext("%(count)d mistake.", "%(count)d mistakes.", count) % {"count": count})
    lines += [notice_line(plan.files[row.file].name, row.line, notice) for row, notice in _notices(plan)]
    lines += [made_line(made) for made in plan.directory.made_by_name]
    if len(plan.files) > 1:
        lines += [f"{file.name}: {counts_line(file.counts)}" for file in plan.files]
    return "\n".join([*read, *lines, counts_line(plan.counts), written_line(plan, written=written)])


def how_read(understood: Understood) -> list[str]:
    """What had to be found out or was chosen, as parts of a sentence; nothing of UTF-8 with commas and our names."""
    found = []
    if understood.encoding and not understood.encoding_is_certain:
        words = {"encoding": understood.encoding, "samples": _quoted(understood.samples[:_SAMPLES])}
        found.append(_("the letters as %(encoding)s, with cells such as %(samples)s") % words)
    elif understood.encoding not in ("", "utf-8"):
        found.append(_("the letters as %(encoding)s") % {"encoding": understood.encoding})
    if understood.delimiter not in ("", ","):
        delimiter = {"\t": _("a tab")}.get(understood.delimiter, f"“{understood.delimiter}”")
        found.append(_("%(delimiter)s between the cells") % {"delimiter": delimiter})
    if understood.other_sheets:
        words = {"sheet": understood.sheet, "others": _quoted(understood.other_sheets)}
        found.append(_("the sheet “%(sheet)s”, without %(others)s") % words)
    if understood.above:
        found.append(_("without the lines above the header: %(lines)s") % {"lines": _quoted(understood.above)})
    found += [
        _("“%(theirs)s” as %(ours)s") % {"theirs": column.theirs, "ours": column.ours}
        for column in understood.columns
        if column.how in (How.SYNONYM, How.CHOSEN)
    ]
    # Those that our own file of rejected rows adds are nothing that anybody would miss.
    left_out = [
        column.theirs
        for column in understood.columns
        if column.how == How.LEFT_OUT and column.theirs not in REJECT_COLUMNS
    ]
    if left_out:
        found.append(_("without the columns %(columns)s") % {"columns": _quoted(left_out)})
    return found


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def made_line(made: Made) -> str:
    words = {"kind": made.kind, "name": made.name, "slug": made.slug, "similar": made.similar}
    if made.similar:
        return _("New %(kind)s by name: %(name)s (%(slug)s). The nearest known is %(similar)s.") % words
    return _("New %(kind)s by name: %(name)s (%(slug)s).") % words


def as_json(plan: Plan, *, written: bool) -> dict[str, Any]:
    return {
        "written": written and not plan.changes_nothing,
        "counts": plan.counts,
        "files": [
            {
                "kind": file.kind,
                "name": file.name,
                "sha256": file.sha256,
                "counts": file.counts,
                "understood": file.table.understood.as_json() if file.table is not None else None,
            }
            for file in plan.files
        ],
        "errors": [asdict(error) for error in plan.errors],
        "notices": [
            {"file": plan.files[row.file].name, "line": row.line, **asdict(notice)} for row, notice in _notices(plan)
        ],
        "made": [asdict(made) for made in plan.directory.made_by_name],
    }


def _notices(plan: Plan) -> Iterator[tuple[RowResult, Notice]]:
    return ((row, notice) for row in plan.warned() for notice in row.notices)


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
