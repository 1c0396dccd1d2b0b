"""Old slugs: every address that was once given out still leads somewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from statements.models.rules import Ruled, choices_are_known


@choices_are_known
class OldSlug(Ruled):
    """``slug`` once led to the row ``target_id`` of that kind; its address answers with a permanent redirect."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("statement")
        ORGANISATION = "organisation", _("organisation")
        SPEAKER = "speaker", _("speaker")
        SOURCE = "source", _("source")
        DEMAND = "demand", _("demand")
        MEASURE = "measure", _("measure")

    kind = models.CharField(max_length=20, choices=Kind)
    slug = models.SlugField(max_length=120)
    target_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="old_slug_leads_to_one",
                violation_error_message=_("This address was given out before and leads somewhere else."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.slug}"
