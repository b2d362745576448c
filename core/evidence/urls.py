from django.urls import path

from core.evidence import views

urlpatterns = [
    path("<int:pk>/", views.file, name="evidence_file"),
    path("<int:pk>/thumb/", views.thumbnail, name="evidence_thumb"),
    path("<int:pk>/revoke/", views.revoke, name="evidence_revoke"),
    path("<str:label>/<int:pk>/", views.record, name="evidence"),
]
