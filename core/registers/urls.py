"""The routes of an app's registers."""

from django.urls import URLPattern, path

from core.registers.base import of_app
from core.registers.flow_pages import BulkPage, HistoryPage, MovePage
from core.registers.import_page import ImportPage
from core.registers.sheet_pages import ExportPage, TemplatePage
from core.registers.views import DeletePage, DetailPage, EditPage, ListPage, NewPage

PAGES = (
    ("list", "", ListPage),
    ("new", "new/", NewPage),
    ("bulk", "bulk/", BulkPage),
    ("export", "export/", ExportPage),
    ("template", "template/", TemplatePage),
    ("import", "import/", ImportPage),
    ("detail", "<int:pk>/", DetailPage),
    ("edit", "<int:pk>/edit/", EditPage),
    ("delete", "<int:pk>/delete/", DeletePage),
    ("history", "<int:pk>/history/", HistoryPage),
    ("move", "<int:pk>/move/", MovePage),
)


def register_urls(app_label: str) -> list[URLPattern]:
    """`urlpatterns = register_urls("villages") + [the app's own pages]`"""
    return [
        path(f"{register.path}/{tail}", view.as_view(register=register), name=f"{register.key}_{name}")
        for register in of_app(app_label)
        for name, tail, view in PAGES
        if name != "move" or register.workflow
    ]
