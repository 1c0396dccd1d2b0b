"""Statements, and the sources in which they stand: works of others, which this site describes."""

from collections.abc import Mapping
from typing import Any

from statements.dates import PartialDate
from statements.models import Qualifier
from statements.models.codes import UNKNOWN_LANGUAGE
from statements.public.citing.blocks import CiteThis
from statements.public.references import Reference, ShownSource
from statements.public.statement import StatementPage
from statements.public.structured.site import (
    Context,
    Node,
    canonical,
    dated,
    described_on,
    full,
    our_description,
    publisher_named,
    sources,
    statements,
    without_blanks,
)


def statement(context: Context) -> Node:
    """A version as its page shows it: by its names, those of today or of that day."""
    page: StatementPage = context["page"]
    organisations = [_named("Organization", to) for group in page.by for to in group.organisations]
    people = [_named("Person", voice.speaker) for voice in page.voices]
    title = page.content["title"]
    return without_blanks(
        {
            "@type": "CreativeWork",
            "@id": page.full_permanent_url,
            "url": canonical(context, page.own_url),
            "name": title,
            "genre": page.kind,
            "description": page.description,
            "inLanguage": _language(page.content["language"]),
            "author": people or organisations,
            "publisher": organisations if people else [],
            **dated(page.issued),
            "version": page.version.public_number,
            "isBasedOn": [_source(cited.source) for cited in page.citations],
            "mentions": [
                *(_named("DefinedTerm", mention.demand) for mention in page.mentions),
                *_figures(page, context["cite_figures"]),
            ],
            **our_description(),
            **described_on(canonical(context, page.own_url), title, statements()),
        }
    )


def source(context: Context) -> Node:
    shown: ShownSource = context["shown"]
    url = canonical(context)
    return {
        **_source(shown),
        "url": url,
        **without_blanks({"genre": shown.kind_label, "creditText": shown.author}),
        **our_description(),
        **described_on(url, shown.name, sources()),
    }


def _source(shown: ShownSource) -> Node:
    """Whether its author is a person nobody has told."""
    return without_blanks(
        {
            "@type": "CreativeWork",
            "name": shown.name,
            "url": full(shown.url) if shown.url else "",
            "sameAs": shown.address,
            "inLanguage": _language(shown.language),
            "publisher": publisher_named(shown.publisher),
            **dated(shown.published),
        }
    )


def _named(kind: str, to: Reference) -> Node:
    return without_blanks({"@type": kind, "name": to.name, "url": full(to.url) if to.url else ""})


def _language(tag: str) -> str:
    return "" if tag == UNKNOWN_LANGUAGE else tag


def _figures(page: StatementPage, cited: Mapping[str, CiteThis]) -> list[Node]:
    """Their names say all of them in words: the day as precise as it is known, and who is named as the source."""
    rows = {row["key"]: row for row in page.content["counts"]}
    return [
        without_blanks(
            {
                "@type": "Observation",
                "name": cited[count.key].citation.figure,
                "url": cited[count.key].citation.address,
                "variableMeasured": _named("StatisticalVariable", count.measure),
                "unitText": count.measure.detail,
                **_day(count.as_of or page.issued),
                **_value(rows[count.key], str(count.text)),
            }
        )
        for count in page.counts
    ]


def _day(date: PartialDate) -> Node:
    return {"observationDate": date.isoformat()} if date.is_day else {}


def _value(row: Mapping[str, Any], words: str) -> Node:
    """A bound is a bound; what is neither a number nor a bound is said in words."""
    value = row["value"]
    match row["qualifier"]:
        case Qualifier.EXACT:
            return {"value": value}
        case Qualifier.AT_LEAST | Qualifier.MORE_THAN:
            return {"minValue": value}
        case Qualifier.UP_TO | Qualifier.FEWER_THAN:
            return {"maxValue": value}
        case Qualifier.RANGE:
            return {"minValue": value, "maxValue": row["value_to"]}
        case _:
            return {"value": words}
