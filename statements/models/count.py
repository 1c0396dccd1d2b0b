"""Counts: figures that statements quote, never averaged, never summed, never replaced by the newest."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDateProperty, pair_constraint
from statements.models.codes import validate_country
from statements.models.counting import counted
from statements.models.rules import Ruled, choices_are_known, country_code, not_blank, not_its_own, slug_form
from statements.models.wording import KEY_LENGTH


class MeasureQuerySet(models.QuerySet["Measure"]):
    def for_changelist(self) -> Self:
        """With ``figure_count`` of each, up to MOST_COUNTED + 1."""
        of_each = CountObservation.objects.filter(measure=models.OuterRef("pk")).order_by().values("pk")
        return self.select_related("parent").annotate(figure_count=counted(of_each))


@choices_are_known
class Measure(Ruled):
    """What is counted. Only figures of one measure share a chart."""

    class Basis(models.TextChoices):
        STOCK = "stock", _("stock")
        TOTAL = "total", _("total")
        CHANGE = "change", _("change")
        EVENT = "event", _("event")
        RATE = "rate", _("rate")

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of its public address. Left blank, it is made from the name."),
    )
    name = models.CharField(_("name"), max_length=300, help_text=_("Political prisoners held in Belarus"))
    unit = models.CharField(_("unit"), max_length=60, help_text=_("What one of them is: people, cases, arrests."))
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Belarus"))
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[validate_country],
        help_text=_("ISO 3166 code of the country that is counted in: BY."),
    )
    basis = models.CharField(
        _("basis"),
        max_length=8,
        choices=Basis,
        help_text=_(
            "stock: held at that moment; total: since a day; change: within a period; event: on a day; rate: a day."
        ),
    )
    definition = models.TextField(_("definition"), blank=True, help_text=_("Who is counted and who is not, by whom."))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("Women among political prisoners are a part of political prisoners."),
    )
    position = models.PositiveIntegerField(
        _("position"), null=True, blank=True, help_text=_("Its place in lists; 1 leads the home page.")
    )

    #: What the desk's search looks in, a derived column: folded_words().
    folded = models.TextField(_("folded words"), editable=False, default="")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = [F("position").asc(nulls_last=True), "name", "id"]
        permissions = [("change_public_measure", "Can change measures that readers see")]
        constraints = [
            slug_form(prefix="measure"),
            not_blank("name", prefix="measure", message=_("A measure needs a name.")),
            not_blank("unit", prefix="measure", message=_("Say what one of them is: people, cases.")),
            country_code(prefix="measure"),
            not_its_own("parent", prefix="measure", message=_("A measure is not a part of itself.")),
        ]

    def __str__(self) -> str:
        return self.name


class Qualifier(models.TextChoices):
    """How a figure is meant. ``value`` is always the whole number as printed: "more than 880" keeps 880."""

    EXACT = "exact", _("exactly")
    ABOUT = "about", _("about")
    NEARLY = "nearly", _("nearly")
    AT_LEAST = "at least", _("at least")
    MORE_THAN = "more than", _("more than")
    UP_TO = "up to", _("up to")
    FEWER_THAN = "fewer than", _("fewer than")
    RANGE = "range", _("range")
    UNQUANTIFIED = "unquantified", _("without a number")


@choices_are_known
class CountObservation(Ruled):
    Qualifier = Qualifier

    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    statement = models.ForeignKey("statements.Statement", models.CASCADE, related_name="counts")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="counts", verbose_name=_("measure"))
    qualifier = models.CharField(
        _("qualifier"),
        max_length=12,
        choices=Qualifier,
        help_text=_("As the words say: over is more than; almost is nearly; a bare number is exactly."),
    )
    value = models.PositiveBigIntegerField(
        _("number"), null=True, blank=True, help_text=_("The number as printed: more than 880 is 880.")
    )
    value_to = models.PositiveBigIntegerField(
        _("to"), null=True, blank=True, help_text=_("Only for a range: its upper end.")
    )
    wording = models.CharField(
        _("as worded"),
        max_length=300,
        blank=True,
        help_text=_("Where it is in words or has no number: many thousands of protestors."),
    )
    as_of_from = models.DateField(null=True, blank=True)
    as_of_until = models.DateField(null=True, blank=True)
    since_from = models.DateField(null=True, blank=True)
    since_until = models.DateField(null=True, blank=True)
    attributed_to = models.ForeignKey(
        "statements.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attributed_counts",
        verbose_name=_("according to"),
        help_text=_("The organisation that the speaker names as the source of the figure."),
    )
    attributed_wording = models.CharField(
        _("according to, as printed"),
        max_length=300,
        blank=True,
        help_text=_("Everybody else it is attributed to: independent media."),
    )
    excludes = models.CharField(
        _("excludes"), max_length=300, blank=True, help_text=_("Who is not in the figure: those already named.")
    )
    quote = models.TextField(
        _("quote"), blank=True, help_text=_("The words with the figure, copied from a wording: more than 40 lawyers.")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("For readers."))

    as_of = PartialDateProperty()
    since = PartialDateProperty()

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["id"]
        constraints = [
            not_blank("key", prefix="count", message=_("A count needs a key.")),
            models.CheckConstraint(
                name="count_has_a_number_or_words",
                condition=(Q(qualifier="unquantified", value__isnull=True) & Q(wording__regex=r"\S"))
                | (~Q(qualifier="unquantified") & Q(value__isnull=False)),
                violation_error_message=_(
                    "A figure needs its number. Without a number it is “unquantified” and needs the words as printed."
                ),
            ),
            models.CheckConstraint(
                name="count_range_has_two_ends",
                condition=Q(qualifier="range", value__isnull=False, value_to__isnull=False, value_to__gt=F("value"))
                | (~Q(qualifier="range") & Q(value_to__isnull=True)),
                violation_error_message=_("A range needs two numbers, the smaller first. Other figures have one."),
            ),
            pair_constraint("as_of", prefix="count"),
            pair_constraint("since", prefix="count"),
        ]

    def __str__(self) -> str:
        return f"{self.get_qualifier_display()} {self.wording if self.value is None else self.value}"
