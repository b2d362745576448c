from django.urls import path

from dashboards import figure_pages, views

app_name = "dashboards"
urlpatterns = [
    path("", views.home, name="home"),
    path("overview/", views.overview, name="overview"),
    path("village/", views.own_village, name="own_village"),
    path("dossiers/<str:code>/", views.village, name="village"),
    path("books/<str:code>/", views.book, name="book"),
    path("figures/", figure_pages.show_all, name="figures"),
    path("figures/<int:number>/", figure_pages.show_one, name="figure"),
]
