"""What a new statement's form opens with: the source it is entered from, or another statement as its start.

Nothing is stored until it is saved. Rows that are filled in here are saved as they stand, also untouched; the row of
words, which has only its language and its source, is saved once it has words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.admin.base import DeskAdmin
from statements.admin.display import link_to
from statements.admin.source_start import number_in, start_with, statement_from
from statements.models import Citation, Source, Statement
from statements.models.codes import UNKNOWN_LANGUAGE

#: The button that saves a new statement and opens the form of the next one from the same source.
ANOTHER = "_another_from_source"

Rows = list[dict[str, Any]]

#: What a source of this kind nearly always is to a statement in it; any other kind is a report of it. A post or a
#: personal page is its author's own publication.
_ROLES = {
    Source.Kind.OFFICIAL: Citation.Role.ORIGINAL,
    Source.Kind.SOCIAL_POST: Citation.Role.ORIGINAL,
    Source.Kind.PERSONAL_PAGE: Citation.Role.ORIGINAL,
    Source.Kind.ARCHIVE: Citation.Role.ARCHIVE,
}

#: What the next statement of the same voice, or of the same day, mostly shares with this one. Not its title, date and
#: words, nor what rests on them: whoever copies those would publish them a second time.
_COPIED = ("kind", "language", "attribution", "place", "occasion")

#: Rows that are blank to an editor although something stands in them: only these may be left as they are.
_BLANK_UNTIL_WRITTEN = ("wordings",)


@dataclass
class Start:
    """``rows``: prefix of a formset -> its first new rows. ``hints``: field -> a sentence more below it."""

    fields: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    note: str | SafeString = ""


def start_from(source: Source) -> Start:
    """A statement that stands in this source. The source's date is said and not filled in: it is when the source was
    printed, and a statement in it is often older.
    """
    hints = {}
    if source.published is not None:
        hints["issued"] = _(
            "The source was published: %(date)s. The statement itself may be older: enter its own date."
        ) % {"date": source.published.display()}
    role = _ROLES.get(Source.Kind(source.kind), Citation.Role.REPORT)
    note = format_html(
        '{} {} (<a href="{}">{}</a>)',
        _("Entered from the source:"),
        link_to(source),
        start_with(source),
        _("statements that rest on it"),
    )
    return Start(
        fields={"language": source.language},
        rows={
            "citations": [{"source": source.pk, "role": role}],
            "wordings": [{"language": source.language, "source": source.pk}],
        },
        hints=hints,
        note=note,
    )


def start_like(statement: Statement) -> Start:
    """The next statement after this one. Four queries."""
    citations = list(statement.citations.all())
    words: dict[str, Any] = {} if statement.language == UNKNOWN_LANGUAGE else {"language": statement.language}
    if len({citation.source_id for citation in citations}) == 1:
        words["source"] = citations[0].source_id
    return Start(
        fields={name: getattr(statement, name) for name in _COPIED},
        rows={
            "issuers": _values(statement.issuers.all(), "organisation_id", "part"),
            "speaker_roles": _values(statement.speaker_roles.all(), "speaker_id", "attribution"),
            "citations": _values(citations, "source_id", "role"),
            "wordings": [words],
        },
        note=format_html(
            "{} {} {}",
            _("Begun as a copy of:"),
            link_to(statement),
            _("Who, where, kind, language and sources are filled in; nothing is stored until you save."),
        ),
    )


def _values(rows: Any, *columns: str) -> Rows:
    return [{column.removesuffix("_id"): getattr(row, column) for column in columns} for row in rows]


class EnteringAdmin(DeskAdmin):
    """Reads ``?source=`` and ``?copy=`` of a new statement's address, which stay there until it is saved."""

    def _start(self, request: HttpRequest) -> Start:
        """Looked up once for a request."""
        known: Start | None = request.__dict__.get("desk_start")
        if known is None:
            known = request.__dict__["desk_start"] = self._looked_up(request)
        return known

    def _looked_up(self, request: HttpRequest) -> Start:
        if number := number_in(request, "copy"):
            statement = Statement.objects.filter(pk=number).first()
            if statement is not None and self.has_view_permission(request, statement):
                return start_like(statement)
        elif number := number_in(request, "source"):
            source = Source.objects.filter(pk=number).first()
            if source is not None:
                return start_from(source)
        if {"copy", "source"} & request.GET.keys():
            return Start(note=_("What this form was to begin with is no longer here: it opens empty."))
        return Start()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_changeform_initial_data(request) | self._start(request).fields

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        given = super().get_formset_kwargs(request, obj, inline, prefix)
        # What was filled in is compared with nothing when it comes back, or an untouched row would not be saved.
        if obj.pk is None and (request.method != "POST" or prefix in _BLANK_UNTIL_WRITTEN):
            given["initial"] = self._start(request).rows.get(prefix)
        return given

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.hints = {} if obj is not None else self._start(request).hints
        return form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        stored = kwargs.get("obj")
        if stored is None:
            is_from_source = "source" in request.GET
            context |= {"start_note": self._start(request).note, "another_from_source": ANOTHER}
            context["show_save_and_add_another"] = not is_from_source
        elif self.has_add_permission(request):
            context["step_links"] = [*context.get("step_links", ()), *self._links_of(stored)]
        return super().render_change_form(request, context, *args, **kwargs)

    def _links_of(self, statement: Statement) -> list[tuple[str, str]]:
        copy = f"{reverse('admin:statements_statement_add')}?copy={statement.pk}"
        return [(copy, _("Copy as the start of the next"))]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        response = super().response_add(request, obj, post_url_continue)
        return self._next_from_source(request, obj) if ANOTHER in request.POST else response

    def _next_from_source(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        """The source that was come from, where the statement still cites it, else its first."""
        cited: Sequence[Source] = [row.source for row in statement.citations.select_related("source")]
        if not cited:
            self.message_user(request, _("It names no source: paste the address of the next one."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:statements_source_start"))
        wanted = number_in(request, "source")
        source = next((one for one in cited if one.pk == wanted), cited[0])
        return HttpResponseRedirect(statement_from(source))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """The page of a source leads to the list of all statements that rest on it."""
        return lookup == "citations__source__id__exact" or bool(super().lookup_allowed(lookup, value, request))  # type: ignore[arg-type]
