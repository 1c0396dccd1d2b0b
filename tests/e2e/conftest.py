"""Chromium, and a person in front of it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException, WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.ui import WebDriverWait

PASSWORD = "a-long-password"

#: What ChromeDriver says of something on a page that is replaced at that very moment, instead of that it is stale.
_HALF_GONE = "Node with given id does not belong to the document"

SWITCHES = [
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,1600",
]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    """A new Chromium with a profile of its own. Selenium's own downloads of browsers are not used."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for switch in [*SWITCHES, f"--user-data-dir={tmp_path / 'profile'}"]:
        options.add_argument(switch)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's sandbox does not start as root
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options=options, service=ChromeService(shutil.which("chromedriver")))
    # A window without a screen may be one that has no focus: then nothing on its pages can have it.
    driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
    yield driver
    driver.quit()


class Person:
    """What somebody does in a browser, and sees."""

    def __init__(self, browser: Chrome, site: str) -> None:
        self.browser, self.site = browser, site

    def wait(self, condition: Any) -> Any:
        def met(browser: Chrome) -> Any:
            try:
                return condition(browser)
            except WebDriverException as error:
                if _HALF_GONE in str(error):
                    return False
                raise

        # What is found on a page that is just being left is looked for again.
        return WebDriverWait(self.browser, 20, ignored_exceptions=[StaleElementReferenceException]).until(met)

    def find(self, css: str) -> WebElement:
        return self.wait(expected.presence_of_element_located((By.CSS_SELECTOR, css)))

    def focuses(self, css: str) -> WebElement:
        """What stands beside the page until it has the focus: ChromeDriver sends no keys to what can't be seen."""
        found = self.find(css)
        self.browser.execute_script("arguments[0].focus()", found)
        return found

    def opens(self, address: str) -> None:
        self.browser.get(address if address.startswith("http") else self.site + address)

    def reads(self) -> str:
        return self.wait(lambda browser: browser.find_element(By.CSS_SELECTOR, "body").text)

    def sees(self, words: str) -> bool:
        """Whether the page says so, or the one that comes next."""
        try:
            return bool(self.wait(lambda _browser: words in self.reads()))
        except TimeoutException:
            return False

    def logs_in(self, name: str) -> None:
        self.browser.delete_all_cookies()
        self.opens("/admin/login/?next=/admin/")
        self.find("#id_username").send_keys(name)
        self.find("#id_password").send_keys(PASSWORD, Keys.ENTER)
        self.find("#user-tools")

    def logs_out(self) -> None:
        self.browser.delete_all_cookies()

    def types(self, css: str, text: str) -> None:
        field = self.find(css)
        field.clear()
        field.send_keys(text)

    def chooses(self, css: str, value: str) -> None:
        self.find(f'{css} option[value="{value}"]').click()

    def adds_another(self, prefix: str) -> None:
        self._presses(self.find(f"#{prefix}-group .add-row a"))

    def looks_up(self, field_id: str, text: str, choice: str) -> None:
        """Types into an autocomplete and takes the choice that it offers."""
        box = self.find(f"#{field_id} + .select2 .select2-selection")
        self._presses(box)
        search = self.find(".select2-container--open .select2-search__field")
        search.send_keys(text)
        option = self.wait(
            expected.presence_of_element_located(
                (By.XPATH, f"//li[contains(@class,'select2-results__option') and contains(., '{choice}')]")
            )
        )
        option.click()

    def presses(self, label: str) -> None:
        xpath = (
            f"//button[normalize-space(.)='{label}'] | //input[@value='{label}'] | //a[normalize-space(.)='{label}']"
        )
        self._presses(self.wait(expected.presence_of_element_located((By.XPATH, xpath))))

    def leaves_by(self, label: str) -> None:
        """Presses what leads to another page, and waits for it: both may have fields of one name."""
        page = self.find("html")
        self.presses(label)
        self.wait(expected.staleness_of(page))

    def _presses(self, element: WebElement) -> None:
        # A sticky row of buttons may lie over what is at the lower edge.
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()

    def complaints_of_the_browser(self) -> list[str]:
        """What its console says: a style or a script that the Content-Security-Policy refused stands there."""
        return [entry["message"] for entry in self.browser.get_log("browser") if "favicon" not in entry["message"]]


@pytest.fixture
def person(browser: Chrome, live_server: Any) -> Person:
    return Person(browser, live_server.url)
