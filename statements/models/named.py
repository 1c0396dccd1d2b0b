"""What readers were ever told of by name: what is asked before it is deleted or given another slug."""

from django.db import models


class NamedOnce(models.Model):
    """What stands by this slug in the context of a version that was published, whether or not readers see it now.

    ``part`` is that of the context: organisations, speakers, ... What was erased since stays here: ``record.use`` then
    looks at the versions themselves. Only record.index writes here.
    """

    part = models.CharField(max_length=20)
    slug = models.SlugField(max_length=120, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "slug"], name="named_once")]

    def __str__(self) -> str:
        return f"{self.part}: {self.slug}"
