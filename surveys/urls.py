from core.registers.urls import register_urls
from surveys.views import patterns

app_name = "surveys"
# Our own first: a questionnaire's page stands in the place of its register's.
urlpatterns = patterns() + register_urls("surveys")
