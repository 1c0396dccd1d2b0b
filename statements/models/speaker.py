"""Speakers: people who say things. The office they speak in belongs to the statement."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from statements.models.rules import Ruled, not_blank, slug_form


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def for_changelist(self) -> Self:
        return self.select_related("organisation").prefetch_related("names", "handles")


class Speaker(Ruled):
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the public address. Left blank, it is made from the name."),
    )
    name = models.CharField(_("name"), max_length=300, help_text=_("Sviatlana Tsikhanouskaya"))
    description = models.TextField(
        _("description"), blank=True, help_text=_("Who this is, and for which year that holds.")
    )
    organisation = models.ForeignKey(
        "statements.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
        help_text=_("Where this person belongs today. The office of the day stands in each statement."),
    )

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="speaker_name")]
        permissions = [("change_public_speaker", "Can change speakers that readers see")]
        constraints = [
            slug_form(prefix="speaker"),
            not_blank("name", prefix="speaker", message=_("A speaker needs a name.")),
        ]

    def __str__(self) -> str:
        return self.name


class SpeakerHandle(Ruled):
    """An account that is this person's: ``x:@Tsihanouskaya`` in a CSV file."""

    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="handles")
    network = models.CharField(
        _("network"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z0-9.-]+$", _("A network is written in small letters: x, telegram."))],
        help_text=_("In small letters: x, telegram, facebook, mastodon."),
    )
    handle = models.CharField(_("handle"), max_length=200, help_text=_("As the network writes it: @ExtSpoxEU."))

    class Meta:
        verbose_name = _("handle")
        verbose_name_plural = _("handles")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="handle_network_is_a_word",
                condition=Q(network__regex=r"^[a-z0-9.-]+$"),
                violation_error_message=_("A network is written in small letters: x, telegram."),
            ),
            not_blank("handle", prefix="handle", message=_("A handle is needed, such as @ExtSpoxEU.")),
            models.UniqueConstraint(
                fields=["network", "handle"],
                name="handle_is_one_persons",
                violation_error_message=_("This handle belongs to a speaker already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network}:{self.handle}"
