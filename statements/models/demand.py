"""Demands: a thing of its own, made in many statements, whose status changes over time."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDateProperty, pair_constraint
from statements.models.counting import counted
from statements.models.queues import DemandQueues, UpdateQueues
from statements.models.rules import Ruled, choices_are_known, not_blank, not_its_own, slug_form
from statements.models.wording import KEY_LENGTH


class DemandQuerySet(DemandQueues["Demand"]):
    def for_changelist(self) -> Self:
        """With ``statement_count`` of each, up to MOST_COUNTED + 1."""
        of_each = DemandMention.objects.filter(demand=models.OuterRef("pk")).order_by().values("statement").distinct()
        rows = self.select_related("parent").prefetch_related("addressees")
        return rows.annotate(statement_count=counted(of_each))


@choices_are_known
class Demand(Ruled):
    class Theme(models.TextChoices):
        RELEASE = "release", _("release")
        JUSTICE = "justice", _("justice")
        REPRESSION = "repression", _("repression")
        CONDITIONS = "conditions of detention", _("conditions of detention")
        PROTECTION = "protection", _("protection")
        COMMITMENTS = "commitments", _("commitments")
        POLITICAL_PROCESS = "political process", _("political process")
        INTERNATIONAL_ACTION = "international action", _("international action")
        OTHER = "other", _("other")

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of its public address. Left blank, it is made from the title."),
    )
    title = models.CharField(
        _("title"),
        max_length=300,
        help_text=_("As a request, however it is worded: Release all political prisoners immediately."),
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("What counts as this demand, and what does not.")
    )
    theme = models.CharField(_("theme"), max_length=30, choices=Theme, blank=True)
    addressees = models.ManyToManyField(
        "statements.Organisation",
        blank=True,
        related_name="demands",
        verbose_name=_("addressees"),
        help_text=_("Who is asked, unless a statement asks somebody else."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The release of a named person is a part of the release of all."),
    )

    #: What the desk's search looks in, a derived column: folded_words().
    folded = models.TextField(_("folded words"), editable=False, default="")

    objects = DemandQuerySet.as_manager()

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["title", "id"], name="demand_title")]
        permissions = [("change_public_demand", "Can change demands that readers see")]
        constraints = [
            slug_form(prefix="demand"),
            not_blank("title", prefix="demand", message=_("A demand needs a title.")),
            not_its_own("parent", prefix="demand", message=_("A demand is not a part of itself.")),
        ]

    def __str__(self) -> str:
        return self.title


@choices_are_known
class DemandMention(Ruled):
    """A statement makes a demand."""

    class Force(models.TextChoices):
        DEMAND = "demand", _("demand")
        APPEAL = "appeal", _("appeal")
        CONDITION = "condition", _("condition")
        IMPLIED = "implied", _("implied")

    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    statement = models.ForeignKey("statements.Statement", models.CASCADE, related_name="mentions")
    demand = models.ForeignKey(Demand, models.PROTECT, related_name="mentions", verbose_name=_("demand"))
    quote = models.TextField(
        _("quote"),
        blank=True,
        help_text=_("The words that make it, copied from a wording: immediate and unconditional release."),
    )
    force = models.CharField(
        _("force"),
        max_length=12,
        choices=Force,
        default=Force.DEMAND,
        help_text=_("Demanded; asked or hoped for; a condition (“sanctions stay until”); or only implied."),
    )
    is_reiterated = models.BooleanField(
        _("is reiterated"), default=False, help_text=_("The words themselves say that it is made again.")
    )
    addressees = models.ManyToManyField(
        "statements.Organisation",
        blank=True,
        related_name="mentions_addressed",
        verbose_name=_("addressees named here"),
        help_text=_("Only where they differ from the demand's own."),
    )
    deadline_from = models.DateField(null=True, blank=True)
    deadline_until = models.DateField(null=True, blank=True)
    locator = models.CharField(_("locator"), max_length=200, blank=True, help_text=_("paragraph 4, headline"))
    note = models.TextField(_("note"), blank=True, help_text=_("For readers."))

    deadline = PartialDateProperty()

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["id"]
        indexes = [models.Index(fields=["demand", "statement"], name="mention_of_demand")]
        constraints = [
            not_blank("key", prefix="mention", message=_("A demand in a statement needs a key.")),
            pair_constraint("deadline", prefix="mention"),
        ]

    def __str__(self) -> str:
        return str(self.demand)


class DemandUpdateQuerySet(UpdateQueues["DemandUpdate"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


@choices_are_known
class DemandUpdate(Ruled):
    """A claim on how a demand stood on a day. A second person publishes it, like a statement."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        PARTLY_MET = "partly met", _("partly met")
        MET = "met", _("met")
        ABANDONED = "abandoned", _("abandoned")

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="updates", verbose_name=_("demand"))
    date_from = models.DateField()
    date_until = models.DateField()
    status = models.CharField(_("status"), max_length=12, choices=Status)
    source = models.ForeignKey(
        "statements.Source", models.PROTECT, related_name="demand_updates", verbose_name=_("source")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("For readers: what happened, who counts it so."))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    saved_by_name = models.CharField(max_length=150, blank=True, editable=False)
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        editable=False,
        related_name="+",
        help_text=_("All who changed it since readers saw it last: none of them publishes it."),
    )
    run = models.ForeignKey(
        "statements.ImportRun", models.SET_NULL, null=True, blank=True, editable=False, related_name="demand_updates"
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    published_by_name = models.CharField(max_length=150, blank=True, editable=False)
    four_eyes_waived = models.BooleanField(default=False, editable=False)

    date = PartialDateProperty()
    objects = DemandUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update of a demand")
        verbose_name_plural = _("updates of demands")
        ordering = ["date_until", "id"]
        permissions = [("publish_demandupdate", "Can publish and withdraw updates of demands")]
        constraints = [
            pair_constraint("date", prefix="update", required=True),
            models.UniqueConstraint(
                fields=["demand", "date_from", "date_until", "source"],
                name="update_once_per_day_and_source",
                violation_error_message=_("This demand has an update of this date from this source already."),
            ),
            models.CheckConstraint(
                name="update_has_four_eyes",
                condition=Q(published_at__isnull=True)
                | Q(four_eyes_waived=True)
                | Q(saved_by__isnull=True)
                | Q(published_by__isnull=True)
                | ~Q(published_by=F("saved_by")),
                violation_error_message=_("Who entered an update does not publish it: a second person does."),
            ),
        ]

    def __str__(self) -> str:
        date = self.date
        return f"{self.demand}: {self.get_status_display()}" + (f" ({date.display()})" if date else "")
