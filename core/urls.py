from django.urls import include, path

from core import health, views

app_name = "core"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("language/", views.set_language, name="set_language"),
    path("evidence/", include("core.evidence.urls")),
    path("search/", views.search, name="search"),
    path("reveal/<str:label>/<int:pk>/<slug:field>/", views.reveal, name="reveal"),
]
