"""Middleware of the kit."""

from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import BadRequest, MiddlewareNotUsed
from django.http import Http404
from django.utils import translation

from core import audit
from core.context import RequestContext, entered
from core.shared import sharing


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


class ClientAddressMiddleware:
    """Behind a proxy every request comes from the proxy: the client's address is what the proxy added last.

    What stands before it in X-Forwarded-For came from outside and may be invented.
    """

    def __init__(self, get_response):
        if not settings.BEHIND_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        try:
            request.META["REMOTE_ADDR"] = str(ip_address(last))
        except ValueError:
            pass  # none given, or no address: the proxy's own stays
        return self.get_response(request)


class NulMiddleware:
    """A NUL in an address or a form: 400. No keyboard types one and no database keeps it, so no page has to expect it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a NUL in the address")
        return self.get_response(request)

    def process_view(self, request, _view, _args, _kwargs) -> None:
        """After the protection against forged posts, which has read the form."""
        if any("\0" in text for name, values in request.POST.lists() for text in (name, *values)):
            raise BadRequest("a NUL in the form")


class RequestContextMiddleware:
    """Gives every request its id for the audit, records refusals, keeps pages behind the login out of caches."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        context = RequestContext(address=request.META.get("REMOTE_ADDR", ""))
        with entered(context):
            request.request_id = context.request_id
            response = self._answer(request)
            _record_refusal(request, response)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _answer(self, request):
        """A page that reads asks each shared question once; one that writes asks anew."""
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with sharing():
            return self.get_response(request)

    def process_exception(self, request, exception) -> None:
        """A page that says 404 itself hides a record; an address that leads nowhere does not come here."""
        request.hides_a_record = isinstance(exception, Http404)


def _record_refusal(request, response) -> None:
    """One audit row for each 403, and for each record asked for that the person may not see."""
    hidden = response.status_code == 404 and getattr(request, "hides_a_record", False) and request.user.is_authenticated
    if hidden or response.status_code == 403:
        by = request.user if request.user.is_authenticated else None
        reason = f"{response.status_code} {_asked(request)}"
        audit.write_event(by, "refuse", name=_asked(request), reason=reason, outcome=audit.AuditRow.Outcome.REFUSED)


def _asked(request) -> str:
    """Method and address; the query, and what in the address is no number, stay out of the audit: tokens, names."""
    match, path = request.resolver_match, request.path
    for value in [*match.args, *match.kwargs.values()] if match else ():
        if not str(value).isdigit():
            path = path.replace(str(value), "…")
    return f"{request.method} {path}"
