from django.urls import include, path

from core import views

app_name = "core"
urlpatterns = [
    path("language/", views.set_language, name="set_language"),
    path("evidence/", include("core.evidence.urls")),
    path("search/", views.search, name="search"),
    path("reveal/<str:label>/<int:pk>/<slug:field>/", views.reveal, name="reveal"),
]
