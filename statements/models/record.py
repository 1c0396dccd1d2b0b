"""The record's index: narrow rows made from published versions, by which readers' pages find them.

Only record.index and record.today_links write here. Each row holds identities and the sort key; names are looked up
through the identities, as they are today.
"""

from django.db import models

from statements.dates import PartialDateProperty
from statements.models.codes import LANGUAGE_LENGTH
from statements.models.count import CountObservation
from statements.models.queues import FigureQueues
from statements.models.rules import choices_are_known
from statements.models.search import SearchText
from statements.models.wording import KEY_LENGTH


class Entry(models.Model):
    """One public statement."""

    statement = models.OneToOneField(
        "statements.Statement", models.PROTECT, primary_key=True, related_name="entry", db_constraint=True
    )
    version = models.OneToOneField("statements.Version", models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=300)
    excerpt = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=LANGUAGE_LENGTH)
    issued_from = models.DateField()
    issued_until = models.DateField()
    #: The statement that this one translates or repeats: while that one is public, this one isn't counted again.
    says_again = models.ForeignKey("statements.Statement", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField()

    issued = PartialDateProperty()

    class Meta:
        indexes = [
            models.Index(fields=["-issued_from", "-statement"], name="entry_newest"),
            models.Index(fields=["-published_at", "-statement"], name="entry_last_published"),
        ]

    def __str__(self) -> str:
        return self.title


class EntryFacets(models.Model):
    """A public statement as lists find, sort and count it: narrow, since a list may have to look at very many.

    Texts hold identities, with spaces between them: of the organisations with any part in it, of its speakers, demands
    and measures. ``asked`` has whom it addresses: "o7" is an organisation that it names, "d7" whomever a demand is
    addressed to today. ``years`` are the first and the last of its date, "2021-2022".
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="facets")
    issued_from = models.DateField()
    issued_until = models.DateField()
    years = models.CharField(max_length=9)
    kind = models.CharField(max_length=20)
    language = models.CharField(max_length=LANGUAGE_LENGTH)
    has_count = models.BooleanField()
    parts = models.TextField()
    speakers = models.TextField()
    demands = models.TextField()
    asked = models.TextField()
    measures = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["-issued_from", "-entry"], name="facets_newest"),
            models.Index(fields=["issued_until"], name="facets_until"),
            models.Index(fields=["kind", "-issued_from", "-entry"], name="facets_kind_newest"),
            models.Index(fields=["language", "-issued_from", "-entry"], name="facets_language_newest"),
            models.Index(fields=["has_count", "-issued_from", "-entry"], name="facets_has_count_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}"


class EntryWords(models.Model):
    """The words of a public statement. In a table of their own, so that rows of the other one stay narrow."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="words")
    #: All that a search looks in: the words of the title, of each other text, and a mark for each who made it.
    search_text = SearchText()

    def __str__(self) -> str:
        return f"{self.entry_id}"


class Facet(models.TextChoices):
    """What a public statement can be found by."""

    PART = "part"  # an organisation with any part in it
    ISSUER = "issuer"  # an organisation that issued it
    JOINED = "joined"  # an organisation that joined it, or delivered it on behalf of others
    SPEAKER = "speaker"
    ADDRESSEE = "addressee"  # named in the statement itself
    DEMAND = "demand"
    DEMAND_AS_ADDRESSED = "demand as addressed"  # to those whom the demand itself names, today
    MEASURE = "measure"
    SOURCE = "source"
    ATTRIBUTED = "attributed"  # the organisation that a figure is attributed to
    RELATED = "related"  # the statement that this one quotes, repeats, corrects or translates


@choices_are_known
class Link(models.Model):
    """A public statement can be found by something. ``target_id`` is the identity of what ``facet`` says."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="links", db_index=False)  # link_once serves it
    facet = models.CharField(max_length=20, choices=Facet)
    target_id = models.BigIntegerField()
    issued_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "facet", "target_id"], name="link_once")]
        indexes = [models.Index(fields=["facet", "target_id", "-issued_from", "-entry"], name="link_newest")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.facet} {self.target_id}"


class TodayFacet(models.TextChoices):
    """What a public statement can be found by that reference data say, as they stand today."""

    THEME = "theme"  # of a demand that it makes
    COUNTRY = "country"  # of an organisation with any part in it
    ADDRESSED = "addressed"  # the organisation that it addresses itself, or that a demand is addressed to


@choices_are_known
class TodayLink(models.Model):
    """A public statement can be found by something that changes with reference data: ``record.today_links`` follows.

    ``target_id`` is the identity of what ``facet`` says, 0 where ``value`` is a word.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+", db_index=False)  # todaylink_once serves it
    facet = models.CharField(max_length=20, choices=TodayFacet)
    target_id = models.BigIntegerField()
    value = models.CharField(max_length=LANGUAGE_LENGTH)
    issued_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "facet", "target_id", "value"], name="todaylink_once")]
        indexes = [
            models.Index(fields=["facet", "target_id", "value", "-issued_from", "-entry"], name="todaylink_newest")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.facet} {self.value or self.target_id}"


class FigureQuerySet(FigureQueues["Figure"]):
    pass


@choices_are_known
class Figure(models.Model):
    """One published figure. ``as_of`` is filled from the statement's date where the words give none."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="figures")
    #: Of its statement: what a table is sorted by stands in one row, or no index can sort it.
    issued_from = models.DateField()
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    measure = models.ForeignKey("statements.Measure", models.PROTECT, related_name="+", db_index=False)
    qualifier = models.CharField(max_length=12, choices=CountObservation.Qualifier)
    value = models.PositiveBigIntegerField(null=True)
    value_to = models.PositiveBigIntegerField(null=True)
    #: Those without one come last, whether the highest or the lowest is first.
    has_number = models.BooleanField()
    wording = models.CharField(max_length=300)
    as_of_from = models.DateField()
    as_of_until = models.DateField()
    as_of_is_given = models.BooleanField()
    since_from = models.DateField(null=True)
    since_until = models.DateField(null=True)
    attributed_to = models.ForeignKey(
        "statements.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    attributed_wording = models.CharField(max_length=300)
    excludes = models.CharField(max_length=300)
    quote = models.TextField()
    #: Of the words in which the quote was found; of the statement where it was found in none.
    quote_language = models.CharField(max_length=LANGUAGE_LENGTH)
    note = models.TextField()

    as_of = PartialDateProperty()
    since = PartialDateProperty()
    objects = FigureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["measure", "-as_of_from", "-as_of_until", "-issued_from", "-entry", "id"], name="figure_newest"
            ),
            models.Index(fields=["measure", "has_number", "value"], name="figure_highest"),
            models.Index(fields=["measure", "-has_number", "value"], name="figure_lowest"),
            models.Index(
                fields=["attributed_to", "-as_of_from", "-as_of_until", "-issued_from", "-entry", "id"],
                name="figure_attributed_newest",
                condition=models.Q(attributed_to__isnull=False),
            ),
            # Side by side, those of one measure and day: the desk looks where they differ.
            models.Index(
                fields=["-as_of_from", "-measure", "as_of_until", "qualifier", "value", "value_to"],
                name="figure_of_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.qualifier} {self.value}"
