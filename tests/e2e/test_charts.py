"""Charts in a browser: with a keyboard, in both colour schemes, and as files from this site and from a disk."""

from pathlib import Path

import pytest
from django.test import Client
from selenium.webdriver.common.keys import Keys

from tests.demonstration import load_demonstration
from tests.e2e.conftest import Person
from tests.e2e.test_access import Eyes, Keyboard, eyes, needs_axe

__all__ = ["eyes"]  # a fixture

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

MEASURE = "/measures/political-prisoners-belarus/"
DEMAND = "/demands/release-all-political-prisoners/"
COLOURS = """
const style = (css, name) => getComputedStyle(document.querySelector(css))[name];
return [style(".paper", "fill"), style(".ticks text", "fill"), style(".mark", "color")];
"""
LIGHT_PAPER, DARK_PAPER = "rgb(251, 250, 246)", "rgb(22, 22, 26)"


@needs_axe
@pytest.mark.parametrize("address", [MEASURE, DEMAND])
def test_an_opened_table_and_a_mark_in_focus_can_be_read_by_everybody(eyes: Eyes, address: str) -> None:
    load_demonstration()
    for width in (320, 1280):
        eyes.sees(width=width, scheme="light")
        eyes.person.opens(address)
        eyes.browser.execute_script("document.querySelector('.chart details').open = true")
        assert eyes.browser.execute_script("return document.documentElement.scrollWidth") <= width
        eyes.person.focuses(".chart .skip").send_keys(Keys.TAB)
        assert list(eyes.complaints_of_axe(f"{address} at {width}")) == []
    assert eyes.person.complaints_of_the_browser() == []


def test_every_mark_is_reached_with_the_keyboard_seen_and_leads_to_what_it_shows(person: Person) -> None:
    load_demonstration()
    person.opens(MEASURE)
    person.focuses(".chart .skip")
    browser, names = person.browser, []
    number = len(browser.find_elements("css selector", ".plot .mark"))
    for _mark in range(number):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        here = browser.switch_to.active_element
        assert browser.execute_script("return arguments[0].matches('.plot a.mark:focus-visible')", here)
        ring = browser.execute_script("return getComputedStyle(arguments[0].querySelector('.halo')).strokeWidth", here)
        assert ring in {"3px", "8px"}
        names.append(here.accessible_name)
    assert number == len(names) == 47
    assert all(", as of " in name for name in names)
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert person.wait(lambda _browser: "#count-" in browser.current_url)
    assert "1,000" in person.find(":target").text


def test_the_drawing_can_be_skipped_with_the_keyboard(person: Person) -> None:
    load_demonstration()
    for address in (MEASURE, DEMAND):
        person.opens(address)
        skip = person.focuses(".chart .skip")
        assert skip.rect["x"] >= 0
        Keyboard(person).presses_enter()
        person.browser.switch_to.active_element.send_keys(Keys.TAB)
        assert not person.browser.execute_script("return document.activeElement.matches('.plot *')")
        assert person.browser.execute_script("return document.activeElement.matches('figcaption *, summary')")


def test_a_file_looks_right_in_both_schemes_from_this_site_and_from_a_disk(
    eyes: Eyes,
    tmp_path: Path,
    client: Client,
) -> None:
    load_demonstration()
    for address in (MEASURE, DEMAND):
        from_here = f"{address.removesuffix('/')}.svg"
        saved = tmp_path / "chart.svg"
        response = client.get(from_here)
        saved.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
        looks = []
        for opened in (from_here, saved.as_uri()):
            for scheme, paper in (("light", LIGHT_PAPER), ("dark", DARK_PAPER)):
                eyes.sees(width=1000, scheme=scheme)
                if opened == from_here:
                    eyes.person.opens(opened)
                else:
                    eyes.browser.get(opened)
                colours = eyes.browser.execute_script(COLOURS)
                assert colours[0] == paper
                assert len(set(colours)) == 3
                looks.append(colours)
        assert looks[:2] == looks[2:]
    assert eyes.person.complaints_of_the_browser() == [], "its policy lets its style be"
