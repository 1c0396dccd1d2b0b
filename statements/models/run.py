"""Import runs: each file or folder that staff brought in, with what it did and what became of each row."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.json_text import Decoder, Encoder
from statements.models.queues import RunQueues
from statements.models.rules import Ruled, choices_are_known


def private_storage() -> FileSystemStorage:
    """Uploads wait here between preview and confirmation. Nothing serves them."""
    return storages["default"]  # type: ignore[return-value]  # settings configure a file system


class ImportRunQuerySet(RunQueues["ImportRun"]):
    pass


@choices_are_known
class ImportRun(Ruled):
    """One file, or several as one, from the upload to the undoing. Only an applied run has written anything."""

    class State(models.TextChoices):
        PLANNING = "planning", _("being read")
        PREVIEWED = "previewed", _("waits for confirmation")
        WRITING = "writing", _("being written")
        APPLIED = "applied", _("written")
        REFUSED = "refused", _("refused")
        DISCARDED = "discarded", _("discarded")
        STOPPED = "stopped", _("stopped, nothing was written")

    kind = models.CharField(_("kind"), max_length=20)
    file = models.FileField(_("file"), upload_to="imports/", storage=private_storage, blank=True)
    file_name = models.CharField(_("file name"), max_length=300)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    user_name = models.CharField(_("user"), max_length=150, blank=True)
    options = models.JSONField(
        _("options"),
        default=dict,
        help_text=_("What was chosen: encoding, delimiter, columns, what to do with doubles."),
    )
    understood = models.JSONField(
        _("understood"), default=list, help_text=_("How each file was read: its KIND, encoding, delimiter and columns.")
    )
    digest = models.CharField(max_length=64, blank=True, help_text=_("Of the plan that was shown."))
    made = models.JSONField(
        _("made"), default=list, help_text=_("Organisations, speakers and demands that a cell named and nobody had.")
    )
    statements = models.ManyToManyField(
        "statements.Statement",
        related_name="runs",
        editable=False,
        help_text=_("Those that it brought or changed, be it their step alone."),
    )
    outcomes = models.JSONField(_("outcomes"), default=dict, help_text=_("How many rows had which outcome."))
    report = models.JSONField(_("report"), default=list, help_text=_("What was wrong with a file as a whole."))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_by_name = models.CharField(_("undone by"), max_length=150, blank=True)
    undone_reason = models.TextField(_("undone because"), blank=True)
    undone_report = models.JSONField(
        _("left alone"), default=list, help_text=_("What undoing left as it was, and why: [what, reason].")
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["-started_at", "-id"], name="run_newest")]
        permissions = [("import_data", "Can import files")]
        constraints = [
            models.CheckConstraint(
                name="run_undone_with_reason",
                condition=models.Q(undone_at__isnull=True) | (models.Q(state="applied") & ~models.Q(undone_reason="")),
                violation_error_message=_("Only what was written can be undone, and undoing needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind} {self.file_name}"


class RunRows(models.Model):
    """Rows of a run, a few hundred at a time, with what became of each: narrow to count, wide only where looked at.

    ``rows`` is a list of objects: ``file`` (index in the run's ``understood``), ``line``, ``outcome``, ``label``,
    ``changes`` {column: [old, new]}, ``errors`` and ``notices`` [{column, value, message, suggestion}].
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="row_batches")
    position = models.PositiveIntegerField()
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(default=0)
    rows = models.JSONField(default=list, encoder=Encoder, decoder=Decoder)

    class Meta:
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="run_rows_once")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.position}"
