"""What the commands around imports share."""

from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.utils.translation import gettext as _


def user_named(name: str | None) -> User:
    """Who the command acts for: the account of this name, or the only superuser. Raises CommandError."""
    if name:
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(_("There is no active account “%(name)s”. Name one with --user.") % {"name": name})
        return user
    superusers = list(User.objects.filter(is_superuser=True, is_active=True)[:2])
    if len(superusers) != 1:
        raise CommandError(_("Say with --user NAME whose work this is: there is not exactly one superuser."))
    return superusers[0]
