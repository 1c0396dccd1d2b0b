"""Letters arrive as they were typed, in whatever encoding, or somebody is told."""

import pytest

from statements.importing.reading import ENCODINGS
from tests.reading import EVERY_SENTENCE, SENTENCES, opened, refusal, rows_of, titles

PAGES = ["windows-1251", "windows-1252", "windows-1257"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"])
def test_unicode_is_certain_with_and_without_a_byte_order_mark(encoding):
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    table = opened((mark + titles(*EVERY_SENTENCE)).encode(encoding), kind="demands")
    assert [row.cells["title"] for row in table.rows()] == EVERY_SENTENCE
    understood = table.understood
    assert (understood.encoding, understood.encoding_is_certain) == (
        encoding[:6].rstrip("-") if mark else "utf-8",
        True,
    )
    assert understood.alternatives == []


@pytest.mark.parametrize("language", SENTENCES)
def test_a_code_page_is_made_out_from_the_words(language):
    page, sentences = SENTENCES[language]
    table = opened(titles(*sentences).encode(page), kind="demands")
    assert [row.cells["title"] for row in table.rows()] == sentences
    assert (table.understood.encoding, table.understood.encoding_is_certain) == (page, False)


@pytest.mark.parametrize("language", SENTENCES)
def test_one_short_row_is_enough_to_make_out_the_code_page(language):
    page, sentences = SENTENCES[language]
    for sentence in sentences:
        assert rows_of(titles(sentence).encode(page), kind="demands")[0].cells["title"] == sentence


def test_what_was_made_out_is_shown_with_cells_of_the_file_and_how_they_would_read_otherwise():
    understood = opened(titles("Saeima", "Vēstnieks Rīgā", "Žurnāls").encode("windows-1257"), kind="demands").understood
    assert understood.samples == ["Vēstnieks Rīgā", "Žurnāls"]
    assert [(other.encoding, other.samples) for other in understood.alternatives] == [
        ("windows-1252", ["Vçstnieks Rîgâ", "Þurnâls"]),
        ("windows-1251", ["Vзstnieks Rоgв", "Юurnвls"]),
    ]
    assert understood.as_json()["alternatives"][0] == {
        "encoding": "windows-1252",
        "samples": ["Vçstnieks Rîgâ", "Þurnâls"],
    }


def test_another_encoding_can_be_chosen():
    content = titles("Vēstnieks Rīgā").encode("windows-1257")
    table = opened(content, kind="demands", encoding="windows-1252")
    assert next(table.rows()).cells["title"] == "Vçstnieks Rîgâ"
    assert (table.understood.encoding, table.understood.encoding_is_certain) == ("windows-1252", False)
    assert [other.encoding for other in table.understood.alternatives] == ["windows-1251", "windows-1257"]


def test_utf_16_without_a_mark_can_be_chosen():
    for encoding in ("utf-16-le", "utf-16-be"):
        content = titles("Вясна").encode(encoding)
        assert rows_of(content, kind="demands", encoding="utf-16")[0].cells["title"] == "Вясна"


def test_letters_that_are_the_same_in_two_pages_are_no_question():
    understood = opened(titles("Öffentlichkeit für Häftlinge").encode("windows-1252"), kind="demands").understood
    assert [other.encoding for other in understood.alternatives] == ["windows-1251"]


def test_an_encoding_that_does_not_exist_or_does_not_fit_is_refused():
    content = titles("Saeima", "Vēstnieks").encode("windows-1257")
    assert "Choose one of: utf-8, utf-16" in str(refusal(content, kind="demands", encoding="koi8-r"))
    refused = refusal(content, kind="demands", encoding="utf-8")
    assert (refused.line, "not in UTF-8" in str(refused)) == (3, True)
    refused = refusal("slug,title\na,b\nc,\x81\n".encode("latin-1"), kind="demands", encoding="windows-1257")
    assert (refused.line, "not in windows-1257. Choose another" in str(refused)) == (3, True)
    refused = refusal("slug,title\na,b\n\ud800".encode("utf-16", "surrogatepass"), kind="demands")
    assert (refused.line, "not in utf-16" in str(refused)) == (3, True)


@pytest.mark.parametrize(
    ("encoding", "language"),
    [
        ("cp866", "Russian"),
        ("koi8-r", "Russian"),
        ("iso8859-5", "Russian"),
        ("mac-cyrillic", "Belarusian"),
        ("cp775", "Latvian"),
        ("cp775", "Lithuanian"),
        ("cp850", "German"),
        ("mac-roman", "German"),
    ],
)
def test_an_encoding_that_is_not_ours_is_refused_and_never_read_as_another(encoding, language):
    content = titles(*SENTENCES[language][1]).encode(encoding, "ignore")
    refused = refusal(content, kind="demands")
    assert "It can't be made out in which encoding" in str(refused)
    assert refused.line is not None


def test_utf_8_with_a_bad_byte_is_damaged_and_no_other_encoding():
    content = titles("Вясна", "Žurnāls", "Ende").encode().replace(b"Ende", b"End\xe9")
    refused = refusal(content, kind="demands")
    assert (refused.line, "not in UTF-8" in str(refused)) == (4, True)


def test_two_letters_that_look_like_utf_8_by_chance_do_not_hide_a_code_page():
    sentence = "Заявление «МИД РФ» и «ГД РФ»"
    assert rows_of(titles(sentence).encode("windows-1251"), kind="demands")[0].cells["title"] == sentence


@pytest.mark.parametrize("sentence", EVERY_SENTENCE)
@pytest.mark.parametrize("page", PAGES)
def test_utf_8_that_was_once_read_as_another_encoding_is_a_fault_of_its_cell(sentence, page):
    # Programs show a control character where the page has none.
    garbled = "".join(bytes([byte]).decode(page, "ignore") or chr(byte) for byte in sentence.encode())
    rows = rows_of(titles(sentence, garbled).encode(), kind="demands")
    assert rows[0].faults == {}
    assert "garbled" in rows[1].faults["title"]


@pytest.mark.parametrize("cell", ["Ð¡Ð¿Ð°Ñ\x81Ð¸Ð±Ð¾", "Ð¡Ð¿Ð°ÑÐ¸Ð±Ð¾", "DienÄ", "itâ€™s", "cÅ“ur", "РЎРїР°СЃРёР±Рѕ"])
def test_garbled_words_are_known(cell):
    assert "garbled" in rows_of(titles(cell).encode(), kind="demands")[0].faults["title"]


def test_the_sentence_says_what_a_garbled_cell_probably_says():
    fault = rows_of(titles("VÄ“stnieks RÄ«gÄ\x81").encode(), kind="demands")[0].faults["title"]
    assert "It seems to say “Vēstnieks Rīgā”." in fault


@pytest.mark.parametrize(
    "cell",
    [
        *[
            "»SOLIDARITÄT«",
            "CAFÉ”",
            "AMANHÃ…",
            "„Ä“ und Ö",
            "SÃO",
            "ÅÄÖ",
            "LfÄ",
            "ÑANDÚ”",
            "ŠIAULIŲ",
            "ŽEMĖ",
            "«МИД РФ»",
        ],
        *[
            "Рёбра, Рівне, Сёння",
            "Ельск і Гродна",
            "€ 5",
            "Ελλάδα",
            "日本",
            "Россия™",
            "ПЭН–цэнтр",
            "#FreeThemAll",
            "№ 1",
        ],
    ],
)
def test_unusual_words_are_no_fault(cell):
    assert rows_of(titles(cell).encode(), kind="demands")[0].faults == {}


def test_a_replacement_character_is_a_fault_of_its_cell():
    rows = rows_of("slug,title,theme\na,Fr\ufffdheit,\nb,Freiheit,\n".encode(), kind="demands")
    assert list(rows[0].faults) == ["title"]
    assert "A letter of this cell was lost" in rows[0].faults["title"]
    assert rows[1].faults == {}


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", " #NUM! "])
def test_an_error_of_a_spreadsheet_is_a_fault_of_its_cell(error):
    fault = rows_of(titles(error).encode(), kind="demands")[0].faults["title"]
    assert f"an error of the spreadsheet, {error.strip()}." in fault


def test_what_can_be_chosen_is_what_can_be_read():
    assert set(PAGES) < set(ENCODINGS)
    for encoding in ENCODINGS:
        content = titles("Öffentlich").encode(encoding if encoding != "windows-1251" else "ascii", "ignore")
        assert opened(content, kind="demands", encoding=encoding).understood.encoding == encoding
