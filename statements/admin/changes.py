"""What a change of reference data changed, field by field, as an editor names it."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements import text
from statements.models import ReferenceChange
from statements.record import word_changes
from statements.record.compare import Change, Field, Part, Side
from statements.record.described import label, model_of

EXCERPT_LENGTH = 80


def parts_of(change: ReferenceChange) -> list[Part]:
    """For the template of comparisons: old and new side by side."""
    model = model_of(change.kind)
    fields = []
    for name, values in change.changes.items():
        before, after = (_cell(value) for value in values)
        sides = word_changes.compared(before, after)
        fields.append(Field(label(model, name), Side(sides[0]), Side(sides[1])))
    return [Part(change.label, Change.CHANGED, fields)]


def in_short(change: ReferenceChange) -> SafeString:
    """For a list: each field with the beginning of its old and its new value."""
    model = model_of(change.kind)
    rows = []
    for name, values in change.changes.items():
        before, after = (text.excerpt(_cell(value), length=EXCERPT_LENGTH) or _("nothing") for value in values)
        rows.append((label(model, name), before, after))
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {} → {}</li>", rows))


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
