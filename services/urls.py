from core.registers.urls import register_urls
from services.views import patterns

app_name = "services"
urlpatterns = register_urls("services") + patterns()
