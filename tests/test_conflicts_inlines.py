"""Two people at one page with lists: each row is kept, changed or deleted as somebody chose, and none is lost."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.models import CountObservation, Demand, Issuer, Organisation
from tests.admin_forms import errors_of, fields_in, fields_on
from tests.factories import (
    CountObservationFactory,
    DemandFactory,
    IssuerFactory,
    OrganisationFactory,
    SpeakerFactory,
    make_statement,
)
from tests.test_conflicts import choose, page, save, shown_in

pytestmark = pytest.mark.django_db

NEW_COUNT = {"counts-1-qualifier": "at least", "counts-1-value": "12"}


def test_a_row_that_both_changed_is_decided_field_by_field(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_statement(by=editor)
    count = row.counts.get()
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **{"counts-0-value": "1008", "counts-0-note": "Theirs", "counts-0-quote": ""})
    mine = {"counts-0-value": "1009", "counts-0-excludes": "Mine", "counts-0-quote": "", "counts-0-as_of": "2022-01"}
    response = editor_client.post(page(row), before | mine)
    assert response.context["groups"][0].heading == f"Count: {count.measure}, exactly, 1008"
    assert shown_in(response) == {
        f"choose:counts:{count.pk}:value": ("1007", "1008", "1009", ""),
        f"choose:counts:{count.pk}:note": ("", "Theirs", "", "theirs"),
        f"choose:counts:{count.pk}:excludes": ("", "", "Mine", "mine"),
        f"choose:counts:{count.pk}:as_of": ("", "", "2022-01", "mine"),
    }
    form = choose(editor_client, response, **{f"counts__{count.pk}__value": "mine"})
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    count.refresh_from_db()
    assert (count.value, count.note, count.excludes, str(count.as_of)) == (1009, "Theirs", "Mine", "2022-01")
    assert count.key == row.counts.get().key


def test_rows_that_each_side_added_are_both_kept(editor: User, editor_client: Client, reviewer_client: Client) -> None:
    row = make_statement(by=editor)
    measure = row.counts.get().measure
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **NEW_COUNT, **{"counts-1-measure": measure.pk})
    mine = {"counts-1-measure": measure.pk, "counts-1-qualifier": "about", "counts-1-value": "13", "why": "One more"}
    response = editor_client.post(page(row), before | mine)
    theirs = row.counts.get(value=12)
    assert [(name, line[3]) for name, line in shown_in(response).items()] == [
        (f"choose:counts:{theirs.pk}", "theirs"),
        ("choose:counts:new1", "mine"),
    ]
    assert "Number: 13" in shown_in(response)["choose:counts:new1"][2]
    form = choose(editor_client, response)
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    assert list(row.counts.values_list("value", flat=True)) == [1007, 12, 13]


def test_a_row_that_either_side_added_can_be_left_out(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_statement(by=editor)
    measure = row.counts.get().measure
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **NEW_COUNT, **{"counts-1-measure": measure.pk})
    mine = {"counts-1-measure": measure.pk, "counts-1-qualifier": "about", "counts-1-value": "13"}
    response = editor_client.post(page(row), before | mine)
    theirs = row.counts.get(value=12)
    form = choose(editor_client, response, **{f"counts__{theirs.pk}": "mine", "counts__new1": "theirs"})
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    assert list(row.counts.values_list("value", flat=True)) == [1007]


def test_the_same_row_added_by_both_is_one_row(editor: User, editor_client: Client, reviewer_client: Client) -> None:
    row = make_statement(by=editor)
    joined = OrganisationFactory(name="Joined")
    both = {"issuers-1-organisation": joined.pk, "issuers-1-part": "joined"}
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **both)
    response = editor_client.post(page(row), before | both | {"place": "Riga"})
    assert list(shown_in(response)) == ["choose:place"]
    form = choose(editor_client, response)
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    row.refresh_from_db()
    assert (row.place, row.issuers.count()) == ("Riga", 2)


@pytest.mark.parametrize("answer", ["theirs", "mine"])
def test_a_row_that_they_deleted_while_i_changed_it_is_asked_about(
    editor: User, editor_client: Client, reviewer_client: Client, answer: str
) -> None:
    row = make_statement(by=editor)
    count = row.counts.get()
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **{"counts-0-DELETE": "on"})
    response = editor_client.post(page(row), before | {"counts-0-value": "1007", "counts-0-note": "Changed by me"})
    [(name, (opened, theirs, mine, decided))] = shown_in(response).items()
    assert (name, theirs, decided) == (f"choose:counts:{count.pk}", "Deleted.", "")
    assert "Changed by me" in mine
    assert "Changed by me" not in opened
    assert choose(editor_client, response).context["missing"] == 1
    form = choose(editor_client, response, **{f"counts__{count.pk}": answer})
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    assert list(row.counts.values_list("value", "note")) == ([] if answer == "theirs" else [(1007, "Changed by me")])


@pytest.mark.parametrize("answer", ["theirs", "mine"])
def test_a_row_that_i_deleted_while_they_changed_it_is_asked_about(
    editor: User, editor_client: Client, reviewer_client: Client, answer: str
) -> None:
    row = make_statement(by=editor)
    count = row.counts.get()
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **{"counts-0-note": "Changed by them"})
    response = editor_client.post(page(row), before | {"counts-0-DELETE": "on"})
    [(name, (_opened, theirs, mine, decided))] = shown_in(response).items()
    assert (name, mine, decided) == (f"choose:counts:{count.pk}", "Deleted.", "")
    assert "Changed by them" in theirs
    form = choose(editor_client, response, **{f"counts__{count.pk}": answer})
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    kept = [] if answer == "mine" else ["Changed by them"]
    assert list(CountObservation.objects.values_list("note", flat=True)) == kept


def test_a_deletion_of_what_the_other_side_left_alone_stands(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_statement(by=editor)
    CountObservationFactory(statement=row, value=5)
    first, second = row.counts.all()
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **{"counts-0-DELETE": "on"})
    response = editor_client.post(page(row), before | {"counts-1-DELETE": "on"})
    assert {name: line[3] for name, line in shown_in(response).items()} == {
        f"choose:counts:{first.pk}": "theirs",
        f"choose:counts:{second.pk}": "mine",
    }
    form = choose(editor_client, response)
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    assert not row.counts.exists()


def test_the_order_that_one_side_gave_is_kept(editor: User, editor_client: Client, reviewer_client: Client) -> None:
    row = make_statement(by=editor)
    second = IssuerFactory(statement=row, position=1)
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **{"issuers-1-order": "1"})
    response = editor_client.post(page(row), before | {"title": "Mine"})
    form = choose(editor_client, response)
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    assert Issuer.objects.filter(statement=row).first() == second


def test_what_comes_of_both_and_breaks_a_rule_is_refused_on_the_form_with_all_that_was_typed(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_statement(by=editor)
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **{"wordings-0-text": "Other words.", "mentions-0-quote": "", "counts-0-quote": ""})
    response = editor_client.post(page(row), before | {"counts-0-note": "Mine", "mentions-0-quote": "all 1007"})
    refused = editor_client.post(page(row), fields_in(choose(editor_client, response, **_mine(response))))
    assert list(errors_of(refused)) == ["", "mentions-0-quote"]
    assert fields_in(refused)["counts-0-note"] == "Mine"
    row.refresh_from_db()
    assert row.wordings.get().text == "Other words."


def _mine(response: Any) -> dict[str, str]:
    open_ones = [name for name, line in shown_in(response).items() if not line[3]]
    return {name.removeprefix("choose:").replace(":", "__"): "mine" for name in open_ones}


@pytest.mark.parametrize(("make", "prefix"), [(OrganisationFactory, "names"), (SpeakerFactory, "names")])
def test_names_that_each_side_added_are_both_kept(
    editor_client: Client, reviewer_client: Client, make: Any, prefix: str
) -> None:
    row = make()
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, **{f"{prefix}-0-name": "МИД", f"{prefix}-0-language": "ru"})
    response = editor_client.post(page(row), before | {f"{prefix}-0-name": "MFA", f"{prefix}-0-language": "en"})
    assert [group.heading for group in response.context["groups"]] == ["Other name: МИД, ru", "Other name: MFA, en"]
    form = choose(editor_client, response)
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    assert set(row.names.filter(kind="other").values_list("name", flat=True)) == {"МИД", "MFA"}


def test_a_list_of_addressees_is_shown_by_name(editor_client: Client, reviewer_client: Client) -> None:
    row: Demand = DemandFactory()
    first, second = OrganisationFactory(name="First"), OrganisationFactory(name="Second")
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, addressees=[first.pk])
    response = editor_client.post(page(row), before | {"addressees": [first.pk, second.pk]})
    assert shown_in(response) == {"choose:addressees": ("", "First", "First, Second", "")}
    form = choose(editor_client, response, addressees="mine")
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    assert set(row.addressees.all()) == set(Organisation.objects.all())
