"""The rules that reach across the rows of a statement, asked of what a batch will leave on the desk."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from statements.importing.bundles import COLUMN_OF_PART, Case
from statements.importing.drafts import Draft
from statements.models import Issuer
from statements.record.document import Bundle, build, content_hash
from statements.record.problems import Problem, problems, quote_problem


def check_across_rows(cases: Sequence[Case]) -> None:
    """Ask the rules across rows of every statement that will change, and refuse the rows that brought a problem."""
    for case in cases:
        if case.writes:
            readable = _without_unread_rows(case)
            case.document = build(readable)
            for problem in problems(case.document):
                _refuse(case, readable, problem)


def _without_unread_rows(case: Case) -> Bundle:
    """A row with a cell that can't be read would look like another one without it; only its quote is checked."""
    bundle = case.bundle
    if not any(draft.errors for draft in case.drafts):
        return bundle
    texts = [wording.text for wording in bundle.wordings]

    def is_read(row: Any) -> bool:
        draft, _columns = case.origin.get(id(row), (None, None))
        if draft is None or not draft.errors:
            return True
        sentence = quote_problem(row.quote, texts) if getattr(row, "quote", "") else None
        if sentence:
            draft.refuse("quote", sentence)
        return False

    return replace(
        bundle,
        citations=[row for row in bundle.citations if is_read(row)],
        mentions=[mention for mention in bundle.mentions if is_read(mention.row)],
        counts=[row for row in bundle.counts if is_read(row)],
    )


def leaves_readers_view(case: Case) -> bool:
    """Whether the desk, after this run, says exactly what readers see: then nothing waits for a review."""
    return bool(case.public_hash) and content_hash(case.document or build(case.bundle)) == case.public_hash


def _refuse(case: Case, bundle: Bundle, problem: Problem) -> None:
    draft, column = _place(case, bundle, problem.place)
    if column in ("issuers", "speakers") and draft.has_error_in("issuers", "joined_by", "delivered_by", "speakers"):
        return  # the list is short because of a cell that is reported already
    draft.refuse(column if column in draft.file.header else "", _sentence(case, bundle, problem))


def _sentence(case: Case, bundle: Bundle, problem: Problem) -> str:
    """A quote that no row of the files brought is named: the editor sees only the words that it is no longer in."""
    row = _row_at(bundle, problem.place) if problem.place[-1] == "quote" else None
    if row is None or id(row) in case.origin:
        return problem.sentence
    return _("The quote “%(quote)s” of %(key)s rests on these words. Change it with them. %(why)s") % {
        "quote": row.quote,
        "key": row.key,
        "why": problem.sentence,
    }


def _row_at(bundle: Bundle, place: tuple[str | int, ...]) -> Any:
    row = getattr(bundle, str(place[0]))[int(place[1])]
    return row.row if place[0] == "mentions" else row


def _place(case: Case, bundle: Bundle, place: tuple[str | int, ...]) -> tuple[Draft, str]:
    """The row of a file that brought a problem, and its column: a changed wording is to blame for a stored quote."""
    of_statement = next((draft for draft in case.drafts if draft.file.kind == "statements"), None)
    of_wording = next((draft for draft in case.drafts if draft.file.kind == "wordings"), None)
    first = of_statement or case.drafts[0]
    if len(place) < 3:
        return first, str(place[0])
    name, column = str(place[0]), str(place[2])
    row = _row_at(bundle, place)
    if name == "issuers":
        return first, COLUMN_OF_PART[Issuer.Part(row.part)]
    if name == "speakers":
        return first, "speakers"
    brought = case.origin.get(id(row))
    if brought is not None:
        draft, columns = brought
        return draft, columns.get(column, column)
    return (of_wording or first, "text") if column == "quote" else (first, column)
