"""The one figure in running words, as the desk's form reads it: found, with its qualifier, or left to the editor."""

import pytest

from statements.importing.values.passages import figure_in


@pytest.mark.parametrize(
    ("words", "qualifier", "value"),
    [
        ("more than 880", "more than", 880),
        ("More than 880 political prisoners are currently held in prisons", "more than", 880),
        ("with more than 40 lawyers reported", "more than", 40),
        ("nearly 1,500 people were detained", "nearly", 1500),
        ("(at least 33 of them women)", "at least", 33),
        ("880 or more people", "at least", 880),
        ("500+ journalists", "at least", 500),
        ("approx. 880", "about", 880),
        ("1.200 autres prisonniers", "exact", 1200),
        ("более 880 человек", "more than", 880),
        ("свыше 1 500 задержанных", "more than", 1500),
        ("по меньшей мере 33 человека", "at least", 33),
        ("больш за 880 вязняў", "more than", 880),
        ("не менш за 33", "at least", 33),
        ("vairāk nekā 880 politieslodzītie", "more than", 880),
        ("gandrīz 1 500 cilvēku", "nearly", 1500),
        ("٨٨٠ سجينا سياسيا", "exact", 880),
        ("There are 1007 political prisoners in #Belarus as of today", "exact", 1007),
        ("has now reached 1000, and continues", "exact", 1000),
        ("It is over. 880 people came.", "exact", 880),
    ],
)
def test_the_number_and_its_qualifier_are_read_from_running_words(words: str, qualifier: str, value: int) -> None:
    figure = figure_in(words)
    assert (figure.qualifier, figure.value, figure.value_to) == (qualifier, value, None)
    assert str(value) in figure.notice


@pytest.mark.parametrize(
    "words", ["325-535", "325–535 people", "between 325 and 535 people", "от 325 до 535 человек", "ад 325 да 535"]
)
def test_a_range_is_read_with_both_ends(words: str) -> None:
    figure = figure_in(words)
    assert (figure.qualifier, figure.value, figure.value_to) == ("range", 325, 535)


@pytest.mark.parametrize("words", ["more than an estimated 880", "more than the 880 whom we know", "почти все 880"])
def test_a_number_whose_qualifier_stands_apart_is_read_and_the_qualifier_left_to_the_editor(words: str) -> None:
    figure = figure_in(words)
    assert (figure.qualifier, figure.value) == ("", 880)
    assert "Choose how it is meant" in figure.notice


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("many thousands of protestors", "no number in digits"),
        ("тридцать три человека", "no number in digits"),
        ("880 of 1007", "several numbers"),
        ("on 27 January 2022, 1007", "several numbers"),
        ("The 2020 elections saw more than 35,000 arrests", "several numbers"),
        ("over 500 to 600", "several numbers"),
        ("535-325", "can't be read with certainty"),
        ("12 thousand people", "partly in words"),
        ("880 тысяч", "partly in words"),
        ("40 per cent of them", "a share"),
        ("40% of them", "can't be read with certainty"),
        ("1.5 million", "can't be read with certainty"),
        ("a 22-year-old", "can't be read with certainty"),
        ("1007²", "can't be read with certainty"),
        ("27 January", "part of a date"),
        ("27 января", "part of a date"),
        ("rose from 325 to 535", "a range or a change"),
        ("с 325 до 535", "a range or a change"),
    ],
)
def test_what_could_mean_something_else_is_left_to_the_editor_with_the_reason(words: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        figure_in(words)
