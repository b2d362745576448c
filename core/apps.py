from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Kit")

    def ready(self) -> None:
        """Collect what the apps declare; every model is loaded by now."""
        autodiscover_modules("registers", "indicators", "figures")
        from core.registers.admin import build_site

        build_site()
