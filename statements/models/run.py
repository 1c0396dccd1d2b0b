"""Import runs: each file or folder that staff brought in, with what it did."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.rules import choices_are_known


def private_storage() -> FileSystemStorage:
    """Uploads wait here between preview and confirmation. Nothing serves them."""
    return storages["default"]  # type: ignore[return-value]  # settings configure a file system


@choices_are_known
class ImportRun(models.Model):
    class State(models.TextChoices):
        PREVIEWED = "previewed", _("previewed")
        APPLIED = "applied", _("applied")
        REFUSED = "refused", _("refused")

    kind = models.CharField(_("kind"), max_length=20)
    file = models.FileField(_("file"), upload_to="imports/", storage=private_storage, blank=True)
    file_name = models.CharField(_("file name"), max_length=300)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    user_name = models.CharField(_("user"), max_length=150, blank=True)
    statements = models.ManyToManyField(
        "statements.Statement",
        related_name="runs",
        editable=False,
        help_text=_("Those that it brought or changed, be it their step alone."),
    )
    outcomes = models.JSONField(
        _("outcomes"), default=dict, help_text=_("How many rows were read, new, changed, unchanged and rejected.")
    )
    report = models.JSONField(_("report"), default=list, help_text=_("What was wrong, by line and column."))

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-started_at", "-id"]
        permissions = [("import_data", "Can import files")]
        constraints = []

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind} {self.file_name}"
