"""Putting off what stands in a list of the desk, with a reason, and taking that back."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.putting_off import put_off
from statements.actions.refusal import Refusal
from statements.actions.steps import submit
from statements.models import Demand, DemandUpdate, PutOff, Statement
from tests.desk import lines_of, listed
from tests.factories import (
    CountObservationFactory,
    DemandMentionFactory,
    DemandUpdateFactory,
    MeasureFactory,
    StatementFactory,
    make_public_statement,
    make_statement,
    publish_again,
)

WORDS, QUOTES = "No verbatim words", "Quotes not checked"


def in_days(number: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=number)


def address_of(queue: str, item: object) -> str:
    return f"/admin/statements/putoff/put-off/{queue}/{item}/"


def answer(until: Any, reason: str = "The archive has promised the text.") -> dict[str, Any]:
    return {"until": str(until), "reason": reason}


@pytest.fixture
def unchecked(db: None) -> Statement:
    """It stands in two lists: it has no words, and a quote."""
    statement = StatementFactory(title="Known from a report")
    DemandMentionFactory(statement=statement, quote="release of all")
    return statement


def test_an_item_leaves_its_list_until_its_day_and_stays_in_the_others(
    editor_client: Client, unchecked: Statement
) -> None:
    other = StatementFactory(title="Another")
    row = editor_client.get(lines_of(editor_client)[WORDS].address).content.decode()
    assert f'href="{address_of("words", unchecked.pk)}"' in row
    page = editor_client.get(address_of("words", unchecked.pk)).content.decode()
    assert "Known from a report" in page
    response = editor_client.post(address_of("words", unchecked.pk), answer(in_days(30)), follow=True)
    assert [row.pk for row in response.context["cl"].result_list] == [other.pk], "it leads back to the list"
    assert listed(editor_client, WORDS) == ["Another"]
    assert listed(editor_client, WORDS, put_off=True) == ["Known from a report"]
    assert listed(editor_client, QUOTES) == ["Known from a report"]
    front = editor_client.get("/admin/").content.decode()
    assert "1 put off" in front
    later = editor_client.get(lines_of(editor_client)[WORDS].later).content.decode()
    assert "by editor: The archive has promised the text." in later


def test_on_its_day_it_is_back_and_can_be_put_off_again(
    editor_client: Client, editor: User, unchecked: Statement
) -> None:
    put_off(queue="words", item=str(unchecked.pk), until=in_days(1), reason="Once.", by=editor)
    PutOff.objects.update(until=in_days(0))
    assert listed(editor_client, WORDS) == ["Known from a report"]
    assert editor_client.get("/admin/statements/putoff/").context["cl"].result_count == 0
    assert editor_client.post(address_of("words", unchecked.pk), answer(in_days(2), "Twice.")).status_code == 302
    assert PutOff.objects.get().reason == "Twice."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"until": "", "reason": "x"}, "This field is required."),
        ({"until": "soon", "reason": "x"}, "Enter a valid date."),
        (answer(in_days(0)), "Choose a day that is still to come."),
        (answer(in_days(-1)), "Choose a day that is still to come."),
        (answer(in_days(9), " "), "This field is required."),
    ],
)
def test_a_day_to_come_and_a_reason_are_needed(
    editor_client: Client, unchecked: Statement, typed: dict[str, str], sentence: str
) -> None:
    response = editor_client.post(address_of("words", unchecked.pk), typed)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not PutOff.objects.exists()


def test_two_who_put_off_the_same_item_do_not_overwrite_each_other(
    editor_client: Client, reviewer_client: Client, unchecked: Statement
) -> None:
    editor_client.post(address_of("words", unchecked.pk), answer(in_days(30), "First."))
    response = reviewer_client.post(address_of("words", unchecked.pk), answer(in_days(60), "Second."))
    assert f"editor put it off until {in_days(30)} already" in response.content.decode()
    assert PutOff.objects.get().reason == "First."


def test_the_action_says_every_reason_at_once(editor: User) -> None:
    with pytest.raises(Refusal) as refusal:
        put_off(queue="review", item="1", until=in_days(0), reason=" ", by=editor)
    assert len(refusal.value.reasons) == 3


def test_all_that_is_put_off_is_listed_with_who_until_when_and_why_and_can_be_taken_back(
    editor_client: Client, reviewer_client: Client, editor: User, reviewer: User
) -> None:
    statement = make_statement(by=editor, title="Submitted")
    submit(statement=statement, by=editor)
    update = DemandUpdateFactory(saved_by=editor, demand__title="Release them")
    measure = MeasureFactory(name="Political prisoners")
    for value in (1000, 1007):
        rival = make_statement(by=editor)
        rival.counts.all().delete()
        CountObservationFactory(statement=rival, measure=measure, value=value)
        publish_again(rival, by=editor, published_by=reviewer, revision="")
    old = make_public_statement(by=editor, published_by=reviewer).mentions.get().demand
    Demand.objects.filter(pk=old.pk).update(title="Old demand")
    for label, queue, item, title in (
        ("To review", "review", statement.pk, "Submitted"),
        ("Updates of demands to review", "updates", update.pk, "Release them"),
        ("Rival figures", "rivals", f"{measure.pk}:2022-01-27", "Political prisoners"),
        ("Demands without an update for a year", "stale", old.pk, "Old demand"),
    ):
        before = len(listed(reviewer_client, label))
        response = reviewer_client.post(address_of(queue, item), answer(in_days(30), f"Why {queue}."))
        assert response.status_code == 302, queue
        assert len(listed(reviewer_client, label)) == before - 1
        shown = reviewer_client.get("/admin/statements/putoff/").content.decode()
        for words in (title, f"Why {queue}.", "reviewer"):
            assert words in shown, queue
        assert listed(reviewer_client, label, put_off=True)
    rows = reviewer_client.get("/admin/statements/putoff/").content.decode()
    review = PutOff.objects.get(queue="review")
    back = f"/admin/statements/putoff/{review.pk}/take-back/"
    assert f'href="{back}"' in rows
    assert f'href="{back}"' not in editor_client.get("/admin/statements/putoff/").content.decode()
    assert editor_client.post(back, {}).status_code == 403
    assert "Why review." in reviewer_client.get(back).content.decode()
    assert reviewer_client.post(back, {}).status_code == 302
    assert listed(reviewer_client, "To review") == ["Submitted"]
    assert reviewer_client.post(back, {}).status_code == 404, "somebody took it back meanwhile"


def test_what_is_gone_is_still_listed_among_what_is_put_off(
    editor_client: Client, editor: User, unchecked: Statement
) -> None:
    put_off(queue="words", item=str(unchecked.pk), until=in_days(9), reason="Later.", by=editor)
    unchecked.mentions.all().delete()
    unchecked.delete()
    assert "It is gone." in editor_client.get("/admin/statements/putoff/").content.decode()
    assert listed(editor_client, WORDS) == []
    back = f"/admin/statements/putoff/{PutOff.objects.get().pk}/take-back/"
    assert editor_client.post(back, {}).status_code == 302
    assert not PutOff.objects.exists()


def test_only_what_stands_in_a_list_can_be_put_off_there_and_only_by_those_whose_list_it_is(
    editor_client: Client, reviewer_client: Client, editor: User, unchecked: Statement
) -> None:
    statement = make_statement(by=editor)
    submit(statement=statement, by=editor)
    assert editor_client.get(address_of("review", statement.pk)).status_code == 403
    assert editor_client.post(address_of("review", statement.pk), answer(in_days(9))).status_code == 403
    for queue, item in (
        ("words", statement.pk),
        ("words", "9" * 30),
        ("words", f"00{unchecked.pk}"),
        ("words", "x"),
        ("words", "²"),
        ("words", -1),
        ("stale", 999),
        ("rivals", "1:2022-01-27"),
        ("rivals", "1:soon"),
        ("rivals", "x:2022-01-27"),
        ("rivals", f"{'9' * 40}:2022-01-27"),
    ):
        assert reviewer_client.post(address_of(queue, item), answer(in_days(9))).status_code == 404, (queue, item)
    assert reviewer_client.post(address_of("nothing", 1), answer(in_days(9))).status_code == 403
    assert not PutOff.objects.exists()
    assert not DemandUpdate.objects.exists()
