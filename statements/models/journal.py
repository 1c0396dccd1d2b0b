"""The journal of what changes what readers may see, as short as it can be: its newest marks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicChange(models.Model):
    """The mark that the latest change that came by this row has left: another one each time, never the same twice.

    There are as many rows as there ever were transactions at once that changed something, mostly one. They are written
    and read in ``record.content_version`` only, which says why.
    """

    mark = models.CharField(_("mark"), max_length=32)

    class Meta:
        verbose_name = _("public change")
        verbose_name_plural = _("public changes")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.mark
