"""The lists of the desk's front page: what waits for somebody, and what the data needs. Counts and lists ask here.

What somebody put off is left out by ``waiting`` until its day has come.
"""

import datetime
from functools import reduce
from operator import or_
from typing import Any, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, Max, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThan
from django.utils import timezone

from statements.models.counting import count_to

M = TypeVar("M", bound=models.Model)
Somebody = User | AnonymousUser

#: After so many days without an update it is time to look how a demand stands.
YEAR = datetime.timedelta(days=365)


class QueueRows(models.QuerySet[M]):
    """Rows that stand in lists of the desk, each known there by its number."""

    def waiting(self, queue: str) -> Self:
        """Without those that are put off in this list."""
        from statements.models.desk import PutOff

        return self.exclude(pk__in=PutOff.objects.active().numbers(queue))

    def put_off(self, queue: str) -> Self:
        """Only those that are put off in this list."""
        from statements.models.desk import PutOff

        return self.filter(pk__in=PutOff.objects.active().numbers(queue))

    def count_to(self, most: int) -> int:
        return count_to(most, self)


class _Year(Func):
    """The year of a day. SQLite keeps days as text, and would call Python for each row's year."""

    output_field = models.IntegerField()
    template = "EXTRACT(YEAR FROM %(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="CAST(SUBSTR(%(expressions)s, 1, 4) AS INTEGER)", **context)


class _DayOfTheYear(Func):
    """Month and day: 01-28."""

    output_field = models.CharField()
    template = "TO_CHAR(%(expressions)s, 'MM-DD')"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="SUBSTR(%(expressions)s, 6, 5)", **context)


class StatementQueues(QueueRows[M]):
    # --- What waits for somebody ---

    def awaiting_review(self) -> Self:
        from statements.models.statement import Statement

        return self.filter(step=Statement.Step.IN_REVIEW)

    def changed_by(self, user: Somebody) -> Self:
        """Those that this user has changed since readers saw them last: who is an author doesn't publish.

        Somebody has changed few of what waits, or an import most of it: the database may begin at either end.
        """
        from statements.models.version import Version

        own = Version.objects.filter(saved_by=user.pk, public_number__isnull=True)
        return self.filter(_since_readers_saw_it(user), pk__in=own.values("statement"))

    def to_review_by(self, user: Somebody) -> Self:
        """In review, and nothing of this user's in them."""
        waiting = self.awaiting_review()
        return waiting.filter(~_since_readers_saw_it(user)) if settings.FOUR_EYES else waiting

    def waiting_for_a_second_person(self, user: Somebody) -> Self:
        """In review, and changed by this user: somebody else publishes them."""
        return self.awaiting_review().changed_by(user) if settings.FOUR_EYES else self.none()

    def returned_to(self, user: Somebody) -> Self:
        from statements.models.statement import Statement

        return self.filter(step=Statement.Step.RETURNED).changed_by(user)

    def drafts_of(self, user: Somebody) -> Self:
        from statements.models.statement import Statement

        return self.filter(step=Statement.Step.DRAFT).changed_by(user)

    def scheduled(self) -> Self:
        from statements.models.desk import Schedule

        return self.filter(pk__in=Schedule.objects.values("statement"))

    def with_the_return(self) -> Self:
        """With ``returned_note``, ``returned_by_name`` and ``returned_at`` of the last return of each."""
        from statements.models.desk import Move

        latest = Move.objects.filter(statement=OuterRef("pk"), kind=Move.Kind.RETURNED).order_by("-id")
        return self.annotate(
            returned_note=Subquery(latest.values("note")[:1]),
            returned_by_name=Subquery(latest.values("by_name")[:1]),
            returned_at=Subquery(latest.values("at")[:1]),
        )

    # --- What the data needs: nothing of what was withdrawn. From columns that record.desk_index keeps. ---

    def needing_words(self) -> Self:
        """Those of which no words are known in any language."""
        return self.filter(lacks_words=True, withdrawn_at__isnull=True)

    def needing_a_check_of_quotes(self) -> Self:
        """Those with a quotation that no words stand against."""
        return self.filter(has_unchecked_quotes=True, withdrawn_at__isnull=True)

    def needing_a_look_at_dates(self) -> Self:
        """Those with dates that can't all be right, and that no note on the date explains to readers."""
        return self.filter(has_contradicting_dates=True, withdrawn_at__isnull=True)

    def with_needs(self) -> Self:
        """With ``now_<name>`` for each of NEEDS: what its column ought to hold. Costly: of some statements only."""
        from statements.models.count import CountObservation
        from statements.models.demand import DemandMention
        from statements.models.statement import Citation
        from statements.models.wording import Wording

        def has(model: type[models.Model], **condition: Any) -> models.QuerySet[Any]:
            return model._default_manager.filter(statement=OuterRef("pk"), **condition)

        mentions, counts, words = has(DemandMention), has(CountObservation), Exists(has(Wording))
        quotes = Exists(mentions.exclude(quote="")) | Exists(counts.exclude(quote=""))
        return self.with_what_contradicts().annotate(
            now_lacks_words=~words,
            now_lacks_sources=~Exists(has(Citation)),
            now_lacks_content=~Exists(mentions) & ~Exists(counts),
            now_has_unchecked_quotes=quotes & ~words,
            now_has_contradicting_dates=Q(is_after_source=True) | Q(has_other_year=True) | Q(counts_ahead=True),
        )

    def with_what_contradicts(self) -> Self:
        """With ``is_after_source``, ``has_other_year`` and ``counts_ahead``: which dates of each contradict."""
        of_this = {"statement": OuterRef("pk")}
        return self.annotate(
            is_after_source=Exists(_unexplained(_issued_after_a_source()).filter(**of_this)),
            has_other_year=Exists(_unexplained(_dateline_of_another_year()).filter(**of_this)),
            counts_ahead=Exists(_as_of_after_issued().filter(**of_this)),
        )


#: Columns of a statement that say what it needs: derived from what hangs on it.
NEEDS = ("lacks_words", "lacks_sources", "lacks_content", "has_unchecked_quotes", "has_contradicting_dates")


def _since_readers_saw_it(user: Somebody) -> Exists:
    from statements.models.version import Version

    seen = Coalesce(OuterRef("published_version__number"), 0)
    # What is newer than the version that readers saw last was never published: there is an index of that.
    own = Version.objects.filter(statement=OuterRef("pk"), saved_by=user.pk, public_number__isnull=True)
    return Exists(own.filter(number__gt=seen))


#: The order of scheduled statements: those that could not be published in time, then as they are due.
REFUSED_FIRST = (Case(When(schedule__refused="", then=1), default=0), F("schedule__publish_at"), F("pk"))


def _unexplained(condition: Q) -> models.QuerySet[Any]:
    from statements.models.statement import Citation

    return Citation.objects.filter(condition, statement__date_note="")


def _issued_after_a_source() -> Q:
    """On citations: the source was out before the statement was made that is said to stand in it."""
    return Q(source__published_until__lt=F("statement__issued_from"))


def _dateline_of_another_year() -> Q:
    """On citations: a printed date of a year in which the source did not print it.

    The issuer's own publication and a reprint are of the statement's year. A report may look back; but a report of the
    same day in another year rests on a dateline with a slip in its year.
    """
    from statements.models.statement import Citation, Statement

    published, issued = F("source__published_from"), F("statement__issued_from")
    days = Q(source__published_until=published, statement__issued_until=issued)
    same_day = days & Exact(_DayOfTheYear(published), _DayOfTheYear(issued))
    own = Q(role__in=[Citation.Role.ORIGINAL, Citation.Role.REPRINT])
    # Asked first, since it costs least: a source that was out before is told by the other rule.
    later = Q(
        statement__issued_basis=Statement.IssuedBasis.PRINTED, source__published_from__gt=F("statement__issued_until")
    )
    return later & LessThan(_Year(F("statement__issued_until")), _Year(published)) & (own | same_day)


def _as_of_after_issued() -> models.QuerySet[Any]:
    """Counts that hold only after the day on which they were quoted."""
    from statements.models.count import CountObservation

    # Most counts have no day of their own: PostgreSQL is told, and looks at those that have.
    ahead = Q(as_of_from__isnull=False, as_of_from__gt=F("statement__issued_until"))
    return CountObservation.objects.filter(ahead)


class UpdateQueues(QueueRows[M]):
    def awaiting_review(self) -> Self:
        return self.filter(published_at__isnull=True)

    def to_review_by(self, user: Somebody) -> Self:
        """Not published yet, and nothing of this user's in them."""
        waiting = self.awaiting_review()
        return waiting.exclude(self._changed_by(user)) if settings.FOUR_EYES else waiting

    def waiting_for_a_second_person(self, user: Somebody) -> Self:
        return self.awaiting_review().filter(self._changed_by(user)) if settings.FOUR_EYES else self.none()

    def _changed_by(self, user: Somebody) -> Q:
        from statements.models.demand import DemandUpdate

        authored = DemandUpdate.authors.through.objects.filter(user=user.pk).values("demandupdate")
        return Q(saved_by__isnull=False, saved_by=user.pk) | Q(pk__in=authored)


class DemandQueues(QueueRows[M]):
    def stale(self, *, today: datetime.date | None = None) -> Self:
        """Those that readers see and of which nobody has said for a year how they stand.

        What was met or abandoned needs no update until somebody demands it again.
        """
        from statements.models.demand import DemandUpdate
        from statements.models.record import Facet, Link

        year_ago = (today or timezone.localdate()) - YEAR
        updates = DemandUpdate.objects.published().filter(demand=OuterRef("pk")).order_by("-date_until", "-pk")
        made = Link.objects.filter(facet=Facet.DEMAND, target_id=OuterRef("pk"))
        over = [DemandUpdate.Status.MET, DemandUpdate.Status.ABANDONED]
        return (
            self.filter(Exists(made.filter(issued_from__lt=year_ago)) | Exists(updates) & Exists(made))
            .exclude(Exists(updates.filter(date_until__gte=year_ago)))
            .alias(latest_status=Coalesce(Subquery(updates.values("status")[:1]), Value("")))
            .alias(latest_until=Subquery(updates.values("date_until")[:1]))
            .exclude(Q(latest_status__in=over) & ~Exists(made.filter(issued_from__gt=OuterRef("latest_until"))))
        )

    def with_latest_update(self) -> Self:
        """With ``latest_update``: the last possible day of the latest update that readers see, or None."""
        from statements.models.demand import DemandUpdate

        updates = DemandUpdate.objects.published().filter(demand=OuterRef("pk")).order_by("-date_until", "-pk")
        return self.annotate(latest_update=Subquery(updates.values("date_until")[:1]))


class RunQueues(QueueRows[M]):
    def awaiting_confirmation_by(self, user: Somebody) -> Self:
        """Read and checked, and not written before whoever brought them says so."""
        from statements.models.run import ImportRun

        return self.filter(state=ImportRun.State.PREVIEWED, user=user.pk)

    def to_review_by(self, user: Somebody) -> Self:
        """Of others, written, and with statements that are in review."""
        from statements.models.run import ImportRun
        from statements.models.statement import Statement

        brought = ImportRun.statements.through.objects.filter(statement__step=Statement.Step.IN_REVIEW)
        runs = self.filter(state=ImportRun.State.APPLIED, undone_at__isnull=True, pk__in=brought.values("importrun"))
        return runs.exclude(user=user.pk) if settings.FOUR_EYES else runs


class FigureQueues(models.QuerySet[M]):
    def rival_days(self) -> models.QuerySet[Any, Any]:
        """(day, measure, how many figures) wherever readers see figures of one measure and day that differ.

        Only days count: two figures of one month may both be right. The newest days come first, as an index has them:
        whoever asks for some of them needn't look at all.
        """
        compared = ("qualifier", "value", "value_to")
        ends = {f"least_{name}": Min(name) for name in compared} | {f"most_{name}": Max(name) for name in compared}
        differ = reduce(or_, (Q(**{f"most_{name}__gt": F(f"least_{name}")}) for name in compared))
        days = self.filter(as_of_until=F("as_of_from")).values("as_of_from", "measure")
        found = days.annotate(figures=Count("measure"), **ends).filter(differ)
        return found.order_by("-as_of_from", "-measure").values_list("as_of_from", "measure", "figures")
