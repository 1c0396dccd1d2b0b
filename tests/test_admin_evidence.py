"""What the statement's form asks the server while somebody types: the number in words, and where quotes stand."""

import json
from typing import Any

import pytest
from django.test import Client

from statements.models import Statement
from tests.factories import make_user

FIGURE = "/admin/statements/statement/evidence/figure/"
MARKS = "/admin/statements/statement/evidence/marks/"
WORDS = "More than 880 political prisoners are held.\nRelease “them”\u00a0all […] today."

pytestmark = pytest.mark.django_db


def asks(client: Client, texts: list[str], quotes: list[str]) -> dict[str, Any]:
    response = client.post(MARKS, json.dumps({"texts": texts, "quotes": quotes}), content_type="application/json")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def marked(text: str, marks: list[dict[str, Any]]) -> list[tuple[str, list[int]]]:
    """As a browser cuts it, which counts in UTF-16."""
    units = text.encode("utf-16-le")
    return [(units[2 * mark["start"] : 2 * mark["end"]].decode("utf-16-le"), mark["quotes"]) for mark in marks]


def test_the_number_in_words_is_read_for_the_form(editor_client: Client) -> None:
    response = editor_client.get(FIGURE, {"words": "more than 880 political prisoners"})
    assert response.json() == {
        "qualifier": "more than",
        "value": 880,
        "value_to": None,
        "sentence": "Read as more than 880.",
    }
    assert "no-store" in response["Cache-Control"]
    answer = editor_client.get(FIGURE, {"words": "325-535"}).json()
    assert (answer["qualifier"], answer["value"], answer["value_to"]) == ("range", 325, 535)


def test_where_there_is_no_number_or_several_the_fields_stay_blank_and_a_sentence_says_so(
    editor_client: Client,
) -> None:
    for words, reason in (("many thousands", "no number"), ("880 of 1007", "several numbers")):
        answer = editor_client.get(FIGURE, {"words": words}).json()
        assert (answer["qualifier"], answer["value"], answer["value_to"]) == ("", None, None)
        assert reason in answer["sentence"]


@pytest.mark.parametrize("words", [None, "", "  ", "8" * 1001])
def test_words_that_cannot_be_read_are_answered_with_400_and_a_sentence(
    editor_client: Client, words: str | None
) -> None:
    response = editor_client.get(FIGURE, {} if words is None else {"words": words})
    assert response.status_code == 400
    assert response.json()["sentence"].endswith(".")


def test_passages_on_which_quotes_rest_are_found_as_on_saving(editor_client: Client) -> None:
    quotes = ["MORE  than 880", "880 political prisoners", 'release "them" all', "", "prisoners"]
    answer = asks(editor_client, [WORDS, "Prisoners."], quotes)
    assert marked(WORDS, answer["marks"][0]) == [
        ("More than ", [0]),
        ("880", [0, 1]),
        (" political ", [1]),
        ("prisoners", [1, 4]),
        ("Release “them”\u00a0all", [2]),
    ]
    assert marked("Prisoners.", answer["marks"][1]) == [("Prisoners", [4])]
    assert answer["problems"] == ["", "", "", "", ""]


def test_offsets_are_those_of_a_browser_whatever_the_characters(editor_client: Client) -> None:
    text = "🇧🇾 𝟏 Cafe\u0301 🙏 قلنا 1007 سجين"
    answer = asks(editor_client, [text], ["Café", "1007 سجين"])
    assert marked(text, answer["marks"][0]) == [("Cafe\u0301", [0]), ("1007 سجين", [1])]


def test_a_quote_that_is_not_in_the_words_is_said_at_once(editor_client: Client) -> None:
    quotes = ["80 political prisoners", "all today", "all […] today", "…"]
    problems = asks(editor_client, [WORDS], quotes)["problems"]
    assert "not in the words" in problems[0], "a part of a number is none of its words"
    assert "not in the words" in problems[1], "no quotation reaches across an omission"
    assert "unbroken" in problems[2]
    assert problems[3]


def test_without_words_no_quote_is_missing_from_them(editor_client: Client) -> None:
    assert asks(editor_client, ["", " \n"], ["more than 880"])["problems"] == [""]
    assert asks(editor_client, [], ["more than 880"]) == {"marks": [], "problems": [""]}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"texts": []}',
        '{"texts": "words", "quotes": []}',
        '{"texts": [1], "quotes": []}',
        json.dumps({"texts": ["x" * 500_000], "quotes": ["x"]}),
        json.dumps({"texts": [], "quotes": ["x"] * 1001}),
        "x" * 3_000_000,
        "[" * 100_000,
        json.dumps({"texts": ["words and " * 3_000] * 5, "quotes": ["words", "and"]}),
    ],
    ids=[
        "nothing",
        "no JSON",
        "a list",
        "null",
        "no quotes",
        "no list",
        "no text",
        "too long",
        "too many",
        "too big",
        "too deep",
        "too many passages",
    ],
)
def test_a_question_that_cannot_be_answered_gets_400_and_a_sentence(editor_client: Client, body: str) -> None:
    response = editor_client.post(MARKS, body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["sentence"].endswith(".")


def test_a_hundred_thousand_characters_are_marked(editor_client: Client) -> None:
    text = "Слова без чисел. " * 6000 + "Более 880 человек."
    answer = asks(editor_client, [text], ["более 880 человек"])
    assert marked(text, answer["marks"][0]) == [("Более 880 человек", [0])]


def test_only_who_may_enter_statements_is_answered(client: Client, editor_client: Client) -> None:
    for address, method in ((FIGURE, "get"), (MARKS, "post")):
        response = getattr(client, method)(address)
        assert response.status_code == 302
        assert "/login/" in response["Location"]
    reader = Client()
    reader.force_login(make_user("reader"))
    assert reader.get(FIGURE, {"words": "880"}).status_code == 403
    assert reader.post(MARKS, "{}", content_type="application/json").status_code == 403
    assert editor_client.post(FIGURE).status_code == 405
    assert editor_client.get(MARKS).status_code == 405
    assert not Statement.objects.exists()


def test_marks_are_not_given_to_another_site(editor_client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = editor_client.cookies
    assert strict.post(MARKS, '{"texts": [], "quotes": []}', content_type="application/json").status_code == 403


def test_the_form_offers_the_tools_and_works_without_them(editor_client: Client) -> None:
    page = editor_client.get("/admin/statements/statement/add/").content.decode()
    assert f'data-figure="{FIGURE}"' in page
    assert "statements/evidence.js" in page
    before_scripts = page.partition('<template id="evidence-tools"')[0]
    assert "As a count" not in before_scripts, "the buttons are shown by the script that serves them"
