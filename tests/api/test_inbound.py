"""What another node posts: believed only with its signature over these very bytes, acted on once, and never kept."""

import gzip
import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from integrations.ecris.convictions import HeldEntry
from integrations.ecris.message import EcrisWriter
from integrations.ecris.replies import deadline, message_id_of, questions, response, withdrawal
from tests import given, marked
from tests.two_nodes import NODES, Scene, digest, partner, refusals, sealed
from vetting.api.inbound import take
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.audit.services import INSTALLATION
from vetting.cases.access import APPLICANT
from vetting.consent import services as consents
from vetting.enquiries.models import Inbound, Outbound
from vetting.enquiries.ports import Item
from vetting.enquiries.queries import message_of
from vetting.exchange.gateways import envelopes
from vetting.exchange.ports import TokenType
from vetting.retention import services as retention

pytest_plugins = ["tests.canary_watch"]


def test_a_reply_that_is_posted_answers_the_enquiry_and_its_receipt_is_evidence(scene):
    answer = scene.post()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/jose")
    assert scene.enquiry().words == "nothing_recorded"
    token = answer.content.decode()
    assert Inbound.objects.get(message_id=scene.id).evidence == token
    receipt = NODES["BG"].open(token, TokenType.RECEIPT, {"IE": envelopes().public_keys()})
    assert (receipt.sender, receipt.receiver, receipt.message_id) == ("IE", "BG", scene.id)
    assert (receipt.digest, receipt.at) == (digest(scene.clean), scene.at.replace(microsecond=0))


def test_questions_and_an_announced_date_arrive_too(scene):
    day = (scene.at + timedelta(days=5)).date()
    assert scene.post(deadline(scene.sent.message_id, at=scene.at, due=day)).status_code == 200
    assert scene.enquiry().announced_on == day
    asked = questions(scene.sent.message_id, at=scene.at, items=[Item.BIRTH_PLACE])
    assert scene.post(asked).status_code == 200
    assert scene.enquiry().words == "more_information BirthPlace"


def test_a_reply_is_taken_back_by_the_id_of_the_reply(scene):
    scene.post()
    assert scene.post(withdrawal(scene.id, at=scene.at, number=8)).status_code == 200
    assert (scene.enquiry().state, scene.enquiry().words) == ("sent", "")
    again = scene.post()
    assert again.status_code == 200, "the same bytes are a duplicate still"
    assert scene.enquiry().words == ""


def other_request(scene):
    return EcrisWriter().cancellation(
        message_id="BG-IE-CAN-000000000000001", at=scene.at, cancels="BG-IE-REQ-000000000000001"
    )


def reply_to(scene, message_id):
    return response(scene.request, at=scene.at, number=9, answers=message_id)


BODIES = {
    "not XML": (lambda _: b"<neither", "not-well-formed", 422),
    "a document type": (lambda scene: b"<!DOCTYPE a>" + scene.clean, "dtd", 422),
    "of no known structure": (lambda _: b"<a/>", "unknown-message", 422),
    "to a question never put": (lambda scene: reply_to(scene, "IE-BG-REQ-999999999999999"), "unknown-enquiry", 404),
    "a take-back of their own question": (other_request, "unknown-question", 404),
}  # fmt: skip


@pytest.mark.parametrize("make, code, status", BODIES.values(), ids=BODIES)
def test_a_body_that_says_nothing_to_us_is_refused_by_name_of_its_sender(scene, make, code, status):
    before, body = scene.facts(), make(scene)
    answer = scene.post(body, scene.token(body, message_id_of(body) if b"<m:" in body and code != "dtd" else scene.id))
    assert (answer.status_code, answer.json()) == (status, {"code": code})
    assert refusals() == [code]
    assert Entry.objects.get(event="message.refused", chain=INSTALLATION).facts["authority"] == "BG"
    assert scene.facts() == before


def test_a_partner_answers_its_own_questions_only(scene):
    foreign = response(scene.request, at=scene.at, number=7).replace(b"BG-IE-RRS", b"RO-IE-RRS")
    answer = scene.post(foreign, scene.token(foreign, by="RO", sender="RO"))
    assert answer.json() == {"code": "unknown-enquiry"}
    assert scene.enquiry().words == ""


def test_an_envelope_of_another_message_does_not_fit(scene):
    other = "BG-IE-RRS-000000000000008"
    assert scene.post(token=scene.token(message_id=other)).json() == {"code": "wrong-message-id"}


@pytest.mark.parametrize("words", ["nothing_recorded", ""], ids=["that counts", "that is refused"])
def test_a_body_is_overwritten_before_the_first_statement_that_writes(scene, words):
    body = scene.clean if words else b"<!DOCTYPE a>" + scene.clean
    raw, there = bytearray(body), []

    def watch(execute, sql, params, many, context):
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE")):
            there.append(any(raw))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        take(raw, scene.token(body, scene.id), at=scene.at)
    assert scene.enquiry().words == words
    assert there
    assert not any(there)


def test_what_is_not_one_plain_document_is_refused_unread(scene):
    packed_body = gzip.compress(scene.clean)
    assert (
        scene.post(packed_body, scene.token(packed_body, scene.id), **{"Content-Encoding": "gzip"}).status_code == 415
    )
    assert scene.post(content_type="text/plain").status_code == 415
    form = Client().post("/api/messages/", {"file": "x"}, headers={"Message-Envelope": scene.token()})
    assert form.json() == {"code": "content-type"}
    large = b"<a>" + b"x" * 256 * 1024
    assert scene.post(large, scene.token(large, scene.id)).status_code == 413
    assert Client().get("/api/messages/").status_code == 405
    assert refusals() == ["content-encoding", "content-type", "content-type", "too-large"]


def test_a_stranger_does_not_fill_the_record(scene, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "refused_messages": "2/m/ip"}
    codes = [scene.post(token="hello").json()["code"] for _ in range(4)]
    assert codes == ["token-shape", "token-shape", "slow-down", "slow-down"]
    assert len(refusals()) == 2
    assert scene.post().status_code == 200, "a partner is not kept out by it"


def test_a_duplicate_gets_the_same_receipt_also_a_month_later(scene, time_machine):
    token = scene.token()
    first = scene.post(token=token).content
    assert scene.post(token=token).content == first
    assert scene.post(token=scene.token(late=-9)).content == first
    time_machine.move_to(scene.at + timedelta(days=30), tick=False)
    again = scene.post(token=token)
    assert (again.status_code, again.content) == (200, first)
    assert refusals(scene.case.ref) == ["duplicate"] * 3
    assert Inbound.objects.filter(message_id=scene.id).count() == 1
    assert scene.enquiry().words == "nothing_recorded"


def test_other_bytes_under_a_known_id_are_refused(scene):
    scene.post()
    entry = response(scene.request, at=scene.at, number=7, entries=[HeldEntry()])
    assert scene.post(entry).json() == {"code": "message-id-used"}
    assert scene.enquiry().words == "nothing_recorded"


def test_an_id_that_was_used_in_one_enquiry_is_used_up_for_all(scene):
    scene.post()
    other = given.case_asked(scene.world, document={"number": "TEST-SILENT"})
    request = message_of(Outbound.objects.get(enquiry__case=other, enquiry__asked="BG")).body
    reply = response(request, at=scene.at, number=7)
    scene.at = scene.world.clock.now
    assert scene.post(reply, sealed(scene.id, reply, scene.at)).json()["code"] in {"message-id-used", "from-the-future"}
    assert given.enquiry(other, "BG").words == ""


def test_after_withdrawal_and_after_erasure_a_reply_changes_nothing(scene, time_machine):
    consents.withdraw(scene.case.ref, actor=APPLICANT, at=scene.at)
    assert (scene.post().status_code, scene.post().json()) == (409, {"code": "case-over"})
    world = scene.world
    given.advance(world, scene.case, days=200)
    given.advance(world, scene.case, days=1)
    retention.erase(scene.case.ref, actor=SYSTEM, at=world.clock.now)
    scene.at = world.clock.now
    time_machine.move_to(scene.at, tick=False)
    assert scene.post().json() == {"code": "case-over"}


def test_a_reply_that_overtakes_our_own_commit_may_come_again(scene):
    type(scene.enquiry()).objects.filter(pk=scene.enquiry().pk).update(state="opened")
    answer = scene.post()
    assert (answer.status_code, answer.json()) == (503, {"code": "not-asked-yet"})


def test_whatever_breaks_it_is_not_a_500_and_quotes_nothing(scene, settings, caplog):
    settings.AIRLOCK = f"{__name__}.Broken"
    answer = scene.post()
    assert (answer.status_code, answer.json()) == (503, {"code": "later"})
    assert "CNRY" not in caplog.text


class Broken:
    """An airlock with a defect that quotes."""

    def peek(self, raw):
        raise ValueError(f"CNRY {bytes(raw)!r}")


def test_keys_overlap_while_one_retires_and_a_withdrawn_one_is_not_believed(scene):
    old, new = (NODES[state].public_keys()["keys"][0] for state in ("BG", "XX"))
    partner("BG", scene.at, key_set={"keys": [new, old]})
    assert scene.post(token=scene.token(by="XX")).status_code == 200
    assert scene.post().status_code == 200
    partner("BG", scene.at, key_set={"keys": [new]})
    assert scene.post().json() == {"code": "unknown-key"}
    partner("BG", scene.at, key_set={"keys": []})
    assert scene.post(token=scene.token(by="XX")).json() == {"code": "unknown-key"}


def test_our_keys_are_published(db):
    answer = Client().get("/.well-known/node-keys.json")
    assert json.loads(answer.content) == envelopes().public_keys()
    assert "d" not in answer.json()["keys"][0]


def test_of_an_entry_that_is_posted_nothing_stays(watch, assert_nothing_stays, time_machine, settings):
    settings.EXCHANGE_GATEWAY = "integrations.gateways.sandbox.SandboxGateway"
    scene = Scene(time_machine)
    message = message_of(scene.sent)
    for where, words in (("a posted reply", "entry_held"), ("a second one", "needs_person")):
        body = marked.encoded(marked.hit, message, where)
        watch.pages.append(scene.post(body, scene.token(body)).content)
        assert scene.enquiry().words == words
    torn = marked.encoded(marked.hit, message, "torn")[:-9]
    watch.pages.append(scene.post(torn, scene.token(torn, scene.id)).content)
    stranger = marked.encoded(marked.hit, message, "of a stranger")
    watch.pages.append(scene.post(stranger, scene.token(stranger, by="XX")).content)
    assert refusals() == ["not-well-formed", "unknown-key"]
    assert_nothing_stays()


@pytest.mark.django_db(transaction=True)
def test_the_same_message_ten_times_at_once_applies_once_and_all_get_one_receipt(quick, time_machine):
    scene = Scene(time_machine)
    token, together, got = scene.token(), threading.Barrier(10), []

    def work():
        try:
            together.wait()
            got.append(scene.post(token=token))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in got] == [200] * 10
    assert len({answer.content for answer in got}) == 1
    assert Inbound.objects.filter(message_id=scene.id).count() == 1
    assert Entry.objects.filter(event="message.received", chain=scene.case.ref).count() == 1
