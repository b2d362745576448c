from django.urls import path

from accounts import views
from core.registers.urls import register_urls

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.own_password, name="own_password"),
    path("users/<int:pk>/password/", views.set_password, name="set_password"),
    path("grants/<int:pk>/end/", views.end_grant, name="end_grant"),
    *register_urls("accounts"),
]
