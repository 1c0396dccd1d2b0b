"""The files in which a citation can be taken away."""

from collections.abc import Callable
from dataclasses import dataclass

from statements.public.citing import bibtex, csl, ris
from statements.public.citing.citation import Citation

#: What the addresses of all of them answer.
CITATION = "citation"
#: The parameter that names a figure of a version by its key.
FIGURE = "figure"


@dataclass(frozen=True)
class Format:
    """``name`` is that of its addresses among ``statements/urls.py``: version_bib, demand_bib."""

    name: str
    label: str
    extension: str
    media_type: str
    written: Callable[[Citation], str]


FORMATS = {
    one.name: one
    for one in (
        Format("bib", "BibTeX", "bib", "application/x-bibtex; charset=utf-8", bibtex.written),
        Format("ris", "RIS", "ris", "application/x-research-info-systems; charset=utf-8", ris.written),
        Format("csl", "CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", csl.written),
    )
}
