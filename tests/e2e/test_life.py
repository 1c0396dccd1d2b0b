"""The whole life of a statement in Chromium. After every step a reader looks at its public page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from statements.models import Schedule, Statement
from statements.record.check import offences
from tests.e2e.conftest import PASSWORD, Person
from tests.e2e.test_walk import enters_the_statement
from tests.factories import DemandFactory, MeasureFactory, OrganisationFactory, make_user

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TITLE = "Latvia on the Day of Solidarity"
DESK = "/admin/statements/statement/"


def opens_at_the_desk(person: Person, name: str) -> None:
    person.logs_in(name)
    person.opens(f"{DESK}{Statement.objects.get().pk}/change/")


def a_reader_of(person: Person, address: str) -> Callable[[], str]:
    def reads() -> str:
        person.logs_out()
        person.opens(address)
        return person.reads()

    return reads


def test_a_statement_from_its_draft_to_its_withdrawal(person: Person) -> None:
    make_user("editor", "contributor", password=PASSWORD)
    make_user("reviewer", "reviewer", password=PASSWORD)
    OrganisationFactory(name="Latvian Foreign Ministry", kind="government", names=[("МИД Латвии", "ru")])
    OrganisationFactory(name="Ministry of Foreign Affairs of Latvia", kind="government", slug="latvia-mfa")
    DemandFactory(title="Release all political prisoners")
    MeasureFactory(name="Political prisoners in Belarus", position=1)

    # A draft
    person.logs_in("editor")
    enters_the_statement(person)
    person.types("#id_counts-0-quote", "More than 880 political prisoners")
    person.presses("Save and submit for review")
    assert person.sees("It waits for a reviewer now.")
    statement = Statement.objects.get()
    assert statement.title == TITLE
    reader_sees = a_reader_of(person, f"/statements/{statement.slug}/")
    assert TITLE not in reader_sees()

    # Returned with a note
    opens_at_the_desk(person, "reviewer")
    person.presses("Return with a note …")
    person.types("#id_note", "Say where it was said.")
    person.presses("Return")
    assert person.sees("It is back with its editor.")
    assert TITLE not in reader_sees()

    # Mended and submitted again
    person.logs_in("editor")
    assert person.sees("Say where it was said.")
    opens_at_the_desk(person, "editor")
    assert person.sees("Say where it was said.")
    person.types("#id_place", "Riga")
    person.presses("Save and submit for review")
    assert person.sees("It waits for a reviewer now.")
    assert TITLE not in reader_sees()

    # Scheduled
    opens_at_the_desk(person, "reviewer")
    person.presses("Approve and schedule …")
    tomorrow = timezone.now() + timedelta(days=1)
    person.browser.execute_script(
        "document.querySelector('#id_publish_at').value = arguments[0]", f"{tomorrow:%Y-%m-%dT%H:%M}"
    )
    person.presses("Approve and schedule")
    assert person.sees("It is scheduled: readers see it from that time on.")
    call_command("publish_due")
    assert TITLE not in reader_sees()

    # Published, once its time has come
    Schedule.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_due")
    page = reader_sees()
    assert TITLE in page
    assert "Riga" in page
    assert "more than 880" in page.casefold()

    # Revised: readers see nothing of it
    opens_at_the_desk(person, "editor")
    person.types("#id_place", "Vilnius")
    person.presses("Save and submit for review")
    assert person.sees("It waits for a reviewer now.")
    page = reader_sees()
    assert "Riga" in page
    assert "Vilnius" not in page

    # Corrected
    opens_at_the_desk(person, "reviewer")
    person.presses("Preview")
    assert person.sees("Vilnius")
    opens_at_the_desk(person, "reviewer")
    person.presses("Approve and publish")
    person.find("input[name=revision][value=correction]").click()
    person.types("#id_note", "It was said in Vilnius.")
    person.presses("Approve and publish")
    assert person.sees("Readers see it now.")
    page = reader_sees()
    assert "Vilnius" in page
    assert "It was said in Vilnius." in page
    person.opens("/corrections/")
    assert person.sees("It was said in Vilnius.")

    # Its issuer merged
    person.logs_in("reviewer")
    person.opens("/admin/statements/organisation/")
    person.presses("Latvian Foreign Ministry")
    person.presses("Merge with another …")
    person.types("#id_slug", "latvia-mfa")
    person.chooses("#id_stays", "other")
    person.presses("Show what will happen")
    assert person.sees(TITLE)
    person.types("#id_reason", "The same ministry, entered twice.")
    person.presses("Merge them")
    assert person.sees("its names and addresses lead here.")
    page = reader_sees()
    assert "Ministry of Foreign Affairs of Latvia" in page
    person.opens("/organisations/latvian-foreign-ministry/")
    assert person.browser.current_url.endswith("/organisations/latvia-mfa/")
    person.opens(f"/statements/{statement.slug}/versions/1/")
    assert person.sees("Latvian Foreign Ministry")

    # Withdrawn
    opens_at_the_desk(person, "reviewer")
    assert person.sees("The desk holds the same.")
    person.presses("Withdraw …")
    person.types("#id_reason", "The ministry says that it never said this.")
    person.presses("Withdraw")
    assert person.sees("It was withdrawn")
    page = reader_sees()
    assert "The ministry says that it never said this." in page
    assert "880" not in page
    # That its own address answers 404 at first and 410 in the end is what was asked of it.
    assert [said for said in person.complaints_of_the_browser() if f"/statements/{statement.slug}/" not in said] == []
    assert list(offences()) == []
