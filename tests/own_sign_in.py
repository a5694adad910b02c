"""An organisation whose people sign in with its own account, as the tests walk it."""

import http.client
from urllib.parse import urlsplit

from django.urls import reverse

from tests import given
from tests.identity_provider import CLIENT
from vetting.audit.ports import SYSTEM
from vetting.organisations import services
from vetting.organisations.gateways import sign_in
from vetting.organisations.models import IdentityProvider
from vetting.organisations.ports import Client


def load(organisation, running, **changes):
    return services.load_provider(
        organisation,
        **{
            "client": Client(running.issuer, CLIENT, ""), "secret_name": "SIGN_IN_SECRET_CLUB", "acr": [], "amr": [],
            "places": sign_in().discover(running.issuer, secret=True), "is_active": True, "actor": SYSTEM,
            "at": given.START, **changes,
        },
    )  # fmt: skip


def code():
    return IdentityProvider.objects.get().code


def goes(client, **query):
    """To the provider: the address that the browser is sent to."""
    return client.get(reverse("own_sign_in_go", args=[code()]), query)["Location"]


def there(address):
    """What the browser does there, where the person is signed in already: it is sent back."""
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.netloc)
    line.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(line.getresponse().headers["Location"])
    line.close()
    return f"{back.path}?{back.query}"


def comes(client, **query):
    """The whole way, and the page on which it ends."""
    return client.get(there(goes(client, **query)), follow=True)


def is_in(client):
    return client.get(reverse("organisation:home")).status_code == 200
