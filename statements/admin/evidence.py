"""Evidence in one gesture: what the statement's form asks the server about words that somebody has just typed or
selected. Nothing is stored; the one reader of figures and the one finder of quotations answer.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _

from statements import quotes
from statements.admin.base import DeskAdmin
from statements.importing.values.passages import LONGEST_PASSAGE, figure_in
from statements.importing.values.problems import CellProblem

#: What one form may ask about at once: more than forty statements of ordinary length.
MOST_CHARACTERS = 500_000
MOST_ROWS = 1_000
#: So many passages are marked: a quote of one letter stands in a long text ten thousand times.
MOST_PASSAGES = 20_000


class _CannotAnswer(ValueError):
    """With the sentence for whoever sees the form."""


class EvidenceAdmin(DeskAdmin):
    """Two addresses for scripts. The form's template offers them; without scripts nothing asks."""

    class Media:
        css = {"all": ["statements/evidence.css"]}
        js = ["admin/js/jquery.init.js", "statements/evidence.js", "statements/evidence_marks.js"]

    def get_urls(self) -> list[Any]:
        def answered(view: Callable[[HttpRequest], dict[str, Any]], method: str) -> Any:
            return self.admin_site.admin_view(lambda request: self._answer(request, view, method))

        return [
            path("evidence/figure/", answered(_read_figure, "GET"), name="statements_statement_figure"),
            path("evidence/marks/", answered(_find_marks, "POST"), name="statements_statement_marks"),
            *super().get_urls(),
        ]

    def _answer(self, request: HttpRequest, view: Callable[[HttpRequest], dict[str, Any]], method: str) -> HttpResponse:
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        if request.method != method:
            sentence = _("This address answers %(method)s only.") % {"method": method}
            return JsonResponse({"sentence": sentence}, status=405, headers={"Allow": method})
        try:
            return JsonResponse(view(request))
        except _CannotAnswer as reason:
            return JsonResponse({"sentence": str(reason)}, status=400)


def _read_figure(request: HttpRequest) -> dict[str, Any]:
    """Of ``?words=``: ``qualifier``, ``value`` and ``value_to``, blank or null where a person must say, and a
    ``sentence`` that says what was read.
    """
    words = request.GET.get("words", "")
    if not words.strip():
        raise _CannotAnswer(_("There are no words to read a number from."))
    if len(words) > LONGEST_PASSAGE:
        raise _CannotAnswer(_("These words are too long to read one number from. Type the number."))
    try:
        figure = figure_in(words)
    except CellProblem as problem:
        return {"qualifier": "", "value": None, "value_to": None, "sentence": str(problem)}
    return {
        "qualifier": figure.qualifier,
        "value": figure.value,
        "value_to": figure.value_to,
        "sentence": figure.notice,
    }


def _find_marks(request: HttpRequest) -> dict[str, Any]:
    """Of a JSON body ``{"texts": [...], "quotes": [...]}``: for each text its ``marks``, and for each quote its
    ``problems``, a sentence or "".

    A mark is a run of the text on which the same quotes rest: ``{"start", "end", "quotes": [index, ...]}``, in order,
    none overlapping, in UTF-16 code units as a browser counts. Where no text has words, no quote has a problem but its
    own: it stays unchecked, as on saving.
    """
    texts, wanted = _texts_and_quotes(request)
    known = [text for text in texts if text.strip()]
    found = _passages(texts, wanted)
    problems = []
    for index, quote in enumerate(wanted):
        faulty = quotes.problem_with(quote) if quote.strip() else None
        if faulty is None and quote.strip() and known and not any(passages[index] for passages in found):
            faulty = _("This quote is not in the words. Change the quote, or put the words back.")
        problems.append(faulty or "")
    return {"marks": [_runs(text, passages) for text, passages in zip(texts, found, strict=True)], "problems": problems}


def _passages(texts: Sequence[str], wanted: Sequence[str]) -> list[list[list[quotes.Passage]]]:
    """For each text and each quote, where the one stands in the other."""
    found: list[list[list[quotes.Passage]]] = []
    left = MOST_PASSAGES
    for text in texts:
        found.append([])
        for quote in wanted:
            found[-1].append(quotes.find_all(quote, text) if quote else [])
            left -= len(found[-1][-1])
            if left < 0:
                raise _too_long()
    return found


def _texts_and_quotes(request: HttpRequest) -> tuple[list[str], list[str]]:
    try:
        asked = json.loads(request.body)
    except RequestDataTooBig:
        raise _too_long() from None
    except (ValueError, RecursionError):
        raise _unreadable() from None
    texts, wanted = _strings(asked, "texts"), _strings(asked, "quotes")
    if len(texts) + len(wanted) > MOST_ROWS or sum(map(len, [*texts, *wanted])) > MOST_CHARACTERS:
        raise _too_long()
    return texts, wanted


def _strings(asked: Any, name: str) -> list[str]:
    rows = asked.get(name) if isinstance(asked, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        raise _unreadable()
    return rows


def _unreadable() -> _CannotAnswer:
    return _CannotAnswer(_("The question could not be read. Load the page again."))


def _too_long() -> _CannotAnswer:
    return _CannotAnswer(_("The words are too long to be marked here. Quotes are checked when you save."))


def _runs(text: str, passages: Sequence[Sequence[quotes.Passage]]) -> list[dict[str, Any]]:
    covered = [(passage, index) for index, found in enumerate(passages) for passage in found]
    edges = sorted({edge for passage, _index in covered for edge in (passage.start, passage.end)})
    under: dict[int, list[int]] = {edge: [] for edge in edges}
    for passage, index in covered:
        for edge in edges[bisect_left(edges, passage.start) : bisect_left(edges, passage.end)]:
            under[edge].append(index)
    # Two code units each: characters beyond the basic plane.
    wide = [] if text.isascii() else [place for place, character in enumerate(text) if character > "\uffff"]
    return [
        {"start": start + bisect_left(wide, start), "end": end + bisect_left(wide, end), "quotes": under[start]}
        for start, end in pairwise(edges)
        if under[start]
    ]
