"""What the chart of a demand shows, as rows of a file."""

from django.utils.translation import gettext_lazy as _

from statements.models import DemandUpdate
from statements.public.charts.demand import DemandChart, PeriodRow, UpdateRow
from statements.public.twins.about import About
from statements.public.twins.columns import TwinColumn, TwinTable
from statements.public.twins.rows import Row
from statements.record.tables import Type

STATEMENTS, STATUS = "statements", "status"

CHART_OF_A_DEMAND = TwinTable(
    "demands/SLUG/chart",
    _("A bar of the chart of a demand, or a change of how it stood."),
    ("shows", "key"),
    (
        TwinColumn(
            "shows",
            _("Whether it is about the statements of a time, or about how the demand stood."),
            one_of=(STATEMENTS, STATUS),
        ),
        TwinColumn("key", _("What identifies the row, and its mark in the chart.")),
        TwinColumn("date", _("The month or year, or the date as precise as it is known.")),
        TwinColumn("date_from", _("The first day of that time."), Type.DATE),
        TwinColumn("date_until", _("The last day of that time."), Type.DATE),
        TwinColumn("statements", _("How many statements make the demand, without repetitions."), Type.INTEGER),
        TwinColumn(
            "is_placed",
            _("Whether it is known that they were issued in that one month, or year, and count as such."),
            Type.BOOLEAN,
        ),
        TwinColumn("status", _("How the demand stood from then on."), one_of=tuple(DemandUpdate.Status.values)),
        TwinColumn("source", _("The source that says so."), refers_to="sources"),
        TwinColumn("source_title", _("What it is called.")),
        TwinColumn("url", _("The address of these statements, or of this change, on this site.")),
        TwinColumn("cite", _("How to cite the file.")),
    ),
)


def rows_of(chart: DemandChart, about: About) -> list[Row]:
    """In the order of the chart's table."""
    bars = [
        {"shows": STATEMENTS, "statements": row.times, "is_placed": row.is_placed, **_dated(row)}
        for row in chart.periods
    ]
    changes = [
        {
            "shows": STATUS,
            "status": row.update.status,
            "source": row.update.source.slug,
            "source_title": row.update.source.title,
            **_dated(row),
        }
        for row in chart.updates
    ]
    empty: Row = dict.fromkeys(CHART_OF_A_DEMAND.column_names)
    return [{**empty, **row, "cite": about.cite} for row in [*bars, *changes]]


def _dated(row: PeriodRow | UpdateRow) -> Row:
    return {
        "key": row.key,
        "date": row.date.isoformat(),
        "date_from": row.date.first.isoformat(),
        "date_until": row.date.last.isoformat(),
        "url": row.url,
    }
