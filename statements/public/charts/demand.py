"""The chart of a demand: the statements that make it by month, and how it stood over time."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements.dates import PartialDate
from statements.models import Demand, DemandUpdate
from statements.public.charts.drawing import SIZE, USUAL_WIDTH, Chart, Drawing, Key, Mark, Note, Target, swatch
from statements.public.charts.periods import Periods, periods
from statements.public.charts.scales import NARROW, Across, Upwards, across
from statements.record.figure_words import number

_TOP, _BASE = 20, 170
_BELOW = 22  # from the lowest line down to the names of years
_ABOVE_A_LANE, _ROW_OF_A_LANE, _MOST_LINES = 32, 14, 8
_BAND, _BELOW_THE_BAND, _ROW_OF_UPDATES = 12, 14, 9
_HAND = 24  # what is to be hit easily is so wide and high


@dataclass(frozen=True)
class PeriodRow:
    """A row of the table of statements, and a bar. ``is_placed``: they count in this month, or year."""

    key: str
    date: PartialDate
    times: int
    is_placed: bool
    url: str

    @property
    def sentence(self) -> str:
        if self.is_placed:
            words = ngettext("one statement in %(when)s", "%(number)s statements in %(when)s", self.times)
        else:
            words = ngettext("one statement, issued %(when)s", "%(number)s statements, issued %(when)s", self.times)
        return words % {"number": number(self.times), "when": self.date.display()}


@dataclass(frozen=True)
class UpdateRow:
    """A row of the table of how it stood, and a part of the band."""

    key: str
    update: DemandUpdate
    url: str

    @property
    def date(self) -> PartialDate:
        return PartialDate(self.update.date_from, self.update.date_until)

    @property
    def sentence(self) -> str:
        words = {"status": self.update.get_status_display(), "date": self.date.display(), "source": self.update.source}
        return _("%(status)s, %(date)s, according to %(source)s") % words


@dataclass(frozen=True)
class DemandChart(Chart):
    """Rows are the oldest first. ``by_year``: they are years, not months."""

    by_year: bool
    periods: list[PeriodRow]
    updates: list[UpdateRow]
    table = "statements/charts/demand_table.html"

    @property
    def is_shown(self) -> bool:
        """Whether a page shows it: one statement alone is nothing that has a course."""
        return len(self.periods) + len(self.updates) > 1


def demand_chart(
    demand: Demand,
    dated: Sequence[tuple[PartialDate, int]],
    updates: Sequence[DemandUpdate],
    *,
    today: datetime.date,
    site: str = "",
    width: int = 0,
) -> DemandChart | None:
    """``dated`` as from ``statements_by_date``; ``updates`` with their sources, the latest first. None without either.

    No query. In a file, addresses begin with ``site`` and it is ``width`` units wide.
    """
    page = f"{site}{reverse('statements:demand', args=[demand.slug])}"
    of_band = [UpdateRow(f"update-{row.pk}", row, f"{page}#update-{row.pk}") for row in reversed(updates)]
    dates = [date for date, _times in dated] + [row.date for row in of_band]
    if not dates:
        return None
    if of_band:
        dates.append(PartialDate(today, today))  # so far the last status holds
    scale = across(dates, width=width)
    counted = periods(dated, PartialDate(scale.first, scale.last))
    rows = _period_rows(demand, counted, site)
    return DemandChart(
        title=demand.title,
        description=_description(counted, [row for row in of_band if row.date.last <= today], scale),
        drawing=_Drawn(rows, of_band, scale, today, by_year=counted.by_year).drawing(),
        sentences=_sentences(counted, of_band),
        legends=[_looks(counted, of_band)],
        page=page,
        svg=f"{site}{reverse('statements:demand_svg', args=[demand.slug])}",
        csv=f"{site}{reverse('statements:demand_chart_csv', args=[demand.slug])}",
        by_year=counted.by_year,
        periods=rows,
        updates=of_band,
    )


def _period_rows(demand: Demand, counted: Periods, site: str) -> list[PeriodRow]:
    rows = [(date, times, True) for date, times in counted.counted]
    rows += [(date, times, False) for date, times in counted.unplaced]
    return [
        PeriodRow(date.isoformat(), date, times, is_placed, f"{site}{_list_of(demand, date)}")
        for date, times, is_placed in sorted(rows)
    ]


def _list_of(demand: Demand, date: PartialDate) -> str:
    """The address of the statements that make it and may have been issued then."""
    first, _slash, last = date.isoformat().partition("/")
    asked = {"demand": demand.slug, "issued_after": first, "issued_before": last or first}
    return f"{reverse('statements:statement_list')}?{urlencode(asked)}"


class _Drawn:
    """Bars above a line, below it what counts in no month, and lowest the band of how the demand stood."""

    def __init__(
        self,
        rows: Sequence[PeriodRow],
        updates: Sequence[UpdateRow],
        scale: Across,
        today: datetime.date,
        *,
        by_year: bool,
    ) -> None:
        self.rows, self.updates, self.scale, self.today, self.by_year = rows, updates, scale, today, by_year
        self.upwards = Upwards(_TOP, _BASE, max((r.times for r in rows if r.is_placed), default=0), most_steps=4)
        self.lowest: float = _BASE
        self.notes: list[Note] = []

    def drawing(self) -> Drawing:
        placed = [row for row in self.rows if row.is_placed]
        marks = self._bars(placed)
        marks += self._lane([row for row in self.rows if not row.is_placed])
        marks += self._band()
        return Drawing(
            right=self.scale.end(self.scale.last),
            height=round(self.lowest) + _BELOW + 8,
            base=_BASE,
            values=self.upwards.ticks if placed else [],
            times=self.scale.ticks,
            times_y=self.lowest + _BELOW,
            marks=marks,
            notes=self.notes,
        )

    def _bars(self, rows: Sequence[PeriodRow]) -> list[Mark]:
        """Each can be hit in its whole column: up to half-way to its neighbours, if they are near."""
        middles = [self.scale.share(row.date) for row in rows]
        edges = [0.0, *((before + after) / 2 for before, after in pairwise(middles)), 1.0]
        marks = []
        for index, (row, middle) in enumerate(zip(rows, middles, strict=True)):
            left = max(edges[index], middle - _HAND / 2 / NARROW)
            right = min(edges[index + 1], middle + _HAND / 2 / NARROW)
            top = self.upwards.y(row.times)
            target = Target(self.scale.at(left), self.scale.at(right - left), _TOP, _BASE - _TOP)
            y, height = (top + _BASE) / 2, _BASE - top
            marks.append(self._mark("bar", row.date, y=y, height=height, row=row, target=target))
        return marks

    def _lane(self, rows: Sequence[PeriodRow]) -> list[Mark]:
        if not rows:
            return []
        self._note(_not_known(by_year=self.by_year))
        lines = self._lines([row.date for row in rows])
        first = self.lowest + _ABOVE_A_LANE
        self.lowest = first + max(lines) * _ROW_OF_A_LANE + _ROW_OF_A_LANE / 2
        return [
            self._mark("open-bar", row.date, y=first + line * _ROW_OF_A_LANE, height=8, row=row)
            for row, line in zip(rows, lines, strict=True)
        ]

    def _band(self) -> list[Mark]:
        """A mark is the day of an update, and the part of the band from there to the next one."""
        if not self.updates:
            return []
        self._note(_("how it stood"))
        y = self.lowest + _ABOVE_A_LANE
        lines = self._lines([row.date for row in self.updates])
        self.lowest = y + _BELOW_THE_BAND + max(lines) * _ROW_OF_UPDATES + _ROW_OF_UPDATES / 2
        marks = []
        for index, row in enumerate(self.updates):
            ends = [
                self.today,
                *(r.date.last - datetime.timedelta(days=1) for r in self.updates[index + 1 : index + 2]),
            ]
            part = target = None
            if min(ends) >= row.date.last:
                shape = f"status-{row.update.status.replace(' ', '-')}"
                held = PartialDate(row.date.last, min(ends))
                part = self._mark(shape, held, y=y, height=_BAND)
                target = Target(self.scale.start(held.first), self.scale.length(held), y - _HAND / 2, _HAND)
            below = y + _BELOW_THE_BAND + lines[index] * _ROW_OF_UPDATES
            marks.append(self._mark("update", row.date, y=below, height=0, row=row, part=part, target=target))
        return marks

    def _note(self, words: str) -> None:
        self.notes.append(Note(words, self.scale.start(self.scale.first), self.lowest + 18))

    def _lines(self, dates: Sequence[PartialDate]) -> list[int]:
        """The line in which each of these can be seen. Beyond the lowest one they lie on one another."""
        width = self.scale.width or USUAL_WIDTH
        ends = [
            (
                self.scale.share(PartialDate(date.first, date.first)) * width,
                self.scale.share(PartialDate(date.last, date.last)) * width,
            )
            for date in dates
        ]
        lines: list[int] = []
        for index, (start, end) in enumerate(ends):
            near = [
                before for before in range(index) if start < ends[before][1] + SIZE and ends[before][0] < end + SIZE
            ]
            taken = {lines[before] for before in near}
            lines.append(min((line for line in range(_MOST_LINES) if line not in taken), default=index % _MOST_LINES))
        return lines

    def _mark(
        self,
        shape: str,
        date: PartialDate,
        *,
        y: float,
        height: float,
        row: PeriodRow | UpdateRow | None = None,
        part: Mark | None = None,
        target: Target | None = None,
    ) -> Mark:
        return Mark(
            shape=shape,
            start=self.scale.start(date.first),
            middle=self.scale.middle(date),
            end=self.scale.end(date.last),
            length=self.scale.length(date),
            y=round(y, 1),
            height=round(height, 1),
            tone="bars" if shape in ("bar", "open-bar") else "status",
            key=row.key if row else "",
            title=row.sentence if row else "",
            url=row.url if row else "",
            part=part,
            target=target,
        )


def _not_known(*, by_year: bool) -> str:
    return _("statements whose year isn't known") if by_year else _("statements whose month isn't known")


def _description(counted: Periods, updates: Sequence[UpdateRow], scale: Across) -> str:
    """Of updates that hold by today: so far the status is that of the last of them."""
    words = ngettext("One statement", "%(number)s statements", counted.total) % {"number": number(counted.total)}
    described = _("%(statements)s, %(when)s.") % {"statements": words, "when": scale.in_words}
    if not updates:
        return described
    last = {"status": updates[-1].update.get_status_display(), "date": updates[-1].date.display()}
    return " ".join([described, _("How it stood last: %(status)s, %(date)s.") % last])


def _sentences(counted: Periods, updates: Sequence[UpdateRow]) -> list[str]:
    words = ngettext("One statement makes it", "%(number)s statements make it", counted.total)
    making = words % {"number": number(counted.total)}
    if counted.by_year:
        sentences = [
            _("%(making)s, counted by the year in which each was issued: the time is too long for months.")
            % {"making": making}
        ]
    else:
        sentences = [_("%(making)s, counted by the month in which each was issued.") % {"making": making}]
    sentences.append(_("Those that only repeat or translate another one are not counted again."))
    unplaced = counted.total - counted.placed
    if unplaced:
        sentence = _in_none_of_several_years(unplaced) if counted.by_year else _in_none_of_several_months(unplaced)
        sentences.append(sentence % {"number": number(unplaced)})
    if counted.widened:
        sentences.append(_widened_to_years() if counted.widened == "year" else _widened_to_months())
    sentences.append(_("The list behind a bar has all that may have been issued then, also those not counted there."))
    if updates:
        sentences.append(
            _("The band says how the demand stood, from the last day on which the change may have come until today.")
        )
    return sentences


def _in_none_of_several_months(times: int) -> str:
    return ngettext(
        "One may have been issued in any of several months: it is counted in none of them, and is drawn below as a "
        "bar as wide as that time.",
        "%(number)s may have been issued in any of several months: they are counted in none of them, and are drawn "
        "below as bars as wide as that time.",
        times,
    )


def _in_none_of_several_years(times: int) -> str:
    return ngettext(
        "One may have been issued in any of several years: it is counted in none of them, and is drawn below as a "
        "bar as wide as that time.",
        "%(number)s may have been issued in any of several years: they are counted in none of them, and are drawn "
        "below as bars as wide as that time.",
        times,
    )


def _widened_to_months() -> str:
    return _("These dates are so many that each is drawn from the beginning of its first month to the end of its last.")


def _widened_to_years() -> str:
    return _("These dates are so many that each is drawn from the beginning of its first year to the end of its last.")


def _looks(counted: Periods, updates: Sequence[UpdateRow]) -> list[Key]:
    keys = []
    if counted.counted:
        keys.append(Key(swatch("bar", tone="bars", length=10), _("statements")))
    if counted.unplaced:
        keys.append(Key(swatch("open-bar", tone="bars", length=16), _not_known(by_year=counted.by_year)))
    used = {row.update.status for row in updates}
    keys += [
        Key(swatch(f"status-{status.value.replace(' ', '-')}", tone="status", length=18), str(status.label))
        for status in DemandUpdate.Status
        if status in used
    ]
    return keys
