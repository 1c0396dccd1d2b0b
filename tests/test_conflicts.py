"""Two people at one row: whoever saves second sees what the first changed, chooses, and nothing of either is lost."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from statements.actions.publishing import publish
from statements.actions.steps import submit
from statements.models import Organisation, Source, Statement, Version
from tests.admin_forms import errors_of, fields_in, fields_on
from tests.factories import (
    DemandFactory,
    DemandUpdateFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    make_public_statement,
    make_statement,
)
from tests.test_admin_lists import counting

pytestmark = pytest.mark.django_db


def page(row: Any) -> str:
    return f"/admin/statements/{row._meta.model_name}/{row.pk}/change/"


def save(client: Client, row: Any, **typed: Any) -> Any:
    """Open the page of a row, type, save."""
    response = client.post(page(row), fields_on(client, page(row)) | typed)
    assert response.status_code == 302, errors_of(response)
    return response


def shown_in(response: Any) -> dict[str, tuple[str, str, str, str]]:
    """The lines of a conflict page: radio buttons -> (as opened, theirs, mine, what is chosen)."""
    assert response.status_code == 409
    return {
        line.question.key: (*(_words(side) for side in (line.opened, line.theirs, line.mine)), line.question.decided)
        for group in response.context["groups"]
        for line in group.lines
    }


def _words(side: Any) -> str:
    return "".join(piece.text for piece in side)


def choose(client: Client, response: Any, **answers: str) -> Any:
    """Send the conflict page back; answers name the fields."""
    fields = fields_in(response) | {f"choose:{name.replace('__', ':')}": value for name, value in answers.items()}
    return client.post(response.context["back"], fields)


MODELS = [
    (lambda by: OrganisationFactory(), "description", "short_name"),
    (lambda by: SpeakerFactory(), "description", "name"),
    (lambda by: SourceFactory(), "title", "author"),
    (lambda by: DemandFactory(), "description", "title"),
    (lambda by: MeasureFactory(), "definition", "place"),
    (lambda by: DemandUpdateFactory(saved_by=by), "note", "date"),
    (lambda by: make_statement(by=by), "title", "desk_note"),
]


@pytest.mark.parametrize(("make", "contested", "own"), MODELS)
def test_both_changes_are_shown_field_by_field_and_the_choice_comes_back_as_an_unsaved_form(
    editor: User, editor_client: Client, reviewer_client: Client, make: Any, contested: str, own: str
) -> None:
    row = make(editor)
    before = fields_on(editor_client, page(row))
    typed = "2022-03" if own == "date" else "Mine alone"
    save(reviewer_client, row, **{contested: "Theirs"})
    response = editor_client.post(page(row), before | {contested: "Mine", own: typed})
    assert shown_in(response) == {
        f"choose:{contested}": (before[contested], "Theirs", "Mine", ""),
        f"choose:{own}": (before[own], before[own], typed, "mine"),
    }
    assert str(response.context["events"][0]).startswith("reviewer ")
    unanswered = choose(editor_client, response)
    assert unanswered.context["missing"] == 1
    assert shown_in(unanswered) == shown_in(response)
    form = choose(editor_client, unanswered, **{contested: "mine"})
    assert form.status_code == 200
    assert "Nothing is saved yet." in form.content.decode()
    row.refresh_from_db()
    assert getattr(row, contested) == "Theirs"
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    row.refresh_from_db()
    assert (getattr(row, contested), str(getattr(row, own))) == ("Mine", typed)


def test_what_one_side_alone_changed_is_chosen_already_and_can_be_chosen_otherwise(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_statement(by=editor)
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, place="Riga", occasion="A day")
    response = editor_client.post(page(row), before | {"summary": "Mine"})
    decided = {name: line[3] for name, line in shown_in(response).items()}
    assert decided == {"choose:place": "theirs", "choose:occasion": "theirs", "choose:summary": "mine"}
    form = choose(editor_client, response, occasion="mine")
    editor_client.post(page(row), fields_in(form))
    row.refresh_from_db()
    assert (row.place, row.occasion, row.summary) == ("Riga", "", "Mine")


def test_yet_another_save_while_somebody_chooses_is_shown_again(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_statement(by=editor)
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, place="Riga", title="Theirs")
    response = editor_client.post(page(row), before | {"title": "Mine", "place": "Vilnius", "why": "A reason"})
    save(reviewer_client, row, title="Theirs again")
    again = choose(editor_client, response, title="theirs", place="mine")
    assert again.context["is_again"]
    assert shown_in(again)["choose:title"] == (before["title"], "Theirs again", "Mine", "")
    assert shown_in(again)["choose:place"] == ("", "Riga", "Vilnius", "mine")
    form = choose(editor_client, again, title="theirs")
    save(reviewer_client, row, summary="And once more")
    last = editor_client.post(page(row), fields_in(form))
    assert shown_in(last) == {
        "choose:place": ("Riga", "Riga", "Vilnius", "mine"),
        "choose:summary": (before["summary"], "And once more", before["summary"], "theirs"),
    }
    form = choose(editor_client, last)
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.place, row.summary) == ("Theirs again", "Vilnius", "And once more")
    assert Version.objects.filter(statement=row).latest("number").why == "A reason"


def test_a_step_is_never_taken_with_what_its_taker_has_not_seen(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_statement(by=editor)
    submit(statement=row, by=editor)
    before = fields_on(reviewer_client, page(row))
    save(editor_client, row, summary="What nobody read")
    response = reviewer_client.post(page(row), before | {"_step": "publish"})
    assert list(shown_in(response)) == ["choose:summary"]
    form = choose(reviewer_client, response)
    assert form.status_code == 200
    assert not Statement.objects.public().exists()
    reviewer_client.post(page(row), fields_in(form) | {"_step": "publish"})
    assert Statement.objects.public().get().summary == "What nobody read"


def test_a_step_that_somebody_took_meanwhile_is_shown_before_anything_is_saved(
    editor: User, reviewer: User, editor_client: Client
) -> None:
    row = make_statement(by=editor)
    before = fields_on(editor_client, page(row))
    submit(statement=row, by=editor)
    publish(statement=row, by=reviewer)
    response = editor_client.post(page(row), before | {"place": "Riga", "_step": "submit"})
    assert list(shown_in(response)) == ["choose:place"]
    assert [label for label, _before, _now in response.context["moves"]] == ["Step", "Readers see"]
    assert "reviewer took a step" in " ".join(map(str, response.context["events"]))
    row.refresh_from_db()
    assert (row.step, row.place) == (Statement.Step.DONE, "")
    assert editor_client.post(page(row), fields_in(choose(editor_client, response))).status_code == 302


def test_the_same_form_sent_twice_is_saved_once(editor: User, editor_client: Client) -> None:
    row = make_statement(by=editor)
    fields = fields_on(editor_client, page(row)) | {"title": "Once"}
    assert [editor_client.post(page(row), fields).status_code for _time in range(2)] == [302, 302]
    assert Version.objects.filter(statement=row).count() == 2


def test_somebody_with_two_windows_is_told_that_it_was_themselves(editor: User, editor_client: Client) -> None:
    row = make_statement(by=editor)
    before = fields_on(editor_client, page(row))
    save(editor_client, row, desk_note="From the other window")
    response = editor_client.post(page(row), before | {"desk_note": "From this one"})
    assert str(response.context["events"][0]).startswith("You yourself, in another window, saved it on")
    assert response.context["title"] == "You changed this in another window"


def test_a_form_whose_opened_state_is_not_ours_asks_about_every_difference(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row, other = make_statement(by=editor), make_statement(by=editor)
    moved = fields_on(editor_client, page(other))["opened_state"]
    for state in (moved, "f" * 64, "", "a:b:c"):
        fields = fields_on(editor_client, page(row)) | {"opened_state": state, "place": "Riga"}
        response = editor_client.post(page(row), fields)
        assert shown_in(response) == {"choose:place": ("Not known any more.", "", "Riga", "")}
    assert choose(editor_client, response, place="mine").status_code == 200


def test_what_was_typed_for_a_row_that_is_gone_is_shown_to_be_copied(
    editor: User, editor_client: Client, administrator_client: Client
) -> None:
    row = make_statement(by=editor, title="The old title")
    source = Source.objects.get()
    fields = fields_on(editor_client, page(row)) | {"summary": "Half an hour's work", "wordings-0-text": "Typed words"}
    delete = page(row).replace("/change/", "/delete/")
    administrator_client.post(delete, fields_on(administrator_client, delete))
    assert not Statement.objects.exists()
    response = editor_client.post(page(row), fields)
    assert response.status_code == 404
    shown = response.content.decode()
    for words in ("administrator deleted “The old title”", "Half an hour&#x27;s work", "Typed words", str(source)):
        assert words in shown
    assert editor_client.post(page(row), {"title": "x"}).status_code == 302


def test_what_was_typed_for_a_row_that_came_into_public_use_is_shown_to_be_copied(
    editor: User, reviewer: User, editor_client: Client
) -> None:
    statement = make_statement(by=editor)
    row = Organisation.objects.get(issued__statement=statement)
    fields = fields_on(editor_client, page(row)) | {"description": "Typed by an editor"}
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer)
    response = editor_client.post(page(row), fields)
    assert response.status_code == 403
    assert "only a reviewer may change it" in response.content.decode()
    assert "Typed by an editor" in response.content.decode()
    row.refresh_from_db()
    assert row.description == ""


def test_a_published_update_of_a_demand_is_not_changed_from_an_old_form(
    editor: User, reviewer_client: Client, editor_client: Client
) -> None:
    row = DemandUpdateFactory(saved_by=editor)
    fields = fields_on(editor_client, page(row)) | {"note": "Typed"}
    ask = page(row).replace("/change/", "/publish/")
    assert reviewer_client.post(ask, fields_on(reviewer_client, ask)).status_code == 302
    response = editor_client.post(page(row), fields)
    assert (response.status_code, "Typed" in response.content.decode()) == (403, True)


def test_a_long_text_is_not_carried_twice_and_still_compared_word_by_word(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_statement(by=editor)
    words = "We ask for the release of all 1007 political prisoners. " + "слово дня " * 5000
    save(editor_client, row, **{"wordings-0-text": words + "конец"})
    before = fields_on(editor_client, page(row))
    assert len(words.encode()) > 80_000
    assert len(before["opened_state"]) < 3_000
    save(reviewer_client, row, **{"wordings-0-text": words + "конец статьи"})
    response = editor_client.post(page(row), before | {"wordings-0-text": words + "начало"})
    [(opened, theirs, mine, decided)] = shown_in(response).values()
    assert opened.endswith("дня конец")
    assert theirs.endswith("дня конец статьи")
    assert (mine.endswith("дня начало"), decided) == (True, "")
    pk = row.wordings.get().pk
    form = choose(editor_client, response, **{f"wordings__{pk}__text": "mine"})
    assert editor_client.post(page(row), fields_in(form)).status_code == 302
    assert row.wordings.get().text == words + "начало"


def test_a_public_statement_is_revised_by_two_without_loss(
    editor: User, reviewer: User, editor_client: Client, reviewer_client: Client
) -> None:
    row = make_public_statement(by=editor, published_by=reviewer)
    before = fields_on(editor_client, page(row))
    save(reviewer_client, row, place="Riga")
    response = editor_client.post(page(row), before | {"occasion": "A day"})
    assert ("Step", "done", "draft") in response.context["moves"]
    assert editor_client.post(page(row), fields_in(choose(editor_client, response))).status_code == 302
    row.refresh_from_db()
    assert (row.place, row.occasion) == ("Riga", "A day")
    assert Version.objects.filter(statement=row).count() == 3


def test_the_conflict_page_takes_a_bounded_number_of_queries(
    editor: User, editor_client: Client, reviewer_client: Client
) -> None:
    taken = []
    for more in (1, 8):
        row = make_statement(by=editor)
        for _row in range(more):
            other = make_statement(by=editor)
            for rows in (other.citations, other.mentions, other.counts):
                rows.update(statement=row)
        before = fields_on(editor_client, page(row))
        save(reviewer_client, row, **{f"counts-{index}-note": "Theirs" for index in range(more)})
        mine = {f"counts-{index}-note": "Mine" for index in range(more)}
        with counting() as queries:
            response = editor_client.post(page(row), before | mine)
        assert len(shown_in(response)) == more
        taken.append(len(queries))
    assert taken[0] == taken[1]
    assert taken[1] <= 25
