"""Pages of the kit itself."""

from django.views import i18n
from django.views.decorators.http import require_POST

from core.pages import public


@public
@require_POST
def set_language(request):
    """Save the chosen language (`language`) in a cookie and go back to `next`; anybody's, also before sign-in."""
    return i18n.set_language(request)
