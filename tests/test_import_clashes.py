"""Files that meet what is stored: slugs, keys and addresses that are taken, quotes that rest on changed words."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.importing.desk_export import desk_files
from statements.models import (
    CountObservation,
    DemandMention,
    Organisation,
    OrganisationName,
    Source,
    Speaker,
    Statement,
    Wording,
)
from statements.record.check import offences
from tests.admin_forms import errors_of, fields_on, rows
from tests.factories import (
    CountObservationFactory,
    DemandFactory,
    MeasureFactory,
    OrganisationFactory,
    StatementFactory,
    make_statement,
)
from tests.importing import imported, places, planned, sentence

STATEMENT = "slug,title,kind,language,issued,issuers"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("organisations", "name,kind\n!!!,NGO"),
        ("speakers", "name\n—"),
        ("measures", "name,unit,basis\n???,people,stock"),
        ("demands", "title\n!!!"),
        ("sources", "title,publisher,kind\n!!!,???,report"),
    ],
)
def test_a_row_of_which_no_slug_can_be_made_is_an_error_and_not_left_out(importer: User, kind: str, row: str) -> None:
    plan = planned(kind, f"{row}\n", by=importer)
    assert "Write a slug" in sentence(plan)
    assert plan.counts["rejected"] == plan.counts["read"] == 1


def test_a_source_gets_the_same_slug_by_form_and_by_import(importer: User, editor_client: Client) -> None:
    title = "A title that is long, so that the slug made of it has to be cut, " * 2
    add = "/admin/statements/source/add/"
    fields = fields_on(editor_client, add)
    typed = {"title": title.strip(), "publisher": "Press", "kind": "report", "published": "2022-01-20/2022-01-27"}
    assert editor_client.post(add, fields | typed).status_code == 302
    by_form = Source.objects.get()
    assert by_form.slug.endswith("-2022-01-20-2022-01-27")
    row = f'"{title.strip()}",Press,report,2022-01-20/2022-01-27,Known by its slug'
    plan = imported("sources", f"title,publisher,kind,published,author\n{row}\n", by=importer)
    assert plan.counts["changed"] == 1
    assert Source.objects.get().author == "Known by its slug"


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.Example.org/News/?utm_source=mail&id=7#top", "example-org-news-id-7"),
        ("https://новости.рф/а", "novosti-rf-a"),
        ("https://xn--b1amnebsh.xn--p1ai/а", "novosti-rf-a"),
    ],
)
def test_an_address_alone_gives_the_same_slug_by_form_and_by_import(
    importer: User, editor_client: Client, url: str, slug: str
) -> None:
    OrganisationFactory(name="Ministry")
    imported("statements", f"{STATEMENT},source_urls\ns,T,speech,en,2022,ministry,{url}\n", by=importer)
    assert Source.objects.get().slug == slug
    Statement.objects.all().delete()
    Source.objects.all().delete()
    add = "/admin/statements/source/add/"
    assert editor_client.post(add, fields_on(editor_client, add) | {"url": url}).status_code == 302
    assert Source.objects.get().slug == slug


def test_a_statement_gets_the_same_slug_by_form_and_by_import(importer: User, editor_client: Client) -> None:
    """Whoever issued it counts, and not who joined, in whatever order a form names them."""
    ministry, parliament = OrganisationFactory(name="Ministry"), OrganisationFactory(name="Parliament")
    header = "title,kind,language,issued,issuers,joined_by,summary"
    imported("statements", f"{header}\nT,speech,en,2022-01,ministry,parliament,\n", by=importer)
    imported("statements", f"{header}\nAlone,speech,en,2022-01,,parliament,\n", by=importer)
    slugs = set(Statement.objects.values_list("slug", flat=True))
    assert slugs == {"ministry-t-2022-01", "parliament-alone-2022-01"}
    Statement.objects.all().delete()
    add = "/admin/statements/statement/add/"
    joined = {"organisation": parliament.pk, "part": "joined", "order": "1"}
    issued = {"organisation": ministry.pk, "part": "issued", "order": "2"}
    for title, issuers in (("T", [joined, issued]), ("Alone", [joined])):
        fields = fields_on(editor_client, add) | rows("issuers", *issuers)
        typed = {"title": title, "kind": "speech", "language": "en", "issued": "2022-01", "issued_basis": "printed"}
        assert editor_client.post(add, fields | typed).status_code == 302
    assert set(Statement.objects.values_list("slug", flat=True)) == slugs


def test_rows_of_a_statement_that_took_over_a_slug_get_keys_of_their_own(importer: User) -> None:
    """Keys are made from the slug: those of the statement that had it before are taken."""
    OrganisationFactory(name="Ministry")
    DemandFactory(slug="release")
    words = "speech,en,2022,ministry,Free them all,en,original"
    header = f"{STATEMENT},text,text_language,text_kind"
    for title in ("First", "Second"):
        imported("statements", f"{header}\ns,{title},{words}\n", by=importer)
        imported("mentions", "statement,demand\ns,release\n", by=importer)
        Statement.objects.filter(slug="s").update(slug=title.lower())
    assert Wording.objects.count() == DemandMention.objects.count() == 2


def test_a_key_that_a_later_line_names_is_not_given_to_an_earlier_one(importer: User) -> None:
    StatementFactory(slug="s", title="S").issuers.create(organisation=OrganisationFactory())
    MeasureFactory(slug="m")
    header = "key,statement,measure,qualifier,value"
    imported("counts", f"{header}\n,s,m,exact,1000\n", by=importer)
    key = CountObservation.objects.get().key
    CountObservation.objects.all().delete()
    imported("counts", f"{header}\n,s,m,exact,1000\n{key},s,m,exact,1007\n", by=importer)
    assert CountObservation.objects.get(key=key).value == 1007
    assert CountObservation.objects.exclude(key=key).get().value == 1000


def test_sources_may_exchange_their_addresses_in_one_file(importer: User) -> None:
    header = "slug,title,publisher,kind,url"
    first = "a,T,P,news,https://example.org/1\nb,T,P,news,https://example.org/2"
    imported("sources", f"{header}\n{first}\n", by=importer)
    exchanged = "a,,,,https://example.org/2\nb,,,,https://example.org/3\nc,T,P,news,https://example.org/1"
    imported("sources", f"{header}\n{exchanged}\n", by=importer)
    assert dict(Source.objects.values_list("slug", "canonical_url")) == {
        "a": "https://example.org/2",
        "b": "https://example.org/3",
        "c": "https://example.org/1",
    }


def test_words_without_which_a_stored_quote_hangs_in_the_air_are_refused_with_that_quote(
    importer: User, editor: User
) -> None:
    make_statement(by=editor)
    count = CountObservationFactory(statement=Statement.objects.get(), value=1008, quote="all 1007 political prisoners")
    key = Wording.objects.get().key
    plan = planned("wordings", f"key,text\n{key},We ask for the release of all 1007.\n", by=importer)
    assert places(plan) == [(2, "text")] * 2
    assert any(f"“{count.quote}” of {count.key} rests on these words" in error.message for error in plan.errors)


def test_a_name_that_ends_in_brackets_comes_back_as_it_was(importer: User) -> None:
    names = [("Gazeta [by]", ""), ("Газета [by]", "be"), ("Empty []", ""), ("No tag [beta1]", "")]
    OrganisationFactory(name="Gazeta", names=names)
    files = desk_files()
    Organisation.objects.all().delete()
    imported("organisations", files["organisations.csv"].decode(), by=importer)
    stored = OrganisationName.objects.filter(kind="other").values_list("name", "language")
    assert sorted(stored) == sorted(names)
    assert desk_files() == files


def test_a_sentence_names_a_long_cell_by_its_beginning(importer: User) -> None:
    cell = "A whole report by mistake. " * 1000
    plan = planned("organisations", f'name,kind,parent\nN,NGO,"{cell}"\n', by=importer)
    assert "A whole report by mistake. A whole" in sentence(plan)
    assert len(sentence(plan)) < 500


def test_a_name_whose_folded_form_is_much_longer_is_stored(importer: User, editor_client: Client) -> None:
    """One such letter folds to eighteen, and the column of the folded name is 600 wide."""
    name = "ﷺ" * 300
    imported("organisations", f"slug,name,kind,aliases\nlong,{name},NGO,{'ﷺ' * 299}\n", by=importer)
    add = "/admin/statements/speaker/add/"
    fields = fields_on(editor_client, add) | {"name": name, "slug": "long"} | rows("names", {"name": name})
    assert editor_client.post(add, fields).status_code == 302, errors_of(editor_client.post(add, fields))
    assert Speaker.objects.get().name == name
    assert list(offences()) == []
