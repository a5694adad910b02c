"""The conformance kit behind its name in settings: an examination, the tester it needs, and a key for them."""

from typing import Any

from integrations.conformance.examine import examine
from integrations.conformance.tester import Tester
from integrations.jose.signer import Es256Signer, generate_private_pem

tester = Tester
__all__ = ["examine", "fresh_key", "tester"]


def fresh_key() -> tuple[bytes, dict[str, Any]]:
    """A private key in PEM, and the JWK set that the node under test has to load."""
    pem = generate_private_pem()
    return pem, Es256Signer(pem).public_keys()
