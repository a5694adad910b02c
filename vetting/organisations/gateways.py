"""Finding the adapter for sign-in by an organisation's own provider, and the secrets that it needs."""

import os
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from vetting.errors import Unusable
from vetting.organisations.models import IdentityProvider
from vetting.organisations.ports import Client, SignIn


def sign_in() -> SignIn:
    """OpenID Connect, as the settings name it."""
    return cast(SignIn, import_string(settings.SIGN_IN)())


def client_of(provider: IdentityProvider) -> Client:
    """Us, as the provider knows us. Raises Unusable("secret-missing") when the environment does not hold the secret."""
    secret = os.environ.get(provider.secret_name, "") if provider.secret_name else ""
    if provider.secret_name and not secret:
        raise Unusable("secret-missing")
    return Client(provider.issuer, provider.client_id, secret)
