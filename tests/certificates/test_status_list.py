"""The status list: valid or not, one bit, and nothing that tells how many certificates there are or why one ended."""

import base64
import gzip
import json
import secrets
import zlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from joserfc import jwk as other_keys
from joserfc import jwt as other_library
from joserfc.jws import JWSRegistry

from tests import given
from vetting import pipeline
from vetting.audit.ports import SYSTEM
from vetting.certificates import listing
from vetting.certificates import services as certificates
from vetting.certificates.gateways import signer
from vetting.certificates.models import Certificate, StatusList
from vetting.certificates.queries import bits_at, contents_of, free_place, status_of
from vetting.certificates.rules import (
    LIST_FRESH,
    LIST_PERIOD,
    PLACES,
    CertificateState,
    is_valid_at,
    period_of,
    written,
)
from vetting.enquiries import receiving
from vetting.enquiries.ports import Verdict
from vetting.retention import services as retention

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def cleared(world):
    case = given.case_cleared(world)
    return case, Certificate.objects.get(case=case)


def edition(number=1):
    """What a stranger reads, with a library that nobody here wrote."""
    token = StatusList.objects.get(number=number).token
    keys = other_keys.KeySet.import_key_set(json.loads(json.dumps(signer().public_keys())))
    roomy = JWSRegistry(algorithms=["ES256"])
    roomy.max_payload_length = 256 * 1024  # its default of 128 kB is less than 2^20 bits that look random
    read = other_library.decode(token, keys, registry=roomy)
    return read.header, read.claims


def said(certificate):
    _, claims = edition(certificate.status_list.number)
    lst = claims["status_list"]["lst"]
    raw = zlib.decompress(base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4)))
    place = certificate.status_index
    return "valid" if not raw[place // 8] >> place % 8 & 1 else "not"


def published(world, **span):
    at = world.clock.forward(**(span or {"minutes": 10}))
    assert pipeline.publish_lists(at) == 1
    return at


def superseded(world, case):
    worse = Verdict("answer", answer="entry_held", message_id="BG-IE-RRS-000000000000009", digest=bytes(32))
    receiving.receive(given.enquiry(case, "BG").ref, worse, actor=SYSTEM, at=world.clock.now)
    assert certificates.supersede(case.ref, actor=SYSTEM, at=world.clock.now) == 1


def test_a_list_is_a_signed_token_of_its_own_type_about_its_own_address(world):
    cleared(world)
    at = published(world)
    header, claims = edition()
    assert header == {"alg": "ES256", "kid": signer().public_keys()["keys"][0]["kid"], "typ": "statuslist+jwt"}
    assert claims["sub"] == "http://localhost:8000/status-lists/1"
    assert claims["iss"] == "http://localhost:8000"
    assert claims["status_list"]["bits"] == 1
    assert (claims["iat"], claims["ttl"]) == (int(at.timestamp()), LIST_PERIOD.total_seconds())
    assert claims["exp"] - claims["iat"] == LIST_FRESH.total_seconds()


def test_the_token_of_a_certificate_says_where_its_status_is(world):
    _, certificate = cleared(world)
    token = certificates.claims_of(contents_of(certificate), b"", world.clock.now, status=status_of(certificate))
    assert token["status"]["status_list"] == {
        "idx": certificate.status_index,
        "uri": "http://localhost:8000/status-lists/1",
    }
    assert token["nbf"] == token["iat"]
    assert token["purpose"] == "art10-voluntary-children"


def test_a_current_certificate_is_valid_in_every_edition(world):
    _, certificate = cleared(world)
    for _ in range(5):
        published(world)
        assert said(certificate) == "valid"


def test_what_is_intended_and_not_yet_signed_will_be_valid_when_somebody_has_it(world):
    case = given.case_decided_by_answers(world)
    Certificate.objects.filter(case=case).update(state="intended")
    published(world)
    assert said(Certificate.objects.get(case=case)) == "valid"


def test_superseded_shows_in_the_very_next_edition(world):
    case, certificate = cleared(world)
    published(world)
    superseded(world, case)
    published(world)
    assert said(certificate) == "not"


@pytest.mark.parametrize("state", sorted(set(CertificateState) - {"intended", "current"}))
def test_every_end_is_the_same_bit(world, state):
    _, certificate = cleared(world)
    Certificate.objects.filter(pk=certificate.pk).update(state=state)
    published(world)
    assert said(certificate) == "not"


def test_the_last_day_ends_it_whether_or_not_anybody_wrote_that_down(world):
    _, certificate = cleared(world)
    world.clock.forward(days=365)
    published(world)
    assert said(certificate) == "valid", "24 November 2027 is its last day"
    world.clock.forward(days=1)
    published(world)
    certificate.refresh_from_db()
    assert (certificate.state, said(certificate)) == ("current", "not")


def test_an_erased_case_leaves_the_bit_as_it_was(world):
    case, certificate = cleared(world)
    world.clock.forward(days=130)
    given.advance(world, case)
    retention.erase(case.ref, actor=SYSTEM, at=world.clock.now)
    published(world)
    assert said(certificate) == "valid", "a current certificate stays verifiable; its row names nobody"


def test_no_two_certificates_have_the_same_place(world):
    _, certificate = cleared(world)
    _, other = cleared(world)
    assert certificate.status_index != other.status_index
    other.status_index = certificate.status_index
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_places_are_not_in_order_and_read_valid_before_they_are_taken(world):
    """Nothing on the list turns when a certificate begins."""
    kept = StatusList.objects.create(number=7, bits=secrets.token_bytes(PLACES // 8))
    places = [place for place in (free_place(kept) for _ in range(50)) if place is not None]
    assert len(places) == 50
    assert all(is_valid_at(bytes(kept.bits), place) for place in places)
    assert places != sorted(places)
    assert max(places) > PLACES // 2 > min(places)


def test_half_of_a_list_reads_valid_however_many_certificates_there_are(world):
    cleared(world)
    published(world)
    ones = int.from_bytes(StatusList.objects.get().bits, "big").bit_count()
    assert abs(ones - PLACES // 2) < 6 * 512, "six standard deviations"


def test_between_editions_places_that_are_nobodys_turn_in_both_directions(world):
    cleared(world)
    published(world)
    before = bytes(StatusList.objects.get().bits)
    published(world)
    after = bytes(StatusList.objects.get().bits)
    ended = sum((new & ~old & 255).bit_count() for old, new in zip(before, after, strict=True))
    begun = sum((old & ~new & 255).bit_count() for old, new in zip(before, after, strict=True))
    assert 0 < ended < 40
    assert 0 < begun < 40


def test_a_full_list_is_followed_by_another(world):
    cleared(world)
    StatusList.objects.update(bits=b"\xff" * (PLACES // 8))
    _, certificate = cleared(world)
    assert certificate.status_list.number == 2
    assert status_of(certificate)["status_list"]["uri"].endswith("/status-lists/2")


@pytest.mark.parametrize("place", [0, 1, 7, 8, 15, 16, 17, PLACES - 1])
def test_every_bit_is_written_at_its_own_place(place):
    word = [(place // 16, 1 << place % 16)]
    all_ones, all_zeros = b"\xff" * (PLACES // 8), bytes(PLACES // 8)
    begun = written(all_ones, taken=word, valid=word)
    assert [at for at in range(PLACES - 40, PLACES) if is_valid_at(begun, at)] == [at for at in [place] if at > 99]
    assert [at for at in range(40) if is_valid_at(begun, at)] == [at for at in [place] if at < 40]
    ended = written(all_zeros, taken=word, valid=[])
    assert int.from_bytes(ended, "little") == 1 << place


def test_one_period_has_one_edition_whoever_makes_it(world):
    cleared(world)
    at = published(world)
    digest = StatusList.objects.get().digest
    assert pipeline.publish_lists(at) == 0
    assert listing.publish(1, at=at) is False
    assert StatusList.objects.get().digest == digest
    assert bits_at(StatusList.objects.get(), at + timedelta(hours=1))


def test_a_standstill_is_made_up_for_but_within_bounds(world):
    cleared(world)
    published(world)
    before = bytes(StatusList.objects.get().bits)
    published(world, days=300)
    after = bytes(StatusList.objects.get().bits)
    turned = sum((old ^ new).bit_count() for old, new in zip(before, after, strict=True))
    assert 2000 < turned < 4000


def test_strangers_get_the_last_edition_and_never_cause_one(client, world):
    cleared(world)
    address = "/status-lists/1"
    assert client.get(address).status_code == 404, "not published yet"
    assert StatusList.objects.get().token == ""
    at = published(world)
    world.clock.forward(days=30)
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert StatusList.objects.get().period == period_of(at)
    assert client.get("/status-lists/2").status_code == 404
    assert client.get(f"/status-lists/{10**30}").status_code == 404
    assert client.post(address).status_code == 405


def test_a_list_is_served_to_be_cached_until_the_next_one(client, world, time_machine):
    cleared(world)
    time_machine.move_to(published(world), tick=False)
    answer = client.get("/status-lists/1")
    assert answer["Content-Type"] == "application/statuslist+jwt"
    assert answer.content.decode() == StatusList.objects.get().token
    assert answer["Cache-Control"].startswith("public, max-age=")
    assert 0 < int(answer["Cache-Control"].partition("=")[2]) <= 600
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer
    packed = client.get("/status-lists/1", headers={"accept-encoding": "gzip"})
    assert gzip.decompress(packed.content) == answer.content
    assert packed["ETag"] != answer["ETag"]
    again = client.get("/status-lists/1", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_serving_costs_one_small_query(client, world, django_assert_num_queries):
    cleared(world)
    published(world)
    client.get("/status-lists/1")
    with django_assert_num_queries(1):
        client.get("/status-lists/1")
