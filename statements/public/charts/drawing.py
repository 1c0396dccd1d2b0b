"""What is drawn, whichever chart it is: marks, a grid, notes and a legend. The templates of charts draw it."""

from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext as _

from statements.public.charts.scales import Tick

#: Units: how large a mark with a letter is, and one without.
SIZE, _SMALL = 14, 10
#: By this width of a page's chart it is known whether two marks would lie on one another.
USUAL_WIDTH = 600
_SWATCH_LEFT = 10

#: The templates that draw more than one shape; all others are called as their shape is.
_TEMPLATES = {
    "full": "point",
    "soft": "point",
    "hollow": "point",
    "status-open": "status",
    "status-partly-met": "status",
    "status-met": "status",
    "status-abandoned": "status",
}


def size_of(letter: str) -> int:
    """How high a mark with this letter is and, for a day, how wide."""
    return SIZE if letter else _SMALL


@dataclass(frozen=True)
class Target:
    """Where a mark can be hit beyond what is drawn of it; ``start`` and ``length`` are places as text."""

    start: str
    length: str
    top: float
    height: float


@dataclass(frozen=True)
class Mark:
    """Something that has its row in the chart's table, by the same ``key``; with a ``url`` it is a link.

    ``start``, ``middle``, ``end`` and ``length`` are places from left to right, as text; ``is_wide`` where that is more
    than a day. ``y`` is the middle of ``height``, ``shift`` sets it aside, ``opens`` is "up" or "down", ``part`` is
    drawn with it.
    """

    shape: str
    start: str
    middle: str
    end: str
    length: str
    y: float
    height: float = 0
    is_wide: bool = False
    shift: float = 0
    letter: str = ""
    opens: str = ""
    tone: str = ""
    key: str = ""
    title: str = ""
    url: str = ""
    part: "Mark | None" = None
    target: Target | None = None

    @property
    def is_one_of_many(self) -> bool:
        """Whether it leads to one of the list's endless selections, which search engines shall not follow."""
        return self.shape in ("bar", "open-bar")

    @property
    def template(self) -> str:
        return f"statements/charts/shapes/{_TEMPLATES.get(self.shape, self.shape)}.svg"

    @property
    def size(self) -> int:
        return size_of(self.letter)

    @property
    def radius(self) -> int:
        return self.size // 2

    @property
    def half(self) -> float:
        return round(self.height / 2, 1)

    @property
    def top(self) -> float:
        return round(self.y - self.height / 2, 1)

    @property
    def bottom(self) -> float:
        return round(self.y + self.height / 2, 1)

    @property
    def beyond(self) -> float:
        """So far above and below its middle, what says where its day is can be seen though the mark lies on it."""
        return max(self.radius, self.half) + 4

    @property
    def _is_flat(self) -> bool:
        """A range too low to hold its letter, which then stands above it."""
        return self.shape == "range" and self.height < self.size

    @property
    def letter_on(self) -> str:
        """On what its letter stands, as a class."""
        return "on-paper" if self.shape in ("soft", "hollow") or self._is_flat else "on-colour"

    @property
    def letter_y(self) -> float:
        return -self.half - SIZE / 2 if self._is_flat else 0


@dataclass(frozen=True)
class Note:
    """Words on the drawing; ``anchor`` is SVG's text-anchor."""

    text: str
    at: str
    y: float
    shift: float = 0
    anchor: str = "start"
    kind: str = "quiet"


@dataclass(frozen=True)
class Drawing:
    """``height`` of all, with the labels below the line at ``base``, on which numbers begin; ``right`` is its edge."""

    right: str
    height: int
    base: float
    values: list[Tick]
    times: list[Tick]
    times_y: float
    marks: list[Mark]
    notes: list[Note] = field(default_factory=list)

    @property
    def has_moved(self) -> bool:
        """Whether any of its marks stands aside of its day."""
        return any(mark.shift for mark in self.marks)


@dataclass(frozen=True)
class Key:
    """A line of the legend: how it is drawn, and what that means."""

    mark: Mark
    label: str
    url: str = ""

    @property
    def height(self) -> int:
        """In units; what opens upwards or downwards is higher."""
        return 28 if self.mark.opens or self.mark.shape == "range" else 18


@dataclass(frozen=True)
class Chart:
    """``sentences`` say what is counted and how. ``page``, ``svg`` and ``csv`` are addresses, ``table`` a template."""

    title: str
    description: str
    drawing: Drawing
    sentences: list[str]
    legends: list[list[Key]]
    page: str
    svg: str
    csv: str
    table: ClassVar[str]

    @property
    def sentences_of_an_image(self) -> list[str]:
        """What has to be known even where the chart is only a picture that leads to its page."""
        return [*self.sentences[:1], *([moved_aside()] if self.drawing.has_moved else [])]


def moved_aside() -> str:
    return _(
        "Marks that would lie on one another stand a little aside; a thin line leads from each of them to its day."
    )


def swatch(shape: str, *, letter: str = "", opens: str = "", tone: str = "", length: float = 0.1) -> Mark:
    """A mark for the legend."""
    y = {"up": 19.0, "down": 9.0}.get(opens, 14.0 if shape == "range" else 9.0)
    start = _SWATCH_LEFT - length / 2
    return Mark(
        shape=shape,
        start=f"{start:.1f}",
        middle=f"{_SWATCH_LEFT}",
        end=f"{start + length:.1f}",
        length=f"{length:.1f}",
        y=y,
        height={"range": 24.0, "bar": 14.0, "open-bar": 8.0}.get(shape, 14.0 if shape.startswith("status") else 0),
        letter=letter,
        opens=opens,
        tone=tone,
    )
