"""Keeps what is far too large out before a byte of it is read."""

from django.conf import settings
from django.shortcuts import render

from core.evidence.actions import MAX_FILES
from core.evidence.panel import limits

TOO_LARGE = 413
FIELDS = 1024 * 1024  # bytes for what stands beside the files


class BodyLimitMiddleware:
    """Answers 413 to a request whose body is longer than the largest set of files.

    Any form would else take it: the check against forged requests reads the whole body, before sign-in is asked.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > MAX_FILES * settings.EVIDENCE_MAX_BYTES + FIELDS:
            return render(request, "evidence/too_large.html", {"limits": limits()}, status=TOO_LARGE)
        return self.get_response(request)
