"""The pages on which a reviewer merges two rows."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.models import OldSlug, Organisation, ReferenceChange
from tests import factories as f
from tests.admin_forms import fields_in

KINDS = {
    "organisation": f.OrganisationFactory,
    "speaker": f.SpeakerFactory,
    "source": f.SourceFactory,
    "demand": f.DemandFactory,
    "measure": f.MeasureFactory,
}


def page_of(row: Any) -> str:
    return f"/admin/statements/{row._meta.model_name}/{row.pk}/merge/"


@pytest.fixture
def pair(db: None) -> tuple[Organisation, Organisation]:
    return f.OrganisationFactory(name="First ministry"), f.OrganisationFactory(name="Second ministry")


@pytest.mark.parametrize("kind", KINDS)
def test_a_reviewer_chooses_looks_and_confirms(kind: str, reviewer_client: Client) -> None:
    survivor, other = KINDS[kind](), KINDS[kind]()
    page = reviewer_client.get(f"/admin/statements/{kind}/{survivor.pk}/change/").content.decode()
    assert f'href="{page_of(survivor)}"' in page
    assert reviewer_client.get(page_of(survivor)).status_code == 200
    address = f"{page_of(survivor)}?other={other.pk}&slug=&stays=this"
    shown = reviewer_client.get(address)
    assert "Merge them" in shown.content.decode()
    response = reviewer_client.post(address, fields_in(shown) | {"reason": "Both are the same."}, follow=True)
    assert response.redirect_chain == [(f"/admin/statements/{kind}/{survivor.pk}/change/", 302)]
    assert "is one with" in response.content.decode()
    assert not type(other).objects.filter(pk=other.pk).exists()
    assert OldSlug.objects.get().target_id == survivor.pk


def test_the_other_one_may_stay(reviewer_client: Client, pair: tuple[Organisation, Organisation]) -> None:
    first, second = pair
    address = f"{page_of(first)}?slug=second-ministry&stays=other"
    shown = reviewer_client.get(address)
    assert "Merge “First ministry” into “Second ministry”?" in shown.content.decode()
    reviewer_client.post(address, fields_in(shown) | {"reason": "Both are the same."})
    assert list(Organisation.objects.all()) == [second]


def test_what_changed_in_between_is_shown_anew_and_merged_when_it_is_confirmed(
    reviewer_client: Client, pair: tuple[Organisation, Organisation], editor: User
) -> None:
    first, second = pair
    address = f"{page_of(first)}?other={second.pk}&stays=this"
    opened = fields_in(reviewer_client.get(address)) | {"reason": "Both are the same."}
    f.IssuerFactory(organisation=second, statement=f.make_statement(by=editor, title="In between"))
    again = reviewer_client.post(address, opened)
    assert "Something changed after you had looked at it." in again.content.decode()
    assert "In between" in again.content.decode()
    assert "Both are the same." in again.content.decode(), "what was typed stays"
    assert Organisation.objects.filter(pk=second.pk).exists()
    assert reviewer_client.post(address, fields_in(again)).status_code == 302
    assert not Organisation.objects.filter(pk=second.pk).exists()


def test_a_reason_is_asked_for(reviewer_client: Client, pair: tuple[Organisation, Organisation]) -> None:
    address = f"{page_of(pair[0])}?other={pair[1].pk}&stays=this"
    response = reviewer_client.post(address, fields_in(reviewer_client.get(address)))
    assert "This field is required." in response.content.decode()
    assert Organisation.objects.filter(pk=pair[1].pk).exists()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("other=&slug=&stays=this", "Choose the other one."),
        ("other=0&stays=this", "This one can&#x27;t be chosen."),
        ("other=many&stays=this", "This one can&#x27;t be chosen."),
        ("slug=nobody&stays=this", "Nothing here has this slug, or had it."),
        ("slug=first-ministry&stays=this", "It can&#x27;t be merged with itself"),
        ("slug=second-ministry&stays=both", "Select a valid choice."),
    ],
)
def test_a_choice_that_is_none_is_told(
    asked: str, sentence: str, reviewer_client: Client, pair: tuple[Organisation, Organisation]
) -> None:
    response = reviewer_client.get(f"{page_of(pair[0])}?{asked}")
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_a_part_is_not_merged_with_the_whole_and_the_page_says_so(reviewer_client: Client) -> None:
    whole = f.OrganisationFactory(name="Whole")
    part = f.OrganisationFactory(name="Part", parent=whole)
    page = reviewer_client.get(f"{page_of(part)}?other={whole.pk}&stays=this").content.decode()
    assert "“Part” is a part of “Whole”" in page


def test_nobody_else_merges(
    editor_client: Client, importer_client: Client, pair: tuple[Organisation, Organisation]
) -> None:
    for client in (editor_client, importer_client):
        assert client.get(page_of(pair[0])).status_code == 403
        assert client.post(f"{page_of(pair[0])}?other={pair[1].pk}&stays=this").status_code == 403
        assert (
            "Merge with another"
            not in client.get(f"/admin/statements/organisation/{pair[0].pk}/change/").content.decode()
        )
    assert Client().get(page_of(pair[0])).status_code == 302
    assert Organisation.objects.count() == 2


def test_what_is_gone_can_not_be_merged(reviewer_client: Client, pair: tuple[Organisation, Organisation]) -> None:
    assert reviewer_client.get("/admin/statements/organisation/99999999/merge/").status_code == 404


def test_what_an_old_address_leads_to_is_not_deleted(
    reviewer_client: Client, pair: tuple[Organisation, Organisation]
) -> None:
    first, second = pair
    address = f"{page_of(first)}?other={second.pk}&stays=this"
    reviewer_client.post(address, fields_in(reviewer_client.get(address)) | {"reason": "Both are the same."})
    delete = f"/admin/statements/organisation/{first.pk}/delete/"
    assert "second-ministry" in reviewer_client.get(delete).content.decode()
    reviewer_client.post(delete, {"post": "yes"})
    assert Organisation.objects.filter(pk=first.pk).exists()


def test_long_lists_are_cut_and_counted(reviewer_client: Client, pair: tuple[Organisation, Organisation]) -> None:
    for number in range(20):
        f.OrganisationFactory(name=f"Part {number:02}", parent=pair[1])
    page = reviewer_client.get(f"{page_of(pair[0])}?other={pair[1].pk}&stays=this").content.decode()
    assert "Part 11" in page
    assert "Part 12" not in page
    assert "and 8 more" in page


def test_the_record_of_a_merge_can_be_read(reviewer_client: Client, pair: tuple[Organisation, Organisation]) -> None:
    address = f"{page_of(pair[0])}?other={pair[1].pk}&stays=this"
    reviewer_client.post(address, fields_in(reviewer_client.get(address)) | {"reason": "Both are the same."})
    for change in ReferenceChange.objects.all():
        page = reviewer_client.get(f"/admin/statements/referencechange/{change.pk}/change/").content.decode()
        assert "Second ministry" in page
