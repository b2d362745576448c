from django.urls import path

from accounts import views
from core.registers.urls import register_urls

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.verify, name="verify"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("me/", views.own, name="own"),
    path("me/second-factor/", views.second_factor, name="second_factor"),
    path("me/second-factor/new/", views.enrol, name="enrol"),
    path("me/sessions/<int:pk>/end/", views.end_sign_in, name="end_sign_in"),
    path("me/sessions/end/", views.end_others, name="end_others"),
    path("password/", views.own_password, name="own_password"),
    path("users/<int:pk>/password/", views.set_password, name="set_password"),
    path("users/<int:pk>/unlock/", views.unlock, name="unlock"),
    path("users/<int:pk>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
    path("grants/<int:pk>/end/", views.end_grant, name="end_grant"),
    *register_urls("accounts"),
]
