from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The frame as an app, so that its checks are registered."""

    name = "config"

    def ready(self):
        from config import checks  # noqa: F401  (registers)
