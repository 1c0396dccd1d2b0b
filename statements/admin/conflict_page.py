"""The pages for what can't be saved as it was typed: two people changed one row, or it may no longer be changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from statements.admin.conflict_names import Names, values_in
from statements.admin.conflicts import CHOOSE, MINE, SHOWN, THEIRS, Conflict, Question
from statements.admin.happened import told_since
from statements.admin.opened import Page, Part, Row, Value, is_lost, pack, typed_form, typed_rows
from statements.models import Statement
from statements.record.word_changes import Mark, Piece, compared, replaced

#: What the page does not send on: its own fields, and the button that was pressed. What it would do is asked again.
_NOT_KEPT = {"csrfmiddlewaretoken", SHOWN, "_save", "_continue", "_addanother", "_step"}


@dataclass
class Line:
    """One question as the page shows it: three columns, each in pieces, and what is chosen."""

    question: Question
    label: str
    opened: Sequence[Piece]
    theirs: Sequence[Piece]
    mine: Sequence[Piece]
    is_missing: bool
    is_whole_row: bool

    @property
    def says(self) -> str:
        """Who changed it."""
        if not self.question.preset and self.question.field and self.question.opened is None:
            return _("Theirs and yours differ: choose one.")
        if not self.question.preset:
            return _("Both of you changed it: choose one.")
        return _("Only they changed it.") if self.question.preset == THEIRS else _("Only you changed it.")


@dataclass
class Group:
    heading: str
    lines: list[Line]


def conflict_page(model_admin: ModelAdmin, request: HttpRequest, conflict: Conflict) -> HttpResponse:
    """What each side changed, to choose from. Answers 409: nothing was saved."""
    is_answer = conflict.shown is not None
    groups = list(_groups(conflict, is_answer))
    missing = sum(line.is_missing for group in groups for line in group.lines)
    opened = conflict.opened
    since = told_since(
        conflict.row, opened.marks if opened else {}, user=request.user, at=opened.at if opened else None
    )
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("You changed this in another window")
        if all(event.is_own for event in since)
        else _("Somebody else changed this while you had it open"),
        "row": conflict.row,
        "back": request.get_full_path(),
        "events": since,
        "groups": groups,
        "moves": list(_moves(conflict)),
        "missing": missing,
        "is_again": conflict.is_again,
        "kept": list(_kept(request)),
        "shown_name": SHOWN,
        "shown": pack(conflict.stored, conflict.row),
        "theirs_value": THEIRS,
        "mine_value": MINE,
    }
    return TemplateResponse(request, "admin/statements/conflict/choose.html", context, status=409)


def _kept(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in _NOT_KEPT and not name.startswith(CHOOSE):
            yield from ((name, value) for value in values)


def _groups(conflict: Conflict, is_answer: bool) -> Iterator[Group]:
    names = Names(conflict.page, _values(conflict))
    groups: dict[str, Group] = {}
    for question in conflict.questions:
        heading = _heading(conflict, names, question)
        group = groups.setdefault(f"{question.part.prefix if question.part else ''} {question.row}", Group(heading, []))
        group.lines.append(_line(question, names, is_missing=is_answer and not question.decided))
    yield from groups.values()


def _values(conflict: Conflict) -> Iterator[tuple[Part | None, str, Value | None]]:
    for question in conflict.questions:
        for value in (question.opened, question.theirs, question.mine):
            if question.field:
                yield question.part, question.field, value
            elif value is not None:
                yield from values_in(question.part, value)
        if question.part and question.row in conflict.stored.lists[question.part.prefix]:
            yield from values_in(question.part, conflict.stored.lists[question.part.prefix][question.row])


def _heading(conflict: Conflict, names: Names, question: Question) -> str:
    if question.part is None:
        return str(capfirst(conflict.row._meta.verbose_name))
    stored = conflict.stored.lists[question.part.prefix].get(question.row)
    return names.row(question.part, stored or question.opened or question.mine)


def _line(question: Question, names: Names, *, is_missing: bool) -> Line:
    if question.field:
        said = [names.shown(question.part, question.field, one) for one in _three(question)]
        label, is_words = names.label(question.part, question.field), isinstance(question.mine, str)
        opened, theirs, mine = _marked(said, is_words=is_words, is_known=_is_known(question.opened))
    else:
        label = _("The whole row")
        opened, theirs, mine = (_whole(question, names, one) for one in _three(question))
    return Line(question, label, opened, theirs, mine, is_missing, is_whole_row=not question.field)


def _three(question: Question) -> tuple[Any, Any, Any]:
    return question.opened, question.theirs, question.mine


def _is_known(opened: Value | None) -> bool:
    return opened is not None and not is_lost(opened)


def _marked(said: Sequence[str], *, is_words: bool, is_known: bool) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """The words that differ from those of the opened page, or, where nobody knows these, from each other."""
    opened, theirs, mine = said
    mark = compared if is_words else replaced
    if not is_known:
        sides = mark(theirs, mine)
        return [Piece(opened or _("Not known any more."))], *sides
    before, changed = mark(opened, mine if theirs == opened else theirs)
    if all(piece.mark != Mark.REMOVED for piece in before):
        # Words were only added: the same cut as beside them, or a long text would be shown whole.
        before = [piece for piece in changed if piece.mark != Mark.ADDED]
    if theirs == opened:
        return before, before, changed
    return before, changed, before if mine == opened else mark(opened, mine)[1]


def _whole(question: Question, names: Names, row: Row | None) -> list[Piece]:
    if row is not None:
        said = _row_in_words(question, names, row)
        before = _row_in_words(question, names, question.opened or row)
        return [Piece(said)] if said == before else compared(before, said)[1]
    if question.opened is None:
        return [Piece(_("Not there."))]
    return [Piece(_("Deleted."))]


def _row_in_words(question: Question, names: Names, row: Row) -> str:
    return "\n".join(f"{label}: {words}" for label, words in names.lines(question.part, row))


def _moves(conflict: Conflict) -> Iterator[tuple[str, str, str]]:
    """(what, as it was, as it is now) of what is no field."""
    if conflict.opened is None:
        return
    for name, label in (("step", _("Step")), ("public", _("Readers see")), ("withdrawn", _("Withdrawn"))):
        before, now = (_mark(name, state.marks.get(name)) for state in (conflict.opened, conflict.stored))
        if before != now:
            yield label, before, now


def _mark(name: str, value: Any) -> str:
    if name == "step":
        return str(dict(Statement.Step.choices).get(value, value or ""))
    if name == "withdrawn":
        return _("yes") if value else _("no")
    return _("published version %(number)s") % {"number": value} if value else _("nothing")


# --- What can't be saved at all ---


def lost_page(
    model_admin: ModelAdmin, request: HttpRequest, page: Page, *, title: str, sentences: Sequence[Any], status: int
) -> HttpResponse:
    """Why nothing was saved, and all that was typed, so that it can be copied."""
    form = typed_form(page, request.POST)
    lists = [(part, row) for part in page.parts for row in typed_rows(part, request.POST)]
    rows = [(part, row.values) for part, row in lists if not row.is_blank and not row.is_deleted]
    values = [*values_in(None, form.values), *(value for part, row in rows for value in values_in(part, row))]
    names = Names(page, values)
    groups: list[tuple[str, list[tuple[str, str]]]] = [
        (str(capfirst(page.model._meta.verbose_name)), list(names.lines(None, form.values))),
        *((names.row(part, row), list(names.lines(part, row))) for part, row in rows),
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": title,
        "sentences": sentences,
        "groups": groups,
    }
    return TemplateResponse(request, "admin/statements/conflict/lost.html", context, status=status)
