"""Organisations: who issues statements, and whom demands are addressed to."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from statements.models.codes import validate_country
from statements.models.rules import (
    Ruled,
    choices_are_known,
    country_code,
    not_blank,
    not_its_own,
    slug_form,
    web_address,
)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def for_changelist(self) -> Self:
        """What the desk's list shows of each, in one query more than the rows."""
        return self.select_related("parent").prefetch_related("names")


@choices_are_known
class Organisation(Ruled):
    class Kind(models.TextChoices):
        INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental")
        GOVERNMENT = "government", _("government")
        PARLIAMENT = "parliament", _("parliament")
        NGO = "NGO", _("NGO")
        MEDIA = "media", _("media")
        MOVEMENT = "movement", _("movement")
        GROUP = "group", _("group")
        OTHER = "other", _("other")

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of its public address. Left blank, it is made from the name."),
    )
    name = models.CharField(
        _("name"),
        max_length=300,
        help_text=_("In full and in English where it has an English name: European External Action Service."),
    )
    short_name = models.CharField(
        _("short name"), max_length=60, blank=True, help_text=_("What it is called for short: EEAS.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[validate_country],
        help_text=_("ISO 3166 code of the country it belongs to: LV. Blank for none, as for the United Nations."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The organisation it is a part of: the European Union, for its diplomatic service."),
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("One or two sentences for readers who do not know it.")
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    wikidata_id = models.CharField(
        _("Wikidata id"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^Q[1-9][0-9]*$", _("A Wikidata id is a Q and a number, such as Q458."))],
        help_text=_("Q458, for the European Union."),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="organisation_name")]
        permissions = [("change_public_organisation", "Can change organisations that readers see")]
        constraints = [
            slug_form(prefix="organisation"),
            not_blank("name", prefix="organisation", message=_("An organisation needs a name.")),
            country_code(prefix="organisation"),
            web_address("website", prefix="organisation"),
            not_its_own("parent", prefix="organisation", message=_("An organisation is not a part of itself.")),
            models.CheckConstraint(
                name="organisation_wikidata_id_is_one",
                condition=Q(wikidata_id="") | Q(wikidata_id__regex=r"^Q[1-9][0-9]*$"),
                violation_error_message=_("A Wikidata id is a Q and a number, such as Q458."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
