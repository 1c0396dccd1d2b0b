"""The addresses at which reference managers find a citation: BibTeX, RIS and CSL-JSON."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from statements.public.citing import citation as cited
from statements.public.citing.formats import CITATION, FIGURE, FORMATS
from statements.public.responses import found_versions, moved_or_missing, numbered
from statements.public.twins.answers import Answer, answered, refuse, unknown_parameters
from statements.record import demands
from statements.record.names import Kind
from statements.record.stated import file_name, today


@answered(CITATION, by_content=True)
def of_version(request: HttpRequest, slug: str, number: int, style: str) -> HttpResponse:
    """A published version, or one of its figures, with the names of that day. One query."""
    keys = request.GET.getlist(FIGURE)
    problems = unknown_parameters(request.GET, FIGURE)
    if len(keys) > 1:
        problems.append(_("The figure was given more than once."))
    elif keys and not keys[0].strip():
        problems.append(_("The figure was left blank: give its key, or leave it out."))
    refuse(problems)
    versions = found_versions(slug, address=f"statements:version_{style}", rest=(number,))
    version = numbered(versions, number)
    citation = cited.of_figures(version).get(keys[0]) if keys else cited.of_version(version)
    if citation is None:
        raise Http404
    return _file(citation, style, slug, "version", str(number), *([citation.place] if keys else []))


@answered(CITATION, by_content=True)
def of_demand(request: HttpRequest, slug: str, style: str) -> HttpResponse:
    """A demand as it stands today. One query."""
    refuse(unknown_parameters(request.GET))
    demand = demands.demands_in_use(today=today().first).filter(slug=slug).first()
    if demand is None:
        raise moved_or_missing(Kind.DEMAND, slug, f"statements:demand_{style}")
    return _file(cited.of_demand(demand, on=today()), style, slug)


def _file(citation: cited.Citation, style: str, *words: str) -> HttpResponse:
    chosen = FORMATS[style]
    answer = Answer(
        chosen.media_type,
        pieces=lambda: iter([chosen.written(citation).encode()]),
        page=citation.address.partition("#")[0],
        file_name=file_name(*words, on=citation.published or today(), extension=chosen.extension),
        links=[("cite-as", citation.address)],
    )
    return answer.whole_response()
