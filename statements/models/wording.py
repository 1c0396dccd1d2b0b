"""Wordings: the verbatim words of a statement in one language, as much as may be kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.codes import LANGUAGE_LENGTH, validate_language
from statements.models.rules import Ruled, choices_are_known, language_tag, not_blank

KEY_LENGTH = 40


@choices_are_known
class Wording(Ruled):
    class Kind(models.TextChoices):
        ORIGINAL = "original", _("original")
        OFFICIAL_TRANSLATION = "official translation", _("official translation")
        DESK_TRANSLATION = "translation by the desk", _("translation by the desk")
        MACHINE_TRANSLATION = "machine translation", _("machine translation")
        AS_REPORTED = "as reported", _("as reported")

    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    statement = models.ForeignKey("statements.Statement", models.CASCADE, related_name="wordings")
    language = models.CharField(
        _("language"),
        max_length=LANGUAGE_LENGTH,
        validators=[validate_language],
        help_text=_("The language of these words: lv, en, be-Latn."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=24,
        choices=Kind,
        help_text=_("The issuer's own words, a translation and whose, or what a report says that was said."),
    )
    text = models.TextField(
        _("words"), help_text=_("Verbatim. Write […] where something is left out: no quotation reaches across it.")
    )
    is_excerpt = models.BooleanField(
        _("is an excerpt"), default=False, help_text=_("Tick it when these are not all the words.")
    )
    source = models.ForeignKey(
        "statements.Source",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="wordings",
        verbose_name=_("taken from"),
        help_text=_("The source that these words were copied from."),
    )

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["id"]
        constraints = [
            not_blank("key", prefix="wording", message=_("A wording needs a key.")),
            language_tag(prefix="wording"),
            not_blank("text", prefix="wording", message=_("A wording needs words.")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} [{self.language}]"
