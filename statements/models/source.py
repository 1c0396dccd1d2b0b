"""Sources: documents that exist somewhere and in which something can be read."""

from typing import Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from statements.dates import PartialDateProperty, pair_constraint
from statements.models.codes import LANGUAGE_LENGTH, validate_language
from statements.models.counting import counted
from statements.models.indexes import NothingLastIndex
from statements.models.rules import Ruled, choices_are_known, language_tag, slug_form, web_address


class SourceQuerySet(models.QuerySet["Source"]):
    def for_changelist(self) -> Self:
        """With ``statement_count`` of each, up to MOST_COUNTED + 1."""
        from statements.models.statement import Citation

        of_each = Citation.objects.filter(source=models.OuterRef("pk")).order_by().values("statement").distinct()
        return self.annotate(statement_count=counted(of_each))


@choices_are_known
class Source(Ruled):
    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official")
        NEWS = "news", _("news")
        SOCIAL_POST = "social post", _("social post")
        REPORT = "report", _("report")
        BROADCAST = "broadcast", _("broadcast")
        PERSONAL_PAGE = "personal page", _("personal page")
        ARCHIVE = "archive", _("archive")

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("The last part of its public address. Left blank, it is made from publisher, title and date."),
    )
    url = models.CharField(
        _("address"),
        max_length=2000,
        blank=True,
        validators=[URLValidator(["http", "https"])],
        help_text=_("As found, with https:// in front. Blank for a printed document: then title and publisher say it."),
    )
    canonical_url = models.CharField(
        _("canonical address"),
        max_length=2000,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        error_messages={"unique": _("A source with this address exists already.")},
    )
    title = models.CharField(
        _("title"), max_length=500, blank=True, help_text=_("In your own words where the title is long.")
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=300,
        blank=True,
        help_text=_("Who printed it: Ministry of Foreign Affairs of Latvia."),
    )
    author = models.CharField(_("author"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    language = models.CharField(
        _("language"),
        max_length=LANGUAGE_LENGTH,
        blank=True,
        validators=[validate_language],
        help_text=_("The language it is printed in: en, ru, lv."),
    )
    published_from = models.DateField(null=True, blank=True)
    published_until = models.DateField(null=True, blank=True)
    accessed_on = models.DateField(
        _("accessed on"), null=True, blank=True, help_text=_("The day somebody here last read it there.")
    )

    #: What the desk's search looks in, a derived column: folded_words().
    folded = models.TextField(_("folded words"), editable=False, default="")

    published = PartialDateProperty()
    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["slug"]
        permissions = [("change_public_source", "Can change sources that readers see")]
        indexes = [
            models.Index(fields=["kind", "slug"], name="source_kind"),
            models.Index(fields=["language", "slug"], name="source_language"),
            NothingLastIndex(fields=["-published_from", "slug"], name="source_newest"),
        ]
        constraints = [
            slug_form(prefix="source"),
            language_tag(prefix="source", may_be_blank=True),
            web_address("url", prefix="source"),
            pair_constraint("published", prefix="source"),
            models.CheckConstraint(
                name="source_can_be_found",
                condition=~Q(url="") | (Q(title__regex=r"\S") & Q(publisher__regex=r"\S")),
                violation_error_message=_("A source without an address needs a title and a publisher."),
            ),
            models.CheckConstraint(
                name="source_canonical_url_goes_with_url",
                condition=Q(url="", canonical_url__isnull=True) | (~Q(url="") & Q(canonical_url__isnull=False)),
                violation_error_message=_("The canonical address is made from the address."),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.publisher, self.title) if part) or self.url
