"""What a constraint that only the database saw says to an editor."""

import re

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.translation import gettext as _


def sentence_for(error: IntegrityError) -> str:
    """The sentence of the constraint that refused a row: PostgreSQL names it, SQLite it or its columns."""
    words = str(error)
    if "foreign key" in words.lower():
        return _("Something that it names was deleted, or merged into another, meanwhile. Choose it again.")
    columns = set(re.findall(r"\w+\.\w+", words.partition("failed:")[2]))
    for model in apps.get_app_config("statements").get_models():
        for constraint in model._meta.constraints:
            if re.search(rf"\b{constraint.name}\b", words) or _columns_of(constraint, model) == columns:
                return str(constraint.violation_error_message)
    return _("Another row was stored meanwhile that this one clashes with. Open the list, and look for it there.")


def _columns_of(constraint: models.BaseConstraint, model: type[models.Model]) -> set[str] | None:
    """As SQLite writes them; None for what is no rule of uniqueness."""
    if not isinstance(constraint, models.UniqueConstraint):
        return None
    fields = [model._meta.get_field(name) for name in constraint.fields]
    return {f"{model._meta.db_table}.{field.column}" for field in fields}  # type: ignore[union-attr]
