"""Middleware of the kit."""

from django.conf import settings
from django.utils import translation

from core.context import RequestContext, entered


class ChosenLanguageMiddleware:
    """The language is a saved choice, never the browser's header: a browser set to English shows Chinese pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class RequestContextMiddleware:
    """Gives every request its id for the audit, and keeps pages behind the login out of caches."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        context = RequestContext(address=request.META.get("REMOTE_ADDR", ""))
        with entered(context):
            request.request_id = context.request_id
            response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
