"""Entering from a source: an address first, then a statement from it, and another, and another."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from statements.models import Citation, Source, Statement, Version, Wording
from tests.admin_forms import errors_of, fields_in, fields_on, rows
from tests.factories import (
    CitationFactory,
    IssuerFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerRoleFactory,
    StatementFactory,
    make_public_statement,
    make_statement,
    make_user,
)

START = "/admin/statements/source/start/"
ADD = "/admin/statements/statement/add/"
ADDRESS = "https://www.mfa.gov.lv/en/article/solidarity"

pytestmark = pytest.mark.django_db


def start(client: Client, address: str) -> str:
    response = client.get(START, {"address": address})
    assert response.status_code == 200
    return response.content.decode()


def typed(**fields: Any) -> dict[str, Any]:
    """What an editor types into a form that a source has begun."""
    organisation = OrganisationFactory()
    return {
        "title": "Ministry on the day",
        "kind": "press statement",
        "issued": "2022-01-27",
        "issuers-0-organisation": organisation.pk,
        **fields,
    }


# --- The address ---


def test_the_desk_leads_to_the_address_first(editor_client: Client) -> None:
    page = editor_client.get("/admin/").content.decode()
    assert page.index(START) < page.index(f'"{ADD}"')
    page = editor_client.get(START).content.decode()
    assert 'name="address"' in page
    assert "/admin/statements/source/add/" in page, "a printed document has no address"


def test_a_known_address_in_any_form_shows_what_rests_on_it(editor_client: Client, editor: Any, reviewer: Any) -> None:
    public = make_public_statement(by=editor, published_by=reviewer, title="The public one")
    source = Source.objects.get()
    draft = StatementFactory(title="The draft")
    IssuerFactory(statement=draft, organisation=OrganisationFactory(name="Ministry of Example", short_name="ME"))
    CitationFactory(statement=draft, source=source)
    StatementFactory(title="Of another source")
    page = start(editor_client, f"  {source.url.replace('https://e', 'HTTPS://E')}?utm_source=post#top ")
    for words in (str(source), public.title, "The draft", "ME", "27 January 2022", "draft", "published", "not public"):
        assert words in page
    assert f"/admin/statements/statement/{draft.pk}/change/" in page
    assert f'href="{ADD}?source={source.pk}"' in page
    assert "Of another source" not in page


def test_a_source_that_nothing_rests_on_says_so(editor_client: Client) -> None:
    page = start(editor_client, SourceFactory().url)
    assert "No statement rests on it yet." in page


def test_a_bad_address_is_refused_with_a_sentence(editor_client: Client) -> None:
    assert "begins with http" in start(editor_client, "mfa.gov.lv")
    assert "required" in start(editor_client, " ")
    assert editor_client.get(START, {"source": "x"}).status_code == 404
    assert editor_client.get(START, {"source": "999999999"}).status_code == 404


def test_nearly_the_same_address_is_pointed_out(editor_client: Client) -> None:
    source = SourceFactory(url="http://mfa.gov.lv/en/article/solidarity/", title="Solidarity")
    page = start(editor_client, ADDRESS)
    assert "Is it one of these?" in page
    assert f"?source={source.pk}" in page
    assert "Solidarity" not in start(editor_client, ADDRESS + "?page=2")


def test_an_unknown_address_becomes_a_source_and_leads_on_to_a_statement(editor_client: Client) -> None:
    address = f"{START}?address={ADDRESS}"
    fields = fields_on(editor_client, address)
    assert fields["url"] == ADDRESS
    response = editor_client.post(address, fields | {"kind": "official", "language": "en", "published": "2021-11"})
    source = Source.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{ADD}?source={source.pk}")
    assert (source.publisher, source.title) == ("mfa.gov.lv", ADDRESS), "it is called by its address"
    assert (source.kind, source.language, str(source.published)) == ("official", "en", "2021-11")
    assert source.canonical_url == ADDRESS
    assert source.slug
    assert LogEntry.objects.get().object_id == str(source.pk)


def test_a_source_that_is_refused_is_shown_again_with_the_reason(editor_client: Client) -> None:
    response = editor_client.post(f"{START}?address={ADDRESS}", {"url": ADDRESS, "published": "28.01.2022"})
    assert response.status_code == 200
    assert "is not a date this site reads" in response.content.decode()
    other = SourceFactory()
    response = editor_client.post(f"{START}?address={ADDRESS}", {"url": other.url})
    assert "exists already" in response.content.decode()
    assert Source.objects.count() == 1


def test_an_address_that_somebody_else_stored_meanwhile_is_gone_on_with(editor_client: Client) -> None:
    address = f"{START}?address={ADDRESS}"
    fields = fields_on(editor_client, address)
    source = SourceFactory(url=ADDRESS)
    response = editor_client.post(address, fields)
    assert response.status_code == 200
    assert f"{ADD}?source={source.pk}" in response.content.decode()
    assert Source.objects.count() == 1


def test_only_who_may_see_sources_looks_addresses_up(client: Client) -> None:
    assert client.get(START).status_code == 302
    reader = Client()
    reader.force_login(make_user("reader"))
    assert reader.get(START, {"address": ADDRESS}).status_code == 403


def test_a_page_of_a_source_costs_the_same_whatever_rests_on_it(
    editor_client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    source = SourceFactory()
    with django_assert_max_num_queries(20) as few:
        start(editor_client, source.url)
    for _number in range(20):
        statement = CitationFactory(source=source).statement
        IssuerFactory(statement=statement)
        SpeakerRoleFactory(statement=statement)
    # Four that prefetch who made them, which an empty list doesn't ask.
    with django_assert_num_queries(len(few) + 4):
        start(editor_client, source.url)


def test_beyond_a_hundred_the_list_has_the_rest(editor_client: Client) -> None:
    source = SourceFactory()
    for statement in StatementFactory.create_batch(101):
        CitationFactory(statement=statement, source=source)
    CitationFactory(statement=statement, source=source, role="archive")
    page = start(editor_client, source.url)
    assert "1 older statement rests on it, too" in page
    response = editor_client.get(f"/admin/statements/statement/?citations__source__id__exact={source.pk}")
    assert response.status_code == 200
    assert response.context["cl"].result_count == 101, "once each"


def test_the_page_of_a_source_leads_to_its_statements_and_to_the_next(editor_client: Client) -> None:
    source = SourceFactory(url="", canonical_url=None)
    page = editor_client.get(f"/admin/statements/source/{source.pk}/change/").content.decode()
    assert f"{START}?source={source.pk}" in page
    assert f"{ADD}?source={source.pk}" in page
    assert str(source) in editor_client.get(f"{START}?source={source.pk}").content.decode(), "a printed one, too"


# --- The statement from it ---


@pytest.mark.parametrize(
    ("kind", "role"),
    [("official", "original"), ("news", "report"), ("report", "report"), ("social post", "original")],
)
def test_the_form_opens_with_the_source_cited(editor_client: Client, kind: str, role: str) -> None:
    source = SourceFactory(kind=kind, language="lv")
    page = f"{ADD}?source={source.pk}"
    fields = fields_on(editor_client, page)
    assert (fields["citations-0-source"], fields["citations-0-role"]) == (str(source.pk), role)
    assert fields["language"] == "lv"
    assert (fields["wordings-0-language"], fields["wordings-0-source"]) == ("lv", str(source.pk))


def test_the_date_of_the_source_is_said_and_not_filled_in(editor_client: Client) -> None:
    response = editor_client.get(f"{ADD}?source={SourceFactory().pk}")
    assert fields_in(response)["issued"] == ""
    assert "The source was published: 28 January 2022." in response.content.decode()
    refused = editor_client.post(f"{ADD}?source={Source.objects.get().pk}", fields_in(response))
    assert "The source was published: 28 January 2022." in refused.content.decode(), "also when it is shown again"


def test_a_citation_that_nobody_touched_is_saved_and_words_that_nobody_typed_are_not(editor_client: Client) -> None:
    source = SourceFactory()
    page = f"{ADD}?source={source.pk}"
    response = editor_client.post(page, fields_on(editor_client, page) | typed() | {"_save": "Save"})
    assert response.status_code == 302, errors_of(response)
    citation = Citation.objects.get()
    assert (citation.source, citation.role) == (source, "report")
    assert not Wording.objects.exists()
    version = Version.objects.get()
    assert [row["source"] for row in version.document["content"]["citations"]] == [source.slug]


def test_words_that_were_typed_are_saved_with_their_language_and_source(editor_client: Client) -> None:
    source = SourceFactory(language="ru")
    page = f"{ADD}?source={source.pk}"
    words = {"wordings-0-text": "Более 880 человек.", "wordings-0-kind": "original"}
    response = editor_client.post(page, fields_on(editor_client, page) | typed() | words)
    assert response.status_code == 302, errors_of(response)
    wording = Wording.objects.get()
    assert (wording.language, wording.source, wording.text) == ("ru", source, "Более 880 человек.")


def test_a_row_of_words_that_was_begun_is_not_dropped_in_silence(editor_client: Client) -> None:
    page = f"{ADD}?source={SourceFactory().pk}"
    response = editor_client.post(page, fields_on(editor_client, page) | typed() | {"wordings-0-kind": "original"})
    assert "required" in errors_of(response)["wordings-0-text"][0]


def test_what_was_filled_in_can_be_taken_out(editor_client: Client) -> None:
    page = f"{ADD}?source={SourceFactory().pk}"
    blank = {"citations-0-source": "", "citations-0-role": ""}
    response = editor_client.post(page, fields_on(editor_client, page) | typed() | blank)
    assert response.status_code == 302, errors_of(response)
    assert not Citation.objects.exists()


def test_a_refused_form_keeps_what_was_filled_in_and_is_saved_with_it(editor_client: Client) -> None:
    source = SourceFactory()
    page = f"{ADD}?source={source.pk}"
    refused = editor_client.post(page, fields_on(editor_client, page) | typed(issued="yesterday"))
    assert "issued" in errors_of(refused)
    response = editor_client.post(page, fields_in(refused) | {"issued": "2022"})
    assert response.status_code == 302, errors_of(response)
    assert Citation.objects.get().source == source


def test_another_and_another_from_the_same_source(editor_client: Client) -> None:
    source = SourceFactory()
    page = f"{ADD}?source={source.pk}"
    shown = editor_client.get(page).content.decode()
    assert "Save and add another from this source" in shown
    assert "_addanother" not in shown
    for number in range(3):
        fields = fields_on(editor_client, page) | typed(title=f"Number {number}")
        response = editor_client.post(page, fields | {"_another_from_source": "x"})
        assert (response.status_code, response["Location"]) == (302, page), errors_of(response)
    assert Citation.objects.filter(source=source).count() == 3
    assert "Number 2" in editor_client.get(page).content.decode(), "it says what was added"


def test_the_next_one_is_from_the_source_that_the_saved_one_cites(editor_client: Client) -> None:
    first, second = SourceFactory(), SourceFactory()
    page = f"{ADD}?source={first.pk}"
    cites_both = {"citations-0-source": second.pk, "citations-1-source": first.pk, "citations-1-role": "report"}
    fields = fields_on(editor_client, page) | typed() | {"citations-TOTAL_FORMS": 2} | cites_both
    response = editor_client.post(page, fields | {"_another_from_source": "x"})
    assert response["Location"] == page, errors_of(response)
    fields = fields_on(editor_client, page) | typed(title="Two") | {"citations-0-source": second.pk}
    response = editor_client.post(page, fields | {"_another_from_source": "x"})
    assert response["Location"] == f"{ADD}?source={second.pk}"
    none = fields_on(editor_client, ADD) | typed(title="Three", language="en", issued_basis="printed")
    response = editor_client.post(ADD, none | {"_another_from_source": "x"})
    assert response["Location"] == START


@pytest.mark.parametrize("query", ["source=x", "source=0", "source=999999", "copy=999999", "copy=", "source=9" * 99])
def test_what_is_no_longer_there_opens_an_empty_form_that_says_so(editor_client: Client, query: str) -> None:
    response = editor_client.get(f"{ADD}?{query}")
    assert response.status_code == 200
    assert "it opens empty" in response.content.decode()
    assert fields_in(response)["citations-0-source"] == ""


def test_what_was_begun_from_a_source_can_be_submitted_at_once(editor_client: Client) -> None:
    page = f"{ADD}?source={SourceFactory().pk}"
    response = editor_client.post(page, fields_on(editor_client, page) | typed() | {"_step": "submit"})
    assert response.status_code == 302, errors_of(response)
    statement = Statement.objects.get()
    assert (statement.step, statement.citations.count()) == ("in review", 1)


def test_what_a_source_is_called_is_never_markup(editor_client: Client, editor: Any) -> None:
    source = SourceFactory(title="<script>alert(1)</script>", publisher='"><img src=x>')
    statement = StatementFactory(title="<b>bold</b>")
    CitationFactory(statement=statement, source=source)
    for address in (f"{START}?source={source.pk}", f"{ADD}?source={source.pk}", f"{ADD}?copy={statement.pk}"):
        page = editor_client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>bold" not in page
    assert "<object" not in start(editor_client, "https://example.org/<object>")


def test_a_form_that_a_source_begins_costs_three_queries_more(
    editor_client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30) as plain:
        editor_client.get(ADD)
    source = SourceFactory()
    # The source itself, and its label in the citation and in the row of words.
    with django_assert_max_num_queries(len(plain) + 3):
        editor_client.get(f"{ADD}?source={source.pk}")


# --- A copy as the start of the next ---


def test_a_copy_has_who_where_kind_language_and_sources_and_none_of_what_was_said(
    editor_client: Client, editor: Any
) -> None:
    first = make_statement(by=editor, title="Weekly briefing", kind="briefing", place="Vilnius", occasion="Weekly")
    SpeakerRoleFactory(statement=first, attribution="Spokesperson")
    IssuerFactory(statement=first, part="joined", position=1)
    Statement.objects.filter(pk=first.pk).update(desk_note="Ask again", attribution="Press office")
    page = editor_client.get(f"/admin/statements/statement/{first.pk}/change/").content.decode()
    assert "Copy as the start of the next" in page
    copy = f"{ADD}?copy={first.pk}"
    fields = fields_on(editor_client, copy)
    assert Statement.objects.count() == 1, "nothing is stored until it is saved"
    assert (fields["kind"], fields["language"], fields["place"], fields["occasion"]) == (
        "briefing",
        "en",
        "Vilnius",
        "Weekly",
    )
    assert [fields[f"issuers-{index}-part"] for index in range(2)] == ["issued", "joined"]
    assert fields["speaker_roles-0-attribution"] == "Spokesperson"
    assert fields["attribution"] == "Press office"
    for name in ("title", "issued", "date_note", "summary", "desk_note", "relation", "slug", "wordings-0-text"):
        assert fields[name] == "", name
    for name in ("mentions-0-demand", "mentions-0-quote", "counts-0-measure", "counts-0-value", "counts-0-quote"):
        assert fields[name] == "", name

    response = editor_client.post(copy, fields | {"title": "The next", "issued": "2022-02-03"})
    assert response.status_code == 302, errors_of(response)
    following = Statement.objects.get(title="The next")
    for name in ("issuers", "speaker_roles", "citations"):
        assert getattr(following, name).count() == getattr(first, name).count(), name
    assert [row.position for row in following.issuers.all()] == [0, 1]
    assert not following.wordings.exists()
    assert not following.counts.exists()


def test_only_who_may_see_statements_copies_one(editor: Any) -> None:
    first = make_statement(by=editor, place="Vilnius")
    adder = make_user("adder")
    adder.user_permissions.add(Permission.objects.get(codename="add_statement"))
    client = Client()
    client.force_login(adder)
    response = client.get(f"{ADD}?copy={first.pk}")
    assert "Vilnius" not in response.content.decode()


def test_a_form_that_nothing_began_is_as_empty_as_before(editor_client: Client) -> None:
    fields = fields_on(editor_client, ADD)
    filled = {name: value for name, value in fields.items() if value and "csrf" not in name and "_FORMS" not in name}
    assert filled == {"issued_basis": "printed", "issuers-0-part": "issued", "mentions-0-force": "demand"}
    page = editor_client.get(ADD).content.decode()
    assert "_addanother" in page
    plain = {"language": "en", **typed(), **rows("speaker_roles"), **rows("citations"), **rows("wordings")}
    response = editor_client.post(ADD, fields | plain | rows("mentions") | rows("counts"))
    assert response.status_code == 302, errors_of(response)
