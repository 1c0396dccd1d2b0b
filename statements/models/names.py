"""Names of organisations and people, in any script: one table each, by which the import and every search find them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements import text
from statements.models.codes import LANGUAGE_LENGTH, validate_language
from statements.models.rules import Ruled, choices_are_known, language_tag, not_blank

_FOLDED_LENGTH = 600


def folded_name(name: str) -> str:
    """What the column ``folded`` holds: some letters become many when folded, and an index takes so much only."""
    return text.fold(name)[:_FOLDED_LENGTH].rstrip()


class Name(Ruled):
    """A name as printed. ``folded`` is folded_name(name), a derived column.

    The rows of kind MAIN and SHORT mirror the owner's own columns and are written with it; editors enter the others.
    """

    class Kind(models.TextChoices):
        MAIN = "main", _("main")
        SHORT = "short", _("short")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=300, help_text=_("As printed, in any script: Ціханоўская."))
    language = models.CharField(
        _("language"),
        max_length=LANGUAGE_LENGTH,
        blank=True,
        validators=[validate_language],
        help_text=_("The language of this form of the name: be, ru, be-Latn. Blank where it is not known."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER, editable=False)
    folded = models.CharField(max_length=_FOLDED_LENGTH, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} [{self.language}]" if self.language else self.name


@choices_are_known
class OrganisationName(Name):
    owner = models.ForeignKey("statements.Organisation", models.CASCADE, related_name="names")

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["id"]
        indexes = [models.Index(fields=["folded"], name="organisation_name_folded")]
        constraints = [
            language_tag(prefix="organisation_name", may_be_blank=True),
            not_blank("name", prefix="organisation_name", message=_("A name needs at least one letter.")),
            models.UniqueConstraint(
                fields=["owner", "kind", "name", "language"],
                name="organisation_name_once",
                violation_error_message=_("This organisation has this name in this language already."),
            ),
        ]


@choices_are_known
class SpeakerName(Name):
    owner = models.ForeignKey("statements.Speaker", models.CASCADE, related_name="names")

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["id"]
        indexes = [models.Index(fields=["folded"], name="speaker_name_folded")]
        constraints = [
            language_tag(prefix="speaker_name", may_be_blank=True),
            not_blank("name", prefix="speaker_name", message=_("A name needs at least one letter.")),
            models.UniqueConstraint(
                fields=["owner", "kind", "name", "language"],
                name="speaker_name_once",
                violation_error_message=_("This speaker has this name in this language already."),
            ),
        ]
