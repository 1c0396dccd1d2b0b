"""What undoing a run leaves alone of statements, and why: what somebody has edited or published since."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from statements.actions.publishing import publish
from statements.actions.steps import return_to_editor, submit
from statements.importing.publishing import publish_run
from statements.models import (
    OldSlug,
    Organisation,
    Schedule,
    Statement,
    Version,
)
from statements.record import desk_index
from tests import factories as f
from tests.factories import make_public_statement, make_statement, save_version
from tests.undoing import kept_nothing, left_alone, run_of, undone

CHANGED = "It was changed since."
STATEMENTS = "slug,title,kind,language,issued,issuers,relation,related_statement\n"
TWO = f"{STATEMENTS}one,One,speech,en,2022,org,,\ntwo,Two,speech,en,2022,org,repeats,one\n"
ORGANISATION = "slug,name,kind\norg,Org,NGO\n"
FILES = {"organisations": ORGANISATION, "statements": TWO}


def change(statement: Statement, *, by: User, **fields: Any) -> None:
    Statement.objects.filter(pk=statement.pk).update(**fields)
    save_version(statement=statement, by=by)


def one(slug: str = "one") -> Statement:
    return Statement.objects.get(slug=slug)


def test_a_statement_that_was_edited_since_stays_with_all_that_it_needs(importer: User, editor: User) -> None:
    run = run_of(FILES, by=importer)
    change(one("two"), by=editor, summary="Mended.")
    found = undone(run, by=importer)
    assert left_alone(found) == {
        "Two": "It was changed since, by editor.",
        "One": "It is in use: “Two” stays and needs it.",
        "Org": "It is in use: “One” stays and needs it.",
    }
    assert (found.removed, Statement.objects.count()) == ([], 2)
    run.refresh_from_db()
    assert dict(run.undone_report) == left_alone(found)


def test_a_statement_that_waits_for_review_goes_nevertheless(importer: User, reviewer: User) -> None:
    run = run_of(FILES, by=importer)
    submit(statement=one(), by=importer)
    submit(statement=one("two"), by=importer)
    return_to_editor(statement=one("two"), by=reviewer)
    assert len(undone(run, by=importer).removed) == 3
    assert not Statement.objects.exists()


def test_a_statement_that_was_published_since_stays(importer: User, reviewer: User) -> None:
    sources = "slug,url,title,publisher,kind\npage,https://example.org/p,Page,Press,news\n"
    citations = "statement,source,role\none,page,report\n"
    run = run_of(FILES | {"sources": sources, "citations": citations}, by=importer)
    change(one(), by=importer, summary="In our words.")
    submit(statement=one(), by=importer)
    publish(statement=one(), by=reviewer)
    found = undone(run, by=importer)
    assert left_alone(found) == {
        "Org": "Readers see it.",
        "Press · Page": "Readers see it.",
        "One": "It was changed since, by importer. It was published since.",
    }
    assert [item.label for item in found.removed] == ["Two"]


def test_a_change_that_was_published_since_stays(importer: User, editor: User, reviewer: User) -> None:
    statement = make_public_statement(by=editor, published_by=reviewer, title="S")
    run = run_of({"statements": "slug,summary,step\ns,Other.,in review\n"}, by=importer)
    publish_run(run=run, by=reviewer, revision="minor fix")
    assert left_alone(undone(run, by=importer)) == {"S": "It was published since."}
    assert one("s").published_version == statement.versions.get(number=2)


def test_a_statement_that_a_reviewer_has_approved_stays(importer: User) -> None:
    run = run_of({**FILES, "statements": f"{STATEMENTS}one,One,speech,en,2022,org,,\n"}, by=importer)
    Statement.objects.update(step="scheduled")
    for version in Version.objects.all():
        Schedule.objects.create(statement=version.statement, version=version, publish_at=timezone.now())
    assert "approved it" in left_alone(undone(run, by=importer))["One"]


def test_a_new_address_and_a_desk_note_are_edits_too(importer: User) -> None:
    run = run_of(FILES | {"statements": f"{TWO}three,Three,speech,en,2022,org,,\n"}, by=importer)
    Statement.objects.filter(slug="two").update(slug="second")
    Statement.objects.filter(slug="three").update(desk_note="Ask the ministry.")
    desk_index.refresh(Statement.objects.values_list("pk", flat=True))
    found = left_alone(undone(run, by=importer))
    assert (found["Two"], found["Three"]) == ("Its address was changed since.", CHANGED)


def test_an_address_that_was_given_up_keeps_what_it_leads_to(importer: User) -> None:
    run = run_of(FILES, by=importer)
    for kind, row in (("statement", one("two")), ("organisation", Organisation.objects.get())):
        OldSlug.objects.create(kind=kind, slug=f"old-{kind}", target_id=row.pk)
    found = left_alone(undone(run, by=importer))
    assert found["Two"] == "An address that was given up leads to it."
    assert found["Org"].startswith("An address that was given up leads to it.")


def test_a_statement_to_which_another_version_is_related_stays(importer: User, editor: User) -> None:
    run = run_of(FILES, by=importer)
    other = make_statement(by=editor, title="Other")
    change(other, by=editor, relation="quotes", related_statement=one("two"))
    change(other, by=editor, relation="", related_statement=None)
    assert left_alone(undone(run, by=importer))["Two"] == "A version of another statement names it."


def test_what_would_be_related_in_a_circle_is_left_alone(importer: User, editor: User) -> None:
    a, b = make_statement(by=editor, title="A"), make_statement(by=editor, title="B")
    change(a, by=editor, relation="quotes", related_statement=b)
    run = run_of({"statements": "slug,relation,related_statement\na,[clear],[clear]\n"}, by=importer)
    change(b, by=editor, relation="quotes", related_statement=a)
    assert "leads back to it" in left_alone(undone(run, by=importer))["A"]


def test_a_row_that_moved_on_to_a_statement_edited_since_is_not_taken_from_it(importer: User, editor: User) -> None:
    a, b = make_statement(by=editor, title="A"), make_statement(by=editor, title="B")
    key = a.counts.get().key
    run = run_of({"counts": f"key,statement\n{key},b\n"}, by=importer)
    change(b, by=editor, place="Riga")
    found = left_alone(undone(run, by=importer))
    assert found == {
        "A": f"It holds {key}, which belongs to another statement now. Delete it there first.",
        "B": "It was changed since, by editor.",
    }


def test_what_named_something_that_is_gone_is_left_alone(importer: User, editor: User) -> None:
    statement = make_statement(by=editor, title="S")
    speaker = f.SpeakerFactory(name="Jane")
    f.SpeakerRoleFactory(statement=statement, speaker=speaker)
    save_version(statement=statement, by=editor)
    run = run_of({"statements": "slug,speakers,attributions\ns,[clear],[clear]\n"}, by=importer)
    speaker.delete()
    assert left_alone(undone(run, by=importer)) == {"S": "It names the speaker “Jane” (jane), which no longer exists."}


def test_a_statement_that_was_there_without_a_version_is_not_taken_for_a_new_one(importer: User) -> None:
    statement = f.IssuerFactory(statement__title="S").statement
    run = run_of({"statements": "slug,summary\ns,Other.\n"}, by=importer)
    assert statement.versions.get().number == 1
    assert left_alone(undone(run, by=importer)) == {"S": "The version before the import is missing."}


# Steps and desk notes


def test_a_step_and_a_desk_note_alone_come_back(importer: User, editor: User) -> None:
    make_statement(by=editor, title="S", desk_note="Before.")
    run = run_of({"statements": "slug,desk_note,step\ns,After.,in review\n"}, by=importer)
    assert [item.label for item in undone(run, by=importer).restored] == ["S"]
    assert (one("s").desk_note, one("s").step, one("s").versions.count()) == ("Before.", "draft", 1)


@pytest.mark.parametrize("fields", [{"desk_note": "Mine."}, {"summary": "Mine."}])
def test_a_step_stays_where_the_statement_was_changed_since(
    importer: User, editor: User, fields: dict[str, str]
) -> None:
    make_statement(by=editor, title="S", desk_note="Before.")
    run = run_of({"statements": "slug,desk_note,step\ns,After.,in review\n"}, by=importer)
    change(one("s"), by=editor, **fields)
    assert left_alone(undone(run, by=importer)) == {"S": CHANGED}
    assert one("s").step == "in review"


def test_a_step_that_somebody_took_since_is_not_taken_back(importer: User, editor: User, reviewer: User) -> None:
    make_statement(by=editor, title="S")
    run = run_of({"statements": "slug,step\ns,in review\n"}, by=importer)
    return_to_editor(statement=one("s"), by=reviewer)
    assert left_alone(undone(run, by=importer)) == {"S": "It was taken a step further since."}
    assert one("s").step == "returned"


def test_of_a_run_that_kept_no_rows_what_waits_for_a_reviewer_is_a_draft_again(importer: User, editor: User) -> None:
    for title in ("S", "T"):
        make_statement(by=editor, title=title)
    run = run_of({"statements": "slug,step,desk_note\ns,in review,\nt,,Note.\n"}, by=importer)
    kept_nothing(run)
    assert [item.label for item in undone(run, by=importer).restored] == ["S"]
    assert (one("s").step, one("t").desk_note) == ("draft", "Note.")
