"""Codes that the holder gives to others, and an end to sharing: a fresh answer, or one neutral word for every cause."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import given
from tests.web.holder import code_in, enter, look, made, words, worse_answer
from vetting.audit.queries import broken_links, entries_of
from vetting.cases.access import APPLICANT
from vetting.certificates.handling import make_code
from vetting.certificates.models import ShareCode
from vetting.certificates.queries import live_certificate
from vetting.certificates.rules import MOST_CODES, SharePurpose, Shows
from vetting.consent.models import Consent
from vetting.consent.rules import ConsentPurpose
from vetting.errors import Refused
from vetting.retention.rules import Wish
from vetting.retention.services import forget
from vetting.web.applicant.wording import wording_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.fixture
def holder(client, world, time_machine):
    """A cleared case, and the browser of its applicant."""
    case = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    enter(client, case)
    return case


def test_a_code_shows_what_its_holder_chose_and_until_when(client, holder):
    page = made(client)
    assert page.status_code == 200
    assert "data:image/svg+xml" in page.content.decode()
    seen = words(look(code_in(page)))
    assert "Current" in seen
    assert "Ivanka Izmislena" in seen
    assert "17 May 1990" in seen
    assert "Sport coaching" in seen
    assert "Looking after a child of a family" in seen
    assert "24 December 2026" in seen
    nameless = words(look(code_in(made(client, shows="scope"))))
    assert "Current" in nameless
    assert "Izmislena" not in nameless
    assert "1990" not in nameless


def test_a_code_that_was_read_out_can_be_typed_in_any_manner(client, holder):
    typed = code_in(made(client)).lower().replace("-", " ")
    assert "Valid until" in client.post(reverse("verifier:shared_lookup"), {"code": f" {typed}"}).content.decode()


def test_only_a_digest_of_a_code_is_kept_and_it_is_told_once(client, holder):
    page = made(client)
    code = code_in(page)
    row = ShareCode.objects.get()
    kept = repr(vars(row)) + repr([entry.facts for entry in entries_of(holder.ref)]) + repr(dict(client.session))
    assert code not in kept
    again = made(client, once=str(row.ref))
    assert again.status_code == 302
    assert ShareCode.objects.count() == 1
    assert code not in client.get(reverse("applicant:shared")).content.decode()


def test_words_that_were_not_shown_cannot_be_agreed_to(client, holder):
    assert made(client, wording="0" * 64).status_code == 422
    assert made(client, days="365").status_code == 422
    assert made(client, purpose="a landlord").status_code == 422
    assert not ShareCode.objects.exists()


def test_unknown_mistyped_revoked_over_superseded_and_erased_are_one_answer(client, world, holder, time_machine):
    codes = [code_in(made(client)) for _ in range(2)]
    client.post(reverse("applicant:end_code", args=[ShareCode.objects.order_by("pk")[0].ref]))
    texts = [words(look(code)) for code in (codes[0], "0000-0000-0000-0000", "nothing", codes[1] + "0")]
    time_machine.move_to(world.clock.now + timedelta(days=31))
    over = words(look(codes[1]))
    time_machine.move_to(world.clock.now)
    assert "Valid until" in words(look(codes[1]))
    worse_answer(world, holder)
    texts.append(words(look(codes[1])))
    other = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    enter(client, other)
    gone = code_in(made(client))
    forget(other.ref, wish=Wish.KEEP, actor=APPLICANT, at=world.clock.now)
    texts += [words(look(gone)), over.replace("25 December 2026", "24 November 2026")]
    assert len(set(texts)) == 1
    assert "Not current" in texts[0]


def statements(code):
    """What the database is asked for one look, without its values."""
    cache.clear()
    with CaptureQueriesContext(connection) as taken:
        look(code)
    return [re.sub(r"'[^']*'|\d+", "", one["sql"]) for one in taken.captured_queries]


def test_every_answer_that_is_not_current_takes_the_same_path(client, holder):
    code = code_in(made(client))
    client.post(reverse("applicant:end_code", args=[ShareCode.objects.get().ref]))
    revoked, unknown = statements(code), statements("0000-0000-0000-0000")
    assert revoked == unknown
    assert sum("certificates_sharecode" in one for one in revoked) == 1


def test_guessing_codes_is_stopped(client, holder):
    answers = [look(f"0000-0000-0000-{guess:04d}").status_code for guess in range(45)]
    assert answers[-1] == 429


def test_the_holder_sees_on_which_days_a_code_was_used_and_nothing_else(client, world, holder, time_machine):
    code = code_in(made(client))
    assert "Not used yet" in client.get(reverse("applicant:shared")).content.decode()
    for _ in range(2):
        look(code)
    time_machine.move_to(world.clock.forward(days=1))
    enter(client, holder)
    look(code)
    seen = words(client.get(reverse("applicant:shared")))
    assert "25 November 2026" in seen
    assert "24 November 2026 · 2 times" in seen
    uses = [entry for entry in entries_of(holder.ref) if entry.event == "code.use"]
    assert {(entry.actor_kind, entry.actor_ref) for entry in uses} == {("public", "")}
    assert {name for entry in uses for name in entry.facts} == {"certificate", "code"}
    assert list(broken_links()) == []


def test_a_code_never_outlives_the_certificate_or_the_file(world, holder):
    end = holder.ends_on
    late = world.clock.forward(days=(end - world.clock.now.date()).days - 10)
    wording = wording_for(holder, ConsentPurpose.RELEASE, text="release_code")
    said = {"purpose": SharePurpose.EVENT, "shows": Shows.SCOPE, "wording": wording, "actor": APPLICANT, "at": late}
    code, _ = make_code(holder.ref, ref=uuid4(), days=90, **said)
    assert code.ends_on == end - timedelta(days=1)
    for _ in range(MOST_CODES - 1):
        make_code(holder.ref, ref=uuid4(), days=7, **said)
    with pytest.raises(Refused, match="enough-codes"):
        make_code(holder.ref, ref=uuid4(), days=7, **said)


def test_there_is_no_code_for_what_is_not_current(client, world, holder):
    worse_answer(world, holder)
    assert client.get(reverse("applicant:new_code"))["Location"] == reverse("applicant:home")
    wording = wording_for(holder, ConsentPurpose.RELEASE, text="release_code")
    with pytest.raises(Refused, match="nothing-to-share"):
        make_code(holder.ref, ref=uuid4(), purpose=SharePurpose.EVENT, days=7, shows=Shows.SCOPE, wording=wording,
                  actor=APPLICANT, at=world.clock.now)  # fmt: skip


def test_somebody_elses_code_cannot_be_ended(client, world, holder, time_machine):
    made(client)
    other = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    enter(client, other)
    assert client.post(reverse("applicant:end_code", args=[ShareCode.objects.get().ref])).status_code == 404
    assert ShareCode.objects.get().revoked_at is None


def test_ending_a_code_withdraws_the_agreement_to_it(client, holder):
    made(client)
    assert "cannot" not in words(client.get(reverse("applicant:end_code", args=[ShareCode.objects.get().ref])))
    client.post(reverse("applicant:end_code", args=[ShareCode.objects.get().ref]))
    assert Consent.objects.get(purpose="release").withdrawn_at is not None


def test_without_sharing_the_page_says_that_nobody_may_look(client, holder):
    assert "Nobody but you" in client.get(reverse("applicant:shared")).content.decode()
    assert live_certificate(holder) is not None
