"""What readers see of a statement, in words for the desk."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from statements.admin.versions import comparison_address
from statements.models import Statement, Version


def public_state(statement: Statement, *, changed: bool) -> str:
    """``changed``: whether the desk's latest version has another content than the published one."""
    if statement.published_version_id is None:
        return _("not public")
    if statement.withdrawn_at is not None:
        return _("withdrawn")
    return _("published, changed since") if changed else _("published")


def notes_on(statement: Statement) -> list[str | SafeString]:
    """Sentences above the form: its step, what readers see, and who changed it since. At most two queries."""
    shown = statement.published_version
    notes: list[str | SafeString] = [_("Step: %(step)s.") % {"step": statement.get_step_display()}]
    if shown is None or shown.published_at is None:
        return [*notes, _("Readers do not see it.")]
    if statement.withdrawn_at is not None:
        values = {"day": statement.withdrawn_at.date().isoformat(), "reason": statement.withdrawn_reason}
        notes.append(_("Withdrawn on %(day)s. Readers are told: %(reason)s") % values)
    else:
        notes.append(
            format_html(
                _('Readers see <a href="{address}">published version {number}</a> since {day}. {name} published it.'),
                address=reverse("statements:statement", args=[statement.slug]),
                number=shown.public_number,
                day=shown.published_at.date().isoformat(),
                name=shown.published_by_name,
            )
        )
    return [*notes, changes_since(statement, shown)]


def changes_since(statement: Statement, shown: Version) -> str | SafeString:
    """Whether the desk says what readers saw last; if not, who changed it, with a link to what differs. One query."""
    later = Version.objects.filter(statement=statement, number__gt=shown.number).order_by("number")
    saved = list(later.values_list("number", "saved_by_name", "content_hash"))
    if not saved or saved[-1][2] == shown.content_hash:
        return _("The desk holds the same.")
    names = ", ".join(dict.fromkeys(name for _number, name, _hash in saved if name))
    sentence = _("The desk differs from it. Changed since by: %(names)s. Readers see that when it is published.")
    return format_html(
        '{} <a href="{}">{}</a>',
        sentence % {"names": names or _("an account that is gone")},
        comparison_address(statement, shown.number, saved[-1][0]),
        _("See what readers will see changed"),
    )
