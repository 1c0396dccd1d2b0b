"""What holds of every text and every quotation: properties of finding a quotation in words."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from statements.quotes import comparable, find, find_all, has_omission, is_plain, nearest, occurs, problem_with
from tests.test_quotes import OMISSIONS

LETTERS = "abéßﬁñЖёўйīŠعربي政治犯かばท한"
WORDS = st.builds(
    str.__add__, st.sampled_from(LETTERS), st.text(alphabet=LETTERS + "\u0301\u0308\u00ad\u200b", max_size=5)
)
SPACES = st.sampled_from([" ", "  ", "\n", "\u00a0", "\u3000", " \u200b "])
PUNCTUATION = st.sampled_from(["", "", "", ",", ".", " –", "”", "…", "²"])
ANYTHING = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab17 '’-–.,()[]…<>\n\u00a0\u00ad\u200b\u0301éﬁßİŉ百一²１，|\0"), st.characters(codec="utf-8")
    ),
    max_size=40,
)


@given(st.lists(st.tuples(WORDS, PUNCTUATION, SPACES), min_size=1, max_size=12), st.data())
def test_any_whole_words_of_a_text_are_found_in_it(parts: list[tuple[str, str, str]], data: st.DataObject) -> None:
    text = "".join(map("".join, parts))
    first = data.draw(st.integers(0, len(parts) - 1))
    last = data.draw(st.integers(first, len(parts) - 1))
    quote = "".join(map("".join, parts[first:last])) + parts[last][0]
    before = len("".join(map("".join, parts[:first])))
    for words in (quote, unicodedata.normalize("NFC", quote), unicodedata.normalize("NFD", quote), quote.upper()):
        passages = find_all(words, text)
        assert passages
        assert passages[0].start <= before + len(quote)


@given(ANYTHING, st.data())
def test_what_is_found_has_the_words_of_the_quotation(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    quote = data.draw(st.one_of(st.just(text[start : data.draw(st.integers(start, len(text)))]), ANYTHING))
    end = 0
    for passage in find_all(quote, text):
        assert end <= passage.start < passage.end <= len(text)
        assert comparable(text[passage.start : passage.end]) == comparable(quote)
        end = passage.end


@given(ANYTHING, ANYTHING, st.sampled_from(OMISSIONS), st.data())
def test_nothing_is_found_across_an_omission(before: str, after: str, omission: str, data: st.DataObject) -> None:
    text = f"{before} {omission} {after}"
    quote = data.draw(st.one_of(st.just(f"{before} {after}"), st.just(text), ANYTHING))
    for passage in find_all(quote, text):
        assert not has_omission(text[passage.start : passage.end])
        assert passage.end <= len(before) + 1 or passage.start >= len(before) + 1 + len(omission)


@given(ANYTHING, ANYTHING)
def test_the_nearest_passage_is_a_part_of_the_text_and_holds_no_omission(quote: str, text: str) -> None:
    passage = nearest(quote, text)
    assert passage is None or (passage in text and not has_omission(passage))


@given(ANYTHING)
def test_canonically_equal_texts_are_compared_as_equal(text: str) -> None:
    assert comparable(unicodedata.normalize("NFC", text)) == comparable(unicodedata.normalize("NFD", text))


CLOSE_TO_A_NUMBER = st.text(st.sampled_from(list("ab1 7.,'-−[…]()\u00a0\u0301ßя²\n")), max_size=14)


@given(CLOSE_TO_A_NUMBER, CLOSE_TO_A_NUMBER, CLOSE_TO_A_NUMBER, st.data())
def test_the_short_way_to_an_answer_gives_the_same_answer(
    before: str, words: str, after: str, data: st.DataObject
) -> None:
    text = before + words + after
    start = data.draw(st.integers(0, len(text)))
    for quote in (words, text[start : data.draw(st.integers(start, len(text)))]):
        assert occurs(quote, text) == (find(quote, text) is not None)


@given(ANYTHING)
def test_a_plain_quotation_has_no_problem(quote: str) -> None:
    assert not (is_plain(quote) and problem_with(quote))
