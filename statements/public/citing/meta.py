"""The meta tags from which reference managers take a page: those of Highwire Press, and Dublin Core for the rest.

As Zotero's translator "Embedded Metadata" reads them, which Wikipedia's citations rest on, too.
"""

from statements.public.citing.citation import Citation, Who


def meta(citation: Citation) -> list[tuple[str, str]]:
    """Names and contents, of a version or a figure in it."""
    return [
        ("citation_title", citation.title),
        *(("citation_author", _name(who)) for who in citation.authors),
        *_dates(citation),
        ("citation_publisher", ", ".join(citation.publishers) or citation.site),
        *([("citation_language", citation.language)] if citation.language else []),
        ("citation_public_url", citation.address),
        ("DC.type", citation.genre),
        # Or else whatever has a title is taken for an article in a journal.
        ("z:itemType", "webpage"),
    ]


def _name(who: Who) -> str:
    """What stands before a comma is taken for a last name, and without one the last word is: a ministry "of Latvia" has
    no first name.
    """
    return who.name if who.is_person else f"{who.name},"


def _dates(citation: Citation) -> list[tuple[str, str]]:
    issued = citation.issued.isoformat()
    # Highwire knows no intervals.
    dates = [("DC.date", issued) if "/" in issued else ("citation_publication_date", issued.replace("-", "/"))]
    if citation.published is not None:
        dates.append(("citation_online_date", citation.published.isoformat().replace("-", "/")))
    return dates
