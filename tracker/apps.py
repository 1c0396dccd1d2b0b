from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class TrackerConfig(AppConfig):
    """The project itself. It has no models; it is an application so that its system checks are registered."""

    name = "tracker"
    verbose_name = "Project"

    def ready(self) -> None:
        from tracker import checks  # noqa: F401 (importing registers them; settings must be there first)


class DeskConfig(AdminConfig):
    """The admin, as the desk of the statements application has it."""

    default_site = "tracker.desk.Desk"
