"""What is counted of the record beforehand, so that no page counts all that is stored.

Only record.tally writes here, whenever rows of the index come or go. Rows that would count nothing are not there.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr

from statements.models.codes import LANGUAGE_LENGTH
from statements.models.record import Facet, TodayFacet
from statements.models.rules import choices_are_known


class Counted(models.TextChoices):
    """What else is counted, beside the statements that each target of a facet finds."""

    FIGURES = "figures"  # of a measure
    FIRST_SAID = "first said"  # statements that make a demand, but those that only say again what a public one said
    KIND = "kind"
    LANGUAGE = "language"
    HAS_COUNT = "has count"
    YEARS = "years"
    DAYS = "days"
    SOURCES = "sources"  # on which public statements rest, in all: how many rows there are of Facet.SOURCE


@choices_are_known
class Tally(models.Model):
    """How many public statements, or figures, are found by something: by a target, or by a word in a column.

    ``target_id`` is the identity of what a facet (or ``of``) says, 0 where ``value`` is a word. Years and days are the
    first and the last of a date, "2021-2022" and "2021-12-30/2022-01-02".
    """

    of = models.CharField(max_length=20, choices=[*Facet.choices, *TodayFacet.choices, *Counted.choices])
    target_id = models.BigIntegerField()
    value = models.CharField(max_length=LANGUAGE_LENGTH)
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "target_id", "value"], name="tally_once")]
        indexes = [
            models.Index(fields=["of", "-number"], name="tally_most"),
            models.Index(fields=["number"], name="tally_nothing", condition=Q(number=0)),
            # By it PostgreSQL finds what lasts until a day or longer; SQLite reads all days.
            models.Index(Substr("value", 12), "value", name="tally_last_day", condition=Q(of="days", target_id=0)),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.value or self.target_id}: {self.number}"


@choices_are_known
class PartTally(models.Model):
    """The same of the public statements in which one organisation has any part: what its lists offer to choose."""

    part_id = models.BigIntegerField()
    of = models.CharField(max_length=20, choices=[*Facet.choices, *TodayFacet.choices, *Counted.choices])
    target_id = models.BigIntegerField()
    value = models.CharField(max_length=LANGUAGE_LENGTH)
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part_id", "of", "target_id", "value"], name="parttally_once")]
        indexes = [
            models.Index(fields=["part_id", "of", "-number"], name="parttally_most"),
            models.Index(fields=["number"], name="parttally_nothing", condition=Q(number=0)),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}, {self.of} {self.value or self.target_id}: {self.number}"


@choices_are_known
class DemandVoice(models.Model):
    """In how many of the counted statements that make a demand somebody has a part: as one who issued it (ISSUER),
    with any part (PART), or as a speaker whom no organisation speaks for (SPEAKER).
    """

    demand_id = models.BigIntegerField()
    facet = models.CharField(max_length=20, choices=Facet)
    target_id = models.BigIntegerField()
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand_id", "facet", "target_id"], name="demandvoice_once")]
        indexes = [models.Index(fields=["number"], name="demandvoice_nothing", condition=Q(number=0))]

    def __str__(self) -> str:
        return f"{self.demand_id}, {self.facet} {self.target_id}: {self.number}"


class DemandPeriod(models.Model):
    """How many of the counted statements that make a demand bear a date: a month, or what lies in no single one."""

    demand_id = models.BigIntegerField()
    first = models.DateField()
    last = models.DateField()
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demand_id", "first", "last"], name="demandperiod_once")]
        indexes = [models.Index(fields=["number"], name="demandperiod_nothing", condition=Q(number=0))]

    def __str__(self) -> str:
        return f"{self.demand_id}, {self.first} to {self.last}: {self.number}"
