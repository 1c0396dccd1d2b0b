"""The page about the data with every list of columns opened, and the file that a reader takes away from it."""

import zipfile
from pathlib import Path

import pytest

from tests.demonstration import load_demonstration
from tests.e2e.conftest import Person
from tests.e2e.test_access import NARROW, WIDE, Eyes, needs_axe
from tests.packages import NAMES

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@needs_axe
def test_the_columns_can_be_opened_and_read_by_everybody(person: Person) -> None:
    load_demonstration()
    eyes = Eyes(person)
    for width in (NARROW, WIDE):
        eyes.sees(width=width, scheme="light")
        person.opens("/data/")
        summaries = person.browser.find_elements("css selector", "details.columns-of summary")
        assert len(summaries) == 19
        for summary in summaries:
            assert summary.size["height"] >= 24
            summary.send_keys("\n")  # with the keyboard
        assert "Their names, in the same order." in person.reads()
        assert person.browser.execute_script("return document.documentElement.scrollWidth") <= width
        assert list(eyes.complaints_of_axe(f"/data/ at {width}")) == []


def test_the_whole_data_set_is_one_click_away(person: Person, tmp_path: Path) -> None:
    load_demonstration()
    person.browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    person.opens("/data/")
    person.find("a.download").click()
    found = person.wait(lambda _browser: list(tmp_path.glob("public-statements-*.zip")))
    with zipfile.ZipFile(found[0]) as archive:
        assert archive.namelist()[: len(NAMES)] == NAMES
