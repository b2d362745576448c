from core.registers.urls import register_urls
from surveys.views import patterns

app_name = "surveys"
urlpatterns = register_urls("surveys") + patterns()
