from django.urls import path

from core.sheets import views

urlpatterns = [
    path("", views.index, name="imports"),
    path("<int:pk>/", views.show, name="import"),
    path("<int:pk>/headings/", views.headings, name="import_headings"),
    path("<int:pk>/narrow/", views.narrow, name="import_narrow"),
    path("<int:pk>/mend/", views.mend, name="import_mend"),
    path("<int:pk>/marked/", views.marked, name="import_marked"),
    path("<int:pk>/write/", views.write, name="import_write"),
    path("<int:pk>/undo/", views.undo, name="import_undo"),
    path("<int:pk>/drop/", views.drop, name="import_drop"),
]
