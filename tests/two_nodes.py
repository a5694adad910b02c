"""Invented nodes of other States with keys of their own, for the tests of messages between nodes."""

import hashlib
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.test import Client

from integrations.ecris.replies import message_id_of, response
from integrations.jose.envelopes import JoseEnvelopes
from integrations.jose.signer import Es256Signer, generate_private_pem
from tests import given
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.audit.services import INSTALLATION
from vetting.authorities.services import load_partner
from vetting.enquiries.models import Inbound, Outbound
from vetting.enquiries.queries import message_of
from vetting.exchange.ports import Envelope, TokenType

PEMS = {state: generate_private_pem() for state in ("BG", "RO", "XX")}
NODES = {state: JoseEnvelopes(Es256Signer(pem)) for state, pem in PEMS.items()}
"""XX is nobody's partner."""
KEYS = {state: load_pem_private_key(pem, password=None) for state, pem in PEMS.items()}
KIDS = {state: node.public_keys()["keys"][0]["kid"] for state, node in NODES.items()}
ADDRESS = "https://node.invented.example"


def digest(body):
    return hashlib.sha256(body).hexdigest()


def partner(state, at, *, address=ADDRESS, key_set=None):
    """Load the node of `state`, with its own key unless others are given."""
    found = NODES[state].public_keys() if key_set is None else key_set
    return load_partner(state, address=address, key_set=found, at=at, actor=SYSTEM)


def envelope(message_id, body, at, *, sender="BG", receiver="IE", late=0, **changes):
    """What a partner's node says of a message that it sends `late` seconds before `at`."""
    said = {"sender": sender, "receiver": receiver, "message_id": message_id, "digest": digest(body),
            "at": at - timedelta(seconds=late)}  # fmt: skip
    return Envelope(**{**said, **changes})


def sealed(message_id, body, at, *, by="BG", kind=TokenType.ENVELOPE, **changes):
    """The same, signed by the node `by`."""
    return NODES[by].seal(envelope(message_id, body, at, **changes), kind)


class Known:
    """See `Partners`: one address and one key set for every State."""

    def __init__(self, state, envelopes, address, key_set):
        self.our_state, self.envelopes = state, envelopes
        self._address, self._key_set = address, key_set

    def address_of(self, _state):
        return self._address

    def keys_of(self, _state):
        return self._key_set


XML = "application/xml"


class Scene:
    """A case whose question lies with Bulgaria, whose node is a partner; the sandbox keeps silent."""

    def __init__(self, time_machine):
        self.world = given.world()
        self.case = given.case_asked(self.world, document={"number": "TEST-SILENT"})
        self.at = self.world.clock.now
        time_machine.move_to(self.at, tick=False)
        partner("BG", self.at)
        partner("RO", self.at)
        self.sent = Outbound.objects.get(enquiry__case=self.case, enquiry__asked="BG", kind="REQ")
        self.request = message_of(self.sent).body
        self.clean = response(self.request, at=self.at, number=7)
        self.id = message_id_of(self.clean)

    def enquiry(self):
        return given.enquiry(self.case, "BG")

    def token(self, body=None, message_id=None, **changes):
        body = self.clean if body is None else body
        return sealed(message_id or message_id_of(body), body, self.at, **changes)

    def post(self, body=None, token=None, content_type=XML, **headers):
        body = self.clean if body is None else body
        given_headers = {"Message-Envelope": self.token(body) if token is None else token, **headers}
        return Client().post("/api/messages/", body, content_type=content_type, headers=given_headers)

    def facts(self):
        found = self.enquiry()
        return found.state, found.words, found.announced_on, Inbound.objects.count()


def refusals(chain=INSTALLATION):
    rows = Entry.objects.filter(event="message.refused", chain=chain).order_by("sequence")
    return [entry.facts["code"] for entry in rows]
