from django.urls import path

from core.registers.urls import register_urls
from facilities import views

app_name = "facilities"
urlpatterns = register_urls("facilities") + [
    path("matrix/", views.room_matrix, name="matrix"),
    path("matrix/cells/", views.save_cells, name="cells"),
    path("matrix/<str:code>/hand-in/", views.hand_in, name="hand_in"),
    path("room-sets/<int:pk>/publish/", views.publish_room_set, name="room_set_publish"),
    path("room-sets/<int:pk>/new-edition/", views.new_room_set_edition, name="room_set_new_edition"),
]
