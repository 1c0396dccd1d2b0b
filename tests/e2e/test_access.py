"""Every kind of public page, as somebody sees it who has poor eyes, a narrow screen, or no mouse."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from selenium.webdriver.common.keys import Keys

from statements.actions.publishing import withdraw
from statements.models import Statement
from statements.public import views
from tests.demonstration import LATVIA, PAGES, load_demonstration
from tests.e2e.conftest import Person
from tests.factories import make_user, publish_again
from tests.test_public_hostile import publish_long, publish_markup, publish_nine_figures

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

#: Where axe.min.js is; .ci/run puts it there.
AXE_CORE = os.environ.get("AXE_CORE", "")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """
const [standards, done] = arguments;
// A colour on its way from one scheme to the other is none that somebody reads.
document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => one.finish());
// What it would load first, styles and recordings, is read by rules in trial and where something is played only.
axe.run(document, {runOnly: standards, resultTypes: ["violations"], preload: false}).then(
    (found) => done(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(" | ")}`)),
    (error) => done([String(error)]),
);
"""
WHAT_IT_FETCHED = "return performance.getEntriesByType('resource').map((entry) => new URL(entry.name).origin)"
NARROW, WIDE = 320, 1280


@pytest.fixture
def eyes(person: Person) -> "Eyes":
    return Eyes(person)


class Eyes:
    """A person's browser in both schemes and widths, and what is wrong with each page in any of them."""

    #: What axe is asked in each scheme: standards, or single rules.
    asked = {"light": STANDARDS, "dark": STANDARDS}

    def __init__(self, person: Person) -> None:
        self.person, self.browser = person, person.browser

    def sees(self, *, width: int, scheme: str) -> None:
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    def complaints(self, address: str) -> Iterator[str]:
        for width in (NARROW, WIDE):
            self.sees(width=width, scheme="light")
            self.person.opens(address)
            where = f"{address} at {width}"
            needed = self.browser.execute_script("return document.documentElement.scrollWidth")
            if needed > width:
                yield f"{where}: it scrolls sideways, to {needed}"
            others = set(self.browser.execute_script(WHAT_IT_FETCHED)) - {self.person.site}
            if others or self.browser.get_cookies():
                yield f"{where}: fetched from {others}, cookies {self.browser.get_cookies()}"
            yield from self.complaints_of_axe(where)

    def complaints_of_axe(self, where: str) -> Iterator[str]:
        if not self.browser.execute_script("return 'axe' in window"):
            self.browser.execute_script(Path(AXE_CORE).read_text(encoding="utf-8"))
        for scheme, asked in self.asked.items():
            self.sees(width=self.browser.execute_script("return innerWidth"), scheme=scheme)
            for found in self.browser.execute_async_script(RUN_AXE, asked):
                yield f"{where}, {scheme}: {found}"


needs_axe = pytest.mark.skipif(not AXE_CORE, reason="set AXE_CORE to the path of axe.min.js, as .ci/run does")


@needs_axe
def test_every_kind_of_page_can_be_read_by_everybody(eyes: Eyes) -> None:
    load_demonstration()
    gone = Statement.objects.get(slug="nexta-post-tsikhanouskaya-interview")
    another = make_user("another", "reviewer")
    withdraw(statement=gone, by=another, reason="It endangers somebody.")
    corrected = Statement.objects.get(slug="latvia-day-of-solidarity-2021")
    corrected.summary = "In other words."
    corrected.save()
    publish_again(corrected, by=make_user("one", "contributor"), published_by=another)
    compare = f"/statements/{corrected.slug}/versions/compare/"
    addresses = [*PAGES, f"/statements/{gone.slug}/", "/nothing/", "/measures/?page=99"]
    addresses += [f"{compare}?from=1&to=2", f"{compare}?from=1&to=9", f"/statements/{gone.slug}/versions/compare/"]
    assert [complaint for address in addresses for complaint in eyes.complaints(address)] == []
    log = eyes.person.complaints_of_the_browser()
    assert [entry for entry in log if "status of 404" not in entry and "status of 410" not in entry] == []


@needs_axe
def test_an_empty_site_can_be_read_by_everybody(eyes: Eyes) -> None:
    lists = ["statements", "demands", "measures", "organisations", "sources", "corrections", "data"]
    addresses = ["/", *(f"/{name}/" for name in lists)]
    assert [complaint for address in addresses for complaint in eyes.complaints(address)] == []


@needs_axe
def test_hostile_content_can_be_read_by_everybody(eyes: Eyes) -> None:
    editor, reviewer = make_user("editor", "contributor"), make_user("reviewer", "reviewer")
    for publish in (publish_markup, publish_long, publish_nine_figures):
        publish(editor, reviewer)
    for statement in Statement.objects.all():
        statement.place = "L" * 200
        statement.save()
        publish_again(statement, by=editor, published_by=reviewer)
    addresses = ["/", "/statements/", "/statements/hostile/", "/statements/long/", "/statements/nine/", "/corrections/"]
    addresses += [f"/statements/{slug}/versions/compare/" for slug in ("hostile", "long", "nine")]
    addresses += ["/organisations/o/", "/speakers/s/", "/demands/d/", "/measures/m/", "/measures/held/", "/sources/q/"]
    assert [complaint for address in addresses for complaint in eyes.complaints(address)] == []


def _fails(error: type[Exception]) -> Callable[..., Any]:
    def fail(*_arguments: Any) -> Any:
        raise error

    return fail


@needs_axe
def test_pages_of_trouble_can_be_read_by_everybody(eyes: Eyes, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, heading in (
        (PermissionDenied, "This is not open to you"),
        (RuntimeError, "Something went wrong here"),
    ):
        monkeypatch.setattr(views.filters, "read", _fails(error))
        assert list(eyes.complaints("/statements/")) == []
        assert eyes.person.find("h1").text == heading
    settings.MAINTENANCE = True
    assert list(eyes.complaints("/")) == []
    assert eyes.person.find("h1").text == "This site is being worked on"


class Keyboard:
    """Somebody without a mouse. A step is: going to one thing with the Tab key, typing, or pressing Enter."""

    MOST_TABS = 12

    def __init__(self, person: Person) -> None:
        self.browser, self.steps = person.browser, 0

    def goes_to(self, css: str) -> None:
        self.steps += 1
        for _press in range(self.MOST_TABS):
            self._sends(Keys.TAB)
            here = self.browser.switch_to.active_element
            assert self.browser.execute_script("return arguments[0].matches(':focus-visible')", here)
            if self.browser.execute_script("return arguments[0].matches(arguments[1])", here, css):
                return
        raise AssertionError(f"{css} is more than {self.MOST_TABS} presses of the Tab key away.")

    def types(self, words: str) -> None:
        self.steps += 1
        self._sends(words)

    def presses_enter(self) -> None:
        self.steps += 1
        self._sends(Keys.ENTER)

    def _sends(self, keys: str) -> None:
        self.browser.switch_to.active_element.send_keys(keys)


def test_the_statement_of_the_second_seed_is_found_with_the_keyboard_in_five_steps(person: Person) -> None:
    load_demonstration()
    person.opens("/")
    keyboard = Keyboard(person)
    keyboard.goes_to("input[type=search]")
    keyboard.types("Latvia solidarity")
    keyboard.presses_enter()
    person.find(".asked")
    keyboard.goes_to(f'a[href="{LATVIA}"]')
    keyboard.presses_enter()
    assert person.wait(lambda browser: browser.current_url == person.site + LATVIA)
    assert keyboard.steps <= 5
    assert "880" in person.reads()


def test_the_skip_link_leads_past_the_head_of_the_page(person: Person) -> None:
    load_demonstration()
    person.opens("/statements/")
    keyboard = Keyboard(person)
    keyboard.goes_to("a.skip")
    skip = person.browser.switch_to.active_element
    assert skip.rect["x"] >= 0
    keyboard.presses_enter()
    keyboard.goes_to("main .entries a")
