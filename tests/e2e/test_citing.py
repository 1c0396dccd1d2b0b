"""Cite this: opened by anybody, with the keyboard and without scripts, and on paper without being opened."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.demonstration import EEAS, LATVIA, load_demonstration
from tests.e2e.conftest import Person
from tests.e2e.test_access import Eyes, needs_axe
from tests.factories import make_user
from tests.test_public_hostile import publish_long, publish_markup, publish_nine_figures

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

DEMAND = "/demands/release-all-political-prisoners/"


class CuriousEyes(Eyes):
    """They open all that can be opened."""

    def complaints_of_axe(self, where: str) -> Iterator[str]:
        self.browser.execute_script("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        if self.browser.execute_script(wide) > 0:
            yield f"{where}: it scrolls sideways when all is open"
        yield from super().complaints_of_axe(where)


@needs_axe
def test_how_something_is_cited_can_be_read_by_everybody(person: Person) -> None:
    load_demonstration()
    editor, reviewer = make_user("one", "contributor"), make_user("another", "reviewer")
    for publish in (publish_markup, publish_long, publish_nine_figures):
        publish(editor, reviewer)
    addresses = [LATVIA, f"{LATVIA}versions/1/", EEAS, DEMAND, "/demands/d/"]
    addresses += [f"/statements/{slug}/" for slug in ("hostile", "long", "nine")]
    eyes = CuriousEyes(person)
    assert [complaint for address in addresses for complaint in eyes.complaints(address)] == []
    assert person.complaints_of_the_browser() == [], "of descriptions for machines neither"


def test_it_opens_with_the_keyboard(person: Person) -> None:
    load_demonstration()
    person.opens(LATVIA)
    summary = person.find("details.cite summary")
    line = person.browser.find_element(By.CSS_SELECTOR, "details.cite p")
    assert not line.is_displayed()
    summary.send_keys(Keys.ENTER)
    assert person.wait(lambda _browser: line.is_displayed())
    assert f"{LATVIA}versions/1/" in line.text


def test_on_paper_it_is_open(person: Person) -> None:
    load_demonstration()
    person.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        for address in (LATVIA, DEMAND):
            person.opens(address)
            line = person.browser.find_element(By.CSS_SELECTOR, ".head details.cite p")
            shown = "return arguments[0].checkVisibility({contentVisibilityAuto: true})"
            assert person.browser.execute_script(shown, line)
            assert line.rect["height"] > 10
    finally:
        person.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
