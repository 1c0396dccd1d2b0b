"""Charts as files: they carry all that a reader needs, and look right from this site and from a disk."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from statements.models import Demand, Measure, OldSlug
from statements.public.charts.style import STYLE
from tests.charting import SVG, marks_of, parsed, publish_demands, publish_figures
from tests.factories import DemandFactory, DemandUpdateFactory, MeasureFactory, OrganisationFactory, SourceFactory
from tests.test_public_hostile import MARKUP

FILES = ("/measures/held.svg", "/demands/release.svg")
EVERY_FILE = (*FILES, "/demands/release/chart.csv", "/demands/release/chart.csv-metadata.json")
SITE_STYLE = Path(project.BASE_DIR) / "statements" / "static" / "statements" / "site.css"


@pytest.fixture
def shown(editor: User, reviewer: User) -> tuple[Measure, Demand]:
    """A measure and a demand with two of each on their charts."""
    measure, demand = MeasureFactory(name="Held", slug="held"), DemandFactory(title="Release", slug="release")
    publish_figures(editor, reviewer, measure, {"as_of": "2021"}, {"as_of": "2022"})
    publish_demands(editor, reviewer, demand, "2021-11-03", "2022-01-27")
    DemandUpdateFactory(demand=demand, published_at=timezone.now())
    return measure, demand


def content_of(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def words_of(root: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()) for element in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("address", FILES)
def test_a_file_says_what_it_is_as_of_when_under_which_licence_where_from_and_how_to_cite_it(
    shown: Any, client: Client, settings: Any, address: str
) -> None:
    settings.SITE_NAME, settings.DATA_LICENCE = "A tracker", "CC-BY-SA-4.0"
    root = parsed(content_of(client, address))
    name = {"/measures/held.svg": "Held", "/demands/release.svg": "Release"}[address]
    page = f"http://localhost:8000{address.removesuffix('.svg')}/"
    day = timezone.localdate()
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == name
    cite = f"A tracker, the chart of “{name}”, as of {day.day} {day:%B %Y}, CC-BY-SA-4.0. {page}"
    assert (description.text or "").endswith(cite)
    assert cite in words_of(root).replace("  ", " ")
    assert "Licence: CC-BY-SA-4.0" in words_of(root)
    [metadata_element] = root.iter(f"{SVG}metadata")
    metadata = ElementTree.tostring(metadata_element, encoding="unicode")
    for words in (day.isoformat(), page, f"http://localhost:8000{address}", "https://spdx.org/licenses/CC-BY-SA-4.0"):
        assert words in metadata
    assert name in words_of(root)


@pytest.mark.parametrize("address", FILES)
def test_a_file_fetches_nothing_and_runs_nothing(shown: Any, client: Client, address: str) -> None:
    root = parsed(content_of(client, address))
    for element in root.iter():
        assert element.tag.removeprefix(SVG) not in {"script", "image", "use", "foreignObject", "set", "animate"}
        assert not any(name.startswith("on") or name == "style" for name in element.attrib)
        if "href" in element.attrib:
            assert element.tag == f"{SVG}a"
            assert re.match(r"http://localhost:8000/|https://", element.attrib["href"])
    assert not re.search(r"url\(|@import", STYLE)


@pytest.mark.parametrize("address", FILES)
def test_the_policy_of_a_file_allows_exactly_its_own_style(shown: Any, client: Client, address: str) -> None:
    response = client.get(address)
    root = parsed(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    [style] = root.iter(f"{SVG}style")
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["style-src"] == f"'sha256-{digest}'"
    assert policy["default-src"] == "'self'"
    assert "style-src" not in client.get("/measures/held/").headers["Content-Security-Policy"]


def test_a_file_has_the_colours_of_the_page_in_both_schemes() -> None:
    style = SITE_STYLE.read_text(encoding="utf-8")
    names = {f"voice-{letter}": f".voice-{letter}" for letter in "abcdef"}
    light, dark = STYLE.split("@media", 1)
    for variable, selector in names.items():
        of_page = re.findall(rf"--{variable}: (#[0-9a-f]+);", style)
        in_file = [
            re.findall(rf"{re.escape(selector)}[^{{}}]*{{color:(#[0-9a-f]+)}}", part)[0] for part in (light, dark)
        ]
        assert of_page == in_file, variable
    for variable, selector in (("paper", ".paper"), ("ink", ".heading")):
        of_page = re.findall(rf"--{variable}: (#[0-9a-f]+);", style)[:2]
        in_file = [re.findall(rf"{re.escape(selector)}[^{{}}]*{{fill:(#[0-9a-f]+)", part)[0] for part in (light, dark)]
        assert of_page == in_file, variable


def _contrast(one: str, other: str) -> float:
    """By WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def test_every_letter_can_be_read_on_its_mark_in_both_schemes() -> None:
    style = SITE_STYLE.read_text(encoding="utf-8")
    papers = re.findall(r"--paper: (#[0-9a-f]+);", style)[:2]
    for letter in "abcdef":
        for paper, colour in zip(papers, re.findall(rf"--voice-{letter}: (#[0-9a-f]+);", style), strict=True):
            assert _contrast(paper, colour) > 4.5
            # On what softens "about" and "nearly": three tenths of the colour over the paper.
            mixed = [round(0.3 * int(colour[i : i + 2], 16) + 0.7 * int(paper[i : i + 2], 16)) for i in (1, 3, 5)]
            assert _contrast("#" + "".join(f"{part:02x}" for part in mixed), colour) > 3, (
                "bold, and the mark has a name"
            )


def test_names_with_markup_and_characters_that_xml_lacks_are_words_in_a_file(
    editor: User, reviewer: User, client: Client
) -> None:
    measure = MeasureFactory(slug="held", name=f"{MARKUP}\x0b{MARKUP}"[:300], unit=MARKUP[:60])
    demand = DemandFactory(slug="release", title=f"{MARKUP}\x01")
    DemandUpdateFactory(demand=demand, source=SourceFactory(title=MARKUP), published_at=timezone.now())
    by = [OrganisationFactory(name=f"{MARKUP}\x0c", slug="o")]
    words = {"qualifier": "unquantified", "value": None, "wording": MARKUP}
    publish_figures(editor, reviewer, measure, {"by": by}, {"by": by, **words})
    publish_demands(editor, reviewer, demand, "2021-11-03", "2022-01-27")
    for address in FILES:
        file = content_of(client, address)
        root = parsed(file)
        assert b"<script" not in file
        assert b"<b onclick" not in file
        title = root.find(f"{SVG}title")
        assert title is not None
        assert (title.text or "").startswith(MARKUP)
    titles = [element.text or "" for element in parsed(content_of(client, FILES[0])).iter(f"{SVG}title")]
    assert any(f"“{MARKUP}”" in title for title in titles)


def test_a_title_of_any_length_and_script_stays_on_the_sheet(editor: User, reviewer: User, client: Client) -> None:
    for slug, name in (("latin", "W" * 300), ("han", "政治犯" * 100), ("arabic", "السجناء السياسيون " * 16)):
        measure = MeasureFactory(slug=slug, name=name.strip())
        publish_figures(editor, reviewer, measure, {})
        root = parsed(content_of(client, f"/measures/{slug}.svg"))
        [heading] = [group for group in root.iter(f"{SVG}g") if group.get("class") == "heading"]
        lines = [line.text or "" for line in heading]
        assert 1 < len(lines) <= 3
        assert all(len(line) <= 75 for line in lines)
        assert float(root.get("height", "0")) > 500


@pytest.mark.parametrize("address", EVERY_FILE)
def test_an_unknown_parameter_is_named_and_nothing_is_answered(shown: Any, client: Client, address: str) -> None:
    response = client.get(address, {"colour": "red", "page": "2"})
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "This address has no parameter “colour”.",
        "This address has no parameter “page”.",
    ]


def test_the_order_of_the_table_may_be_given_with_the_chart_of_a_measure_and_a_bad_one_is_named(
    shown: Any, client: Client
) -> None:
    sorted_otherwise = marks_of(content_of(client, "/measures/held.svg?sort=-value").decode())
    assert sorted_otherwise == marks_of(content_of(client, "/measures/held.svg").decode())
    response = client.get("/measures/held.svg?sort=colour")
    assert response.status_code == 400
    assert "“colour” is none of" in response.content.decode()


@pytest.mark.parametrize("address", EVERY_FILE)
def test_an_old_address_leads_to_the_same_format(shown: tuple[Measure, Demand], client: Client, address: str) -> None:
    measure, demand = shown
    OldSlug.objects.create(kind="measure", slug="old", target_id=measure.pk)
    OldSlug.objects.create(kind="demand", slug="old", target_id=demand.pk)
    old = re.sub("held|release", "old", address)
    response = client.get(old)
    assert (response.status_code, response.headers["Location"]) == (301, address)
    assert client.get(old.replace("old", "nothing")).status_code == 404


@pytest.mark.parametrize("address", FILES)
def test_a_file_is_looked_at_in_the_browser_and_saved_under_a_name_that_says_what_it_is(
    shown: Any, client: Client, address: str
) -> None:
    response = client.get(address)
    assert response.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    name = address.rpartition("/")[2].removesuffix(".svg")
    day = timezone.localdate().isoformat()
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}-{day}.svg"'
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not client.cookies
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert "style-src 'sha256-" in again.headers["Content-Security-Policy"], "else its style is gone from the copy"
