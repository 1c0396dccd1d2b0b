"""The roles, as groups that the project itself creates and keeps after every migration."""

from typing import Any

from django.contrib.auth.models import Group, Permission

_DESK = (
    "statement",
    "issuer",
    "speakerrole",
    "citation",
    "wording",
    "demandmention",
    "countobservation",
    "demandupdate",
)
_REFERENCE = ("organisation", "speaker", "source", "demand", "measure")
_NAMES = ("organisationname", "speakername", "speakerhandle")


def _of(models: tuple[str, ...], *verbs: str) -> set[str]:
    return {f"{verb}_{model}" for model in models for verb in verbs}


CONTRIBUTOR = (
    _of(_DESK + _NAMES, "view", "add", "change", "delete")
    | _of(_REFERENCE, "view", "add", "change", "delete")
    | {"view_version", "view_referencechange", "view_putoff", "submit_statement"}
)
REVIEWER = (
    CONTRIBUTOR | _of(_REFERENCE, "change_public") | {"publish_statement", "publish_demandupdate", "view_importrun"}
)
IMPORTER = CONTRIBUTOR | {"import_data", "view_importrun"}

#: What only an administrator may do.
ADMINISTRATION = {"erase_statement"}

#: Group name -> codenames of the permissions in this app. An administrator has them all and keeps the accounts.
ROLES: dict[str, set[str]] = {"contributor": CONTRIBUTOR, "reviewer": REVIEWER, "importer": IMPORTER}
ADMINISTRATOR = "administrator"


def ensure_roles(**_kwargs: Any) -> None:
    """Give each group exactly its permissions. Safe to repeat; called after every ``migrate``."""
    ours = Permission.objects.filter(content_type__app_label="statements")
    for name, codenames in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(ours.filter(codename__in=codenames))
    administrator, _created = Group.objects.get_or_create(name=ADMINISTRATOR)
    accounts = Permission.objects.filter(content_type__app_label="auth", content_type__model__in=["user", "group"])
    administrator.permissions.set([*ours.filter(codename__in=REVIEWER | IMPORTER | ADMINISTRATION), *accounts])
