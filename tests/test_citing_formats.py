"""Citations as files: outside readers open them, and read what was written."""

import json
import re
from dataclasses import replace
from typing import Any

import bibtexparser
import jsonschema
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from statements.dates import PartialDate
from statements.public.citing import bibtex, csl, ris
from statements.public.citing.citation import Citation, Who, one_line
from statements.public.citing.words import as_html, as_text

PLAIN = Citation(
    key="riga-v2",
    title="Riga on the prisoners",
    kind="press statement",
    genre="press statement",
    authors=(Who("Ministry of Foreign Affairs of Latvia"), Who("Viasna and others")),
    issued=PartialDate.parse("2022-01-27"),
    language="lv",
    address="https://example.org/statements/riga_1/versions/2/#figure-1",
    version=2,
    published=PartialDate.parse("2026-11-22"),
)
DEMAND = replace(
    PLAIN, version=None, published=None, accessed=PartialDate.parse("2026-11-22"), note="made in 3 statements"
)

HOSTILE = [
    "He said \"no\" and 'no'",
    "An open { and a closed } and {{",
    r"C:\new\textbf{x} \\ \{",
    "50 % of A & B_c #1 $x$ ~ ^ <b>|</b> @misc{x, title={y}}",
    "Two\nlines\r\nor\u2028three\x85four\tfive",
    "ER  - \r\nTY  - BOOK",
    "Тихановская: «свободу всем»",
    "الحرية لجميع السجناء",
    "\u202eright to left\u202c",
    "\x00nul\x07bell\x1b[31m\x7f\x9f",
    "-- --- `` '' ?` !`",
    "}\n}\n@string{a = {b}}",
    "  spaces  around  ",
    "%",
    "\\",
    "{",
    "}",
]


def cited(title: str, **fields: Any) -> Citation:
    return replace(PLAIN, title=one_line(title), **fields)


# --- BibTeX ---------------------------------------------------------------------------------------------------------

TEX = {
    "textbackslash": "\\",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
}


def typeset(words: str) -> str:
    """What TeX prints for these words: commands in braces of their own, and characters after a backslash."""
    return re.sub(r"\{\\(\w+)\}|\\([&%#$_])", lambda found: TEX[found[1]] if found[1] else found[2], words)


def bibtex_entry(citation: Citation) -> dict[str, str]:
    """As the outside reader has it with its own settings: it drops entries of types that BibTeX does not know."""
    text = bibtex.written(citation)
    entries = bibtexparser.loads(text).entries
    assert len(entries) == 1, text
    entry: dict[str, str] = entries[0]
    return entry


def test_bibtex_has_all_that_is_known_of_a_version() -> None:
    assert bibtex_entry(PLAIN) == {
        "ENTRYTYPE": "misc",
        "ID": "riga-v2",
        "author": "{Ministry of Foreign Affairs of Latvia} and {Viasna and others}",
        "title": "{Riga on the prisoners}",
        "date": "2022-01-27",
        "year": "2022",
        "month": "January",
        "type": "press statement",
        "howpublished": "Statement tracker",
        "version": "2",
        "note": "Version 2, published on 22 November 2026",
        "language": "latvian",
        "langid": "english",
        "url": "https://example.org/statements/riga_1/versions/2/#figure-1",
    }


@pytest.mark.parametrize(
    ("issued", "date", "year", "month"),
    [
        ("2022-01-27", "2022-01-27", "2022", "January"),
        ("2022-01", "2022-01", "2022", "January"),
        ("2022", "2022", "2022", None),
        ("2022-01-20/2022-01-27", "2022-01-20/2022-01-27", "2022", "January"),
        ("2022-01-20/2022-02-03", "2022-01-20/2022-02-03", "2022", None),
        ("2020-08/2021-01", "2020-08/2021-01", "2020--2021", None),
        ("2020/2021", "2020/2021", "2020--2021", None),
    ],
)
def test_a_date_in_bibtex_is_as_precise_as_it_is_known(issued: str, date: str, year: str, month: str | None) -> None:
    entry = bibtex_entry(replace(PLAIN, issued=PartialDate.parse(issued)))
    assert (entry["date"], entry["year"], entry.get("month")) == (date, year, month)


@pytest.mark.parametrize("title", HOSTILE)
def test_words_come_back_from_bibtex_as_they_were(title: str) -> None:
    citation = cited(title, authors=(Who(one_line(title)), Who("B and C")), publishers=(one_line(title),), note=title)
    entry = bibtex_entry(citation)
    assert typeset(entry["title"].removeprefix("{").removesuffix("}")) == citation.title
    assert typeset(entry["author"]) == f"{{{citation.title}}} and {{B and C}}"
    assert typeset(entry["organization"]) == f"{{{citation.title}}}"


@given(st.text(max_size=80).map(one_line).filter(bool))
def test_braces_of_bibtex_are_in_pairs_whatever_the_title(title: str) -> None:
    text = bibtex.written(cited(title))
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert typeset(bibtex_entry(cited(title))["title"][1:-1]) == title


def test_what_changes_is_cited_in_bibtex_with_the_day_of_access() -> None:
    entry = bibtex_entry(DEMAND)
    assert (entry["urldate"], entry["note"]) == ("2026-11-22", "made in 3 statements")
    assert "version" not in entry


# --- RIS ------------------------------------------------------------------------------------------------------------


def ris_entry(citation: Citation) -> dict[str, Any]:
    text = ris.written(citation)
    entries = rispy.loads(text)
    assert len(entries) == 1, text
    return entries[0]


def test_ris_has_all_that_is_known_of_a_version() -> None:
    assert ris_entry(PLAIN) == {
        "type_of_reference": "ELEC",
        "id": "riga-v2",
        "authors": ["Ministry of Foreign Affairs of Latvia", "Viasna and others"],
        "title": "Riga on the prisoners",
        "secondary_title": "Statement tracker",
        "type_of_work": "press statement",
        "year": "2022",
        "date": "2022/01/27/",
        "edition": "2",
        "language": "lv",
        "notes": ["Version 2, published on 22 November 2026"],
        "urls": ["https://example.org/statements/riga_1/versions/2/#figure-1"],
    }


def test_every_line_of_ris_has_its_tag_and_ends_as_the_format_asks() -> None:
    for citation in (PLAIN, DEMAND, *map(cited, HOSTILE)):
        text = ris.written(citation)
        lines = text.split("\r\n")
        assert lines[-1] == ""
        assert lines[0][:6] == "TY  - "
        assert lines[-2] == "ER  - "
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
        assert [line[:2] for line in lines[:-1]].count("TY") == [line[:2] for line in lines[:-1]].count("ER") == 1
        assert not re.search(r"(?<!\r)\n|\r(?!\n)", text)


@pytest.mark.parametrize(
    ("issued", "year", "date", "note"),
    [
        ("2022-01-27", "2022", "2022/01/27/", None),
        ("2022-01", "2022", "2022/01//", None),
        ("2022", "2022", "2022///", None),
        ("0890", "0890", "0890///", None),
        ("2022-01-20/2022-01-27", "2022", "2022/01//", "Issued between 20 and 27 January 2022"),
        ("2022-01-20/2022-02-03", "2022", "2022///", "Issued between 20 January 2022 and 3 February 2022"),
        ("2020-08/2021-01", None, None, "Issued between August 2020 and January 2021"),
    ],
)
def test_a_date_in_ris_says_what_is_sure_and_a_note_the_rest(
    issued: str, year: str | None, date: str | None, note: str | None
) -> None:
    entry = ris_entry(replace(PLAIN, issued=PartialDate.parse(issued)))
    assert (entry.get("year"), entry.get("date")) == (year, date)
    assert entry["notes"][:-1] == ([note] if note else [])


@pytest.mark.parametrize("title", HOSTILE)
def test_words_come_back_from_ris_as_they_were(title: str) -> None:
    entry = ris_entry(cited(title, authors=(Who(one_line(title)),), publishers=(one_line(title), "B")))
    assert entry["title"] == one_line(title)
    assert entry["authors"] == [one_line(title)]
    assert entry["publisher"] == f"{one_line(title)}; B"


def test_a_report_is_a_report_in_ris_and_what_changes_has_its_day_of_access() -> None:
    assert ris_entry(replace(PLAIN, kind="report"))["type_of_reference"] == "RPRT"
    assert ris_entry(DEMAND)["access_date"] == "2026/11/22/"


# --- CSL-JSON -------------------------------------------------------------------------------------------------------

DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
        }
    },
    "required": ["date-parts"],
    "additionalProperties": False,
}
WORDS = {"type": "string", "minLength": 1}
#: What the schema of CSL 1.0.2 says of the properties and types that are used here, and nothing beside them.
CSL = {
    "type": "array",
    "minItems": 1,
    "maxItems": 1,
    "items": {
        "type": "object",
        "properties": {
            "type": {"enum": ["webpage", "speech", "interview", "report"]},
            "author": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "object", "properties": {"literal": WORDS}, "additionalProperties": False},
            },
            **dict.fromkeys(("issued", "accessed", "available-date"), DATE),
            **dict.fromkeys(("id", "title", "genre", "publisher", "container-title", "version", "language"), WORDS),
            **dict.fromkeys(("note", "URL"), WORDS),
        },
        "required": ["id", "type", "title", "author", "issued", "URL"],
        "additionalProperties": False,
    },
}


def csl_item(citation: Citation) -> dict[str, Any]:
    items = json.loads(csl.written(citation))
    jsonschema.validate(items, CSL)
    item: dict[str, Any] = items[0]
    return item


def test_csl_has_all_that_is_known_of_a_version() -> None:
    assert csl_item(PLAIN) == {
        "id": "riga-v2",
        "type": "webpage",
        "title": "Riga on the prisoners",
        "author": [{"literal": "Ministry of Foreign Affairs of Latvia"}, {"literal": "Viasna and others"}],
        "issued": {"date-parts": [[2022, 1, 27]]},
        "genre": "press statement",
        "container-title": "Statement tracker",
        "version": "2",
        "available-date": {"date-parts": [[2026, 11, 22]]},
        "language": "lv",
        "URL": "https://example.org/statements/riga_1/versions/2/#figure-1",
    }


@pytest.mark.parametrize(
    ("issued", "parts"),
    [
        ("2022-01-27", [[2022, 1, 27]]),
        ("2022-01", [[2022, 1]]),
        ("2022", [[2022]]),
        ("2022-01-20/2022-01-27", [[2022, 1, 20], [2022, 1, 27]]),
        ("2020-08/2021-01", [[2020, 8], [2021, 1]]),
    ],
)
def test_a_date_in_csl_has_the_parts_that_are_known(issued: str, parts: list[list[int]]) -> None:
    assert csl_item(replace(PLAIN, issued=PartialDate.parse(issued)))["issued"] == {"date-parts": parts}


@pytest.mark.parametrize("title", HOSTILE)
def test_words_come_back_from_csl_as_they_were(title: str) -> None:
    item = csl_item(cited(title, authors=(Who(one_line(title)),)))
    assert (item["title"], item["author"]) == (one_line(title), [{"literal": one_line(title)}])


def test_csl_knows_speeches_interviews_and_reports_and_takes_the_rest_for_pages() -> None:
    kinds = ("speech", "interview", "report", "social post", "resolution", "")
    types = [csl_item(replace(PLAIN, kind=kind))["type"] for kind in kinds]
    assert types == ["speech", "interview", "report", "webpage", "webpage", "webpage"]
    item = csl_item(DEMAND)
    assert (item["accessed"], item["note"]) == ({"date-parts": [[2026, 11, 22]]}, "made in 3 statements")


# --- A line to read -------------------------------------------------------------------------------------------------


def test_the_line_names_three_authors_and_the_version_with_its_address() -> None:
    assert as_text(replace(PLAIN, authors=tuple(Who(name) for name in "ABCD"), publishers=("Viasna",))) == (
        "A, B, C and others: “Riga on the prisoners” (press statement). Viasna, 27 January 2022. Statement tracker, "
        "version 2 of 22 November 2026. https://example.org/statements/riga_1/versions/2/#figure-1"
    )


def test_the_line_of_what_changes_says_as_of_when() -> None:
    assert as_text(DEMAND).startswith(
        "Ministry of Foreign Affairs of Latvia, Viasna and others: “Riga on the prisoners” (press statement), made in "
        "3 statements, as of 27 January 2022. https://example.org/"
    )


@pytest.mark.parametrize("title", [*HOSTILE, "{who} {} {0} %(x)s <script>"])
def test_the_line_of_a_page_is_the_same_with_what_is_foreign_set_apart(title: str) -> None:
    citation = cited(title, authors=(Who(one_line(title)),))
    without_tags = re.sub(r"</?bdi>|<a [^>]*>|</a>", "", as_html(citation))
    escaped = as_text(citation).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert without_tags == escaped.replace('"', "&quot;").replace("'", "&#x27;")
