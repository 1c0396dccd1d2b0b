"""Quotations are found as they were said, and nowhere else."""

import unicodedata

import pytest

from statements.quotes import Passage, find, find_all, has_omission, nearest, problem_with

OMISSIONS = ["[…]", "[...]", "(…)", "(...)", "[. . .]", "[ … ]", "<...>", "［…］", "[……]"]


def printed(quote: str, text: str) -> str | None:
    passage = find(quote, text)
    return None if passage is None else text[passage.start : passage.end]


# What makes no difference


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("political prisoners", "All POLITICAL Prisoners must be free."),
        ("политических заключённых", "Всех Политических Заключённых освободить"),
        ("politieslodzītie", "Visi POLITIESLODZĪTIE jāatbrīvo"),
        ("σοφός", "ΣΟΦΌΣ"),
        ("strasse", "Straße"),
        ("first figures", "the ﬁrst ﬁgures"),
    ],
)
def test_case_makes_no_difference(quote: str, text: str) -> None:
    assert find(quote, text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "all political\nprisoners now",
        "all political\u00a0prisoners now",
        "all political \t\r\n  prisoners now",
        "all political\u2009\u202fprisoners now",
        "all po\u00adlit\u00adi\u00adcal pris\u200boners now",
        "all \ufeffpolitical \u2060 prisoners\u200d now",
        "all \u202apolitical prisoners\u202c now",
    ],
)
def test_white_space_and_invisible_characters_make_no_difference(text: str) -> None:
    assert find("political prisoners", text) is not None
    assert find(text, "All political  prisoners\u3000now") is not None


def test_a_passage_is_given_back_as_printed_without_what_is_around_it() -> None:
    assert (
        printed("political prisoners", "the \u200bpo\u00adlitical\n prisoners\u200b ...")
        == "po\u00adlitical\n prisoners"
    )


@pytest.mark.parametrize("mark", list("\"'“”„‟‘’‚‛«»‹›″′`´「」＂❝ʼ״"))
def test_every_quotation_mark_is_the_same(mark: str) -> None:
    assert find('so-called "extremists" were', f"the so-called {mark}extremists{mark} were held") is not None
    assert find(f"so-called {mark}extremists{mark}", "the so-called “extremists” were held") is not None


@pytest.mark.parametrize("dash", list("-‐‑‒–—―−﹘－"))
def test_every_dash_is_the_same(dash: str) -> None:
    assert find("prisoners - all of them", f"the prisoners {dash} all of them") is not None
    assert find(f"prisoners {dash} all of them", "the prisoners – all of them") is not None


@pytest.mark.parametrize(
    "words",
    [
        "заключённый в тюрьму Кочановой",
        "apcietinājumā esošās",
        "Ціханоўская й інші",
        "libération à Việt Nam",
        "한국어 문장",
    ],
)
def test_composed_and_decomposed_letters_are_the_same(words: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", words), unicodedata.normalize("NFD", words)
    assert composed != decomposed
    assert printed(composed, f"– {decomposed}.") == decomposed
    assert printed(decomposed, f"– {composed}.") == composed


def test_the_order_of_two_marks_makes_no_difference() -> None:
    assert find("q\u0323\u0307", "a q\u0307\u0323 b") == Passage(2, 5)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("وقال المتحدث إن", "وقال المتحدث إن أكثر من ألف شخص"),
        ("أكثر من ١٠٠٧ أشخاص", "هناك أكثر من ١٠٠٧ أشخاص."),
        ("释放所有政治犯", "我们要求立即释放所有政治犯。"),
        ("政治犯", "我们要求立即释放所有政治犯。"),
        ("すべての政治囚", "私たちはすべての政治囚の釈放を求める"),
        ("นักโทษการเมือง", "ปล่อยตัวนักโทษการเมืองทุกคน"),
        ("політв'язнів", "Звільнити політв’язнів негайно"),
        ("палітвязняў", "вызваліць усіх палітвязняў!"),
    ],
)
def test_any_script_is_found(quote: str, text: str) -> None:
    assert printed(quote, text) is not None


# What makes a difference


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("prisoner", "all prisoners"),
        ("prisoners", "unprisoners"),
        ("cafe", "the café"),
        ("café", "the cafe"),
        ("cafe", "the cafe\u0301"),
        ("все", "всё"),
        ("заключенных", "заключённых"),
        ("ключен", "заключен"),
        ("قال", "وقال"),
        ("i", "the ﬁrst"),
        ("rst", "the ﬁrst"),
        ("all prisoners", "all the prisoners"),
        ("prisoners, all", "prisoners all"),
        ("한", "한국"),
    ],
)
def test_other_words_are_not_found(quote: str, text: str) -> None:
    assert find(quote, text) is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("Lukashenko", "Lukashenko’s regime"),
        ("Lukashenko", "Lukashenko's regime"),
        ("ONU", "selon l’ONU"),
        ("political", "non-political"),
        ("prisoners", "prisoners² and"),
        ("prisoners", "prisoners¹⁷"),
        ("1007 prisoners", "1007 prisoners³"),
        ("1007", "the 1007² held"),
        ("prisoners", "(prisoners)"),
        ("Belarus", "白俄罗斯Belarus的"),
        ("1007", "共有1007名政治犯"),
    ],
)
def test_a_word_ends_at_punctuation_a_footnote_or_another_kind_of_script(quote: str, text: str) -> None:
    assert find(quote, text) is not None


def test_a_footnote_is_not_a_digit() -> None:
    assert find("prisoners2", "prisoners²") is None
    assert find("1007", "100⁷") is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("7 prisoners", "1007 prisoners"),
        ("007 prisoners", "1,007 prisoners"),
        ("007 prisoners", "1.007 prisoners"),
        ("007 prisoners", "1 007 prisoners"),
        ("007 prisoners", "1\u00a0007 prisoners"),
        ("007 prisoners", "1\u202f007 prisoners"),
        ("007 prisoners", "1’007 prisoners"),
        ("007 prisoners", "1'007 prisoners"),
        ("234 567 prisoners", "1 234 567 prisoners"),
        ("more than 1", "more than 1,007"),
        ("more than 1", "more than 1 007"),
        ("more than 1 007", "more than 1 007 000"),
        ("more than 1,007", "more than 1,007,000"),
        ("5 percent", "0.5 percent"),
        ("5 percent", ".5 percent"),
        ("1 007", "1 007,5 million"),
        ("1 007", "1 007.5 million"),
        ("7 degrees", "at -7 degrees"),
        ("7 degrees", "at −7 degrees"),
        ("5 degrees", "(−.5 degrees"),
        ("7", "7th"),
        ("2022", "27.01.2022"),
        ("٧ أشخاص", "١٠٠٧ أشخاص"),
        ("٠٠٧ أشخاص", "١٬٠٠٧ أشخاص"),
        ("０００人", "１，０００人"),
        ("7名", "共有1007名政治犯"),
        ("七名", "十七名政治犯"),
        ("100", "100万人"),
        ("๗ คน", "๑๐๐๗ คน"),
    ],
)
def test_a_number_is_never_found_inside_a_longer_number(quote: str, text: str) -> None:
    assert find(quote, text) is None


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("100 people", "in 2022, 100 people"),
        ("100 people", "2022 100 people"),
        ("100 people", "12  100 people"),
        ("100 people", "12\n100 people"),
        ("12 people", "1 12 people"),
        ("1007 people", "1 1007 people"),
        ("2022", "It was 2022."),
        ("2021", "2020-2021"),
        ("7 prisoners", "5–7 prisoners"),
        ("19", "COVID-19"),
        ("7 prisoners", "— 7 prisoners"),
        ("1,007", "more than 1,007, they say"),
        ("1 007 prisoners", "1\u00a0007 prisoners"),
        ("1’007 prisoners", "1'007 prisoners"),
        ("-7 degrees", "−7 degrees"),
        ("7%", "only 7% of"),
        ("$7", "for $7 each"),
        ("１，０００人", "約１，０００人が"),
        ("100名", "2022，100名"),
        ("十七名", "共有十七名政治犯"),
        ("100万人", "约100万人"),
        ("一个", "这是一个问题"),
    ],
)
def test_a_whole_number_is_found(quote: str, text: str) -> None:
    assert find(quote, text) is not None


def test_all_passages_are_found_and_none_overlaps_another() -> None:
    assert find_all("free them", "Free them, free  them! Freethem.") == [Passage(0, 9), Passage(11, 21)]
    assert find_all("a a", "a a a a a") == [Passage(0, 3), Passage(4, 7)]
    assert find("free them", "Free them, free them!") == Passage(0, 9)


def test_a_place_inside_a_word_does_not_hide_the_place_after_it() -> None:
    assert find_all("aa", "aaa aa") == [Passage(4, 6)]


def test_an_empty_text_holds_nothing() -> None:
    assert find_all("words", "") == []


# Omissions


@pytest.mark.parametrize("omission", OMISSIONS)
def test_a_quotation_is_never_found_across_an_omission(omission: str) -> None:
    text = f"we demand the {omission} release of all"
    assert has_omission(text)
    assert find("the release", text) is None
    assert printed("demand the", text) == "demand the"
    assert printed("release of", text) == "release of"


@pytest.mark.parametrize("omission", OMISSIONS)
def test_a_quotation_with_an_omission_is_not_found_and_the_editor_is_told_why(omission: str) -> None:
    quote = f"demand the {omission} release"
    assert find(quote, f"We {quote} of all") is None
    assert "unbroken" in (problem_with(quote) or "")


@pytest.mark.parametrize("quote", ["", "  ", "\n\u00a0", "\u200b", "\ufeff \u00ad"])
def test_a_blank_quotation_is_not_found(quote: str) -> None:
    assert find_all(quote, "words and words") == []
    assert "blank" in (problem_with(quote) or "")


@pytest.mark.parametrize("quote", ["…", ".", "– –", "“”", "²", "?!"])
def test_a_quotation_without_a_letter_or_digit_is_not_found(quote: str) -> None:
    assert find_all(quote, f"words {quote} words") == []
    assert "letter" in (problem_with(quote) or "")


@pytest.mark.parametrize(
    "quote", ["words", "7", "свобода", "自由", "七", "الحرية", "and so on…", "well ... yes", "(sic)"]
)
def test_there_is_no_problem_with_words(quote: str) -> None:
    assert problem_with(quote) is None
    assert not has_omission(quote)


def test_an_unclosed_row_of_full_stops_is_no_omission() -> None:
    assert not has_omission("[" + "." * 5000 + " chapter 1")


# The nearest passage


@pytest.mark.parametrize(
    ("quote", "text", "passage"),
    [
        ("7 prisoners", "There are more than 1,007 prisoners in Belarus", "1,007 prisoners"),
        (
            "release of all the political prisoners",
            "We demand the release  of all\npolitical prisoners at once.",
            "release  of all\npolitical prisoners",
        ),
        ("всех политзаключенных", "Требуем освободить всех политзаключённых сейчас", "всех политзаключённых"),
        ("释放一切政治犯", "我们要求立即释放所有政治犯。", "释放所有政治犯"),
        ("[…] release of everybody", "the release of everyone", "release of everyone"),
    ],
)
def test_the_nearest_passage_is_given_as_printed_in_whole_words(quote: str, text: str, passage: str) -> None:
    assert passage in (nearest(quote, text) or "")
    assert find(nearest(quote, text) or "", text) is not None


def test_the_nearest_passage_lies_on_one_side_of_an_omission() -> None:
    text = "x [...] We demand the immediate […] release of all political prisoners (…) y"
    assert nearest("immediate release of all political prisoners", text) == "release of all political prisoners"


@pytest.mark.parametrize("text", ["", "x", "Weather: sunny", "ab [...] zz [...] e", "自由"])
def test_there_is_no_nearest_passage_when_nothing_is_like_the_quotation(text: str) -> None:
    assert nearest("release of all political prisoners", text) is None


def test_a_blank_quotation_has_no_nearest_passage() -> None:
    assert nearest(" \u200b", "words") is None


def test_the_nearest_passage_is_found_in_a_long_text() -> None:
    words = [f"word{number * 7919 % 40009}" for number in range(40_000)]
    words[30_000:30_000] = ["unconditional", "release", "of", "political", "prisoners"]
    assert nearest("unconditional releases of politic prisoners", " ".join(words)) == (
        "unconditional release of political prisoners"
    )
