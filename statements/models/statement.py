"""Statements: what somebody said, when, where, and in which sources it stands."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDateProperty, pair_constraint
from statements.models.codes import LANGUAGE_LENGTH, validate_language
from statements.models.queues import StatementQueues
from statements.models.rules import Ruled, choices_are_known, language_tag, not_blank, not_its_own, slug_form


class StatementQuerySet(StatementQueues["Statement"]):
    def public(self) -> Self:
        """Those that readers can open now."""
        return self.filter(published_version__isnull=False, withdrawn_at__isnull=True)

    def changed_since(self) -> Self:
        """Those that readers can open now in other words than the desk's."""
        from statements.models.version import Version

        latest = Version.objects.filter(statement=OuterRef("pk")).order_by("-number").values("content_hash")[:1]
        # A change takes up what was done, so that few of all need be compared. Asked of several steps at once, SQLite
        # looks through all statements.
        seen = Statement.objects.filter(published_version__isnull=False).order_by().values("pk")
        drafts, *others = (seen.filter(step=step) for step in Statement.Step if step != Statement.Step.DONE)
        begun = self.public().filter(pk__in=drafts.union(*others))
        return begun.alias(latest=Subquery(latest)).exclude(latest=F("published_version__content_hash"))

    def for_changelist(self) -> Self:
        """With ``demand_count``, ``count_count``, ``source_count``, ``has_words`` and ``latest_hash`` of each, and the
        issuers and speakers prefetched: a fixed number of queries however long the list.
        """
        from statements.models.demand import DemandMention
        from statements.models.version import Version
        from statements.models.wording import Wording

        def counted(model: type[models.Model], column: str) -> Subquery:
            of_each = model._default_manager.filter(statement=OuterRef("pk")).order_by().values("statement")
            return Subquery(of_each.annotate(n=Count(column, distinct=True)).values("n"))

        from statements.models.count import CountObservation

        latest = Version.objects.filter(statement=OuterRef("pk")).order_by("-number")
        return self.annotate(
            demand_count=counted(DemandMention, "demand"),
            count_count=counted(CountObservation, "id"),
            source_count=counted(Citation, "source"),
            has_words=Exists(Wording.objects.filter(statement=OuterRef("pk"))),
            latest_hash=Subquery(latest.values("content_hash")[:1]),
            public_hash=F("published_version__content_hash"),
        ).prefetch_related("issuers__organisation", "speaker_roles__speaker")


def _few_of_many(**conditions: Q) -> list[models.Index]:
    return [
        models.Index(fields=["-issued_from", "-id"], condition=condition, name=f"statement_of_{name}")
        for name, condition in conditions.items()
    ]


@choices_are_known
class Statement(Ruled):
    class Kind(models.TextChoices):
        PRESS_STATEMENT = "press statement", _("press statement")
        SPEECH = "speech", _("speech")
        BRIEFING = "briefing", _("briefing")
        SOCIAL_POST = "social post", _("social post")
        BLOG_POST = "blog post", _("blog post")
        OPEN_LETTER = "open letter", _("open letter")
        INTERVIEW = "interview", _("interview")
        RESOLUTION = "resolution", _("resolution")
        JOINT_STATEMENT = "joint statement", _("joint statement")
        REPORT = "report", _("report")

    class IssuedBasis(models.TextChoices):
        PRINTED = "printed", _("printed")
        FROM_THE_ADDRESS = "from the address", _("from the address")
        INFERRED = "inferred", _("inferred")

    class Relation(models.TextChoices):
        QUOTES = "quotes", _("quotes")
        REPEATS = "repeats", _("repeats")
        CORRECTS = "corrects", _("corrects")
        TRANSLATES = "translates", _("translates")

    class Step(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in review", _("in review")
        RETURNED = "returned", _("returned")
        SCHEDULED = "scheduled", _("scheduled")
        DONE = "done", _("done")  # readers see what the desk says; the next change begins a draft

    #: Those that say again what another statement said: they are not counted again.
    SAYING_AGAIN = (Relation.REPEATS, Relation.TRANSLATES)

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of its public address. Left blank, it is made from issuer, title and date."),
    )
    title = models.CharField(
        _("title"),
        max_length=300,
        help_text=_("In your own words, who and what: Latvia on the Day of Solidarity with Political Prisoners."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    language = models.CharField(
        _("language of the original"),
        max_length=LANGUAGE_LENGTH,
        validators=[validate_language],
        help_text=_("en, lv, ru, be-Latn; und where only a rendering is known."),
    )
    issued_from = models.DateField()
    issued_until = models.DateField()
    issued_basis = models.CharField(
        _("basis of the date"),
        max_length=20,
        choices=IssuedBasis,
        default=IssuedBasis.PRINTED,
        help_text=_("Printed with the statement, read from its address, or inferred from something else."),
    )
    date_note = models.TextField(
        _("note on the date"),
        blank=True,
        help_text=_("For readers: why the printed date differs, or what the date is inferred from."),
    )
    attribution = models.CharField(
        _("attribution"),
        max_length=300,
        blank=True,
        help_text=_("Where nobody is named, the office as printed: EEAS Spokesperson."),
    )
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Where it was said: Brussels."))
    occasion = models.CharField(
        _("occasion"), max_length=300, blank=True, help_text=_("Day of Solidarity with Belarusian political prisoners")
    )
    summary = models.TextField(_("summary"), blank=True, help_text=_("In your own words, two or three sentences."))
    desk_note = models.TextField(_("desk note"), blank=True, help_text=_("For colleagues only; never public."))
    relation = models.CharField(
        _("relation"),
        max_length=12,
        choices=Relation,
        blank=True,
        help_text=_("What this statement does with another one. Those that repeat or translate are not counted again."),
    )
    related_statement = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="related_from",
        verbose_name=_("related statement"),
    )
    step = models.CharField(_("step"), max_length=12, choices=Step, default=Step.DRAFT)
    published_version = models.OneToOneField(
        "statements.Version", models.PROTECT, null=True, blank=True, editable=False, related_name="shown_for"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    withdrawn_reason = models.TextField(_("reason of the withdrawal"), blank=True, editable=False)

    # What the desk asks of all statements at once, derived from what hangs on each: record.desk_index keeps it.
    lacks_words = models.BooleanField(default=False, editable=False)
    lacks_sources = models.BooleanField(default=False, editable=False)
    lacks_content = models.BooleanField(default=False, editable=False)
    has_unchecked_quotes = models.BooleanField(default=False, editable=False)
    has_contradicting_dates = models.BooleanField(default=False, editable=False)

    issued = PartialDateProperty()
    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-issued_from", "-id"]
        permissions = [
            ("submit_statement", "Can submit statements for review"),
            ("publish_statement", "Can publish and withdraw statements"),
            ("erase_statement", "Can erase words and versions of statements for good"),
        ]
        indexes = [
            models.Index(fields=["-issued_from", "-id"], name="statement_newest"),
            # Of each that the desk's list is narrowed down to, the newest first.
            models.Index(fields=["step", "-issued_from", "-id"], name="statement_step_newest"),
            # What readers saw and somebody has taken up again.
            models.Index(fields=["step", "published_version"], name="statement_revised"),
            models.Index(fields=["kind", "-issued_from", "-id"], name="statement_kind_newest"),
            models.Index(fields=["language", "-issued_from", "-id"], name="statement_language_newest"),
            *_few_of_many(
                public=Q(published_version__isnull=False, withdrawn_at__isnull=True),
                withdrawn=Q(withdrawn_at__isnull=False),
                unpublished=Q(published_version__isnull=True),
                words=Q(lacks_words=True),
                sources=Q(lacks_sources=True),
                content=Q(lacks_content=True),
                quotes=Q(has_unchecked_quotes=True),
                dates=Q(has_contradicting_dates=True),
            ),
            models.Index(
                fields=["-withdrawn_at", "-id"],
                condition=Q(withdrawn_at__isnull=False),
                name="statement_withdrawn_newest",
            ),
        ]
        constraints = [
            slug_form(prefix="statement"),
            not_blank("title", prefix="statement", message=_("A statement needs a title.")),
            language_tag(prefix="statement"),
            pair_constraint("issued", prefix="statement", required=True),
            models.CheckConstraint(
                name="statement_relation_has_its_statement",
                condition=Q(relation="", related_statement__isnull=True)
                | (~Q(relation="") & Q(related_statement__isnull=False)),
                violation_error_message=_("A relation needs both: what it is, and the other statement."),
            ),
            not_its_own("related_statement", prefix="statement", message=_("A statement is not related to itself.")),
            models.CheckConstraint(
                name="statement_withdrawn_with_a_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_reason__regex=r"\S") & Q(published_version__isnull=False)),
                violation_error_message=_("Only what was published is withdrawn, and readers are told the reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        return self.published_version_id is not None and self.withdrawn_at is None


@choices_are_known
class Issuer(Ruled):
    """An organisation's part in a statement. In order: the first is named first."""

    class Part(models.TextChoices):
        ISSUED = "issued", _("issued")
        JOINED = "joined", _("joined")
        DELIVERED = "delivered on behalf", _("delivered on behalf")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="issuers")
    organisation = models.ForeignKey(
        "statements.Organisation", models.PROTECT, related_name="issued", verbose_name=_("organisation")
    )
    part = models.CharField(
        _("part"),
        max_length=20,
        choices=Part,
        default=Part.ISSUED,
        help_text=_("Issued it, joined it later, or delivered it on behalf of the others."),
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("issuer")
        verbose_name_plural = _("issuers")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["organisation", "statement"], name="issuer_of_organisation")]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "organisation"],
                name="issuer_has_one_part",
                violation_error_message=_("This organisation is named twice: give it one part."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_part_display()})"


def first_of(issuers: Iterable[tuple[str, str]], speakers: Iterable[str]) -> str:
    """The slug with which a statement's own begins, from (part, slug) of its issuers and the slugs of its speakers.

    The first who issued it, else the first who joined or delivered it, else the first speaker; "" for nobody.
    """
    parts = [str(part) for part in Issuer.Part]
    ordered = sorted(issuers, key=lambda issuer: parts.index(issuer[0]))  # keeps the order within a part
    return next((slug for _part, slug in ordered), next(iter(speakers), ""))


class SpeakerRole(Ruled):
    """A person who speaks in a statement, with the office as printed on that day."""

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="speaker_roles")
    speaker = models.ForeignKey("statements.Speaker", models.PROTECT, related_name="roles", verbose_name=_("speaker"))
    attribution = models.CharField(
        _("attribution"),
        max_length=300,
        blank=True,
        help_text=_("As printed on that day: Minister of Foreign Affairs of Lithuania."),
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "speaker"],
                name="speaker_named_once",
                violation_error_message=_("This speaker is named already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}, {self.attribution}" if self.attribution else str(self.speaker)


@choices_are_known
class Citation(Ruled):
    """A source in which a statement stands."""

    class Role(models.TextChoices):
        ORIGINAL = "original", _("original")
        REPRINT = "reprint", _("reprint")
        REPORT = "report", _("report")
        TRANSLATION = "translation", _("translation")
        ARCHIVE = "archive", _("archive")

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="citations")
    source = models.ForeignKey("statements.Source", models.PROTECT, related_name="citations", verbose_name=_("source"))
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=Role,
        help_text=_("The issuer's own publication is the original; a news article about it is a report."),
    )
    locator = models.CharField(
        _("locator"), max_length=200, blank=True, help_text=_("Where in it: page 3, second paragraph, minute 12.")
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "source", "role"],
                name="citation_once",
                violation_error_message=_("This source is cited in this role already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.get_role_display()})"
