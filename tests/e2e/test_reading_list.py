"""The list of statements: in place with scripts, by links and a form without, and for everybody to read."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from statements.public import views
from tests.demonstration import LATVIA, load_demonstration
from tests.e2e.conftest import Person
from tests.e2e.test_access import NARROW, WIDE, Eyes, Keyboard, needs_axe
from tests.factories import make_user
from tests.test_public_hostile import publish_long, publish_markup

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LIST = "/statements/"
ISSUER = '[data-key="issuer-latvia-mfa"]'
YEAR = '[data-key="year-2021"]'

OPEN_ALL = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
SMALLEST = """
const boxes = [...document.querySelectorAll(".facets :is(a, summary, input, button), .filters :is(input, button)")]
    .map((one) => one.getBoundingClientRect()).filter((box) => box.width > 0);
return Math.min(...boxes.flatMap((box) => [box.width, box.height]));
"""


class Reader(Person):
    """Somebody who reads the list, and whether the page below it was loaded anew."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.browser, person.site)

    def reads_the_list(self, query: str = "") -> None:
        self.opens(LIST + query)
        self.browser.execute_script("window.isTheSamePage = true")

    @property
    def is_on_the_same_page(self) -> bool:
        return bool(self.browser.execute_script("return window.isTheSamePage === true"))

    def follows(self, css: str) -> None:
        self._presses(self.find(css))

    def finds(self, heading: str, query: str) -> bool:
        """Whether the list comes to say so, at this address."""
        address = self.site + LIST + query

        def is_there(_browser: object) -> bool:
            return self.find("#found").text == heading and self.browser.current_url.partition("#")[0] == address

        return bool(self.wait(is_there))

    def has_the_focus_on(self, css: str) -> bool:
        return bool(self.browser.execute_script("return document.activeElement.matches(arguments[0])", css))

    @property
    def height_of_the_focus(self) -> float:
        return float(self.browser.execute_script("return document.activeElement.getBoundingClientRect().top"))

    @property
    def said(self) -> str:
        """What a screen reader says without being asked."""
        return str(self.browser.find_element(By.CSS_SELECTOR, "[role=status]").get_attribute("textContent"))


@pytest.fixture
def reader(person: Person) -> Reader:
    load_demonstration()
    return Reader(person)


@pytest.fixture
def reader_without_scripts(reader: Reader) -> Iterator[Reader]:
    reader.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    yield reader
    reader.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_choice_changes_the_list_its_address_and_title_in_place(reader: Reader) -> None:
    reader.reads_the_list()
    reader.follows(ISSUER)
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    assert reader.browser.title.startswith("5 statements issued or joined by Ministry of Foreign Affairs of Latvia ·")
    assert reader.has_the_focus_on(ISSUER + "[aria-current]")
    assert reader.said == "5 statements"
    assert len(reader.browser.find_elements(By.CSS_SELECTOR, ".entries > li")) == 5
    feeds = reader.browser.find_elements(By.CSS_SELECTOR, 'link[type="application/atom+xml"]')
    assert [feed.get_attribute("href") for feed in feeds] == [f"{reader.site}/statements.atom?issuer=latvia-mfa"]
    reader.follows(YEAR)
    assert reader.finds("4 statements", "?issuer=latvia-mfa&issued_after=2021&issued_before=2021")
    assert reader.said == "4 statements"
    reader.follows('[data-key="asked-issuer-1"]')
    assert reader.finds("11 statements", "?issued_after=2021&issued_before=2021")
    assert reader.is_on_the_same_page
    assert reader.complaints_of_the_browser() == []


def test_a_choice_stays_where_it_is_on_the_screen(reader: Reader) -> None:
    reader.reads_the_list()
    choice = reader.find('[data-key="more-issuer"] li:last-child a')
    reader.follows('[data-key="more-issuer"] summary')
    key = f'[data-key="{choice.get_attribute("data-key")}"]'
    reader.follows(key)  # moves to the top of its list, and the page becomes short
    assert reader.wait(lambda _browser: reader.has_the_focus_on(key + "[aria-current]"))
    before = reader.height_of_the_focus
    reader.find(key).send_keys(Keys.ENTER)
    assert reader.finds("77 statements", "")
    assert reader.has_the_focus_on(key)
    assert abs(reader.height_of_the_focus - before) < 2
    assert reader.find('[data-key="more-issuer"]').get_attribute("open"), "what unfolds stays as it was"


def test_back_and_forward_restore_the_list_and_the_focus(reader: Reader) -> None:
    reader.opens("/demands/")
    reader.leaves_by("Statements")
    reader.browser.execute_script("window.isTheSamePage = true")
    reader.follows(ISSUER)
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    reader.follows(YEAR)
    assert reader.finds("4 statements", "?issuer=latvia-mfa&issued_after=2021&issued_before=2021")
    reader.browser.back()
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    assert reader.wait(lambda _browser: reader.has_the_focus_on(YEAR)), "from where the reader went on"
    reader.browser.back()
    assert reader.finds("77 statements", "")
    reader.browser.forward()
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    assert reader.is_on_the_same_page
    reader.follows(".entries h3 a")
    assert reader.wait(lambda browser: browser.title.startswith("Latvia"))
    reader.browser.back()
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    reader.browser.back()
    assert reader.finds("77 statements", "")
    reader.browser.back()
    assert reader.wait(lambda browser: browser.current_url == f"{reader.site}/demands/")
    assert reader.find("h1").text == "Demands"


def test_a_link_to_a_place_on_the_page_is_one_and_going_back_past_it_shows_the_right_list(reader: Reader) -> None:
    Eyes(reader).sees(width=NARROW, scheme="light")
    reader.reads_the_list()
    reader.follows(".narrow-only a")
    assert reader.browser.current_url == f"{reader.site}{LIST}#narrow"
    reader.follows(ISSUER)
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    reader.follows(".back a")
    assert reader.wait(lambda _browser: reader.has_the_focus_on("#found"))
    assert reader.browser.current_url == f"{reader.site}{LIST}?issuer=latvia-mfa#found"
    reader.browser.back()
    reader.browser.back()
    assert reader.finds("77 statements", "")
    assert reader.is_on_the_same_page


def test_on_a_wide_screen_the_keyboard_comes_from_the_list_to_the_choices_and_back(reader: Reader) -> None:
    Eyes(reader).sees(width=WIDE, scheme="light")
    reader.reads_the_list()
    link = reader.find(".asked + .narrow-only a, #found + .narrow-only a")
    width = "return document.querySelector('#found ~ .narrow-only').getBoundingClientRect().width"
    assert reader.browser.execute_script(width) == 1
    reader.find("#q").click()
    keyboard = Keyboard(reader)
    keyboard.goes_to(".narrow-only a")
    assert reader.browser.execute_script(width) > link.size["width"] > 24
    keyboard.presses_enter()
    keyboard.goes_to(YEAR)
    reader.find(".facets > details:last-of-type > summary").click()
    keyboard.goes_to(".back a")
    keyboard.presses_enter()
    assert reader.wait(lambda _browser: reader.has_the_focus_on("#found"))
    assert reader.browser.execute_script(width) == 1


def test_the_search_needs_the_keyboard_only(reader: Reader) -> None:
    reader.reads_the_list("?country=LV")
    keyboard = Keyboard(reader)
    keyboard.goes_to("#q")
    keyboard.types("solidarity prisoners")
    keyboard.presses_enter()
    assert reader.finds("One statement", "?country=LV&sort=relevance&q=solidarity+prisoners")
    assert reader.has_the_focus_on("#found"), "a screen reader says how many there are"
    keyboard.goes_to(f'a[href="{LATVIA}"]')
    reader.types("#q", "")
    reader.find("#q").send_keys(Keys.ENTER)
    assert reader.finds("5 statements", "?country=LV"), "without words nothing is ordered by them"
    reader.types("[name=issued_after]", "2022")
    reader.find("[name=issued_after]").send_keys(Keys.ENTER)
    assert reader.finds("One statement", "?country=LV&issued_after=2022")
    assert reader.is_on_the_same_page


def test_what_cannot_be_answered_is_said_in_place(reader: Reader) -> None:
    reader.reads_the_list()
    reader.types("[name=issued_before]", "soon")
    reader.find("[name=issued_before]").send_keys(Keys.ENTER)
    assert reader.finds("This can't be answered as it was asked, so nothing is shown", "?issued_before=soon")
    assert reader.is_on_the_same_page
    reader.presses("Leave it out")
    assert reader.finds("77 statements", "")


def test_pages_and_orders_lead_to_the_head_of_the_list(reader: Reader) -> None:
    reader.reads_the_list()
    reader.follows("a[rel=next]")
    assert reader.finds("77 statements", "?page=2")
    assert reader.has_the_focus_on("#found")
    assert reader.browser.title.startswith("Statements (Page 2 of 4)")
    reader.follows('[data-key="order-2"]')
    assert reader.finds("77 statements", "?sort=issued")
    assert reader.find(".orders b").text == "oldest first"
    assert reader.is_on_the_same_page


def test_a_choice_opens_in_another_tab_where_the_reader_wants_that(reader: Reader) -> None:
    reader.reads_the_list()
    ActionChains(reader.browser).key_down(Keys.CONTROL).click(reader.find(ISSUER)).key_up(Keys.CONTROL).perform()
    assert reader.wait(lambda browser: len(browser.window_handles) == 2)
    assert reader.browser.current_url == reader.site + LIST
    assert reader.find("#found").text == "77 statements"


def test_a_double_click_chooses_once(reader: Reader) -> None:
    reader.reads_the_list()
    ActionChains(reader.browser).double_click(reader.find(ISSUER)).perform()
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    assert reader.find(ISSUER).get_attribute("aria-current") == "true"


def test_an_answer_that_comes_late_is_not_shown_any_more(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    may_answer = threading.Event()
    read = views.filters.read

    def read_slowly(given: QueryDict) -> views.filters.Asked:
        if "issuer" in given:
            may_answer.wait(20)
        return read(given)

    monkeypatch.setattr(views.filters, "read", read_slowly)
    reader.reads_the_list()
    reader.follows(ISSUER)
    assert reader.find("main").get_attribute("aria-busy") == "true"
    reader.follows(YEAR)
    assert reader.finds("11 statements", "?issued_after=2021&issued_before=2021")
    may_answer.set()
    assert reader.find("main").get_attribute("aria-busy") is None
    assert reader.finds("11 statements", "?issued_after=2021&issued_before=2021")
    assert reader.is_on_the_same_page


def test_where_the_list_cannot_be_had_the_browser_goes_there_plainly(reader: Reader, settings: Any) -> None:
    reader.reads_the_list()
    settings.MAINTENANCE = True
    reader.follows(ISSUER)
    assert reader.sees("This site is being worked on")
    assert not reader.is_on_the_same_page
    assert reader.browser.current_url == f"{reader.site}{LIST}?issuer=latvia-mfa"
    settings.MAINTENANCE = False
    reader.browser.refresh()
    assert reader.finds("5 statements", "?issuer=latvia-mfa")


def test_links_and_a_form_do_the_same_without_scripts(reader_without_scripts: Reader) -> None:
    reader = reader_without_scripts
    reader.opens(LIST)
    reader.follows(ISSUER)
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    assert reader.browser.title.startswith("5 statements issued or joined by")
    reader.follows(YEAR)
    assert reader.finds("4 statements", "?issuer=latvia-mfa&issued_after=2021&issued_before=2021")
    reader.browser.back()
    assert reader.finds("5 statements", "?issuer=latvia-mfa")
    reader.follows('[data-key="asked-issuer-1"]')
    assert reader.finds("77 statements", "?")
    keyboard = Keyboard(reader)
    keyboard.goes_to("#q")
    keyboard.types("solidarity")
    keyboard.presses_enter()
    assert reader.wait(lambda browser: browser.current_url.endswith("#found"))
    keyboard.goes_to(f'a[href="{LATVIA}"]')


def test_choices_are_large_enough_to_be_hit(reader: Reader) -> None:
    Eyes(reader).sees(width=NARROW, scheme="light")
    reader.opens(LIST)
    reader.browser.execute_script(OPEN_ALL)
    assert reader.browser.execute_script(SMALLEST) >= 24


def test_choices_and_what_they_are_for_are_not_printed(reader: Reader) -> None:
    reader.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    reader.opens(LIST + "?issuer=latvia-mfa")
    shown = {css: reader.find(css).is_displayed() for css in (".filters", ".facets", ".orders", ".asked", ".entries")}
    reader.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == {".filters": False, ".facets": False, ".orders": False, ".asked": True, ".entries": True}


@needs_axe
def test_what_unfolds_and_what_has_the_focus_can_be_read_by_everybody(reader: Reader) -> None:
    editor, reviewer = make_user("one", "contributor"), make_user("another", "reviewer")
    for publish in (publish_markup, publish_long):
        publish(editor, reviewer)
    eyes, found = Eyes(reader), []
    for width in (NARROW, WIDE):
        for query in (
            "?issuer=latvia-mfa&issued_after=2021&issued_before=2021",
            "?q=Тихановская",
            "?demand=d&measure=m",
        ):
            eyes.sees(width=width, scheme="light")
            reader.opens(LIST + query)
            reader.browser.execute_script(OPEN_ALL)
            found += [*eyes.complaints_of_axe(f"{query} opened, at {width}")]
            assert reader.browser.execute_script("return document.documentElement.scrollWidth") <= width
        reader.opens(LIST)
        for choice in (ISSUER, YEAR):
            reader.follows(choice)
            assert reader.wait(lambda _browser, choice=choice: reader.has_the_focus_on(f"{choice}[aria-current]"))
        found += [*eyes.complaints_of_axe(f"a year with the focus, at {width}")]
    assert found == []
