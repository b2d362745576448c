"""What production refuses: accounts of the demonstration, whose password is printed for everybody.

System checks don't run under the web server, so the same question is asked three times: by
`manage.py check --database default`, by every migration, and when a web server or worker starts.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

REFUSAL = (
    "Demonstration accounts exist in this database ({names}). "
    "Production needs a database of its own: set DATABASE_URL to one that never held the demonstration."
)


def demonstration_accounts(using: str = "default") -> list[str]:
    """Usernames flagged as demonstration; none before the first migration."""
    user = get_user_model()
    with connections[using].cursor() as cursor:
        if user._meta.db_table not in connections[using].introspection.table_names(cursor):
            return []
    found = user._base_manager.using(using).filter(is_demonstration=True)
    return list(found.order_by("username").values_list("username", flat=True)[:10])


@checks.register(checks.Tags.database)
def no_demonstration_accounts(app_configs, databases=None, **kwargs):
    """Error portal.E001 where a database of production holds demonstration accounts."""
    if settings.DEMONSTRATION:
        return []
    names = [name for using in databases or () for name in demonstration_accounts(using)]
    return [checks.Error(REFUSAL.format(names=", ".join(names)), id="portal.E001")] if names else []


def refuse_demonstration_accounts() -> None:
    """Stop a starting process with ImproperlyConfigured."""
    if settings.DEMONSTRATION:
        return
    if names := demonstration_accounts():
        raise ImproperlyConfigured(REFUSAL.format(names=", ".join(names)))
