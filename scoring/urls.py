from django.urls import path

from core.registers.urls import register_urls
from scoring import views
from scoring.registers import StandardRegister

app_name = "scoring"
urlpatterns = [
    # Before the register's own page of the same address and name: it shows the criteria by group.
    path("standards/<int:pk>/", views.StandardPage.as_view(register=StandardRegister), name="standards_detail"),
    path("standards/<int:pk>/publish/", views.publish, name="publish"),
    path("standards/<int:pk>/new-edition/", views.new_edition, name="new_edition"),
    path("standards/<int:pk>/retire/", views.retire, name="retire"),
    *register_urls("scoring"),
    path("runs/", views.runs, name="runs"),
    path("runs/new/", views.run_new, name="run_new"),
    path("runs/<int:pk>/", views.run_page, name="run"),
    path("runs/<int:pk>/progress/", views.run_progress, name="run_progress"),
    path("runs/<int:pk>/stop/", views.run_stop, name="run_stop"),
    path("runs/<int:pk>/resume/", views.run_resume, name="run_resume"),
    path("villages/<str:code>/trial/", views.trial, name="trial"),
]
