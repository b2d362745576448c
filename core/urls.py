from django.urls import include, path

from core import health, views
from core.sheets import export_views
from core.tickets import views as tickets

app_name = "core"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("language/", views.set_language, name="set_language"),
    path("evidence/", include("core.evidence.urls")),
    path("search/", views.search, name="search"),
    path("reveal/<str:label>/<int:pk>/<slug:field>/", views.reveal, name="reveal"),
    path("t/", tickets.answer, name="ticket_page"),
    path("t/thanks/", tickets.thanked, name="ticket_thanks"),
    path("t/<str:token>/", tickets.enter, name="ticket"),
    path("tickets/<int:pk>/withdraw/", tickets.withdraw, name="ticket_withdraw"),
    path("imports/", include("core.sheets.urls")),
    path("exports/<int:pk>/", export_views.export, name="export"),
    path("exports/<int:pk>/progress/", export_views.export_progress, name="export_progress"),
    path("exports/<int:pk>/file/", export_views.export_file, name="export_file"),
]
