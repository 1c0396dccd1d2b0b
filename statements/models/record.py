"""The record's index: narrow rows made from published versions, by which readers' pages find them.

Only record.index writes here. Each row holds identities and the sort key; names, themes and countries are looked up
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
    kind = models.CharField(max_length=20, db_index=True)
    language = models.CharField(max_length=LANGUAGE_LENGTH, db_index=True)
    issued_from = models.DateField()
    issued_until = models.DateField()
    #: Of the two dates: taken out of them by the database, it would be a call of Python for each row on SQLite.
    year_from = models.PositiveSmallIntegerField()
    year_until = models.PositiveSmallIntegerField()
    has_count = models.BooleanField()
    #: The statement that this one translates or repeats: while that one is public, this one isn't counted again.
    says_again = models.ForeignKey("statements.Statement", models.PROTECT, null=True, related_name="+")
    #: All that a search looks in: the words of the title, of each other text, and a mark for each who made it.
    search_text = SearchText()
    published_at = models.DateTimeField()

    issued = PartialDateProperty()

    class Meta:
        indexes = [
            models.Index(fields=["-issued_from", "-statement"], name="entry_newest"),
            models.Index(fields=["issued_until"], name="entry_until"),
            models.Index(fields=["-published_at", "-statement"], name="entry_last_published"),
        ]

    def __str__(self) -> str:
        return self.title


class Facet(models.TextChoices):
    """What a public statement can be found by."""

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


#: The organisations with any part in a statement: by whom it is found, while only those of ISSUER made it.
PARTS_IN_IT = (Facet.ISSUER, Facet.JOINED)


@choices_are_known
class Link(models.Model):
    """A public statement can be found by something. ``target_id`` is the identity of what ``facet`` says."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="links")
    facet = models.CharField(max_length=20, choices=Facet)
    target_id = models.BigIntegerField()
    issued_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "facet", "target_id"], name="link_once")]
        indexes = [models.Index(fields=["facet", "target_id", "-issued_from", "-entry"], name="link_newest")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.facet} {self.target_id}"


class FigureQuerySet(FigureQueues["Figure"]):
    pass


@choices_are_known
class Figure(models.Model):
    """One published figure. ``as_of`` is filled from the statement's date where the words give none."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="figures")
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    measure = models.ForeignKey("statements.Measure", models.PROTECT, related_name="+")
    qualifier = models.CharField(max_length=12, choices=CountObservation.Qualifier)
    value = models.PositiveBigIntegerField(null=True)
    value_to = models.PositiveBigIntegerField(null=True)
    wording = models.CharField(max_length=300)
    as_of_from = models.DateField()
    as_of_until = models.DateField()
    as_of_is_given = models.BooleanField()
    since_from = models.DateField(null=True)
    since_until = models.DateField(null=True)
    attributed_to = models.ForeignKey("statements.Organisation", models.PROTECT, null=True, related_name="+")
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
        indexes = [models.Index(fields=["measure", "-as_of_from", "-id"], name="figure_newest")]

    def __str__(self) -> str:
        return f"{self.qualifier} {self.value}"
