"""What readers find by words: the same on both databases, in any script, whatever is typed."""

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statements import text
from statements.actions.publishing import publish_all, withdraw
from statements.actions.steps import submit
from statements.models import Entry, EntryWords, Facet, Organisation, OrganisationName, Statement
from statements.record import index
from statements.record.search import KnownAs, condition, parse, with_names
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandMentionFactory,
    IssuerFactory,
    OrganisationFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    save_version,
)

_TITLE = re.compile(r'<h3><a href="/statements/[^"]+/"><bdi>(.*?)</bdi></a></h3>')


def titles(client: Client, q: str, **parameters: str) -> list[str]:
    """Those that the list shows, in order, without the marks in them."""
    response = client.get("/statements/", {"q": q, **parameters})
    assert response.status_code == 200, q
    return [re.sub(r"</?mark>", "", title) for title in _TITLE.findall(response.content.decode())]


def page_of(client: Client, q: str, **parameters: str) -> str:
    return client.get("/statements/", {"q": q, **parameters}).content.decode()


def _statement(title: str, issued: str, *, words: str = "", language: str = "en", **fields: str) -> Statement:
    statement = StatementFactory(title=title, issued=issued, **fields)
    CitationFactory(statement=statement)
    if words:
        WordingFactory(statement=statement, text=words, language=language)
    return statement


@pytest.fixture
def library(editor: User, reviewer: User) -> dict[str, Statement]:
    """Seven statements in as many languages, the newest first: A to G."""
    service = OrganisationFactory(
        name="European External Action Service", short_name="EEAS", slug="eeas", names=[("ЕСВД", "ru")]
    )
    ministry = OrganisationFactory(name="Ministry", slug="ministry", names=[("Ārlietu ministrija", "lv")])
    sviatlana = SpeakerFactory(
        name="Sviatlana Tsikhanouskaya",
        slug="tsikhanouskaya",
        names=[("Светлана Тихановская", "ru"), ("Святлана Ціханоўская", "be")],
    )
    made = {
        "A": _statement(
            "A",
            "2024-07",
            words="The spokesperson demands the immediate and unconditional release of all 1007 prisoners.",
        ),
        "B": _statement(
            "B", "2024-06", words="Праваабаронцы патрабуюць вызваліць сям’ю і ўсіх палітвязняў", language="be"
        ),
        "C": _statement("C", "2024-05", words="Ārlietu ministrs aicina nekavējoties atbrīvot", language="lv"),
        "D": _statement("D", "2024-04", words="立即释放所有政治犯，停止迫害", language="zh"),
        "E": _statement(
            "E: release of prisoners",
            "2024-03",
            summary="About a pre-trial hearing; Straße, ﬁne, naïve; 37\u00a0000 people.",
        ),
        "F": _statement("F", "2024-02", words="Министерство требует освободить всех политзаключённых", language="ru"),
        "G": _statement("G", "2024-01", occasion="Day of Solidarity", attribution="EEAS Spokesperson"),
    }
    IssuerFactory(statement=made["A"], organisation=service)
    IssuerFactory(statement=made["C"], organisation=ministry)
    IssuerFactory(statement=made["E"], organisation=service, part="joined")
    SpeakerRoleFactory(statement=made["B"], speaker=sviatlana)
    SpeakerRoleFactory(statement=made["F"], speaker=sviatlana)
    DemandMentionFactory(statement=made["G"], quote="freedom for everyone")
    CountObservationFactory(statement=made["G"], value=35, quote="more than thirty-five")
    for statement in made.values():
        if not statement.issuers.exists() and not statement.speaker_roles.exists():
            IssuerFactory(statement=statement, organisation=OrganisationFactory(name=f"Office {statement.slug}"))
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
    publish_all(statements=list(made.values()), by=reviewer)
    return made


@pytest.mark.parametrize(
    ("q", "found"),
    [
        # one word, several words, the beginnings of words
        ("release", "AE"),
        ("RELEASE prisoners", "AE"),
        ("prisoner", "AE"),
        ("prison", "AE"),
        ("isoners", ""),
        ("immediate hearing", ""),
        ("1007", "A"),
        ("100", "A"),
        ("007", ""),
        # numbers, however thousands are set apart
        ("37,000", "E"),
        ("37 000", "E"),
        ("37000", "E"),
        ("37.000 people", "E"),
        ('"37000 people"', "E"),
        ("000", ""),
        # phrases
        ('"release of all"', "A"),
        ('"release of prisoners"', "E"),
        ('"immediate release"', ""),
        ('"prisoner"', ""),
        ('"release of" prisoners', "AE"),
        ("“release of all”", "A"),
        ("«release of prisoners»", "E"),
        ('"release of all', "A"),
        ("pre-trial", "E"),
        ("pretrial", ""),
        # neither a phrase nor a word goes from one text to the next
        ('"prisoners about"', ""),
        # minus
        ("release -immediate", "E"),
        ('prisoners -"release of all"', "E"),
        ("prisoners -eeas", ""),
        ("-release", "BCDFG"),
        ('-"release of all"', "BCDEFG"),
        ("release - immediate", "A"),
        # asterisks and other signs are spaces
        ("releas*", "AE"),
        ("release!", "AE"),
        # names of those who made it, in any script; also of those who joined
        ("Tsikhanouskaya", "BF"),
        ("Тихановская", "BF"),
        ("Ціханоўская", "BF"),
        ("тихановск", "BF"),
        ('"Светлана Тихановская"', "BF"),
        ('"Тихановская Светлана"', ""),
        ("Тихановская палітвязняў", "B"),
        ("-Тихановская", "ACDEG"),
        ("ЕСВД", "AE"),
        ("external action release", "AE"),
        ("eeas", "AEG"),
        ("ministrija", "C"),
        # accents, ligatures, case, apostrophes
        ("arlietu nekavejoties", "C"),
        ("ĀRLIETU", "C"),
        ("strasse", "E"),
        ("STRASSE FINE NAIVE", "E"),
        ("сям'ю", "B"),
        ("сям’ю", "B"),
        ("политзаключенных", "F"),
        ("ПОЛИТЗАКЛЮЧЁННЫХ", "F"),
        # a script without spaces
        ("政治犯", "D"),
        ("释放政治犯", ""),
        ("释放 政治犯", "D"),
        ('"所有政治犯"', "D"),
        # quotes where there are no words; occasion and attribution
        ("everyone", "G"),
        ("thirty-five", "G"),
        ("solidarity", "G"),
        ("spokesperson", "AG"),
    ],
)
def test_words_find(library: dict[str, Statement], client: Client, q: str, found: str) -> None:
    assert "".join(title[0] for title in titles(client, q)) == found


def test_several_searches_find_what_any_of_them_finds(library: dict[str, Statement], client: Client) -> None:
    page = client.get("/statements/?q=1007&q=solidarity+-release").content.decode()
    assert _TITLE.findall(page) == ["A", "G"]


def test_a_search_combines_with_filters(library: dict[str, Statement], client: Client) -> None:
    assert titles(client, "release", issuer="eeas", issued_before="2024-03") == ["E: release of prisoners"]
    assert titles(client, "release", language="lv") == []


def test_the_best_match_stands_first(library: dict[str, Statement], client: Client) -> None:
    """A word in the title is worth more than a newer date; a name more than a place in the words."""
    assert [title[0] for title in titles(client, "prisoners", sort="relevance")] == ["E", "A"]
    assert [title[0] for title in titles(client, "prisoners")] == ["A", "E"]
    assert [title[0] for title in titles(client, "eeas", sort="relevance")] == ["A", "E", "G"]
    assert "best match first" in page_of(client, "prisoners")
    assert "best match first" not in client.get("/statements/").content.decode()


def test_what_was_looked_for_is_marked_in_title_and_words(library: dict[str, Statement], client: Client) -> None:
    page = page_of(client, 'prison "release of"')
    assert "<bdi>E: <mark>release of</mark> <mark>prisoners</mark></bdi>" in page
    assert "unconditional <mark>release of</mark> all 1007 <mark>prisoners</mark>." in page
    page = page_of(client, "arlietu")
    assert '<p dir="auto" lang="lv"><mark>Ārlietu</mark> ministrs' in page
    assert "<mark>37\u00a0000</mark> people" in page_of(client, "37,000")
    page = page_of(client, "政治")
    assert "立即释放所有<mark>政治</mark>犯" in page.replace("</mark><mark>", "")


def test_a_long_text_shows_the_passage_with_the_words(
    library: dict[str, Statement], client: Client, editor: User, reviewer: User
) -> None:
    words = "Before. " * 200 + "Here stands the needle in the haystack. " + "After. " * 200
    long = _statement("Long", "2025", words=words)
    IssuerFactory(statement=long, organisation=OrganisationFactory(name="Long office"))
    save_version(statement=long, by=editor)
    submit(statement=long, by=editor)
    publish_all(statements=[long], by=reviewer)
    page = page_of(client, "needle")
    passage = re.search(r'<p dir="auto" lang="en">(.*?)</p>', page)
    assert passage is not None
    assert "stands the <mark>needle</mark> in the haystack" in passage[1]
    assert passage[1].startswith("… ")
    assert passage[1].endswith(" …")
    assert len(passage[1]) < 300


def test_a_statement_that_is_found_by_another_name_says_so(library: dict[str, Statement], client: Client) -> None:
    page = page_of(client, "Тихановская")
    assert "also called <mark><bdi>Светлана Тихановская</bdi></mark>" in page
    assert "also called" not in page_of(client, "Sviatlana")


def test_a_new_name_finds_at_once_and_one_taken_away_no_more(library: dict[str, Statement], client: Client) -> None:
    service = Organisation.objects.get(slug="eeas")
    OrganisationName.objects.create(owner=service, name="Служба", language="ru", folded="служба")
    assert len(titles(client, "служба")) == 2
    OrganisationName.objects.filter(name="Служба").delete()
    assert titles(client, "служба") == []


def test_what_was_withdrawn_is_found_no_more(library: dict[str, Statement], client: Client, reviewer: User) -> None:
    withdraw(statement=library["A"], by=reviewer, reason="It was not theirs.")
    assert titles(client, "unconditional") == []
    assert titles(client, "ЕСВД") == ["E: release of prisoners"]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its index of words itself")
def test_an_index_of_words_that_is_out_of_step_is_told_and_mended(
    library: dict[str, Statement], client: Client
) -> None:
    assert index.differences() == []
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO statements_entrywords_search (statements_entrywords_search) VALUES ('delete-all')")
    assert titles(client, "release") == []
    assert index.differences() == [
        "The index of words is not that of the public statements: rebuild_record makes it anew."
    ]
    assert index.rebuild() == 7
    assert index.differences() == []
    assert len(titles(client, "release")) == 2
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER statements_entrywords_search_update")
    assert index.differences() == ["The index of words does not follow what is published: its triggers are not there."]


def test_a_word_that_begins_very_many_names_finds_them(library: dict[str, Statement], client: Client) -> None:
    """PostgreSQL refused a question with 20,000 alternatives side by side."""
    search = with_names([parse("release")])[0]
    known = tuple(KnownAs(Facet.ISSUER, pk, "Agency") for pk in range(1, 30_001))
    many = replace(search, terms=(replace(search.terms[0], names=known),))
    assert Entry.objects.filter(condition([many])).count() == 7 - 2  # all but those with speakers only


def test_a_statement_without_a_word_in_its_title_is_found_by_its_texts(
    library: dict[str, Statement], client: Client, editor: User, reviewer: User
) -> None:
    silent = _statement("«!!!»", "2025", slug="silent", summary="Solidarity")
    IssuerFactory(statement=silent, organisation=OrganisationFactory(name="Silent office"))
    save_version(statement=silent, by=editor)
    submit(statement=silent, by=editor)
    publish_all(statements=[silent], by=reviewer)
    assert EntryWords.objects.get(entry=silent.pk).search_text.startswith("  | solidarity")
    assert titles(client, "solidarity", sort="relevance") == ["«!!!»", "G"]


def test_a_rebuilt_index_finds_the_same(library: dict[str, Statement], client: Client) -> None:
    queries = ["release", "Тихановская", '"release of all"', "政治犯", "-release"]
    before = [titles(client, q) for q in queries]
    EntryWords.objects.update(search_text=" nothing ")
    assert titles(client, "release") == []
    assert index.differences() != []
    index.rebuild()
    assert [titles(client, q) for q in queries] == before
    assert index.differences() == []


@pytest.mark.parametrize(
    "q",
    [
        'foo"bar',
        '"',
        '""',
        "'",
        "''",
        "a OR b",
        "NEAR(a b)",
        "a AND",
        "NOT",
        "col:word",
        "^word",
        "(a",
        "a)",
        "*",
        "a*b",
        "-",
        "--",
        '-"',
        "- -",
        "%",
        "_",
        "_o1",
        "\\",
        "a & b | !c",
        "<->",
        ":*",
        "a:b",
        "{a}",
        "\x00",
        "a\x00b",
        "\ud800",
        "🏳️‍🌈",
        "ﷺ",
        "İıſ",
        "a" * 5000,
        " ".join("abcdefghijklmnopqrst"),
        "\u200b\u200d",
        "١٢٣",
        "x\u0301\u0301\u0301",
        "';DROP TABLE statements_entry;--",
    ],
)
def test_anything_typed_gets_an_answer(library: dict[str, Statement], client: Client, q: str) -> None:
    for sort in ("", "relevance"):
        response = client.get("/statements/", {"q": q.encode("utf-8", "surrogatepass"), "sort": sort})
        assert response.status_code == 200
    assert Entry.objects.count() == 7


def test_what_is_only_excluded_has_no_relevance_and_comes_newest_first(
    library: dict[str, Statement], client: Client
) -> None:
    assert titles(client, "-release", sort="relevance") == titles(client, "-release")


def test_marks_of_those_who_made_it_cannot_be_looked_for(library: dict[str, Statement], client: Client) -> None:
    service = Organisation.objects.get(slug="eeas")
    assert f" _o{service.pk} " in EntryWords.objects.get(entry__title="A").search_text
    assert titles(client, f"_o{service.pk}") == []
    assert titles(client, f'"_o{service.pk}"') == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.one_of(st.text(max_size=40), st.binary(max_size=40)))
def test_any_bytes_as_a_query_get_an_answer(library: dict[str, Statement], client: Client, q: str | bytes) -> None:
    given_bytes = q.encode("utf-8", "surrogatepass") if isinstance(q, str) else q
    assert client.get("/statements/", {"q": given_bytes, "sort": "relevance"}).status_code == 200


@given(words=st.text(max_size=60))
def test_places_of_words_are_those_of_the_words(words: str) -> None:
    found = text.words_with_places(words)
    assert [word for word, _start, _end in found] == text.words(words)
    assert all(0 <= start < end <= len(words) for _word, start, end in found)


@given(words=st.text(max_size=60))
def test_a_text_in_quotation_marks_is_one_term_of_its_words(words: str) -> None:
    terms = parse(f'"{words.replace(chr(34), " ")}"').terms
    if not any(mark in words for mark in '“”„‟«»″‹›〝〞"'):
        assert [list(term.words) for term in terms] == ([text.words(words)] if text.words(words) else [])
