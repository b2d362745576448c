"""Addresses: an app that has a urls.py is reached under its own name, the dashboards at the root."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

ROOT = {"core", "dashboards"}

urlpatterns = [
    path("admin/", admin.site.urls),
    *(
        path("" if app in ROOT else f"{app}/", include(f"{app}.urls"))
        for app in ("core", *settings.DOMAIN_APPS)
        if find_spec(f"{app}.urls")
    ),
]
