"""The list of statements: what can be asked for, and that nothing else is ever shown."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import publish_all
from statements.actions.reference import Changed, lists_follow
from statements.actions.steps import submit
from statements.models import OldSlug, Statement
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    make_public_statement,
    save_version,
)


def found(client: Client, query: str) -> list[str]:
    """The titles that the list shows for this query, in order."""
    response = client.get(f"/statements/?{query}")
    assert response.status_code == 200
    return re.findall(r'<h3><a href="/statements/[^"]+/"><bdi>([^<]+)</bdi></a></h3>', response.content.decode())


def page_of(client: Client, query: str) -> str:
    return client.get(f"/statements/?{query}").content.decode()


@pytest.fixture
def three(editor: User, reviewer: User) -> list[Statement]:
    """Latvia in November 2021 (880 held, release), the EEAS on 27 January 2022 (no figure, justice, of the courts), and
    Anna in 2023 (no demand, no organisation)."""
    latvia = StatementFactory(title="Latvia", issued="2021-11", language="lv", kind="press statement")
    ministry = OrganisationFactory(name="Ministry", slug="ministry", country="LV", names=[("Ārlietu ministrija", "lv")])
    IssuerFactory(statement=latvia, organisation=ministry)
    WordingFactory(statement=latvia, language="lv", text="Vairāk nekā 880 ieslodzīto")
    authorities = OrganisationFactory(name="Authorities", slug="authorities")
    release = DemandFactory(title="Release", theme="release")
    release.addressees.add(authorities)
    DemandMentionFactory(statement=latvia, demand=release)
    CountObservationFactory(statement=latvia, measure=MeasureFactory(name="Held"), value=880)

    eeas = StatementFactory(title="EEAS", issued="2022-01-27", kind="speech", summary="About justice")
    IssuerFactory(statement=eeas, organisation=OrganisationFactory(name="Service", slug="service"))
    mention = DemandMentionFactory(statement=eeas, demand=DemandFactory(title="Justice", theme="justice"))
    mention.addressees.add(OrganisationFactory(name="Courts", slug="courts"))

    anna = StatementFactory(title="Anna", issued="2023", kind="social post")
    speaker = SpeakerFactory(name="Anna Kowalska", slug="anna", names=[("Ганна Кавальская", "be")])
    SpeakerRoleFactory(statement=anna, speaker=speaker, attribution="Poet")
    statements = [latvia, eeas, anna]
    for statement in statements:
        CitationFactory(statement=statement)
        save_version(statement=statement, by=editor)
        submit(statement=statement, by=editor)
    publish_all(statements=statements, by=reviewer)
    return statements


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Anna", "EEAS", "Latvia"]),
        ("sort=-issued", ["Anna", "EEAS", "Latvia"]),
        ("sort=issued", ["Latvia", "EEAS", "Anna"]),
        ("issuer=ministry", ["Latvia"]),
        ("issuer=ministry&issuer=service", ["EEAS", "Latvia"]),
        ("issuer=ministry&kind=speech", []),
        ("speaker=anna", ["Anna"]),
        ("addressee=authorities", ["Latvia"]),
        ("addressee=courts", ["EEAS"]),
        ("addressee=courts&addressee=authorities", ["EEAS", "Latvia"]),
        ("demand=release", ["Latvia"]),
        ("measure=held", ["Latvia"]),
        ("kind=speech&kind=social+post", ["Anna", "EEAS"]),
        ("language=lv", ["Latvia"]),
        ("country=LV", ["Latvia"]),
        ("theme=justice", ["EEAS"]),
        ("has_count=true", ["Latvia"]),
        ("has_count=false", ["Anna", "EEAS"]),
        ("issued_after=2022", ["Anna", "EEAS"]),
        ("issued_before=2021", ["Latvia"]),
        ("issued_after=2021-11-15&issued_before=2021-11-16", ["Latvia"]),
        ("issued_after=2022-01-28", ["Anna"]),
        ("issued_before=2023-03", ["Anna", "EEAS", "Latvia"]),
        ("q=IESLODZITO+880", ["Latvia"]),
        ("q=880+justice", []),
        ("q=880&q=justice", ["EEAS", "Latvia"]),
        ("q=arlietu", ["Latvia"]),
        ("q=%D0%BA%D0%B0%D0%B2%D0%B0%D0%BB%D1%8C", ["Anna"]),
        ("q=poet", ["Anna"]),
        ("q=po%00et", ["Anna"]),
        ("issuer=&q=&page=&sort=", ["Anna", "EEAS", "Latvia"]),
        ("page=1", ["Anna", "EEAS", "Latvia"]),
    ],
)
def test_the_list_shows_what_was_asked_for(
    three: list[Statement], client: Client, query: str, titles: list[str]
) -> None:
    assert found(client, query) == titles
    assert "so nothing is shown" not in page_of(client, query)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("isuer=ministry", "This list has no parameter “isuer”."),
        ("title__contains=a", "This list has no parameter “title__contains”."),
        ("issuer=nobody", "Nothing here has “nobody” for “Issued or joined by”."),
        ("issuer=ministry&issuer=nobody", "Nothing here has “nobody” for “Issued or joined by”."),
        ("issuer=authorities", "Nothing here has “authorities” for “Issued or joined by”."),
        ("kind=tweet", "Nothing here has “tweet” for “Kind”."),
        ("language=xx", "Nothing here has “xx”"),
        ("issued_after=27.01.2022", "Issued from: “27.01.2022” is not a date this site reads."),
        ("issued_before=2022-02-30", "is not a day of the calendar."),
        ("issued_after=2022&issued_after=2023", "It was given more than once."),
        ("has_count=yes", "“yes” is none of true, false."),
        ("sort=relevance", "Order: “relevance” orders by words, and there are none to look for."),
        ("sort=title", "“title” is none of -issued, issued, relevance."),
        ("q=%3F%21", "“?!” has no letter or digit to look for."),
        ("q=" + "+".join(f"word{n}" for n in range(21)), "It looks for at most 20 words."),
        ("q=%22" + "+".join(f"word{n}" for n in range(21)) + "%22", "It looks for at most 20 words."),
        ("issuer=%00", "Nothing here has"),
        ("issued_after=%00", "Issued from:"),
        ("%00=1", "This list has no parameter"),
        ("page=2", "There is no page 2: the last one is 1."),
        ("page=0", "There is no page 0"),
        ("page=last", "“last” is not the number of a page."),
        ("page=1&page=2", "The page was given more than once."),
        ("page=99999999999999999999", "There is no page"),
        ("page=" + "9" * 5000, "There is no page"),
        ("page=0_1", "“0_1” is not the number of a page."),
        ("page=%2B1", "“+1” is not the number of a page."),
        ("&".join(f"unknown{n}=1" for n in range(101)), "It takes at most 100 conditions at once."),
        ("&".join(f"language=x{n}" for n in range(101)), "It takes at most 100 conditions at once."),
    ],
)
def test_what_cannot_be_answered_is_reported_and_shows_nothing(
    three: list[Statement], client: Client, query: str, sentence: str
) -> None:
    assert found(client, query) == []
    page = page_of(client, query)
    assert sentence in page.replace("&quot;", '"')
    assert "so nothing is shown" in page


def test_a_reported_parameter_can_be_left_out_by_a_link(three: list[Statement], client: Client) -> None:
    page = page_of(client, "issuer=ministry&colour=red")
    assert '<a href="?issuer=ministry">Leave it out</a>' in page


def test_what_is_applied_stands_above_the_list_with_a_link_to_leave_out_each_part(
    three: list[Statement], client: Client
) -> None:
    page = page_of(client, "issuer=ministry&issuer=service&issued_after=2021-11&page=1")
    sentence = re.search(r'<p class="asked">(.*?)</p>', page, re.DOTALL)
    assert sentence is not None
    words = " ".join(re.sub(r"<[^>]+>", " ", sentence[1]).split())
    assert words == (
        "Shown are statements issued or joined by Ministry leave out or Service leave out , "
        "issued from November 2021 leave out . Show all"
    )
    assert 'href="?issuer=service&amp;issued_after=2021-11"' in sentence[1]
    assert 'href="?issuer=ministry&amp;issuer=service"' in sentence[1]


def test_the_form_keeps_what_was_chosen(three: list[Statement], client: Client) -> None:
    page = page_of(client, "issuer=ministry&q=880&issued_after=2021&sort=relevance")
    assert '<input type="hidden" name="issuer" value="ministry">' in page
    assert '<input type="hidden" name="sort" value="relevance">' in page
    assert re.search(r'<input name="q" type="search" value="880"[^>]* id="q"', page)
    assert re.search(r'<input name="issued_after" [^>]*value="2021"', page)


def test_what_others_add_to_a_link_changes_nothing(three: list[Statement], client: Client) -> None:
    assert found(client, "issuer=ministry&utm_source=a&fbclid=b") == ["Latvia"]
    assert "fbclid" not in page_of(client, "issuer=ministry&fbclid=b")
    assert client.get("/measures/held/?fbclid=b").status_code == 200
    assert "so nothing is shown" not in client.get("/corrections/?gclid=b").content.decode()


def test_a_year_that_was_chosen_is_one_condition(three: list[Statement], client: Client) -> None:
    page = page_of(client, "kind=speech&issued_after=2022&issued_before=2022")
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Shown are statements issued in 2022 leave out , of the kind speech leave out ." in words
    assert '<a href="?kind=speech" data-key="asked-dates-1"' in page
    words = re.sub(r"<[^>]+>", " ", page_of(client, "issued_after=2022-01-27&issued_before=2022-01-27"))
    assert "issued on 27 January 2022" in " ".join(words.split())


def test_the_search_on_top_of_every_page_may_be_left_blank(three: list[Statement], client: Client) -> None:
    assert found(client, "q=&sort=relevance") == ["Anna", "EEAS", "Latvia"]


def test_an_empty_result_says_which_condition_to_leave_out(three: list[Statement], client: Client) -> None:
    page = page_of(client, "q=elephant&issuer=ministry&kind=speech")
    assert "No statement meets all of this" in page
    assert "It is not enough to leave out one condition" in page
    assert "Words are looked for in titles" in page
    page = page_of(client, "q=justice&issuer=ministry")
    assert "There are some if one condition is left out" in page
    ways = re.findall(r'<li><a href="([^"]*)" rel="nofollow">Leave out: ([^<]*)</a> \(one statement\)', page)
    assert ways == [
        ("?issuer=ministry", "with the words or names “justice”"),
        ("?q=justice", "issued or joined by Ministry"),
    ]


def test_both_dates_can_be_left_out_at_once_where_that_finds_more(three: list[Statement], client: Client) -> None:
    def ways(query: str) -> list[tuple[str, str, str]]:
        page = page_of(client, query).replace("&amp;", "&")
        return re.findall(r'<li><a href="([^"]*)" rel="nofollow">Leave out: ([^<]*)</a> \(([^)]*)\)', page)

    kinds = "kind=speech&kind=press+statement"
    assert ways(f"{kinds}&issued_after=2021-12&issued_before=2021-12-31&page=1") == [
        (f"?{kinds}", "issued from December 2021, issued until 31 December 2021", "2 statements"),
        (f"?{kinds}&issued_before=2021-12-31", "issued from December 2021", "one statement"),
        (f"?{kinds}&issued_after=2021-12", "issued until 31 December 2021", "one statement"),
    ]
    assert ways(f"{kinds}&issued_after=2021-12&issued_before=2021-12") == [
        (f"?{kinds}", "issued in December 2021", "2 statements")
    ]
    assert ways(f"{kinds}&issued_after=2020&issued_before=2020-12") == [
        (f"?{kinds}&issued_after=2020", "issued until December 2020", "2 statements")
    ]


def test_fewer_words_are_proposed_where_several_find_nothing(three: list[Statement], client: Client) -> None:
    proposal = "Try fewer words, or only the beginning of a word: prison finds prisoners."
    assert proposal in page_of(client, "q=elephant+justice")
    assert proposal in page_of(client, "q=%22elephant+justice%22&q=lion")
    for query in (
        "q=elephant",
        "q=elephant&q=lion",
        "kind=resolution",
        "q=elephant+justice&colour=red",
        "q=880+ieslodzito",
    ):
        assert proposal not in page_of(client, query), query


def test_a_date_that_cannot_be_read_is_marked_and_leads_to_what_is_wrong_with_it(
    three: list[Statement], client: Client
) -> None:
    page = page_of(client, "issued_after=27.01.2022&issued_before=2022")
    wrong, right = (re.search(rf'<input name="{name}"[^>]*>', page) for name in ("issued_after", "issued_before"))
    assert wrong is not None
    assert right is not None
    assert 'aria-describedby="problem-issued_after dates" aria-invalid="true"' in wrong[0]
    assert '<li id="problem-issued_after">Issued from: “27.01.2022” is not' in page
    assert 'aria-describedby="dates"' in right[0]
    assert "aria-invalid" not in right[0]
    assert "aria-invalid" not in page_of(client, "issued_after=2022&colour=red")


def test_an_organisation_and_a_speaker_lead_to_their_statements_in_the_list(
    three: list[Statement], client: Client
) -> None:
    for address, query in (("/organisations/ministry/", "issuer=ministry"), ("/speakers/anna/", "speaker=anna")):
        assert f'<a href="/statements/?{query}">Narrow them down' in client.get(address).content.decode()
    assert "Narrow them down" not in client.get("/organisations/authorities/").content.decode(), "it said nothing"


def test_an_old_slug_finds_what_the_new_one_finds(three: list[Statement], client: Client) -> None:
    ministry = three[0].issuers.get().organisation
    OldSlug.objects.create(kind="organisation", slug="foreign-office", target_id=ministry.pk)
    assert found(client, "issuer=foreign-office") == ["Latvia"]
    assert found(client, "issuer=foreign-office&issuer=ministry") == ["Latvia"]
    assert "so nothing is shown" in page_of(client, "speaker=foreign-office")


def test_a_changed_country_theme_or_name_is_found_at_once(three: list[Statement], client: Client) -> None:
    ministry = three[0].issuers.get().organisation
    ministry.country = "EE"
    ministry.save()
    lists_follow([Changed(ministry, {"country": ["LV", "EE"]})])
    assert found(client, "country=EE") == ["Latvia"]
    assert found(client, "country=LV") == []
    assert "so nothing is shown" not in page_of(client, "country=LV"), (
        "a country that could be there is a good question"
    )


@pytest.mark.parametrize("query", ["kind=resolution", "theme=other", "language=be-Latn", "country=PT"])
def test_a_good_value_that_nothing_has_yet_is_no_mistake(three: list[Statement], client: Client, query: str) -> None:
    assert found(client, query) == []
    page = page_of(client, query)
    assert "so nothing is shown" not in page
    assert "No statement meets" in page


def test_two_dates_are_said_back_as_they_were_given(three: list[Statement], client: Client) -> None:
    words = " ".join(re.sub(r"<[^>]+>", " ", page_of(client, "issued_after=2022&issued_after=2021")).split())
    assert "2022 leave out or 2021 leave out" in words


def test_pages_follow_each_other_and_keep_the_filters(editor: User, reviewer: User, client: Client) -> None:
    for number in range(27):
        make_public_statement(by=editor, published_by=reviewer, title=f"Statement {number:02}", kind="speech")
    first, second = found(client, "kind=speech"), found(client, "kind=speech&page=2")
    assert (len(first), len(second)) == (25, 2)
    assert sorted(first + second) == [f"Statement {number:02}" for number in range(27)]
    page = page_of(client, "kind=speech")
    assert 'href="?kind=speech&amp;page=2" rel="next"' in page
    assert "27 statements" in page
    assert 'href="?kind=speech" rel="prev"' in page_of(client, "kind=speech&page=2")


def test_an_empty_site_says_so(db: None, client: Client) -> None:
    assert "Nothing has been published yet" in page_of(client, "")
    for address in ("/", "/demands/", "/measures/", "/organisations/", "/sources/"):
        assert client.get(address).status_code == 200
