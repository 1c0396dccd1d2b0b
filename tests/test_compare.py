"""What differs between two documents: the parts by the names that editors give them, and the words that differ."""

import copy
import json
import random
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statements.record import word_changes
from statements.record.compare import Change, Part, compare, two_numbers
from statements.record.document import Document
from statements.record.word_changes import MOST_CHARACTERS, MOST_PIECES, Mark, Piece, compared, longest_rising

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def document() -> Document:
    """Two speakers, two issuers, one of everything else."""
    found: Document = json.loads((GOLDEN / "latvia-day-of-solidarity-2021.json").read_text(encoding="utf-8"))
    content, context = found["content"], found["context"]
    context["organisations"] |= {slug: {"name": slug.upper()} for slug in ("one", "two", "three")}
    context["speakers"] |= {slug: {"name": slug.title()} for slug in ("anna", "berta")}
    context["sources"]["paper"] = {"title": "The paper", "publisher": "P", "url": ""}
    content["issuers"] = [{"organisation": slug, "part": "issued"} for slug in ("one", "two", "three")]
    content["speakers"] = [{"speaker": slug, "attribution": "Minister"} for slug in ("anna", "berta")]
    content["citations"] = [{"source": "paper", "role": "report", "locator": ""}]
    content["wordings"] = [wording("w1", "They ask for the release of all.")]
    content["relation"] = None
    return found


def wording(key: str, words: str, **fields: Any) -> Document:
    row = {"key": key, "language": "lv", "kind": "original", "text": words, "is_excerpt": False, "source": None}
    return row | fields


def differences(before: Document, after: Document, **statements: str) -> dict[str, Part]:
    return {part.name: part for part in compare(before, after, statements=statements)}


def shown(pieces: list[Piece]) -> str:
    """With what went in [-…-], what came in {+…+}, and what is left out in <…>."""
    signs = {Mark.SAME: "{}", Mark.REMOVED: "[-{}-]", Mark.ADDED: "{{+{}+}}", Mark.LEFT_OUT: "<{}>"}
    return "".join(signs[Mark(piece.mark)].format(piece.text) for piece in pieces)


def fields(part: Part) -> dict[str, tuple[str, str]]:
    return {field.label: (shown(field.before.pieces), shown(field.after.pieces)) for field in part.fields}


def marked(before: str, after: str) -> tuple[str, str]:
    sides = compared(before, after)
    return shown(sides[0]), shown(sides[1])


# --- Documents ---


def test_two_equal_documents_differ_in_nothing(document: Document) -> None:
    assert compare(document, copy.deepcopy(document), statements={}) == []


def test_fields_of_the_statement_are_named_as_the_form_names_them_with_values_in_words(document: Document) -> None:
    after = copy.deepcopy(document)
    after["content"] |= {"title": document["content"]["title"] + ", again", "issued": "2021-11", "kind": "speech"}
    after["content"]["issued_basis"] = "inferred"
    [part] = compare(document, after, statements={})
    assert (part.name, part.change) == ("Statement", Change.CHANGED)
    found = fields(part)
    assert list(found) == ["title", "kind", "issued", "basis of the date"]
    assert found["title"][1].endswith("{+, again+}")
    assert found["issued"] == ("[-27 November 2021-]", "{+November 2021+}")
    assert found["kind"] == ("[-press statement-]", "{+speech+}")


def test_a_count_is_named_by_its_measure_and_its_figure(document: Document) -> None:
    after = copy.deepcopy(document)
    count = after["content"]["counts"][0]
    count |= {"value": 1200, "note": "As printed."}
    measure = document["context"]["measures"][count["measure"]]["name"]
    [part] = compare(document, after, statements={})
    assert part.name == f"Count: {measure}, more than 1,200"
    assert fields(part) == {"number": ("[-880-]", "{+1,200+}"), "note": ("", "{+As printed.+}")}


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ({"qualifier": "exact", "value": 0}, ", 0"),
        ({"qualifier": "range", "value": 325, "value_to": 1535}, ", 325 to 1,535"),
        ({"qualifier": "unquantified", "value": None, "wording": "many"}, ", “many”"),
    ],
)
def test_every_kind_of_figure_has_a_name(document: Document, figure: Document, words: str) -> None:
    after = copy.deepcopy(document)
    after["content"]["counts"][0] |= figure
    [part] = compare(document, after, statements={})
    assert part.name.endswith(words)


def test_a_row_that_came_and_one_that_went_show_all_that_was_filled_in(document: Document) -> None:
    after = copy.deepcopy(document)
    gone = after["content"]["counts"].pop(0)
    after["content"]["counts"].append(gone | {"key": "another", "value": 0, "qualifier": "exact", "quote": ""})
    parts = compare(document, after, statements={})
    assert [part.change for part in parts] == [Change.ADDED, Change.REMOVED]
    assert fields(parts[0])["number"] == ("", "{+0+}"), "none is a number"
    assert fields(parts[1])["number"] == ("[-880-]", "")
    assert "is an excerpt" not in fields(parts[0])
    assert all(not field.after.pieces for field in parts[1].fields)


def test_a_source_cited_in_another_role_is_one_that_changed(document: Document) -> None:
    after = copy.deepcopy(document)
    after["content"]["citations"] = [{"source": "paper", "role": "original", "locator": "page 3"}]
    [part] = compare(document, after, statements={})
    assert (part.name, part.change) == ("Source: The paper (original)", Change.CHANGED)
    assert fields(part) == {"role": ("[-report-]", "{+original+}"), "locator": ("", "{+page 3+}")}


def test_one_source_in_two_roles_is_found_by_its_role(document: Document) -> None:
    rows = document["content"]["citations"]
    rows.append(rows[0] | {"role": "archive"})
    after = copy.deepcopy(document)
    after["content"]["citations"][1]["locator"] = "page 3"
    [part] = compare(document, after, statements={})
    assert part.name == "Source: The paper (archive)"


def test_a_new_order_is_told_of_the_fewest_rows_that_explain_it(document: Document) -> None:
    after = copy.deepcopy(document)
    after["content"]["issuers"].insert(0, after["content"]["issuers"].pop())
    [part] = compare(document, after, statements={})
    assert (part.name, part.change) == ("Issuer: THREE", Change.MOVED)
    assert fields(part) == {"place in the order": ("[-3-]", "{+1+}")}


def test_a_row_can_move_and_change(document: Document) -> None:
    after = copy.deepcopy(document)
    after["content"]["speakers"].reverse()
    for row in after["content"]["speakers"]:
        row["attribution"] = "Former Minister"
    changes = [(part.name, part.change, list(fields(part))) for part in compare(document, after, statements={})]
    assert changes == [
        ("Speaker: Berta", Change.CHANGED, ["attribution", "place in the order"]),
        ("Speaker: Anna", Change.CHANGED, ["attribution"]),
    ]


def test_a_row_after_a_new_one_has_not_moved(document: Document) -> None:
    after = copy.deepcopy(document)
    after["content"]["issuers"].insert(0, {"organisation": "one-more", "part": "joined"})
    [part] = compare(document, after, statements={})
    assert (part.name, part.change) == ("Issuer: one-more", Change.ADDED), "a slug stands where no name is known"


def test_two_organisations_of_one_name_are_told_apart(document: Document) -> None:
    document["context"]["organisations"] |= {"mid-lv": {"name": "МИД"}, "mid-lt": {"name": "МИД"}}
    after = copy.deepcopy(document)
    document["content"]["counts"][0]["attributed_to"] = "mid-lv"
    after["content"]["counts"][0]["attributed_to"] = "mid-lt"
    [part] = compare(document, after, statements={})
    assert fields(part) == {"according to": ("[-МИД (mid-lv)-]", "{+МИД (mid-lt)+}")}


def test_each_side_has_the_names_of_its_own_day(document: Document) -> None:
    after = copy.deepcopy(document)
    after["context"]["organisations"]["one"] = {"name": "Renamed"}
    assert compare(document, after, statements={}) == [], "names are not compared"
    after["content"]["issuers"][0]["part"] = "joined"
    [part] = compare(document, after, statements={})
    assert part.name == "Issuer: Renamed"


def test_a_relation_is_told_only_to_whom_may_know_of_the_other_statement(document: Document) -> None:
    after = copy.deepcopy(document)
    after["content"]["relation"] = {"kind": "repeats", "statement": "draft"}
    assert compare(document, after, statements={}) == []
    [part] = compare(document, after, statements={"draft": "The draft"})
    assert fields(part) == {"relation": ("", "{+repeats: The draft+}")}


def test_the_order_of_the_fields_does_not_depend_on_the_database(document: Document) -> None:
    after = copy.deepcopy(document)
    after["content"] |= {"title": "T", "place": "P", "summary": "S", "kind": "speech"}
    sorted_keys = json.loads(json.dumps(after, sort_keys=True))
    expected = [part.fields for part in compare(document, after, statements={})]
    assert [part.fields for part in compare(document, sorted_keys, statements={})] == expected


def test_words_have_their_language_and_the_editors_own_have_none(document: Document) -> None:
    after = copy.deepcopy(document)
    after["content"]["wordings"][0]["text"] = "They ask for the release of everybody."
    after["content"]["summary"] += " Again."
    statement, words = compare(document, after, statements={})
    assert words.name == "Wording: Latvian, original"
    assert {field.label: field.after.language for field in words.fields} == {"words": "lv"}
    assert {field.label: field.after.language for field in statement.fields} == {"summary": ""}
    assert fields(words)["words"] == (
        "They ask for the release of [-all-].",
        "They ask for the release of {+everybody+}.",
    )


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.json")))
def test_every_golden_document_is_told_from_an_empty_one_and_back(name: str) -> None:
    full: Document = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    empty = copy.deepcopy(full)
    for part in ("issuers", "speakers", "wordings", "citations", "mentions", "counts"):
        empty["content"][part] = []
    rows = sum(len(value) for value in full["content"].values() if isinstance(value, list))
    for before, after, change in ((empty, full, Change.ADDED), (full, empty, Change.REMOVED)):
        parts = compare(before, after, statements={})
        assert [part.change for part in parts] == [change] * rows
        assert all(part.fields for part in parts)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ([], ["2"], "Choose two versions"),
        (["1", "2"], ["3"], "Choose two versions"),
        (["1"], [" "], "Choose two versions"),
        (["x"], ["2"], "“x” is not the number"),
        (["-1"], ["2"], "“-1” is not the number"),
        (["１"], ["2"], "“１” is not the number"),
        (["1"], ["9" * 30], "is not the number"),
        (["2"], ["2"], "Version 2 is the same as itself"),
    ],
)
def test_numbers_that_choose_no_two_versions_are_answered_with_a_sentence(
    first: list[str], second: list[str], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        two_numbers(first, second)


# --- Words ---


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ("The slow brown fox", "The quick brown fox", "The [-slow-] brown fox", "The {+quick+} brown fox"),
        ("1,007 people are held", "1,008 people are held", "[-1,007-] people are held", "{+1,008+} people are held"),
        ("I don't know them", "I didn't know them", "I [-don't-] know them", "I {+didn't+} know them"),
        ("绝对不是这样", "绝对就是这样", "绝对[-不-]是这样", "绝对{+就+}是这样"),
        ("one two three four five", "one b c d five", "one [-two three four-] five", "one {+b c d+} five"),
        ("They ask.", "They ask. All of them.", "They ask.", "They ask.{+ All of them.+}"),
        ("a\n\nb c d", "a\nb c d", "a\n[-¶\n-]b c d", "a\nb c d"),
        ("a  b", "a b", "a[-␣␣-]b", "a{+␣+}b"),
        ("", "", "", ""),
        ("", "new", "", "{+new+}"),
    ],
)
def test_the_words_that_differ_are_marked_and_no_more(before: str, after: str, old: str, new: str) -> None:
    assert marked(before, after) == (old, new)


def test_where_hardly_a_word_stayed_the_whole_is_marked() -> None:
    assert marked("The number of prisoners", "A day of songs") == ("[-The number of prisoners-]", "{+A day of songs+}")


def test_long_words_that_stayed_are_left_out_but_for_those_beside_a_change() -> None:
    paragraph = "word " * 300
    old, new = compared(f"{paragraph}old {paragraph}", f"{paragraph}new {paragraph}")
    assert [piece.mark for piece in old] == ["left out", "same", "removed", "same", "left out"]
    assert "words are the same" in old[0].text
    assert old[1].text.endswith("word ")
    assert len(new[1].text) < 200


@given(st.text("ab .\n", max_size=60), st.text("ab .\n", max_size=60))
def test_what_is_not_marked_as_gone_or_come_is_the_same_on_both_sides(before: str, after: str) -> None:
    old, new = compared(before, after)
    same = ["".join(piece.text for piece in side if piece.mark == Mark.SAME) for side in (old, new)]
    assert same[0] == same[1]
    for side, text in ((old, before), (new, after)):
        visible = "".join(piece.text for piece in side).replace("¶\n", "\n").replace("␣", " ")
        assert visible == text


@given(st.lists(st.integers(0, 30), unique=True))
def test_the_longest_rising_row_rises_and_none_is_longer(numbers: list[int]) -> None:
    found = [numbers[i] for i in longest_rising(numbers)]
    assert found == sorted(found)
    best = [1] * len(numbers)
    for i, number in enumerate(numbers):
        best[i] += max((best[j] for j in range(i) if numbers[j] < number), default=0)
    assert len(found) == max(best, default=0)


def _many_words() -> list[str]:
    chance = random.Random(1)
    return [f"w{chance.randrange(5000)}" for _word in range(100_000)]


def _mixed(words: list[str]) -> list[str]:
    return random.Random(2).sample(words, len(words))


def _with_ten_new(words: list[str]) -> str:
    return " ".join("new" if number % 10_000 == 5 else word for number, word in enumerate(words))


def _half_new(words: list[str]) -> str:
    return " ".join("new" if number % 2 else word for number, word in enumerate(words))


#: Two texts of 100,000 words, as unlike and as alike as texts can be.
LONG_TEXTS: dict[str, Callable[[list[str]], tuple[str, str]]] = {
    "ten words of one paragraph": lambda words: (" ".join(words), _with_ten_new(words)),
    "every second word": lambda words: (" ".join(words), _half_new(words)),
    "the same words mixed": lambda words: (" ".join(words), " ".join(_mixed(words))),
    "the same lines mixed": lambda words: ("\n".join(words), "\n".join(_mixed(words))),
    "two words over and over": lambda _words: ("x y " * 50_000, " ".join(random.Random(3).choices("xy", k=100_000))),
    "white space": lambda _words: (" " * 500_000, "\n" * 500_000),
}


@pytest.mark.parametrize("name", LONG_TEXTS)
def test_a_very_long_text_takes_a_bounded_number_of_steps_and_gives_a_bounded_page(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = []

    class Counting(SequenceMatcher[str]):
        def __init__(self, _junk: None, a: Any, b: Any, **kwargs: Any) -> None:
            pairs.append(len(a) * len(b))
            super().__init__(None, a, b, **kwargs)

    monkeypatch.setattr(word_changes, "SequenceMatcher", Counting)
    for side in compared(*LONG_TEXTS[name](_many_words())):
        assert len(side) <= MOST_PIECES + 1
        assert sum(len(piece.text) for piece in side) <= 2 * MOST_CHARACTERS + 100
    assert sum(pairs) <= word_changes.PAIRS_IN_ALL
    assert max(pairs, default=0) <= word_changes.PAIRS_AT_ONCE


def test_ten_words_are_found_among_a_hundred_thousand() -> None:
    old, new = compared(*LONG_TEXTS["ten words of one paragraph"](_many_words()))
    assert sum(piece.mark == Mark.REMOVED for piece in old) == 10
    assert [piece.text for piece in new if piece.mark == Mark.ADDED] == ["new"] * 10
