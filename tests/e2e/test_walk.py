"""The whole way once: from the editor's desk to the reader, revised, and the first version kept."""

import pytest
from selenium.webdriver.support import expected_conditions as expected

from statements.record.check import offences
from tests.e2e.conftest import PASSWORD, Person
from tests.factories import DemandFactory, MeasureFactory, OrganisationFactory, make_user

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WORDS = "More than 880 political prisoners are held. Release unconditionally all those wrongfully accused."


def enters_the_statement(person: Person) -> None:
    person.opens("/admin/statements/statement/add/")
    person.types("#id_title", "Latvia on the Day of Solidarity")
    person.chooses("#id_kind", "press statement")
    person.types("#id_language", "en")
    person.types("#id_issued", "2021-11-27")
    person.types("#id_summary", "The ministry asks for the release of the wrongfully accused.")
    person.adds_another("issuers")
    person.looks_up("id_issuers-0-organisation", "Латвии", "Latvian Foreign Ministry")
    person.adds_another("citations")
    adds_a_source_from_its_address(person)
    person.chooses("#id_citations-0-role", "original")
    person.adds_another("wordings")
    person.types("#id_wordings-0-language", "en")
    person.chooses("#id_wordings-0-kind", "original")
    person.types("#id_wordings-0-text", WORDS)
    person.adds_another("mentions")
    person.looks_up("id_mentions-0-demand", "release", "Release all political prisoners")
    person.types("#id_mentions-0-quote", "release unconditionally all those")
    person.adds_another("counts")
    person.looks_up("id_counts-0-measure", "prisoners", "Political prisoners in Belarus")
    person.chooses("#id_counts-0-qualifier", "more than")
    person.types("#id_counts-0-value", "880")
    person.types("#id_counts-0-quote", "more than 890 political prisoners")


def adds_a_source_from_its_address(person: Person) -> None:
    """Without leaving the page: in the window that the plus sign opens."""
    form = person.browser.current_window_handle
    person.find("#add_id_citations-0-source").click()
    person.wait(expected.number_of_windows_to_be(2))
    person.browser.switch_to.window(person.browser.window_handles[1])
    person.types("#id_url", "https://www.mfa.gov.lv/en/article/solidarity?utm_source=post")
    person.presses("Save")
    person.wait(expected.number_of_windows_to_be(1))
    person.browser.switch_to.window(form)


def test_a_statement_goes_from_the_desk_to_the_reader(person: Person) -> None:
    make_user("editor", "contributor", password=PASSWORD)
    make_user("reviewer", "reviewer", password=PASSWORD)
    OrganisationFactory(name="Latvian Foreign Ministry", kind="government", names=[("МИД Латвии", "ru")])
    DemandFactory(title="Release all political prisoners")
    MeasureFactory(name="Political prisoners in Belarus", position=1)

    person.logs_in("editor")
    enters_the_statement(person)
    person.presses("Save and submit for review")
    assert person.sees("The nearest passage is: “More than 880 political prisoners")
    person.types("#id_counts-0-quote", "More than 880 political prisoners")
    person.presses("Save and submit for review")
    assert person.sees("It waits for a reviewer now.")
    person.opens("/")
    assert "Latvia on the Day" not in person.reads()

    person.logs_in("reviewer")
    person.opens("/admin/statements/statement/")
    person.presses("Latvia on the Day of Solidarity")
    person.presses("Approve and publish")
    assert person.sees("Readers see it now.")
    assert person.complaints_of_the_browser() == []

    person.logs_out()
    person.opens("/")
    person.presses("Latvia on the Day of Solidarity")
    address = person.browser.current_url
    page = person.reads()
    for words in ("27 November 2021", "more than 880", "Latvian Foreign Ministry", "Release all political prisoners"):
        assert words.casefold() in page.casefold()
    assert {mark.text for mark in person.browser.find_elements("css selector", "mark")} >= {
        "More than 880 political prisoners"
    }

    person.logs_in("editor")
    person.opens("/admin/statements/statement/")
    person.presses("Latvia on the Day of Solidarity")
    person.types("#id_title", "Latvia asks for freedom")
    person.presses("Save and submit for review")
    person.opens(address)
    assert "Latvia on the Day of Solidarity" in person.find("h1").text

    person.logs_in("reviewer")
    person.opens("/admin/statements/statement/")
    person.presses("Latvia asks for freedom")
    person.presses("Approve and publish")
    person.find("input[name=revision][value=correction]").click()
    person.types("#id_note", "The title named a day.")
    person.presses("Approve and publish")
    assert person.sees("Readers see it now.")
    person.opens(address)
    assert person.sees("The title named a day.")
    assert "Latvia asks for freedom" in person.find("h1").text
    person.opens(f"{address}versions/1/")
    assert "Latvia on the Day of Solidarity" in person.find("h1").text
    assert person.complaints_of_the_browser() == []
    assert list(offences()) == []
