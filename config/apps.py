from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig


class PortalConfig(AppConfig):
    """The frame as an app, so that its checks are registered."""

    name = "config"

    def ready(self):
        from config import checks  # noqa: F401  (registers)


class PortalAdminConfig(SimpleAdminConfig):
    """The Django admin, with the portal's own way in and out."""

    default_site = "config.admin.PortalAdminSite"
