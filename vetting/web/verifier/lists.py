"""The status lists as they were last published. Asking for one never makes one."""

import gzip
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from vetting.certificates.models import StatusList
from vetting.certificates.rules import LIST_PERIOD
from vetting.organisations.access import public

MEDIA_TYPE = "application/statuslist+jwt"


@lru_cache(maxsize=8)
def _edition(digest: str) -> tuple[bytes, bytes]:
    """An edition as it is and compressed, read once by each process."""
    token = StatusList.objects.values_list("token", flat=True).get(digest=digest).encode("ascii")
    return token, gzip.compress(token, 6, mtime=0)


@public
@require_safe
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """The newest edition, signed. It says nothing about who asks for what: everybody gets the whole list."""
    found = StatusList.objects.filter(number=number).exclude(digest="").values_list("digest", "period").first()
    if found is None:
        raise Http404
    digest, period = found
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    try:
        plain, compressed = _edition(digest)
    except StatusList.DoesNotExist:  # the next edition was published in between
        return status_list(request, number)
    response = HttpResponse(compressed if packed else plain, content_type=MEDIA_TYPE)
    if packed:
        response["Content-Encoding"] = "gzip"
    seconds = LIST_PERIOD.total_seconds()
    left = int((period + 1) * seconds - now().timestamp())
    response["Cache-Control"] = f"public, max-age={min(max(left, 5), int(seconds))}"
    response["Access-Control-Allow-Origin"] = "*"
    response["ETag"] = f'"{digest}{"-gzip" if packed else ""}"'
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
