"""Publishing and withdrawing updates of demands: claims, which a second person publishes like statements."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from statements.actions.refusal import Refusal
from statements.models import DemandUpdate
from statements.record.content_version import readers_see_a_change

PUBLISH_UPDATE = "statements.publish_demandupdate"


@transaction.atomic
def publish_update(*, update: DemandUpdate, by: User) -> None:
    """Show readers an update of a demand's status."""
    stored = DemandUpdate.objects.select_for_update(of=("self",)).get(pk=update.pk)
    reasons = [] if by.has_perm(PUBLISH_UPDATE) else [_("You may not publish updates of demands.")]
    own = stored.saved_by_id == by.pk or stored.authors.filter(pk=by.pk).exists()
    if stored.published_at is not None:
        reasons.append(_("It is public already."))
    if own and settings.FOUR_EYES:
        reasons.append(_("You entered or changed it yourself: a second person publishes it."))
    if reasons:
        raise Refusal(reasons)
    stored.published_at, stored.published_by, stored.published_by_name = timezone.now(), by, by.get_username()
    stored.four_eyes_waived = own
    stored.save(update_fields=["published_at", "published_by", "published_by_name", "four_eyes_waived"])
    stored.authors.clear()
    readers_see_a_change()
    update.refresh_from_db()


@transaction.atomic
def withdraw_update(*, update: DemandUpdate, by: User) -> None:
    """Take an update away from readers, so that it can be corrected and published again."""
    stored = DemandUpdate.objects.select_for_update(of=("self",)).get(pk=update.pk)
    reasons = [] if by.has_perm(PUBLISH_UPDATE) else [_("You may not withdraw updates of demands.")]
    if stored.published_at is None:
        reasons.append(_("It is not public, so there is nothing to withdraw."))
    if reasons:
        raise Refusal(reasons)
    stored.published_at, stored.published_by, stored.published_by_name = None, None, ""
    stored.four_eyes_waived = False
    stored.save(update_fields=["published_at", "published_by", "published_by_name", "four_eyes_waived"])
    readers_see_a_change()
    update.refresh_from_db()
