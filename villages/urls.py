from core.registers.urls import register_urls

app_name = "villages"
urlpatterns = register_urls("villages")
