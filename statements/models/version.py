"""Versions: a statement with all that hangs on it as one JSON document, kept for good."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from statements.json_text import Decoder, Encoder
from statements.models.rules import Ruled, choices_are_known


class DocumentEncoder(Encoder):
    """Letters as they are: six bytes for each Cyrillic one would double what versions take. Read, both are the same.
    Migrations know it by this name.
    """


class Through(models.TextChoices):
    """What a change was made with."""

    FORM = "form", _("form")
    IMPORT = "import", _("import")
    MERGE = "merge", _("merge")
    COMMAND = "command", _("command")
    ERASURE = "erasure", _("erasure")


class VersionQuerySet(models.QuerySet["Version"]):
    def latest_of(self, statement_ids: Iterable[int]) -> Self:
        """What each of these statements says on the desk: its latest version."""
        newest = Version.objects.filter(statement=OuterRef("statement")).order_by("-number").values("pk")[:1]
        return self.filter(statement__among=statement_ids, pk=Subquery(newest))

    def published(self) -> Self:
        return self.filter(public_number__isnull=False)

    def shown(self) -> Self:
        """The versions that readers see now: one for each public statement."""
        return self.filter(shown_for__withdrawn_at__isnull=True, shown_for__isnull=False)


@choices_are_known
class Version(Ruled):
    """``document`` has the shape of record/schema.json; record.document reads it, whatever its schema's number.

    ``number`` counts the saves of a statement, ``public_number`` those of them that were published: readers' addresses
    name the second. Who saved and published it is kept as a name, too, so that it outlives the account.
    """

    class Revision(models.TextChoices):
        """What the publication of a change was, to readers who had seen the statement before."""

        MINOR = "minor fix", _("minor fix")
        CORRECTION = "correction", _("correction")

    # A draft goes with its versions; what was ever published is held by Statement.published_version.
    statement = models.ForeignKey("statements.Statement", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(encoder=DocumentEncoder, decoder=Decoder)
    content_hash = models.CharField(max_length=64)
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    saved_by_name = models.CharField(_("saved by"), max_length=150, blank=True)
    through = models.CharField(_("through"), max_length=10, choices=Through)
    run = models.ForeignKey("statements.ImportRun", models.SET_NULL, null=True, blank=True, related_name="versions")
    why = models.TextField(_("why"), blank=True)
    public_number = models.PositiveIntegerField(_("published as number"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    published_by_name = models.CharField(_("published by"), max_length=150, blank=True)
    four_eyes_waived = models.BooleanField(_("published by one person alone"), default=False)
    revision = models.CharField(_("kind of change"), max_length=12, choices=Revision, blank=True)
    revision_note = models.TextField(_("note for readers"), blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["statement", "number"]
        indexes = [
            models.Index(fields=["-saved_at", "-id"], name="version_newest"),
            models.Index(fields=["through", "-saved_at", "-id"], name="version_through_newest"),
            models.Index(
                fields=["-saved_at", "-id"], condition=Q(public_number__isnull=True), name="version_not_published"
            ),
            models.Index(
                fields=["-saved_at", "-id"], condition=Q(public_number__isnull=False), name="version_published"
            ),
            # Who has a part in what readers have not seen yet: the four eyes are about them.
            models.Index(
                fields=["saved_by", "statement", "number"],
                condition=Q(public_number__isnull=True),
                name="version_of_author",
            ),
            # What happened in public since a day, and the few that took the place of another one.
            models.Index(
                fields=["published_at"], condition=Q(public_number__isnull=False), name="version_published_at"
            ),
            models.Index(
                fields=["-published_at", "-statement", "-public_number"],
                condition=Q(public_number__gt=1),
                name="version_revised",
            ),
            models.Index(
                fields=["revision", "-published_at", "-statement", "-public_number"],
                condition=Q(public_number__gt=1),
                name="version_revised_as",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["statement", "public_number"], name="version_public_number_once"),
            models.CheckConstraint(
                name="version_published_has_time_and_number",
                condition=Q(published_at__isnull=True, public_number__isnull=True, four_eyes_waived=False)
                | Q(published_at__isnull=False, public_number__isnull=False),
                violation_error_message=_("A published version has the time and the number of its publication."),
            ),
            models.CheckConstraint(
                name="version_corrects_what_was_public",
                condition=Q(revision="") | Q(public_number__isnull=False, public_number__gt=1),
                violation_error_message=_("Only what readers saw before is fixed or corrected."),
            ),
            models.CheckConstraint(
                name="version_correction_has_a_note",
                condition=(Q(revision="correction") & Q(revision_note__regex=r"\S"))
                | (~Q(revision="correction") & Q(revision_note="")),
                violation_error_message=_("A correction tells readers what was wrong; nothing else has such a note."),
            ),
            # An account that was deleted leaves NULL: its name stays, the comparison is over.
            models.CheckConstraint(
                name="version_has_four_eyes",
                condition=Q(published_at__isnull=True)
                | Q(four_eyes_waived=True)
                | Q(saved_by__isnull=True)
                | Q(published_by__isnull=True)
                | ~Q(published_by=F("saved_by")),
                violation_error_message=_("Nobody publishes what they changed themselves: a second person does."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("Version %(number)s") % {"number": self.number}


@choices_are_known
class ReferenceChange(Ruled):
    """A change of an organisation, speaker, source, demand or measure, with old and new values."""

    kind = models.CharField(_("kind"), max_length=20)
    target_id = models.BigIntegerField()
    label = models.CharField(_("of"), max_length=500)
    #: What the desk's search looks in, a derived column: the words of the label.
    folded = models.TextField(editable=False, default="")
    changes = models.JSONField(_("changes"), encoder=DjangoJSONEncoder, help_text=_("field: [old, new]"))
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    saved_by_name = models.CharField(_("saved by"), max_length=150, blank=True)
    through = models.CharField(_("through"), max_length=10, choices=Through)
    run = models.ForeignKey("statements.ImportRun", models.SET_NULL, null=True, blank=True, related_name="+")
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("change of reference data")
        verbose_name_plural = _("changes of reference data")
        ordering = ["-saved_at", "-id"]
        indexes = [
            models.Index(fields=["kind", "target_id", "-id"], name="change_of_one"),
            models.Index(fields=["-saved_at", "-id"], name="change_newest"),
            models.Index(fields=["kind", "-saved_at", "-id"], name="change_kind_newest"),
            models.Index(fields=["through", "-saved_at", "-id"], name="change_through_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"
