"""What pages of the desk cost in queries does not depend on how many rows there are."""

from collections.abc import Iterator

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from statements.admin.desk.queues import QUEUES
from statements.models import Statement
from tests.admin_forms import errors_of, fields_on
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandMentionFactory,
    IssuerFactory,
    SpeakerRoleFactory,
    WordingFactory,
    make_statement,
    save_version,
)
from tests.many import fill
from tests.test_admin_lists import counting

#: Most that a list of the admin takes, and most for the front page, which holds sixteen lists.
LIST, FRONT_PAGE = 20, 60
#: A statement with 40 rows in its inlines: to open it, and to save it with each of them changed.
OPEN, SAVE = 60, 220
#: What a row more costs.
OPEN_A_ROW, SAVE_A_ROW = 1, 4


def addresses() -> Iterator[str]:
    """Every list of the admin, and every list of the desk, waiting and put off."""
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield address
        for queue in QUEUES.get(model, ()):
            yield f"{address}?desk={queue.name.replace(' ', '+')}"
            if queue.can_be_put_off:
                yield f"{address}?desk={queue.name}&later=yes"
    yield reverse("admin:statements_measure_rivals")
    yield reverse("admin:statements_measure_rivals") + "?later=yes"
    yield reverse("admin:index")


def taken_at(client: Client) -> tuple[dict[str, int], dict[str, int]]:
    """By address: how many queries, and how many rows the list says it has."""
    queries: dict[str, int] = {}
    rows: dict[str, int] = {}
    for address in addresses():
        with counting() as made:
            response = client.get(address)
        assert response.status_code == 200, address
        queries[address] = len(made)
        if "cl" in response.context:
            rows[address] = response.context["cl"].result_count
        elif "page" in response.context:
            rows[address] = response.context["page"].paginator.count
    return queries, rows


def test_no_list_takes_more_queries_for_a_thousand_rows_than_for_ten(
    administrator_client: Client, administrator: User, editor: User
) -> None:
    fill(40, by=administrator, others=editor)
    few, rows = taken_at(administrator_client)
    assert {address for address, number in rows.items() if number < 10} == set(), "every list has rows to measure"
    fill(1300, by=administrator, others=editor)
    many, rows = taken_at(administrator_client)
    waiting = {address: number for address, number in rows.items() if "later" not in address}
    assert {address for address, number in waiting.items() if number < 1000} == set(), "and many"
    assert {address for address, number in rows.items() if number < 300} == set(), "and what is put off, too"
    assert many == few
    front = reverse("admin:index")
    assert many.pop(front) <= FRONT_PAGE
    assert max(many.values()) <= LIST, many


#: Each with what an editor may type into one of its rows.
INLINES = {
    "issuers": (IssuerFactory, "part", "joined"),
    "speaker_roles": (SpeakerRoleFactory, "attribution", "Minister"),
    "citations": (CitationFactory, "locator", "page 3"),
    "wordings": (WordingFactory, "is_excerpt", "on"),
    "mentions": (DemandMentionFactory, "note", "Once more."),
    "counts": (CountObservationFactory, "note", "Of that day."),
}
LANGUAGES = ("lv", "ru", "de", "fr", "lt", "pl", "uk")


def with_rows(by: User, number: int) -> Statement:
    """A statement with so many rows in its inlines, of each kind as many."""
    statement = make_statement(by=by)
    kept = sum(getattr(statement, prefix).count() for prefix in INLINES)
    for index in range(number - kept):
        prefix = list(INLINES)[index % len(INLINES)]
        different = {"language": LANGUAGES[index // len(INLINES)]} if prefix == "wordings" else {}
        INLINES[prefix][0](statement=statement, **different)
    save_version(statement=statement, by=by)
    return statement


def opened_and_saved(client: Client, by: User, number: int) -> tuple[int, int]:
    """How many queries it takes to open the form of a statement with so many rows, and to save it with all changed."""
    page = f"/admin/statements/statement/{with_rows(by, number).pk}/change/"
    with counting() as opened:
        fields = fields_on(client, page)
    stored = [name.removesuffix("-id") for name in fields if name.endswith("-id") and fields[name]]
    assert len(stored) == number
    for row in stored:
        _factory, field, typed = INLINES[row.rpartition("-")[0]]
        fields[f"{row}-{field}"] = typed
    with counting() as saved:
        response = client.post(page, fields | {"_save": "Save"})
    assert response.status_code == 302, errors_of(response)
    return len(opened), len(saved)


def test_a_statement_with_forty_rows_opens_and_saves_in_a_bounded_number_of_queries(
    editor_client: Client, editor: User
) -> None:
    few, many = (opened_and_saved(editor_client, editor, rows) for rows in (10, 40))
    assert (many[0] <= OPEN, many[1] <= SAVE) == (True, True), (few, many)
    a_row = [(most - least) / 30 for least, most in zip(few, many, strict=True)]
    assert (a_row[0] <= OPEN_A_ROW, a_row[1] <= SAVE_A_ROW) == (True, True), (few, many)
