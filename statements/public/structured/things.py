"""Who speaks, what is demanded and what is counted."""

from django.utils.translation import gettext as _

from statements.models import Measure, Organisation
from statements.public.structured.site import (
    MOST_ITEMS,
    Context,
    Node,
    address,
    canonical,
    demands,
    described_on,
    download,
    measures,
    organisations,
    publisher,
    without_blanks,
)
from statements.public.twins.formats import twins_of
from statements.record.tables import licence_address

_KINDS: dict[str, str] = {
    Organisation.Kind.GOVERNMENT: "GovernmentOrganization",
    Organisation.Kind.PARLIAMENT: "GovernmentOrganization",
    Organisation.Kind.NGO: "NGO",
    Organisation.Kind.MEDIA: "NewsMediaOrganization",
}

#: A feed has the newest figures only.
_WHOLE = ("text/csv", "application/json")


def organisation(context: Context) -> Node:
    row: Organisation = context["organisation"]
    url = canonical(context)
    parent = context["parent"]
    return without_blanks(
        {
            "@type": _KINDS.get(row.kind, "Organization"),
            "name": row.name,
            "alternateName": [*([row.short_name] if row.short_name else []), *(one.name for one in context["names"])],
            "url": url,
            "description": row.description,
            "sameAs": _elsewhere(row),
            "parentOrganization": _organisation(parent) if parent is not None else None,
            "subOrganization": [_organisation(part) for part in context["parts"]],
            **described_on(url, row.name, organisations()),
        }
    )


def _organisation(row: Organisation) -> Node:
    return {"@type": "Organization", "name": row.name, "url": address("organisation", row.slug)}


def _elsewhere(row: Organisation) -> list[str]:
    wikidata = [f"https://www.wikidata.org/entity/{row.wikidata_id}"] if row.wikidata_id else []
    return [*wikidata, *([row.website] if row.website.lower().startswith(("http://", "https://")) else [])]


def speaker(context: Context) -> Node:
    row, url, organisation = context["speaker"], canonical(context), context["organisation"]
    return without_blanks(
        {
            "@type": "Person",
            "name": row.name,
            "alternateName": [one.name for one in context["names"]],
            "url": url,
            "description": row.description,
            "affiliation": _organisation(organisation) if organisation is not None else None,
            **described_on(url, row.name),
        }
    )


def demand(context: Context) -> Node:
    row, url = context["demand"], canonical(context)
    name, list_url = demands()
    entries = [made.statement.entry for made in context["rows"][:MOST_ITEMS]]
    return without_blanks(
        {
            "@type": "DefinedTerm",
            "name": row.title,
            "url": url,
            "description": row.description,
            "inDefinedTermSet": {"@type": "DefinedTermSet", "name": name, "url": list_url},
            "subjectOf": [{"@type": "CreativeWork", "url": address("statement", entry.slug)} for entry in entries],
            **described_on(url, row.title, demands()),
        }
    )


def measure(context: Context) -> Node:
    row: Measure = context["measure"]
    url = canonical(context)
    return without_blanks(
        {
            "@type": "Dataset",
            "name": row.name,
            "url": url,
            "description": _description(row),
            "license": licence_address(),
            "creator": publisher(),
            "isAccessibleForFree": True,
            "distribution": [
                download(twin.url, twin.media_type)
                for twin in twins_of("measure", row.slug)
                if twin.media_type in _WHOLE
            ],
            "variableMeasured": {"@type": "StatisticalVariable", "name": row.name, "url": url},
            "spatialCoverage": {"@type": "Place", "name": row.place} if row.place else None,
            "isPartOf": address("measure", context["parent"].slug) if context["parent"] is not None else None,
            **described_on(url, row.name, measures()),
        }
    )


def _description(row: Measure) -> str:
    """Search engines ask for a sentence at least."""
    said = _("Every figure quoted, by whom, as of when, with the words and the source: %(name)s.") % {"name": row.name}
    return f"{said} {row.definition}".strip()
