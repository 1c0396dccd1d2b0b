"""Words become evidence in one gesture, in Chromium: selected, chosen, read, checked while one types, and saved."""

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from statements.models import CountObservation, DemandMention, Statement
from tests.e2e.conftest import PASSWORD, Person
from tests.factories import DemandFactory, MeasureFactory, OrganisationFactory, make_statement, make_user

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

ADD = "/admin/statements/statement/add/"
WORDS = "🙏 We know of more than 880 political prisoners.\nRelease them all, and let 17 or 18 come home."
#: As a mouse that is pulled over the words leaves them.
SELECT = """
const [field, words] = arguments;
const start = field.value.indexOf(words);
field.focus();
field.setSelectionRange(start, start + words.length);
"""
MARKED = "return [...document.querySelectorAll('#wordings-0 mark')].map((mark) => mark.textContent)"


class Editor:
    """Somebody at the form of a statement."""

    def __init__(self, person: Person) -> None:
        self.person, self.browser = person, person.browser
        make_user("editor", "contributor", password=PASSWORD)
        person.logs_in("editor")

    def selects(self, words: str, field: str = "#id_wordings-0-text") -> None:
        self.browser.execute_script(SELECT, self.person.find(field), words)

    def button(self, rows: str, wording: str = "#wordings-0") -> WebElement:
        return self.person.find(f'{wording} button[data-rows="{rows}"]')

    def makes(self, rows: str, wording: str = "#wordings-0") -> None:
        """With the keyboard alone: the button is reached from the words, and pressed."""
        button = self.button(rows, wording)
        self.person.wait(lambda _browser: button.is_enabled())
        for _press in range(3):
            self.browser.switch_to.active_element.send_keys(Keys.TAB)
            if self.browser.switch_to.active_element == button:
                break
        assert self.browser.switch_to.active_element == button
        button.send_keys(Keys.ENTER)

    def chooses(self, name: str) -> None:
        """What the field that has the focus now offers."""
        search = self.browser.switch_to.active_element
        assert "select2-search__field" in search.get_attribute("class")
        search.send_keys(name)
        option = ".select2-results__option--highlighted"
        self.person.wait(lambda _browser: name in self.person.find(option).text)
        search.send_keys(Keys.ENTER)

    def value(self, field: str) -> str:
        return self.person.find(f"#id_{field}").get_attribute("value")

    def waits_for(self, css: str, words: str) -> None:
        self.person.wait(lambda browser: any(words in one.text for one in browser.find_elements("css selector", css)))

    def waits_for_marks(self, *passages: str) -> None:
        self.person.wait(lambda browser: browser.execute_script(MARKED) == list(passages))


@pytest.fixture
def editor(person: Person) -> Editor:
    return Editor(person)


@pytest.fixture
def reference(db: None) -> None:
    OrganisationFactory(name="Latvian Foreign Ministry")
    DemandFactory(title="Release all political prisoners")
    MeasureFactory(name="Political prisoners in Belarus")


def begins(editor: Editor, words: str = WORDS) -> None:
    person = editor.person
    person.opens(ADD)
    person.types("#id_title", "Latvia on the Day of Solidarity")
    person.chooses("#id_kind", "press statement")
    person.types("#id_language", "en")
    person.types("#id_issued", "2021-11-27")
    person.looks_up("id_issuers-0-organisation", "Latvian", "Latvian Foreign Ministry")
    person.types("#id_wordings-0-language", "en")
    person.chooses("#id_wordings-0-kind", "original")
    # The driver types no character beyond the basic plane, a person's keyboard does.
    editor.browser.execute_script("arguments[0].value = arguments[1]", person.find("#id_wordings-0-text"), words)


def test_selected_words_become_a_count_and_a_demand_and_are_saved(editor: Editor, reference: None) -> None:
    begins(editor)
    assert not editor.button("counts").is_enabled(), "nothing is selected"
    editor.selects("ore than 880 political prisoner")
    editor.makes("counts")
    editor.chooses("Political prisoners in Belarus")
    editor.waits_for("#counts-0 .evidence-note", "Read as more than 880.")
    assert editor.value("counts-0-quote") == "more than 880 political prisoners", "whole words"
    assert (editor.value("counts-0-qualifier"), editor.value("counts-0-value")) == ("more than", "880")
    assert "A count was added" in editor.person.find("#wordings-0 [role=status]").text

    editor.selects("Release them all,")
    editor.makes("mentions")
    editor.chooses("Release all political prisoners")
    editor.selects("17 or 18")
    editor.makes("counts")
    editor.chooses("Political prisoners in Belarus")
    editor.waits_for("#counts-1 .evidence-note", "several numbers")
    assert (editor.value("counts-1-qualifier"), editor.value("counts-1-value")) == ("", ""), "nothing is guessed"
    editor.waits_for_marks("more than 880 political prisoners", "Release them all,", "17 or 18")
    editor.person.chooses("#id_counts-1-qualifier", "exact")
    editor.person.types("#id_counts-1-value", "17")

    editor.person.presses("Save")
    assert "was added successfully" in editor.person.reads()
    counts = CountObservation.objects.order_by("pk")
    assert [(row.qualifier, row.value, row.quote) for row in counts] == [
        ("more than", 880, "more than 880 political prisoners"),
        ("exact", 17, "17 or 18"),
    ]
    assert DemandMention.objects.get().quote == "Release them all,"
    assert editor.person.complaints_of_the_browser() == []


def test_a_quote_that_an_edit_orphans_is_shown_at_once(editor: Editor) -> None:
    statement = make_statement(by=make_user("another"))
    editor.person.opens(f"/admin/statements/statement/{statement.pk}/change/")
    editor.waits_for_marks("release of all", "1007 political prisoners")
    links = [link.text for link in editor.browser.find_elements("css selector", "#wordings-0 .evidence-list a")]
    assert links == ["Demand: " + str(DemandMention.objects.get()), "Count: " + str(CountObservation.objects.get())]

    words = editor.person.find("#id_wordings-0-text")
    words.send_keys(Keys.END, *[Keys.ARROW_LEFT] * 10, "X")
    assert "political pXrisoners" in words.get_attribute("value") or "Xprisoners" in words.get_attribute("value")
    editor.waits_for("#counts-0 .evidence-problem", "not in the words")
    editor.waits_for("#wordings-0 .evidence-orphan", "1007 political prisoners")
    editor.waits_for_marks("release of all")
    words.send_keys(Keys.BACKSPACE)
    editor.waits_for_marks("release of all", "1007 political prisoners")
    assert editor.browser.find_elements("css selector", ".evidence-orphan") == []
    assert editor.person.find("#counts-0 .evidence-problem").get_attribute("textContent") == ""

    quote = editor.person.find("#id_mentions-0-quote")
    quote.send_keys(" […]")
    editor.waits_for("#mentions-0 .evidence-problem", "unbroken")
    editor.person.find("#id_mentions-0-DELETE").click()
    editor.waits_for_marks("1007 political prisoners")


def test_a_wording_that_was_added_has_the_same_tools_in_any_script(editor: Editor, reference: None) -> None:
    begins(editor)
    editor.person.adds_another("wordings")
    editor.person.types("#id_wordings-1-language", "ar")
    editor.person.chooses("#id_wordings-1-kind", "official translation")
    editor.person.types("#id_wordings-1-text", "قلنا إن 1007 سجناء محتجزون. 囚犯人数超过一千")
    editor.selects("1007 سجناء", "#id_wordings-1-text")
    editor.makes("counts", "#wordings-1")
    editor.chooses("Political prisoners in Belarus")
    editor.waits_for("#counts-0 .evidence-note", "exactly 1007")
    editor.selects("人数", "#id_wordings-1-text")
    editor.makes("counts", "#wordings-1")
    editor.chooses("Political prisoners in Belarus")
    assert editor.value("counts-1-quote") == "人数", "a script without spaces is not widened to a whole sentence"
    marks = editor.person.find("#wordings-1 .evidence-words")
    editor.person.wait(lambda _browser: len(marks.find_elements("css selector", "mark")) == 2)
    assert editor.person.find("#id_wordings-1-text").get_attribute("dir") == "auto"
    assert marks.get_attribute("dir") == "auto"


def test_a_long_text_is_marked(editor: Editor, reference: None) -> None:
    begins(editor, "Words without a number. " * 4200 + "More than 880 people.")
    editor.selects("More than 880 people")
    editor.makes("counts")
    editor.chooses("Political prisoners in Belarus")
    editor.waits_for_marks("More than 880 people")


def test_without_scripts_the_form_works_as_before(editor: Editor) -> None:
    statement = make_statement(by=make_user("another"))
    editor.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    editor.person.opens(f"/admin/statements/statement/{statement.pk}/change/")
    assert "As a count" not in editor.person.reads()
    editor.person.types("#id_counts-0-quote", "all 1007 political prisoners")
    editor.browser.find_element("css selector", "input[name=_save]").submit()
    assert "was changed successfully" in editor.person.reads()
    assert CountObservation.objects.get().quote == "all 1007 political prisoners"


def test_an_address_is_pasted_and_two_statements_are_entered_from_it(editor: Editor, reference: None) -> None:
    person = editor.person
    person.opens("/admin/")
    person.presses("Enter from a source")
    person.types("#id_address", "https://example.org/article?utm_source=x")
    person.presses("Look it up")
    person.wait(lambda browser: browser.switch_to.active_element.get_attribute("id") == "id_title")
    person.types("#id_language", "en")
    person.leaves_by("Save and add a statement")
    for title in ("The first voice", "The second voice"):
        person.types("#id_title", title)
        person.chooses("#id_kind", "social post")
        person.types("#id_issued", "2022-01-27")
        person.looks_up("id_issuers-0-organisation", "Latvian", "Latvian Foreign Ministry")
        person.leaves_by("Save and add another from this source")
        assert person.sees(f"“{title}” was added successfully")
    assert [list(row.citations.values_list("role", flat=True)) for row in Statement.objects.all()] == [["report"]] * 2
    person.opens("/admin/statements/source/start/?address=https://example.org/article")
    assert person.sees("The first voice")
    assert person.complaints_of_the_browser() == []
