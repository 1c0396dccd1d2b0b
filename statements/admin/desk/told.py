"""What the lists of the desk say of each row, from what their querysets annotated. No query."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.admin.display import moment


def _with_zone(at: Any) -> str:
    """Colleagues sit in several."""
    return f"{moment(at)} {timezone.localtime(at).tzname()}"


def the_return(statement: Any) -> str | SafeString:
    if statement.returned_at is None:
        return _("Returned without a note.")
    day = date_format(timezone.localtime(statement.returned_at), "j F Y")
    who = _("%(name)s, %(day)s") % {"name": statement.returned_by_name, "day": day}
    if not statement.returned_note:
        return _("Returned without a note by %(who)s.") % {"who": who}
    return format_html("“{}” {}", statement.returned_note, who)


def the_schedule(statement: Any) -> str | SafeString:
    schedule = statement.schedule
    if not schedule.refused:
        return _("To be published on %(moment)s.") % {"moment": _with_zone(schedule.publish_at)}
    was_due = _("Not published on %(moment)s:") % {"moment": _with_zone(schedule.publish_at)}
    reasons = format_html_join("", "<li>{}</li>", ((line,) for line in schedule.refused.splitlines()))
    return format_html('<strong>{}</strong> <ul class="front-reasons">{}</ul>', was_due, reasons)


def the_contradictions(statement: Any) -> str:
    found = []
    if statement.is_after_source:
        found.append(_("It was issued after one of its sources was published."))
    if statement.has_other_year:
        found.append(_("Its printed date is of another year than its source."))
    if statement.counts_ahead:
        found.append(_("It quotes a figure as of a day after it was issued."))
    return " ".join(found)


def the_latest_update(demand: Any) -> str:
    if demand.latest_update is None:
        return _("No update at all.")
    return _("Last said for %(day)s.") % {"day": date_format(demand.latest_update, "j F Y")}
