from django.urls import path

from dashboards import views
from dashboards.figures import views as figures

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("overview/", views.overview, name="overview"),
    path("village/", views.own_village, name="own_village"),
    path("dossiers/<str:code>/", views.village, name="village"),
    path("books/<str:code>/", views.book, name="book"),
    path("figures/", figures.show_all, name="figures"),
    path("figures/<int:number>/", figures.show_one, name="figure"),
]
