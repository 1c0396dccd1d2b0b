"""Merging the issuer of published statements: what readers and the desk see before and after."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import models
from django.test import Client

from statements.actions.merging import Outdated, merge, preview
from statements.actions.merging.relations import RELATIONS, unhandled
from statements.actions.publishing import publish, withdraw
from statements.actions.refusal import Refusal
from statements.actions.restoring import restore
from statements.actions.steps import submit
from statements.models import (
    Demand,
    Entry,
    Issuer,
    Measure,
    OldSlug,
    Organisation,
    ReferenceChange,
    Source,
    Speaker,
    Statement,
    Through,
    Version,
)
from statements.record.check import offences
from tests import factories as f
from tests.merging import REASON, merged
from tests.public_walk import without_citation
from tests.undoing import run_of, undone

MODELS = [Organisation, Speaker, Source, Demand, Measure]


@pytest.fixture
def public(editor: User, reviewer: User) -> Statement:
    """A published statement of the organisation "Ministry of Example"."""
    statement = f.StatementFactory(title="On the day of solidarity")
    f.IssuerFactory(statement=statement, organisation=f.OrganisationFactory(name="Ministry of Example"))
    f.CitationFactory(statement=statement)
    f.save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer)
    return statement


@pytest.fixture
def survivor(db: None) -> Organisation:
    return f.OrganisationFactory(name="Foreign Ministry of Example")


def issuer_of(statement: Statement) -> Organisation:
    return Issuer.objects.get(statement=statement).organisation


@pytest.mark.parametrize("model", MODELS)
def test_every_foreign_key_to_what_can_be_merged_is_known(model: type[models.Model]) -> None:
    assert unhandled(model) == []
    assert model in RELATIONS


def test_readers_see_the_survivor_and_the_old_address_leads_to_it(
    public: Statement, survivor: Organisation, reviewer: User, client: Client
) -> None:
    merged(survivor, issuer_of(public), by=reviewer)
    page = client.get(f"/statements/{public.slug}/").content.decode()
    assert "Foreign Ministry of Example" in page
    assert ">Ministry of Example<" not in without_citation(page)
    response = client.get("/organisations/ministry-of-example/")
    assert response.status_code == 301
    assert response["Location"] == "/organisations/foreign-ministry-of-example/"
    assert "On the day of solidarity" in client.get(response["Location"]).content.decode()
    assert client.get("/statements/?issuer=ministry-of-example", follow=True).status_code == 200


def test_the_version_of_that_day_keeps_the_name_of_that_day(
    public: Statement, survivor: Organisation, reviewer: User, client: Client
) -> None:
    before = Version.objects.values_list("document", "content_hash").get()
    merged(survivor, issuer_of(public), by=reviewer)
    assert Version.objects.values_list("document", "content_hash").get() == before, "no version is touched, or made"
    page = client.get(f"/statements/{public.slug}/versions/1/").content.decode()
    assert ">Ministry of Example<" in page
    assert 'href="/organisations/foreign-ministry-of-example/"' in page


def test_a_published_statement_does_not_wait_for_a_review_because_of_a_merge(
    public: Statement, survivor: Organisation, reviewer: User, reviewer_client: Client, editor: User
) -> None:
    merged(survivor, issuer_of(public), by=reviewer)
    public.refresh_from_db()
    assert public.step == Statement.Step.DONE
    listed = reviewer_client.get("/admin/statements/statement/?public=changed").content.decode()
    assert "On the day of solidarity" not in listed
    with pytest.raises(Refusal, match="Readers see it exactly as it is"):
        publish(statement=public, by=reviewer)
    assert f.save_version(statement=public, by=editor) is None, "saving what was not changed makes no version"


def test_what_says_again_what_readers_see_is_no_change_either(
    public: Statement, survivor: Organisation, reviewer: User, editor: User
) -> None:
    summary = public.summary
    public.summary = "Another summary."
    public.save()
    f.save_version(statement=public, by=editor)
    merged(survivor, issuer_of(public), by=reviewer)
    public.summary = summary
    public.save()
    latest = f.save_version(statement=public, by=editor)
    assert latest is not None
    assert latest.content_hash == Version.objects.get(public_number=1).content_hash
    assert list(offences()) == []
    with pytest.raises(Refusal, match="nothing new to review"):
        submit(statement=public, by=editor)


def test_changes_are_discarded_after_a_merge_by_restoring_what_readers_see(
    public: Statement, survivor: Organisation, reviewer: User, editor: User
) -> None:
    public.summary = "Another summary."
    public.save()
    f.save_version(statement=public, by=editor)
    merged(survivor, issuer_of(public), by=reviewer)
    restore(version=Version.objects.get(public_number=1), by=editor, why="", through=Through.FORM)
    public.refresh_from_db()
    assert public.step == Statement.Step.DONE
    assert issuer_of(public) == survivor
    assert list(offences()) == []


def test_a_draft_that_waits_for_a_reviewer_is_published_with_the_survivor(
    survivor: Organisation, reviewer: User, editor: User, client: Client
) -> None:
    statement = f.make_statement(by=editor, title="Still a draft")
    submit(statement=statement, by=editor)
    merged(survivor, issuer_of(statement), by=reviewer)
    version = publish(statement=statement, by=reviewer)
    assert version.document["content"]["issuers"][0]["organisation"] == survivor.slug
    assert list(offences()) == []
    assert survivor.name in client.get(f"/statements/{statement.slug}/versions/1/").content.decode()


def test_who_merges_is_no_author_of_what_waits_for_a_reviewer(
    survivor: Organisation, public: Statement, reviewer: User, editor: User
) -> None:
    public.summary = "Another summary."
    public.save()
    f.save_version(statement=public, by=editor)
    submit(statement=public, by=editor)
    merged(survivor, issuer_of(public), by=reviewer)
    publish(statement=public, by=reviewer, revision="minor fix")
    assert list(offences()) == []


def test_what_was_withdrawn_before_a_merge_is_shown_again_after_it(
    survivor: Organisation, public: Statement, reviewer: User, client: Client
) -> None:
    withdraw(statement=public, by=reviewer, reason="The ministry asked for it.")
    merged(survivor, issuer_of(public), by=reviewer)
    publish(statement=public, by=reviewer)
    assert survivor.name in client.get(f"/statements/{public.slug}/").content.decode()
    assert list(offences()) == []


def test_merging_twice_leads_every_address_to_the_last(
    survivor: Organisation, public: Statement, reviewer: User, client: Client
) -> None:
    last = f.OrganisationFactory(name="The last")
    merged(survivor, issuer_of(public), by=reviewer)
    merged(last, survivor, by=reviewer)
    for slug in ("ministry-of-example", "foreign-ministry-of-example"):
        assert client.get(f"/organisations/{slug}/")["Location"] == "/organisations/the-last/"
    assert "The last" in client.get(f"/statements/{public.slug}/").content.decode()
    assert set(OldSlug.objects.values_list("target_id", flat=True)) == {last.pk}


def test_the_desk_is_moved_after_a_merge_by_its_export(
    survivor: Organisation, editor: User, reviewer: User, importer: User, uploads_folder: Path, tmp_path: Path
) -> None:
    statement = f.make_public_statement(by=editor, published_by=reviewer)
    f.SpeakerRoleFactory(statement=statement)
    f.publish_again(statement, by=editor, published_by=reviewer, revision="minor fix")
    f.DemandUpdateFactory()
    other = issuer_of(statement)
    merged(survivor, other, by=reviewer)
    call_command("export_data", str(tmp_path / "desk"), desk=True)
    call_command("import_csv", "all", str(tmp_path / "desk"), user=importer.username)
    assert Version.objects.count() == 2, "it says what is there"
    call_command("export_data", str(tmp_path / "public"))
    issuers = (tmp_path / "public" / "issuers.csv").read_text()
    assert survivor.slug in issuers
    assert other.slug not in issuers


def test_imports_find_the_survivor_by_the_slug_and_the_name_of_the_other(
    survivor: Organisation, public: Statement, reviewer: User, importer: User
) -> None:
    merged(survivor, issuer_of(public), by=reviewer)
    rows = (
        "title,kind,language,issued,issuers\n"
        "First,speech,en,2022-01-01,ministry-of-example\nSecond,speech,en,2022-01-01,Ministry of Example\n"
    )
    run_of({"statements": rows}, by=importer)
    assert set(Issuer.objects.values_list("organisation", flat=True)) == {survivor.pk}


def test_an_import_that_made_the_other_is_undone_and_says_that_it_was_merged(
    survivor: Organisation, reviewer: User, importer: User
) -> None:
    run = run_of({"organisations": "name,kind\nThe other,NGO\n"}, by=importer)
    merged(survivor, Organisation.objects.get(name="The other"), by=reviewer)
    done = undone(run, by=importer)
    assert [item.reason for item in done.left_alone] == [
        "It is no longer there: somebody deleted it or merged it into another."
    ]


def test_an_import_that_made_the_survivor_leaves_it_alone_when_undone(reviewer: User, importer: User) -> None:
    run = run_of({"organisations": "name,kind\nThe survivor,NGO\n"}, by=importer)
    made = Organisation.objects.get(name="The survivor")
    merged(made, f.OrganisationFactory(name="The other"), by=reviewer)
    assert "changed since" in undone(run, by=importer).left_alone[0].reason
    assert Organisation.objects.filter(pk=made.pk).exists()


def test_an_import_of_statements_is_undone_after_their_issuer_was_merged(
    survivor: Organisation, public: Statement, reviewer: User, importer: User, editor: User
) -> None:
    statement = f.make_statement(by=editor, title="Draft")
    old = statement.summary
    rows = f"slug,title,kind,language,issued,summary\n{statement.slug},Draft,press statement,en,2022-01-27,New words.\n"
    run = run_of({"statements": rows}, by=importer)
    merged(survivor, issuer_of(statement), by=reviewer)
    assert undone(run, by=importer).left_alone == []
    statement.refresh_from_db()
    assert statement.summary == old


def test_what_changed_since_the_preview_is_shown_and_nothing_is_done(
    survivor: Organisation, public: Statement, reviewer: User, editor: User
) -> None:
    other = issuer_of(public)
    shown = preview(survivor=survivor, other=other, by=reviewer)
    f.make_statement(by=editor).issuers.update(organisation=other)
    with pytest.raises(Outdated) as outdated:
        merge(survivor=survivor, other=other, by=reviewer, reason=REASON, digest=shown.digest)
    assert outdated.value.preview.moved[0].count == 2
    assert Organisation.objects.filter(pk=other.pk).exists()
    assert not ReferenceChange.objects.exists()


def test_only_reviewers_merge_and_they_say_why(survivor: Organisation, editor: User, reviewer: User) -> None:
    other = f.OrganisationFactory()
    with pytest.raises(Refusal, match="Only reviewers may merge"):
        preview(survivor=survivor, other=other, by=editor)
    digest = preview(survivor=survivor, other=other, by=reviewer).digest
    with pytest.raises(Refusal, match="Write why"):
        merge(survivor=survivor, other=other, by=reviewer, reason=" ", digest=digest)


def test_nothing_is_merged_with_itself_or_with_what_it_is_a_part_of(survivor: Organisation, reviewer: User) -> None:
    with pytest.raises(Refusal, match="itself"):
        preview(survivor=survivor, other=survivor, by=reviewer)
    part = f.OrganisationFactory(name="Part", parent=f.OrganisationFactory(name="Between", parent=survivor))
    for pair in ((part, survivor), (survivor, part)):
        with pytest.raises(Refusal, match="“Part” is a part of “Foreign Ministry of Example”"):
            preview(survivor=pair[0], other=pair[1], by=reviewer)


def test_what_somebody_else_merged_meanwhile_is_refused(survivor: Organisation, reviewer: User) -> None:
    other = f.OrganisationFactory()
    digest = preview(survivor=survivor, other=other, by=reviewer).digest
    gone = Organisation.objects.get(pk=other.pk)
    merge(survivor=survivor, other=other, by=reviewer, reason=REASON, digest=digest)
    with pytest.raises(Refusal, match="no longer there"):
        merge(survivor=survivor, other=gone, by=reviewer, reason=REASON, digest=digest)


def test_the_record_keeps_who_merged_why_and_what_the_other_said(
    survivor: Organisation, public: Statement, reviewer: User
) -> None:
    Organisation.objects.filter(name="Ministry of Example").update(description="The ministry.", country="LV")
    Organisation.objects.filter(pk=survivor.pk).update(country="EE")
    merged(survivor, issuer_of(public), by=reviewer)
    taken, gone = ReferenceChange.objects.order_by("pk")
    assert (taken.through, taken.why, taken.saved_by_name) == (Through.MERGE, REASON, "reviewer")
    assert taken.changes["description"] == ["", "The ministry."]
    assert taken.changes["merged"] == ["", "Ministry of Example (ministry-of-example)"]
    assert gone.changes["country"] == ["LV", ""], "the survivor's country stays"
    assert gone.changes["merged into"] == ["", "Foreign Ministry of Example (foreign-ministry-of-example)"]
    survivor.refresh_from_db()
    assert (survivor.description, survivor.country) == ("The ministry.", "EE")


def test_a_merge_costs_the_same_for_three_statements_and_for_thirty(
    editor: User, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    def queries(count: int) -> int:
        survivor, other = f.OrganisationFactory(), f.OrganisationFactory()
        for number in range(count):
            statement = f.make_statement(by=editor, title=f"{other.name} {number}")
            statement.issuers.update(organisation=other)
            if number % 2:
                f.IssuerFactory(statement=statement, organisation=survivor, part="joined")
            f.publish_again(statement, by=editor, published_by=reviewer)
        shown = preview(survivor=survivor, other=other, by=reviewer)
        with django_assert_max_num_queries(195) as captured:
            merge(survivor=survivor, other=other, by=reviewer, reason=REASON, digest=shown.digest)
        assert Entry.objects.filter(links__target_id=survivor.pk, links__facet="issuer").distinct().count() == count
        return len(captured)

    assert queries(3) == queries(30)


def test_readers_are_told_what_was_changed_and_not_what_was_merged(
    survivor: Organisation, public: Statement, editor: User, reviewer: User, client: Client
) -> None:
    merged(survivor, issuer_of(public), by=reviewer)
    public.place = "Riga"
    public.save()
    f.publish_again(public, by=editor, published_by=reviewer)
    for address in (f"/statements/{public.slug}/", "/corrections/"):
        page = client.get(address).content.decode()
        assert "place and occasion" in page
        assert "who made it" not in page
    compared = client.get(f"/statements/{public.slug}/versions/compare/?from=1&to=2").content.decode()
    assert "Riga" in compared
    assert "Ministry of Example" not in compared
