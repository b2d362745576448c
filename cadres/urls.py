from cadres.views import patterns
from core.registers.urls import register_urls

app_name = "cadres"
urlpatterns = register_urls("cadres") + patterns()
