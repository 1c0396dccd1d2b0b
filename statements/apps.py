"""The one domain application: the desk, the record, and what readers see of it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StatementsConfig(AppConfig):
    name = "statements"
    verbose_name = "Statement tracker"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from statements.actions.roles import ensure_roles

        post_migrate.connect(ensure_roles, sender=self)
