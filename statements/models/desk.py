"""How the desk works on statements: the steps that were taken, what is due, what was put off, what was erased."""

from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import BigIntegerField, Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Left, StrIndex
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from statements.models.rules import Ruled, choices_are_known, not_blank
from statements.models.version import Version

#: Between the parts of an item that is more than a row: a measure and a day.
ITEM_PARTS = ":"


@choices_are_known
class Move(Ruled):
    """A step that somebody took with a statement. Written by the actions, never changed."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        TAKEN_UP = "taken up", _("taken up again")
        SCHEDULED = "scheduled", _("scheduled")
        UNSCHEDULED = "unscheduled", _("taken off the schedule")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    statement = models.ForeignKey("statements.Statement", models.CASCADE, related_name="moves")
    kind = models.CharField(_("step"), max_length=12, choices=Kind)
    # The latest on the desk at that moment: what the step was taken with.
    version = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.TextField(_("note"), blank=True, help_text=_("For colleagues; of a withdrawal the public reason."))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField(_("by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("step taken")
        verbose_name_plural = _("steps taken")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["statement", "-id"], name="move_of_one"),
            # Few of many, on a public page.
            models.Index(fields=["-at"], condition=Q(kind="withdrawn"), name="move_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.kind}"


@choices_are_known
class Schedule(Ruled):
    """A statement that a reviewer approved, to be published at a time. It stands in step ``scheduled`` meanwhile.

    ``version`` is what was approved: once the desk says something else, it goes back to review. What kept it from
    being published when it was due stands in ``refused``, for the desk.
    """

    statement = models.OneToOneField("statements.Statement", models.CASCADE, related_name="schedule")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    publish_at = models.DateTimeField(_("to be published at"), db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField(_("by"), max_length=150, blank=True)
    revision = models.CharField(_("kind of change"), max_length=12, choices=Version.Revision, blank=True)
    revision_note = models.TextField(_("note for readers"), blank=True)
    refused = models.TextField(_("refused because"), blank=True)
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)

    class Meta:
        verbose_name = _("scheduled publication")
        verbose_name_plural = _("scheduled publications")
        ordering = ["publish_at", "id"]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.publish_at:%Y-%m-%d %H:%M}"


class PutOffQuerySet(models.QuerySet["PutOff"]):
    def active(self) -> Self:
        """Those whose day has not come: on that day the item is back in its list."""
        return self.filter(until__gt=timezone.localdate())

    def numbers(self, queue: str) -> models.QuerySet[Any, Any]:
        """The numbers of the rows that are put off in a list whose items are rows, as a subquery."""
        return self.filter(queue=queue).annotate(number=_number((queue,))).values("number")

    def for_changelist(self) -> Self:
        """With ``title`` of what each is about, None where that is gone, and ``number`` of the row. One query."""
        from statements.models.count import Measure
        from statements.models.demand import Demand, DemandUpdate
        from statements.models.statement import Statement

        def title(model: type[models.Model], column: str, queues: tuple[str, ...]) -> When:
            row = model._default_manager.filter(pk=OuterRef("number")).order_by()
            return When(queue__in=queues, then=Subquery(row.values(column)[:1]))

        return self.annotate(number=_number(PutOff.Queue.values)).annotate(
            title=Case(
                title(DemandUpdate, "demand__title", (PutOff.Queue.UPDATES,)),
                title(Demand, "title", (PutOff.Queue.STALE,)),
                title(Measure, "name", (PutOff.Queue.RIVALS,)),
                default=Subquery(Statement.objects.filter(pk=OuterRef("number")).order_by().values("title")[:1]),
                output_field=models.CharField(),
            )
        )


def _number(queues: Sequence[str]) -> Case:
    """The number that an item begins with. In a condition on its list: no database reads other items as numbers."""
    end = StrIndex("item", Value(ITEM_PARTS))
    return Case(
        When(queue__in=queues, item__contains=ITEM_PARTS, then=Cast(Left("item", end - 1), BigIntegerField())),
        When(queue__in=queues, then=Cast("item", BigIntegerField())),
        output_field=BigIntegerField(),
    )


@choices_are_known
class PutOff(Ruled):
    """An item of a list on the desk's front page that nobody wants to see again before a day."""

    class Queue(models.TextChoices):
        REVIEW = "review", _("to review")
        RETURNED = "returned", _("returned")
        DRAFTS = "drafts", _("drafts")
        SCHEDULED = "scheduled", _("scheduled")
        UPDATES = "updates", _("updates of demands to review")
        WORDS = "words", _("no verbatim words")
        QUOTES = "quotes", _("quotes not checked")
        DATES = "dates", _("dates that contradict")
        RIVALS = "rivals", _("rival figures")
        STALE = "stale", _("demands without an update for a year")

    queue = models.CharField(_("list"), max_length=12, choices=Queue)
    item = models.CharField(max_length=100, help_text=_("What identifies the item in its list: the number of its row."))
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("put off at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField(_("put off by"), max_length=150, blank=True)

    objects = PutOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("item put off")
        verbose_name_plural = _("items put off")
        ordering = ["until", "id"]
        constraints = [
            not_blank("reason", prefix="put_off", message=_("Say why it can wait, so that colleagues know.")),
            models.UniqueConstraint(
                fields=["queue", "item"],
                name="put_off_once",
                violation_error_message=_("It is put off already: change the day there."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue} {self.item}: {self.until}"


@choices_are_known
class Erasure(Ruled):
    """The tombstone of something that was taken out of a version for good, since safety or a court required it.

    ``erased_hash`` is the SHA-256 of what stood there: of the version's content, or of the words in UTF-8. Whoever has
    them can prove that they stood here; nobody can read them from it.
    """

    class What(models.TextChoices):
        VERSION = "version", _("the whole version")
        WORDS = "words", _("words in it")

    class Reason(models.TextChoices):
        SAFETY = "safety", _("the safety of a person")
        COURT = "court", _("a court's decision")
        PRIVACY = "privacy", _("the privacy of a person")
        RIGHTS = "rights", _("the rights of an author")

    version = models.ForeignKey(Version, models.CASCADE, related_name="erasures")
    what = models.CharField(_("erased"), max_length=10, choices=What)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    erased_hash = models.CharField(_("SHA-256 of what was erased"), max_length=64)
    at = models.DateTimeField(_("erased at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField(_("erased by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="erasure_keeps_a_hash",
                condition=Q(erased_hash__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("An erasure keeps the SHA-256 of what was erased."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.what}"
