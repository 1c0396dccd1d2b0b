"""Pages hold whatever stands in a field: markup, very long words, other scripts, or nothing."""

import re
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.actions.publishing import publish
from statements.actions.steps import submit
from statements.models import Organisation, Source, Statement
from tests.factories import (
    CitationFactory,
    CountObservationFactory,
    DemandFactory,
    DemandMentionFactory,
    DemandUpdateFactory,
    IssuerFactory,
    MeasureFactory,
    OrganisationFactory,
    SourceFactory,
    SpeakerFactory,
    SpeakerRoleFactory,
    StatementFactory,
    WordingFactory,
    save_version,
)
from tests.public_walk import page_of, walk

MARKUP = """<b onclick=alert(1)>x</b>"><script>alert(1)</script>{{ 7 }}{% now %}&amp;'"""
# What the database lets in; it refuses javascript: itself.
ADDRESS = """https://example.org/"><script>alert(1)</script>'"""
#: Data, which no browser runs, and a file of ours.
SCRIPTS = [[("type", "application/ld+json")], [("src", "/static/statements/list.js"), ("defer", None)]]
VOID = {"meta", "link", "input", "br"}


class Balanced(HTMLParser):
    """Fails where an element is closed that was not opened last, or where one that can run is opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"b-", "iframe", "object"}
        assert tag != "script" or attrs in SCRIPTS
        assert not any(name.startswith("on") or name == "style" for name, _value in attrs), attrs
        for name, value in attrs:
            if name in {"href", "src", "action"}:
                assert not (value or "").strip().lower().startswith(("javascript:", "data:"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())


def check(page: str) -> None:
    parser = Balanced()
    parser.feed(page)
    parser.close()
    assert parser.open == []


def put_out(statement: Statement, editor: User, reviewer: User) -> None:
    save_version(statement=statement, by=editor)
    submit(statement=statement, by=editor)
    publish(statement=statement, by=reviewer, revision="minor fix")


def publish_markup(editor: User, reviewer: User) -> None:
    """A statement with all that can hang on it, and markup in every field of each."""
    many = dict.fromkeys(("title", "summary", "date_note", "attribution", "place", "occasion"), MARKUP)
    statement = StatementFactory(slug="hostile", **many)
    organisation = OrganisationFactory(
        slug="o", name=MARKUP, short_name=MARKUP[:60], description=MARKUP, names=[(MARKUP, "ru")]
    )
    Organisation.objects.filter(pk=organisation.pk).update(website=ADDRESS)
    speaker = SpeakerFactory(slug="s", name=MARKUP, description=MARKUP, organisation=organisation)
    speaker.handles.create(network="x", handle=MARKUP)
    source = SourceFactory(slug="q", title=MARKUP, publisher=MARKUP, author=MARKUP)
    Source.objects.filter(pk=source.pk).update(url=ADDRESS)
    source.refresh_from_db()
    demand = DemandFactory(slug="d", title=MARKUP, description=MARKUP)
    demand.addressees.add(organisation)
    measure = MeasureFactory(slug="m", name=MARKUP, unit=MARKUP[:60], place=MARKUP, definition=MARKUP)
    IssuerFactory(statement=statement, organisation=organisation)
    SpeakerRoleFactory(statement=statement, speaker=speaker, attribution=MARKUP)
    CitationFactory(statement=statement, source=source, locator=MARKUP)
    WordingFactory(statement=statement, source=source, text=f"Words {MARKUP} words")
    DemandMentionFactory(statement=statement, demand=demand, quote=MARKUP, locator=MARKUP, note=MARKUP)
    CountObservationFactory(
        statement=statement,
        measure=measure,
        qualifier="unquantified",
        value=None,
        wording=MARKUP,
        attributed_to=organisation,
        attributed_wording=MARKUP,
        excludes=MARKUP,
        quote="Words",
        note=MARKUP,
    )
    DemandUpdateFactory(demand=demand, source=source, note=MARKUP, published_at=timezone.now())
    put_out(statement, editor, reviewer)


def test_markup_in_every_field_is_shown_as_it_was_typed(editor: User, reviewer: User, client: Client) -> None:
    publish_markup(editor, reviewer)
    pages = walk(client, "/statements/?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/statements/?q=words&issuer=o")
    # Parameters, too: in names and in values.
    pages["bad"] = page_of(client.get("/statements/", {MARKUP: MARKUP, "issuer": MARKUP, "q": MARKUP}))
    for page in pages.values():
        if page.is_xml:
            ElementTree.fromstring(page)  # noqa: S314  # a feed of ours
        elif page.is_html:
            check(page)
        assert "<script>alert" not in page or not (page.is_html or page.is_xml)
    words = unescape(re.sub(r"<sup>.*?</sup>|</?mark[^>]*>|<span id[^>]*></span>", "", pages["/statements/hostile/"]))
    assert f"Words {MARKUP} words" in words


def publish_long(editor: User, reviewer: User) -> None:
    """A title of 300 characters without a space, 60 issuers, 12 wordings, words from right to left and Chinese ones."""
    statement = StatementFactory(slug="long", title="W" * 300, language="ar", summary="")
    for number in range(60):
        IssuerFactory(statement=statement, organisation=OrganisationFactory(name=f"Ministry number {number}"))
    CitationFactory(statement=statement)
    arabic, chinese = "نطالب بالإفراج عن جميع السجناء", "我们要求释放所有政治犯共一千人"
    WordingFactory(statement=statement, language="ar", text=arabic)
    WordingFactory(statement=statement, language="zh-Hans", text=chinese, kind="official translation")
    for number in range(10):
        WordingFactory(statement=statement, language="en", kind="as reported", text=f"Report number {number}")
    DemandMentionFactory(statement=statement, quote="بالإفراج عن جميع السجناء")
    DemandMentionFactory(statement=statement, quote="释放所有政治犯")
    put_out(statement, editor, reviewer)


def test_long_titles_other_scripts_and_many_issuers_are_shown_whole(
    editor: User, reviewer: User, client: Client
) -> None:
    publish_long(editor, reviewer)
    page = client.get("/statements/long/").content.decode()
    check(page)
    assert "W" * 300 in page
    assert page.count("<bdi>Ministry number") == 60 + 3
    assert '<div class="words" lang="ar" dir="rtl">' in page
    assert '<blockquote lang="ar" dir="rtl"><p>بالإفراج عن جميع السجناء</p>' in page
    assert '<blockquote lang="zh-Hans" dir="ltr"><p>释放所有政治犯</p>' in page
    assert page.count('<div class="words"') == 12
    listed = client.get("/statements/").content.decode()
    check(listed)
    assert "and 54 more" in listed


def test_a_title_from_right_to_left_leaves_the_words_around_it_in_their_order(
    editor: User, reviewer: User, client: Client
) -> None:
    title = "دعوة للإفراج عن جميع السجناء"
    statement = StatementFactory(slug="rtl", title=title, language="ar")
    IssuerFactory(statement=statement)
    CitationFactory(statement=statement)
    CountObservationFactory(statement=statement, measure=MeasureFactory(name="Held"))
    DemandMentionFactory(statement=statement, demand=DemandFactory(title="Release"))
    put_out(statement, editor, reviewer)
    statement.place = "Riga"
    statement.save()
    put_out(statement, editor, reviewer)
    for address in ("/", "/statements/", "/corrections/", "/measures/", "/measures/held/", "/demands/release/"):
        page = client.get(address).content.decode()
        assert page.count(title) == page.count(f"<bdi>{title}</bdi>") > 0, address
    page = client.get("/statements/rtl/").content.decode()
    assert f'<h1 dir="auto">{title}</h1>' in page
    assert f"“<bdi>{title}</bdi>”" in page, "in the citation"


def test_a_very_long_text_is_shown_whole_with_its_passages(editor: User, reviewer: User, client: Client) -> None:
    words = "\n\n".join(f"Paragraph {number}: " + "so many words " * 100 for number in range(134))
    assert len(words.split()) > 40_000
    statement = StatementFactory(slug="long")
    IssuerFactory(statement=statement)
    CitationFactory(statement=statement)
    WordingFactory(statement=statement, text=words)
    DemandMentionFactory(statement=statement, quote="Paragraph 129: so many")
    put_out(statement, editor, reviewer)
    page = client.get("/statements/long/").content.decode()
    check(page)
    assert '<mark id="words-1-1">Paragraph 129: so many</mark>' in page
    assert page.count("Paragraph ") == 134 + 1


def publish_nine_figures(editor: User, reviewer: User) -> None:
    """Of one measure and one day, each with sixteen digits, in a statement without words."""
    statement = StatementFactory(slug="nine")
    IssuerFactory(statement=statement)
    CitationFactory(statement=statement)
    measure = MeasureFactory(name="Held")
    for value in range(1, 10):
        CountObservationFactory(statement=statement, measure=measure, value=10**15 + value)
    put_out(statement, editor, reviewer)


def test_nine_figures_of_one_day_and_no_words_at_all(editor: User, reviewer: User, client: Client) -> None:
    publish_nine_figures(editor, reviewer)
    page = client.get("/statements/nine/").content.decode()
    check(page)
    assert "1,000,000,000,000,009" in page
    assert "The words of this statement are not on file here" in page
    assert "not been checked" not in page, "it has no quotation"
    table = client.get("/measures/held/").content.decode()
    check(table)
    assert 'rowspan="9"' in table
    assert "9 figures, not all the same" in table
    assert "and 5 more figures" in client.get("/statements/").content.decode()
