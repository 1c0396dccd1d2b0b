"""What a row of a file may say, and what the mistakes in it are answered with."""

import datetime

import pytest
from django.contrib.auth.models import Permission

from statements.importing.desk_export import desk_files
from statements.models import (
    DemandUpdate,
    OldSlug,
    Organisation,
    ReferenceChange,
    Source,
    Speaker,
    Statement,
)
from tests.factories import (
    CountObservationFactory,
    DemandFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    make_public_statement,
    make_statement,
    make_user,
)
from tests.importing import imported, places, planned, sentence

STATEMENT = "title,kind,language,issued,issuers"


# Headers


@pytest.mark.parametrize(
    ("header", "column", "words"),
    [
        ("slug,nmae,kind", "nmae", "Did you mean “name”?"),
        ("slug,name,kind,name", "name", "twice"),
        ("name,country", "kind", "missing"),
        ("slug/name/kind", "slug/name/kind", "no such column"),
    ],
)
def test_a_header_is_checked_before_any_row_is_read(importer, header, column, words):
    plan = planned("organisations", f"{header}\n{',' * header.count(',')}x\n", by=importer)
    assert plan.counts["read"] == 0
    error = next(error for error in plan.errors if error.column == column)
    assert (error.line, words in error.message) == (1, True), plan.errors


def test_a_file_that_corrects_stored_rows_needs_only_the_columns_it_corrects(importer):
    OrganisationFactory(name="Viasna", kind="NGO")
    imported("organisations", "slug,country\nviasna,BY\n", by=importer)
    assert Organisation.objects.values_list("country", "kind").get() == ("BY", "NGO")


def test_a_new_row_without_a_required_column_says_so(importer):
    plan = planned("organisations", "slug,country\nviasna,BY\n", by=importer)
    assert places(plan) == [(2, "kind"), (2, "name")] or places(plan) == [(2, "name"), (2, "kind")]


# Cells


@pytest.mark.parametrize(
    ("kind", "header", "row", "column", "words"),
    [
        ("organisations", "name,kind", "Viasna,club", "kind", "none of: intergovernmental, government"),
        ("organisations", "name,kind,country", "Viasna,NGO,XX", "country", "ISO 3166"),
        ("organisations", "name,kind,website", "Viasna,NGO,viasna", "website", "URL"),
        ("organisations", "name,kind,wikidata_id", "Viasna,NGO,458", "wikidata_id", "Q458"),
        ("organisations", "name,kind,aliases", "Viasna,NGO,Вясна [xx]", "aliases", "language tag"),
        ("organisations", "slug,name,kind", "Vias na,Viasna,NGO", "slug", "slug"),
        ("organisations", "name,kind", f"{'x' * 301},NGO", "name", "300"),
        ("speakers", "name,handles", "Stano,@ExtSpoxEU", "handles", "x:@name"),
        ("speakers", "name,organisation", "Stano,eeas", "organisation", "No organisation is known as “eeas”"),
        ("sources", "url,title,publisher,kind", "ftp://x.org,T,P,news", "url", "http"),
        ("sources", "title,publisher,kind,accessed_on", "T,P,news,2022-01", "accessed_on", "2022-01-27"),
        ("sources", "title,publisher,kind,published", "T,P,news,31.02.2022", "published", "28 days"),
        ("sources", "title,publisher,kind,language", "T,P,news,elvish", "language", "language tag"),
        ("sources", "title,publisher,kind", "T,,news", "publisher", "needs this cell"),
        ("measures", "name,unit,basis,position", "M,people,stock,1st", "position", "digits only"),
        ("demands", "title,theme", "Release,freedom", "theme", "release, justice"),
        ("statements", STATEMENT, "T,speech,en,2022,nobody", "issuers", "nobody"),
        ("statements", "title,kind,language,issued", "T,speech,en,2022", "", "at least one issuer"),
    ],
)
def test_a_cell_that_cannot_be_read_is_an_error_that_says_what_to_write(importer, kind, header, row, column, words):
    plan = planned(kind, f"{header}\n{row}\n", by=importer)
    assert places(plan) == [(2, column)]
    assert words in sentence(plan)


def test_numbers_are_never_guessed(importer):
    MeasureFactory(name="Prisoners")
    make_statement(by=importer, title="S")
    for cell in ("1 07", '"1,07"', "12 thousand", "1007.5", "-5", "1007²"):
        plan = planned("counts", f"statement,measure,qualifier,value\ns,prisoners,exact,{cell}\n", by=importer)
        assert places(plan) == [(2, "value")], cell


def test_every_mistake_of_a_row_is_reported_at_once(importer):
    row = "x,y,z,soon,nobody"
    plan = planned("statements", f"{STATEMENT}\n{row}\n", by=importer)
    assert {column for _line, column in places(plan)} == {"kind", "language", "issued", "issuers"}


def test_blank_leaves_as_is_and_clear_empties_and_a_list_replaces(importer):
    organisation = OrganisationFactory(name="Viasna", country="BY", short_name="V", names=[("Вясна", "be")])
    header = "slug,name,short_name,country,aliases"
    imported("organisations", f"{header}\nviasna,,,,\n", by=importer)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.country, organisation.short_name) == ("Viasna", "BY", "V")
    imported("organisations", f"{header}\nviasna,,,[clear],Весна [ru] | Spring\n", by=importer)
    organisation.refresh_from_db()
    assert (organisation.country, organisation.short_name) == ("", "V")
    names = organisation.names.order_by("pk").values_list("kind", "name", "language")
    assert sorted(names) == [
        ("main", "Viasna", ""),
        ("other", "Spring", ""),
        ("other", "Весна", "ru"),
        ("short", "V", ""),
    ]
    plan = planned("organisations", f"{header}\nviasna,[clear],,,\n", by=importer)
    assert "required" in sentence(plan)


def test_lists_take_the_bar_with_or_without_spaces(importer):
    for name in ("A", "B", "C"):
        OrganisationFactory(name=name, slug=name.lower())
    imported("demands", "title,addressees\nRelease,a|b | c\n", by=importer)
    assert [o.slug for o in DemandFactory._meta.model.objects.get().addressees.order_by("slug")] == ["a", "b", "c"]
    assert "twice" in sentence(planned("demands", "title,addressees\nStop,a | A\n", by=importer))


def test_a_bar_within_a_name_is_written_with_a_backslash(importer):
    organisation = OrganisationFactory(name="A", names=[("One | two", "en"), ("Three", "")])
    content = desk_files()["organisations.csv"].decode()
    assert r"One \| two [en] | Three" in content
    assert imported("organisations", content, by=importer).counts["unchanged"] == 1
    imported("organisations", "slug,aliases\na,X\\|Y|Z\n", by=importer)
    others = organisation.names.filter(kind="other").order_by("pk")
    assert [name.name for name in others] == ["X|Y", "Z"]


# Who and what is meant


def test_organisations_are_named_by_slug_name_or_alias_in_any_script(importer):
    eeas = OrganisationFactory(name="European External Action Service", slug="eeas", names=[("ЕСВД", "ru")])
    for number, name in enumerate(["eeas", "european external action service", "есвд"]):
        imported("speakers", f"name,organisation\nSpeaker {number},{name}\n", by=importer)
    assert set(Speaker.objects.values_list("organisation", flat=True)) == {eeas.pk}


def test_a_name_that_two_share_is_an_error_with_the_candidates(importer):
    OrganisationFactory(name="МИД", slug="mfa-belarus")
    OrganisationFactory(name="МИД", slug="mfa-russia")
    plan = planned("speakers", "name,organisation\nSpeaker,МИД\n", by=importer)
    assert "mfa-belarus, mfa-russia" in sentence(plan)


def test_an_unknown_name_is_answered_with_the_nearest(importer):
    OrganisationFactory(name="Human Rights Centre Viasna", slug="viasna")
    plan = planned("speakers", "name,organisation\nSpeaker,Viassna\n", by=importer)
    assert "Did you mean “viasna”?" in sentence(plan)


def test_an_old_slug_still_names_what_it_led_to(importer):
    now = OrganisationFactory(name="New name")
    OldSlug.objects.create(kind="organisation", slug="old-name", target_id=now.pk)
    imported("speakers", "name,organisation\nSpeaker,old-name\n", by=importer)
    assert Speaker.objects.get().organisation == now
    plan = planned("organisations", "slug,name,kind\nold-name,Another,NGO\n", by=importer)
    assert "leads to new-name" in sentence(plan)


def test_a_source_is_found_by_any_spelling_of_its_address(importer):
    SourceFactory(slug="s", url="https://example.org/a?id=1", title="Old")
    row = "HTTPS://EXAMPLE.org/a?id=1&utm_source=x#top,New,P,news"
    imported("sources", f"url,title,publisher,kind\n{row}\n", by=importer)
    assert Source.objects.values_list("slug", "title").get() == ("s", "New")


def test_a_parent_may_stand_below_its_part_and_a_circle_is_an_error(importer):
    imported("organisations", "name,kind,parent\nPart,NGO,Whole\nWhole,NGO,\n", by=importer)
    assert Organisation.objects.get(slug="part").parent.slug == "whole"
    plan = planned("organisations", "slug,parent\nwhole,part\n", by=importer)
    assert "circle: whole → part → whole" in sentence(plan)


def test_statements_that_relate_in_a_circle_are_an_error(importer):
    OrganisationFactory(name="A")
    header = "slug,title,kind,language,issued,issuers,relation,related_statement"
    rows = "one,One,speech,en,2022,a,quotes,two\ntwo,Two,speech,en,2022,a,quotes,one\n"
    plan = planned("statements", f"{header}\n{rows}", by=importer)
    assert places(plan) == [(3, "related_statement")]
    assert "two → one → two" in sentence(plan)
    imported("statements", f"{header}\none,One,speech,en,2022,a,quotes,two\ntwo,Two,speech,en,2022,a,,\n", by=importer)
    assert Statement.objects.get(slug="one").related_statement.slug == "two"
    plan = planned("statements", "slug,relation,related_statement\ntwo,quotes,one\n", by=importer)
    assert "circle" in sentence(plan)


def test_two_rows_about_the_same_are_an_error_that_names_both_lines(importer):
    plan = planned("organisations", "slug,name,kind\na,A,NGO\nb,B,NGO\na,C,NGO\n", by=importer)
    assert places(plan) == [(4, "slug")]
    assert "Lines 2 and 4" in sentence(plan)


def test_two_rows_that_would_get_one_slug_are_an_error_that_names_both(importer):
    plan = planned("organisations", "name,kind\nКиев,NGO\nKiev,NGO\n", by=importer)
    assert "Lines 2 and 3" in sentence(plan)
    OrganisationFactory(name="Kiev")
    plan = planned("organisations", "name,kind\nКиев,NGO\n", by=importer)
    assert "kiev" in sentence(plan)


def test_clashes_with_stored_rows_are_sentences(importer):
    SpeakerFactory(name="Peter").handles.create(network="x", handle="@p")
    assert "peter" in sentence(planned("speakers", "name,handles\nPaul,x:@p\n", by=importer))
    SourceFactory(slug="s", url="https://example.org/a")
    header = "slug,url,title,publisher,kind"
    assert "source s has this" in sentence(
        planned("sources", f"{header}\nt,https://example.org/a#x,T,P,news\n", by=importer)
    )
    rows = "u,https://example.org/b,T,P,news\nv,https://example.org/b?utm_source=x,T,P,news\n"
    plan = planned("sources", f"{header}\n{rows}", by=importer)
    assert (places(plan), "Lines 2 and 3" in sentence(plan)) == ([(3, "url")], True)
    mine = CountObservationFactory(key="c1")
    other = CountObservationFactory(key="c2")
    plan = planned("counts", f"key,statement\nc1,{other.statement.slug}\n", by=importer)
    assert next(plan.results()).changes["statement"] == (mine.statement.slug, other.statement.slug)


# Who may


def test_who_may_not_submit_imports_drafts_only(db):
    user = make_user("half")
    codenames = ["import_data", "add_statement", "change_statement"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    OrganisationFactory(name="A")
    header = f"{STATEMENT},step"
    plan = planned("statements", f"{header}\nT,speech,en,2022,a,in review\nU,speech,en,2022,a,draft\n", by=user)
    assert places(plan) == [(2, "step")]


def test_rows_that_readers_see_take_a_reviewer(importer, reviewer, administrator):
    make_public_statement(by=importer, published_by=reviewer)
    organisation = Organisation.objects.get()
    text = f"slug,country\n{organisation.slug},LV\n"
    assert "only a reviewer" in sentence(planned("organisations", text, by=importer))
    imported("organisations", text, by=administrator)
    change = ReferenceChange.objects.get()
    assert (change.kind, change.changes, change.through) == ("organisation", {"country": ["", "LV"]}, "import")


def test_a_published_update_is_withdrawn_before_it_is_changed(importer, reviewer):
    demand, source = DemandFactory(), SourceFactory(slug="s")
    DemandUpdate.objects.create(
        demand=demand,
        source=source,
        status="open",
        date_from=datetime.date(2022, 1, 1),
        date_until=datetime.date(2022, 1, 1),
        published_at=datetime.datetime(2022, 1, 2, tzinfo=datetime.UTC),
        published_by=reviewer,
    )
    header = "demand,date,status,source,note"
    assert "withdraws" in sentence(
        planned("demand_updates", f"{header}\n{demand.slug},2022-01-01,met,s,\n", by=importer)
    )
    same = planned("demand_updates", f"{header}\n{demand.slug},2022-01-01,open,s,\n", by=importer)
    assert (same.is_clean, same.counts["unchanged"]) == (True, 1)


def test_a_rejected_row_does_not_make_the_rows_that_name_it_wrong(importer):
    text = "name,kind,parent\nWhole,sort,\nPart,NGO,Whole\n"
    assert places(planned("organisations", text, by=importer)) == [(2, "kind")]
