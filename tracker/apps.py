from django.apps import AppConfig


class TrackerConfig(AppConfig):
    """The project itself. It has no models; it is an application so that its system checks are registered."""

    name = "tracker"
    verbose_name = "Project"

    def ready(self) -> None:
        from tracker import checks  # noqa: F401 (importing registers them; settings must be there first)
