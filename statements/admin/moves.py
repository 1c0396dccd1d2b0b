"""What the page of a statement says of its steps: what to mend, for when it is scheduled, and what happened so far."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.models import Move, Schedule, Statement

#: So many steps are told on the page of a statement, the newest first.
MOST = 20


def latest_moves(statement: Statement) -> list[Move]:
    """The newest steps, with their versions' numbers. One query."""
    moves = Move.objects.filter(statement=statement).select_related("version").defer("version__document")
    return list(moves.order_by("-id")[:MOST])


def notes_of_steps(statement: Statement) -> list[str | SafeString]:
    """What whoever opens the page must see first. At most one query."""
    if statement.step == Statement.Step.RETURNED:
        return _returned(statement)
    if statement.step == Statement.Step.SCHEDULED:
        return _scheduled(statement)
    return []


def _returned(statement: Statement) -> list[str | SafeString]:
    move = Move.objects.filter(statement=statement, kind=Move.Kind.RETURNED).order_by("-id").first()
    if move is None or not move.note:
        return []
    words = {"name": move.by_name, "day": move.at.date().isoformat()}
    heading = _("Returned by %(name)s on %(day)s. To be mended:") % words
    return [format_html('<strong>{}</strong> <span class="desk-lines">{}</span>', heading, move.note)]


def _scheduled(statement: Statement) -> list[str | SafeString]:
    schedule = Schedule.objects.filter(statement=statement).first()
    if schedule is None:
        return []
    words = {"time": f"{schedule.publish_at:%Y-%m-%d %H:%M}", "name": schedule.by_name}
    if schedule.refused_at is None:
        sentence = _(
            "It will be published on %(time)s UTC. %(name)s approved it. Whoever changes it sends it back to review."
        )
        return [format_html("<strong>{}</strong>", sentence % words)]
    sentence = _("It should have been published on %(time)s UTC, as %(name)s approved, and was not:")
    reasons: list[str | SafeString] = [format_html("– {}", reason) for reason in schedule.refused.splitlines()]
    advice = _("Publish it by hand, schedule it for another time, or return it.")
    return [format_html("<strong>{}</strong>", sentence % words), *reasons, advice]
