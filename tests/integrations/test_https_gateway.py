"""Another node may answer slowly, wrongly, or with malice: each ends in one of two words, and in time."""

import gzip
import json
import socket
import time
from datetime import timedelta

import pytest

from integrations.ecris.convictions import HeldEntry
from integrations.ecris.replies import message_id_of, response
from integrations.gateways import exchange
from integrations.gateways.https import HttpsGateway
from tests import given
from tests.integrations.invented import AT
from tests.integrations.other_node import certificate, node, serving
from tests.two_nodes import NODES, Known, Scene, digest, partner
from vetting.audit.ports import SYSTEM
from vetting.cases.access import APPLICANT
from vetting.consent import services as consents
from vetting.enquiries.gateways import gateway_for
from vetting.enquiries.models import Outbound
from vetting.errors import Unavailable, Unusable
from vetting.exchange.gateways import envelopes
from vetting.exchange.ports import Envelope, OutboundMessage, TokenType
from vetting.retention import services as retention

BODY = b"<invented/>"
ID = "IE-BG-REQ-000000000000042"
MESSAGE = OutboundMessage(ID, "BG", BODY)
OURS = {"IE": envelopes().public_keys()}
DEADLINE = 0.6


def receipt(body=BODY, *, by="BG", kind=TokenType.RECEIPT, at=AT, **changes):
    said = {"sender": "BG", "receiver": "IE", "message_id": ID, "digest": digest(body), "at": at, **changes}
    return NODES[by].seal(Envelope(**said), kind).encode()


def gateway(address, deadline=DEADLINE, key_set=None):
    keys = NODES["BG"].public_keys() if key_set is None else key_set
    return HttpsGateway(Known("IE", envelopes(), address, keys), deadline=deadline)


def good(it):
    it.answer(200, receipt(it.body), Content_Type="application/jose")


def test_the_exact_bytes_travel_beside_a_signed_envelope_and_the_receipt_comes_back_whole():
    with node(good) as (server, address):
        got = gateway(address).send(MESSAGE, at=AT)
    (path, headers, body) = server.got[0]
    assert (path, body, headers["Content-Type"]) == ("/api/messages/", BODY, "application/xml")
    said = NODES["BG"].open(headers["Message-Envelope"], TokenType.ENVELOPE, OURS)
    assert (said.sender, said.receiver, said.message_id, said.digest, said.at) == ("IE", "BG", ID, digest(BODY), AT)
    assert said.until == AT + timedelta(minutes=5)
    assert NODES["BG"].kids(OURS["IE"])
    assert (got.received_at, got.token.count(".")) == (AT, 2)


def test_there_is_nothing_to_collect():
    assert tuple(gateway("https://node.invented.example").collect(MESSAGE, sent_at=AT, at=AT)) == ()


def test_the_receipt_of_a_duplicate_may_be_old_and_one_from_the_future_moves_no_deadline():
    for shift, expected in ((timedelta(days=-3), AT - timedelta(days=3)), (timedelta(days=3), AT)):
        with node(lambda it, at=AT + shift: it.answer(200, receipt(it.body, at=at))) as (_, address):
            assert gateway(address).send(MESSAGE, at=AT).received_at == expected


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
UNAVAILABLE = {
    "500": lambda it: it.answer(500, receipt(it.body)),
    "502": lambda it: it.answer(502),
    "503 with advice": lambda it: it.answer(503, Retry_After="3600"),
    "429": lambda it: it.answer(429, b'{"code":"slow-down"}'),
    "silence": lambda it: it.raw(b"", b"", pause=5),
    "dripping headers": lambda it: it.raw(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 99, pause=0.1),
    "a dripping status": lambda it: it.raw(*[b"H"] * 99, pause=0.1),
    "an endless 100": lambda it: it.raw(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 99, pause=0.1),
    "a dripping body": lambda it: it.raw(HEAD, *[b"x"] * 99, pause=0.1),
    "endless chunks": lambda it: it.raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 99, pause=0.1),
    "half a body": lambda it: it.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nx"),
    "no HTTP": lambda it: it.raw(b"hello\r\n\r\n"),
    "a hundred thousand headers": lambda it: it.raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000),
    "a header without end": lambda it: it.raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000),
    "nothing": lambda it: it.raw(),
}  # fmt: skip


@pytest.mark.parametrize("act", UNAVAILABLE.values(), ids=UNAVAILABLE)
def test_what_may_work_later_is_unavailable_within_the_deadline(act):
    with node(act) as (_, address):
        began = time.monotonic()
        with pytest.raises(Unavailable) as trouble:
            gateway(address).send(MESSAGE, at=AT)
        assert time.monotonic() - began < DEADLINE * 1.5
    assert trouble.value.__cause__ is None


def json_code(code):
    return json.dumps({"code": code}).encode()


def test_a_no_of_the_partners_node_is_for_a_person_and_names_its_code():
    with node(lambda it: it.answer(422, json_code("wrong-person"))) as (server, address):
        with pytest.raises(Unusable) as trouble:
            gateway(address, deadline=3).send(MESSAGE, at=AT)
        assert len(server.got) == 1
    assert trouble.value.code == "wrong-person"


NO_ANSWER = {
    "a clock of theirs": (lambda it: it.answer(403, json_code("too-old")), "too-old"),
    "words for a code": (lambda it: it.answer(400, json_code("Wzorowa, Iga")), "http-400"),
    "a list for a code": (lambda it: it.answer(404, b"[1]"), "http-404"),
    "no code": (lambda it: it.answer(403, b"<html>"), "http-403"),
    "a redirect": (lambda it: it.answer(302, Location="http://169.254.169.254/"), "answer-redirects"),
    "a redirect that keeps the method": (lambda it: it.answer(308, Location="/"), "answer-redirects"),
    "gzip": (lambda it: it.answer(
        200, gzip.compress(receipt(it.body)), Content_Encoding="gzip"), "answer-encoded"),
    "over 64 KiB": (lambda it: it.answer(200, b"x" * 70_000), "answer-too-large"),
    "an empty 200": (lambda it: it.answer(200), "no-receipt"),
    "204": (lambda it: it.answer(204), "no-receipt"),
    "202": (lambda it: it.answer(202, receipt(it.body)), "no-receipt"),
    "other letters": (lambda it: it.answer(200, "é".encode()), "no-receipt"),
    "text": (lambda it: it.answer(200, b"OK"), "token-shape"),
    "a line after it": (lambda it: it.answer(200, receipt(it.body) + b"\n"), "token-shape"),
    "our own envelope": (lambda it: it.answer(
        200, it.headers["Message-Envelope"].encode()), "token-header"),
    "an envelope": (lambda it: it.answer(200, receipt(it.body, kind=TokenType.ENVELOPE)), "token-header"),
    "of a stranger": (lambda it: it.answer(200, receipt(it.body, by="XX")), "unknown-key"),
    "of another State": (lambda it: it.answer(200, receipt(it.body, sender="RO")), "wrong-sender-key"),
    "for another State": (lambda it: it.answer(200, receipt(it.body, receiver="RO")), "wrong-receipt"),
    "for another message": (lambda it: it.answer(
        200, receipt(it.body, message_id="IE-BG-REQ-000000000000043")), "wrong-receipt"),
    "for other bytes": (lambda it: it.answer(200, receipt(it.body + b" ")), "wrong-receipt"),
}  # fmt: skip


@pytest.mark.parametrize("act, code", NO_ANSWER.values(), ids=NO_ANSWER)
def test_what_is_no_answer_of_the_partners_node_may_pass_and_is_not_followed(act, code):
    with node(act) as (server, address):
        with pytest.raises(Unavailable) as trouble:
            gateway(address, deadline=3).send(MESSAGE, at=AT)
        assert len(server.got) == 1, "nothing is followed or repeated"
    assert str(trouble.value) == code


def test_where_nobody_listens_it_is_unavailable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Unavailable):
            gateway(address).send(MESSAGE, at=AT)


def test_who_accepts_and_never_speaks_is_left_at_the_deadline():
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        began = time.monotonic()
        for scheme in ("http", "https"):
            with pytest.raises(Unavailable):
                gateway(f"{scheme}://127.0.0.1:{mute.getsockname()[1]}").send(MESSAGE, at=AT)
        assert time.monotonic() - began < DEADLINE * 3


def test_a_name_that_takes_long_to_find_is_left_at_the_deadline(monkeypatch):
    def slow(*_, **__):
        time.sleep(DEADLINE * 2)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    with pytest.raises(Unavailable):
        gateway("https://node.invented.example").send(MESSAGE, at=AT)
    assert time.monotonic() - began < DEADLINE * 1.5
    time.sleep(DEADLINE * 1.5)  # the look-up ends before it gets its own function back


@pytest.mark.parametrize(
    "address",
    ["http://192.0.2.1", "http://node.invented.example", "http://localhost.invented.example", "ftp://127.0.0.1"],
)
def test_plain_http_leads_nowhere_but_to_this_machine(address):
    with pytest.raises(Unusable, match="partner-address"):
        gateway(address).send(MESSAGE, at=AT)


def test_a_message_of_another_sender_does_not_leave():
    with pytest.raises(Unusable, match="wrong-sender"):
        gateway("https://node.invented.example").send(OutboundMessage("RO-BG-REQ-000000000000001", "BG", BODY), at=AT)


def test_tls_is_verified_and_our_certificate_shown(tmp_path, monkeypatch):
    ca, _, issuer = certificate(tmp_path, "authority")
    cert, key, _ = certificate(tmp_path, "node", issuer=issuer)
    mine, my_key, _ = certificate(tmp_path, "ours", issuer=issuer)
    with node(good, serving(cert, key, clients_of=ca)) as (_, address):
        with pytest.raises(Unavailable):
            gateway(address, deadline=3).send(MESSAGE, at=AT)
        monkeypatch.setenv("NODE_CA_FILE", ca)
        with pytest.raises(Unavailable):
            gateway(address, deadline=3).send(MESSAGE, at=AT)
        monkeypatch.setenv("NODE_CLIENT_CERT", mine)
        monkeypatch.setenv("NODE_CLIENT_KEY", my_key)
        assert gateway(address, deadline=3).send(MESSAGE, at=AT).token


@pytest.mark.parametrize("wrong", [{"host": "192.0.2.1"}, {"days": -1}], ids=["name", "expired"])
def test_a_certificate_of_another_name_or_time_is_not_spoken_to(tmp_path, monkeypatch, wrong):
    ca, _, issuer = certificate(tmp_path, "authority")
    cert, key, _ = certificate(tmp_path, "node", issuer=issuer, **wrong)
    monkeypatch.setenv("NODE_CA_FILE", ca)
    with node(good, serving(cert, key)) as (server, address), pytest.raises(Unavailable):
        gateway(address, deadline=3).send(MESSAGE, at=AT)
    assert server.got == []


def test_tls_files_that_cannot_be_read_are_for_a_person(monkeypatch):
    monkeypatch.setenv("NODE_CLIENT_CERT", "/nowhere.pem")
    with pytest.raises(Unusable, match="tls-files"):
        exchange.context()


@pytest.mark.django_db
def test_the_pipeline_sends_through_it_and_keeps_the_receipt(settings):
    def of_any(it):
        said = envelope_of(it)
        it.answer(200, receipt(it.body, message_id=said.message_id, at=said.at))

    def envelope_of(it):
        return NODES["BG"].open(it.headers["Message-Envelope"], TokenType.ENVELOPE, OURS)

    settings.EXCHANGE_GATEWAY = "integrations.gateways.https.HttpsGateway"
    world = given.world()
    with node(of_any) as (server, address):
        partner("BG", world.clock.now, address=address)
        case = given.case_asked(world)
    outbound = Outbound.objects.get(enquiry__case=case, enquiry__asked="BG")
    assert isinstance(gateway_for(outbound.enquiry), HttpsGateway)
    assert (len(server.got), digest(server.got[0][2])) == (1, outbound.digest)
    kept = NODES["BG"].open(outbound.evidence, TokenType.RECEIPT, {"BG": NODES["BG"].public_keys()})
    assert (kept.message_id, kept.digest) == (outbound.message_id, outbound.digest)
    assert given.enquiry(case, "BG").state == "sent"
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.now)
    given.advance(world, case, days=200)
    given.advance(world, case, days=1)
    retention.erase(case.ref, actor=SYSTEM, at=world.clock.now)
    outbound.refresh_from_db()
    assert (outbound.digest, outbound.evidence) == ("", ""), "it names the digest of the identity, so it goes with it"


@pytest.mark.django_db
def test_without_a_partner_there_is_no_way_and_a_person_is_told(settings):
    settings.EXCHANGE_GATEWAY = "integrations.gateways.https.HttpsGateway"
    case = given.case_asked(given.world())
    assert Outbound.objects.get(enquiry__case=case, enquiry__asked="BG").dead_code == "no-partner"


@pytest.mark.django_db(transaction=True)
def test_from_node_to_node_over_a_real_server(live_server, time_machine):
    scene = Scene(time_machine)
    here = live_server.url.replace("localhost", "127.0.0.1")
    theirs = HttpsGateway(Known("BG", NODES["BG"], here, envelopes().public_keys()))
    body = response(scene.request, at=scene.at, number=7, entries=[HeldEntry()])
    message = OutboundMessage(message_id_of(body), "IE", body)
    first = theirs.send(message, at=scene.at)
    assert scene.enquiry().words == "entry_held"
    assert theirs.send(message, at=scene.at).token == first.token
    with pytest.raises(Unavailable, match="too-old"):  # a clock goes right again: the message is not given up for it
        theirs.send(OutboundMessage("BG-IE-RRS-000000000000008", "IE", body), at=scene.at - timedelta(minutes=6))
