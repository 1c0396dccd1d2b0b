"""The chart of a measure: every figure at its day and its number, by who said it; none joined to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from statements import text
from statements.dates import PartialDate
from statements.models import Figure, Measure, Qualifier
from statements.public.addresses import address_of_many
from statements.public.charts.apart import Place, set_apart
from statements.public.charts.drawing import USUAL_WIDTH, Chart, Drawing, Key, Mark, Note, moved_aside, size_of, swatch
from statements.public.charts.scales import NARROW, Across, Upwards, across
from statements.public.charts.voices import Voice, in_words, voices
from statements.public.references import Reference
from statements.record.charted import ChartedFigure, ChartedFigures
from statements.record.figure_words import FigureText, number, text_of_figure
from statements.record.names import Kind, Named

_TOP, _BASE = 40, 380
_LANE = _BASE + 34  # of the figures without a number, below the line of zero and what says so
_BELOW = 22  # from the lowest of them down to the names of years
_ARROW = 14
_MOST_LABELS, _LONGEST_LABEL = 3, 28
_LETTER = 7.5  # the width of most letters of a label


@dataclass(frozen=True)
class Look:
    """How figures with a qualifier are drawn. ``opens`` leads to where the number may lie, too."""

    shape: str
    opens: str = ""


LOOKS = {
    Qualifier.EXACT: Look("full"),
    Qualifier.ABOUT: Look("soft"),
    Qualifier.NEARLY: Look("soft"),
    Qualifier.AT_LEAST: Look("full", "up"),
    Qualifier.MORE_THAN: Look("hollow", "up"),
    Qualifier.UP_TO: Look("full", "down"),
    Qualifier.FEWER_THAN: Look("hollow", "down"),
    Qualifier.RANGE: Look("range"),
    Qualifier.UNQUANTIFIED: Look("words"),
}


@dataclass(frozen=True)
class Row:
    """A row of the chart's table. ``key`` is that of its mark; ``who`` said it, ``text`` is the figure in words."""

    key: str
    charted: ChartedFigure
    voice: Voice
    url: str
    as_of: PartialDate
    text: FigureText
    who: list[Reference]


@dataclass(frozen=True)
class MeasureChart(Chart):
    """``rows`` are the figures that it shows, the newest first. ``has_since``: one of them says since when."""

    rows: list[Row]
    has_since: bool
    table = "statements/charts/measure_table.html"

    @property
    def is_shown(self) -> bool:
        """Whether a page shows it: with one figure there is nothing to compare."""
        return len(self.rows) > 1


def measure_chart(measure: Measure, figures: ChartedFigures, *, site: str = "", width: int = 0) -> MeasureChart | None:
    """None without figures. No query. In a file, addresses begin with ``site`` and it is ``width`` units wide."""
    if not figures.rows:
        return None
    legend, of_rows = voices(figures.rows)
    # Some said many of them: each has its address once.
    who = {named: Reference(named.name, _address_of_voice(named)) for row in figures.rows for named in row.who}
    rows = [
        Row(
            key=row.figure.key,
            charted=row,
            voice=voice,
            url=f"{site}{_address(row)}",
            as_of=PartialDate(row.figure.as_of_from, row.figure.as_of_until),
            text=text_of_figure(row.figure),
            who=[who[named] for named in row.who],
        )
        for row, voice in zip(figures.rows, of_rows, strict=True)
    ]
    scale = across([row.as_of for row in rows], width=width)
    drawing = _drawing(rows, scale)
    page = f"{site}{reverse('statements:measure', args=[measure.slug])}"
    used = {Qualifier(row.charted.figure.qualifier) for row in rows}
    return MeasureChart(
        title=measure.name,
        description=_("%(figures)s, %(when)s. The newest: %(newest)s, as of %(day)s.")
        % {
            "figures": ngettext("One figure", "%(number)s figures", len(rows)) % {"number": number(len(rows))},
            "when": scale.in_words,
            "newest": rows[0].text,
            "day": rows[0].as_of.display(),
        },
        drawing=drawing,
        sentences=_sentences(measure, rows, figures.total, drawing),
        legends=[
            [_key_of(voice, measure, site) for voice in legend],
            [key for qualifiers, key in _keys() if used & set(qualifiers)],
        ],
        page=page,
        svg=f"{site}{reverse('statements:measure_svg', args=[measure.slug])}",
        csv=f"{page.removesuffix('/')}.csv",
        rows=rows,
        has_since=any(row.charted.figure.since_from for row in rows),
    )


def _address_of_voice(named: Named) -> str:
    return address_of_many("speaker" if named.kind == Kind.SPEAKER else "organisation", named.slug)


def _address(row: ChartedFigure) -> str:
    """That of the figure on the page of its statement."""
    return f"{address_of_many('statement', row.figure.entry.slug)}#count-{quote(row.figure.key)}"


def _drawing(rows: Sequence[Row], scale: Across) -> Drawing:
    figures = [row.charted.figure for row in rows]
    upwards = Upwards(_TOP, _BASE, max((f.value_to or f.value or 0 for f in figures), default=0))
    has_words = any(figure.value is None for figure in figures)
    times_y = (_LANE if has_words else _BASE) + _BELOW
    points = _points(rows, scale, upwards)
    notes = [Note(_("in words"), scale.start(scale.first), _BASE + 17, 4)] if has_words else []
    return Drawing(
        right=scale.end(scale.last),
        height=times_y + 8,
        base=_BASE,
        values=upwards.ticks if any(figure.value is not None for figure in figures) else [],
        times=scale.ticks,
        times_y=times_y,
        marks=[_mark(point, scale) for point in points],
        notes=[*notes, *_labels(rows, points, scale)],
    )


@dataclass(frozen=True)
class _Point:
    """A row and where its mark stands: ``y`` and ``height`` in units, ``place`` before it is set aside."""

    row: Row
    y: float
    height: float
    place: Place
    shift: float

    @property
    def covers(self) -> Place:
        """With what opens upwards or downwards."""
        opens, shift = LOOKS[Qualifier(self.row.charted.figure.qualifier)].opens, self.shift
        return Place(
            start=self.place.start + shift,
            end=self.place.end + shift,
            top=self.place.top - (_ARROW if opens == "up" else 0),
            bottom=self.place.bottom + (_ARROW if opens == "down" else 0),
        )


def _points(rows: Sequence[Row], scale: Across, upwards: Upwards) -> list[_Point]:
    """In the order in which they are drawn, and in which a reader with a keyboard goes: from left to right. So of two
    that overlap the later one lies on top.
    """
    ordered = list(reversed(rows))
    ordered.sort(key=lambda row: (row.as_of.first, row.as_of.last))
    width = scale.width or USUAL_WIDTH
    middles = [_middle(row.charted.figure, upwards) for row in ordered]
    places = [
        _place(scale.share(row.as_of) * width, y, size_of(row.voice.letter), height)
        for row, (y, height) in zip(ordered, middles, strict=True)
    ]
    points = [
        _Point(row, y, height, place, shift)
        for row, (y, height), place, shift in zip(ordered, middles, places, set_apart(places), strict=True)
    ]
    return sorted(points, key=lambda point: point.place.middle + point.shift)


def _place(x: float, y: float, size: int, height: float) -> Place:
    high = max(height, size)
    return Place(x - size / 2, x + size / 2, y - high / 2, y + high / 2)


def _middle(figure: Figure, upwards: Upwards) -> tuple[float, float]:
    """The middle of its mark and how high the mark is, which says something of a range only."""
    if figure.value is None:
        return _LANE, 0
    if figure.value_to is None:
        return upwards.y(figure.value), 0
    low, high = upwards.y(figure.value), upwards.y(figure.value_to)
    return round((low + high) / 2, 1), round(low - high, 1)


def _mark(point: _Point, scale: Across) -> Mark:
    row, as_of = point.row, point.row.as_of
    look = LOOKS[Qualifier(row.charted.figure.qualifier)]
    return Mark(
        shape=look.shape,
        start=scale.start(as_of.first),
        middle=scale.middle(as_of),
        end=scale.end(as_of.last),
        length=scale.length(as_of),
        y=point.y,
        height=point.height,
        is_wide=not as_of.is_day,
        shift=point.shift,
        letter=row.voice.letter,
        opens=look.opens,
        tone=row.voice.tone,
        key=row.key,
        title=_title(row),
        url=row.url,
    )


def _title(row: Row) -> str:
    figure = row.charted.figure
    words = [str(row.text), _("as of %(date)s") % {"date": row.as_of.display()}]
    if figure.since is not None:
        words.append(_("since %(date)s") % {"date": figure.since.display()})
    return ", ".join(filter(None, [*words, in_words(row.charted.who)]))


def _labels(rows: Sequence[Row], points: Sequence[_Point], scale: Across) -> list[Note]:
    """The figures of the newest day, written above or below their marks: where they hide least, and no other label."""
    newest = [point for point in points if point.row.as_of == rows[0].as_of][-_MOST_LABELS:]
    at, share = scale.middle(rows[0].as_of), scale.share(rows[0].as_of)
    notes: list[Note] = []
    labels: list[Place] = []
    for point in sorted(newest, key=lambda point: point.y):
        words = text.excerpt(str(point.row.text), length=_LONGEST_LABEL)
        length, covers, shift = len(words) * _LETTER, point.covers, point.shift
        leads_left = share * NARROW + shift > NARROW / 2
        start = covers.end - length if leads_left else covers.start
        spots = [
            spot
            for spot in (Place(start, start + length, y - 12, y + 3) for y in (covers.top - 5, covers.bottom + 14))
            if not any(spot.overlaps(label) for label in labels)
        ]
        if spots:
            best = min(spots, key=lambda spot: sum(spot.overlaps(other.covers) for other in points))
            labels.append(best)
            edge = point.place.breadth / 2
            anchor, shift = ("end", shift + edge) if leads_left else ("start", shift - edge)
            notes.append(Note(words, at, round(best.bottom - 3, 1), round(shift, 1), anchor, "newest"))
    return notes


def _keys() -> list[tuple[tuple[Qualifier, ...], Key]]:
    return [
        ((Qualifier.EXACT,), Key(_look("full"), _("exactly"))),
        ((Qualifier.ABOUT, Qualifier.NEARLY), Key(_look("soft"), _("about, nearly"))),
        ((Qualifier.AT_LEAST,), Key(_look("full", "up"), _("at least"))),
        ((Qualifier.MORE_THAN,), Key(_look("hollow", "up"), _("more than"))),
        ((Qualifier.UP_TO,), Key(_look("full", "down"), _("up to"))),
        ((Qualifier.FEWER_THAN,), Key(_look("hollow", "down"), _("fewer than"))),
        ((Qualifier.RANGE,), Key(_look("range"), _("from … to …"))),
        ((Qualifier.UNQUANTIFIED,), Key(_look("words"), _("in words, without a number"))),
    ]


def _look(shape: str, opens: str = "") -> Mark:
    return swatch(shape, opens=opens, tone="looks")


def _key_of(voice: Voice, measure: Measure, site: str) -> Key:
    """It leads to their statements with this measure."""
    url = ""
    if voice.named is not None:
        name = "speaker" if voice.named.kind == Kind.SPEAKER else "issuer"
        asked = urlencode({"measure": measure.slug, name: voice.named.slug})
        url = f"{site}{reverse('statements:statement_list')}?{asked}"
    label = _("%(name)s (%(number)s)") % {"name": voice.name, "number": number(voice.figures)}
    return Key(swatch("full", letter=voice.letter, tone=voice.tone), label, url)


def _sentences(measure: Measure, rows: Sequence[Row], total: int, drawing: Drawing) -> list[str]:
    shown, counted = number(len(rows)), {"unit": measure.unit}
    if total > len(rows):
        first = _("The newest %(shown)s of %(total)s figures") % {"shown": shown, "total": number(total)}
    else:
        first = ngettext("One figure", "All %(shown)s figures", len(rows)) % {"shown": shown}
    sentences = [
        _("%(figures)s, counted in %(unit)s, each at the day as of which it holds; none is joined to another.")
        % {"figures": first, **counted}
    ]
    if any(not row.as_of.is_day for row in rows):
        sentences.append(_("Where the day isn't known, a bar is as wide as the time in which it lies."))
    if drawing.has_moved:
        sentences.append(moved_aside())
    if any(len(row.charted.who) > 1 for row in rows):
        sentences.append(_("What several said together is marked as one of theirs; the table names them all."))
    return sentences
