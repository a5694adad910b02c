"""An edition takes two people to come into force, and what runs stays as it was begun."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from tests import given
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.audit.queries import broken_links
from vetting.authorities.models import Authority, Edition, NationalRule
from vetting.authorities.ports import CalendarException, ExceptionReason
from vetting.authorities.queries import active_directory, contents_of, directory, forward_date, packaged_directory
from vetting.authorities.rules import Channel
from vetting.authorities.services import load_edition
from vetting.consent.models import Consent
from vetting.editions.rules import changed, read_edition, written
from vetting.editions.services import activate, drop, propose
from vetting.enquiries import services as enquiries
from vetting.enquiries.models import Outbound
from vetting.errors import Refused
from vetting.questions.models import Question

pytestmark = pytest.mark.django_db

CLOSED = CalendarException(date(2026, 12, 1), ExceptionReason.HOLIDAY_ONCE)


@pytest.fixture
def world(db):
    return given.world()


def edited(number="2026.3", **rows):
    """The packaged edition under another number, with some States otherwise; None takes the row out."""
    kept = [row for row in packaged_directory().rows if rows.get(row.state, {}) is not None]
    made = tuple(replace(row, **rows.get(row.state, {})) for row in kept)
    said, faults = read_edition(written(replace(packaged_directory(), number=number, rows=made)).encode())
    assert said is not None, faults
    return said


def proposed(world, said, **more):
    return propose(said, user=world.clerk, actor=given.clerk_of(world), at=world.clock.now, **more)


def activated(world, edition, against, user=None):
    return activate(
        edition.digest, against=against, user=user or world.other_clerk, actor=given.clerk_of(world),
        at=world.clock.now,
    )  # fmt: skip


def in_force(world, said):
    """Proposed by one, put in force by another."""
    edition, active = proposed(world, said), active_directory()
    return activated(world, edition, against=active.number if active else "")


def packaged_by_state():
    return replace(packaged_directory(), rows=tuple(sorted(packaged_directory().rows, key=lambda row: row.state)))


def ireland(said):
    return said.find("IE")


def test_what_is_proposed_is_not_in_force(world):
    edition = proposed(world, edited(IE={"name": "Another Name"}))
    assert (edition.is_active, edition.waits, edition.activated_at) == (False, True, None)
    assert directory() == packaged_by_state()
    assert Authority.objects.get(state="IE").name != "Another Name"
    assert ireland(contents_of(edition)).name == "Another Name"


def test_another_person_puts_it_in_force_and_both_are_on_the_record(world):
    edition = proposed(world, edited(IE={"name": "Another Name"}))
    with pytest.raises(Refused, match="same-person"):
        activated(world, edition, "2026.2", user=world.clerk)
    activated(world, edition, "2026.2")
    assert ireland(directory()).name == Authority.objects.get(state="IE").name == "Another Name"
    edition.refresh_from_db()
    assert (edition.proposed_by, edition.activated_by, edition.waits) == (world.clerk, world.other_clerk, False)
    events = list(Entry.objects.filter(event__startswith="authorities.").values_list("event", "facts"))
    said = {"edition": "2026.3", "digest": edition.digest}
    assert events[-2:] == [
        ("authorities.edition_proposed", said),
        ("authorities.edition_activated", {**said, "from": "2026.2"}),
    ]
    assert list(broken_links()) == []


def test_a_comparison_with_another_edition_than_the_one_in_force_puts_nothing_in_force(world):
    first = proposed(world, edited("2026.3", IE={"note": "a"}))
    second = proposed(world, edited("2026.4", IE={"note": "b"}))
    activated(world, first, "2026.2")
    with pytest.raises(Refused, match="edition-moved") as refusal:
        activated(world, second, "2026.2")
    assert "Look at it again" in refusal.value.sentence
    assert directory().number == "2026.3"
    activated(world, second, "2026.3")
    assert directory().number == "2026.4"


def test_what_was_compared_is_what_comes_into_force_even_when_its_number_was_used_again(world):
    seen = proposed(world, edited(IE={"note": "seen"}))
    drop("2026.3", actor=given.clerk_of(world), at=world.clock.now)
    proposed(world, edited(IE={"note": "slipped in"}))
    with pytest.raises(Refused, match="not-proposed"):
        activated(world, seen, "2026.2")
    assert directory().number == "2026.2"


def test_what_is_read_is_never_of_another_edition(world):
    for note in ("one", "two", "three"):
        edition = proposed(world, edited(IE={"note": note}))
        assert ireland(contents_of(edition)).note == note
        drop("2026.3", actor=given.clerk_of(world), at=world.clock.now)
    for number in range(4, 10):
        in_force(world, edited(f"2026.{number}", IE={"note": f"note {number}"}))
        assert ireland(directory()).note == f"note {number}"
        assert ireland(contents_of(Edition.objects.get(number="2026.2"))) == ireland(packaged_directory())


def test_going_back_is_the_same_act(world):
    in_force(world, edited(IE={"note": "new"}))
    earlier = Edition.objects.get(number="2026.2")
    with pytest.raises(Refused, match="not-proposed"):
        activated(world, earlier, "2026.3")
    in_force(world, contents_of(earlier))
    assert directory() == packaged_by_state()
    assert NationalRule.objects.count() == 2 * len(packaged_directory().rows)


@pytest.mark.parametrize(
    "said,code",
    [
        (packaged_directory, "edition-in-force"),
        (lambda: edited("2026.9"), "nothing-changes"),
        (lambda: edited("2026.2", IE={"note": "x"}), "edition-number-taken"),
        (lambda: edited(IE=None), "edition-without-home"),
    ],
)
def test_what_cannot_be_proposed_is_refused_in_a_sentence(world, said, code):
    with pytest.raises(Refused, match=code) as refusal:
        proposed(world, said())
    assert refusal.value.sentence.endswith(".")
    assert Edition.objects.count() == 1


def test_a_proposal_is_made_once_and_goes_whole_when_it_is_dropped(world):
    edition = proposed(world, edited(IE={"note": "x"}))
    with pytest.raises(Refused, match="edition-waits"):
        proposed(world, contents_of(edition))
    drop("2026.3", actor=given.clerk_of(world), at=world.clock.now)
    assert not Edition.objects.filter(number="2026.3").exists()
    assert NationalRule.objects.count() == len(packaged_directory().rows)
    assert Entry.objects.filter(event="authorities.edition_dropped", facts__digest=edition.digest).exists()
    for gone in (lambda: drop("2026.3", actor=SYSTEM, at=given.START), lambda: activated(world, edition, "2026.2")):
        with pytest.raises(Refused):
            gone()


def test_an_earlier_edition_stays_when_the_proposal_to_go_back_is_dropped(world):
    in_force(world, edited(IE={"note": "new"}))
    proposed(world, packaged_directory())
    drop("2026.2", actor=given.clerk_of(world), at=world.clock.now)
    assert not Edition.objects.get(number="2026.2").waits
    with pytest.raises(Refused, match="not-proposed"):
        drop("2026.3", actor=given.clerk_of(world), at=world.clock.now)


def test_a_proposal_whose_proposer_is_gone_is_proposed_again_by_somebody(world):
    leaver = given.user("leaver")
    edition = propose(edited(IE={"note": "x"}), user=leaver, actor=SYSTEM, at=given.START)
    leaver.delete()
    with pytest.raises(Refused, match="not-proposed"):
        activated(world, edition, "2026.2")
    activated(world, proposed(world, contents_of(edition)), "2026.2")
    assert directory().number == "2026.3"


def test_the_database_refuses_an_edition_that_is_in_force_and_waits(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(number="2026.2").update(waits=True)


def test_the_command_puts_its_own_in_force_and_nothing_waits_for_that(world):
    in_force(world, edited(IE={"note": "new"}))
    proposed(world, packaged_directory())
    load_edition(at=given.START, actor=SYSTEM)
    packaged = Edition.objects.get(number="2026.2")
    assert (packaged.is_active, packaged.waits, packaged.activated_by) == (True, False, None)


def test_a_date_that_was_counted_stays_and_the_next_one_is_counted_by_the_edition_in_force(world):
    before = given.enquiry(given.case_asked(world), "BG")
    sent, usual = Outbound.objects.get(enquiry=before, kind="REQ"), before.due_on
    in_force(world, changed(directory(), "2026.2-1", "BG", (CLOSED,)))
    before.refresh_from_db()
    assert before.due_on == usual
    assert Outbound.objects.get(pk=sent.pk).sealed_body == sent.sealed_body
    after = given.enquiry(given.case_asked(world), "BG").due_on
    assert after is not None
    assert usual is not None
    assert usual < after <= usual + timedelta(days=4)


def test_the_homes_own_dates_are_counted_with_its_exceptions(world):
    theirs = given.question(world)
    in_force(world, changed(directory(), "2026.2-1", "IE", (CLOSED,)))
    later = given.question(world)
    assert Question.objects.get(pk=theirs.pk).due_on == theirs.due_on < later.due_on
    monday = date(2026, 11, 30)
    usual = forward_date("EE", monday, within=9)
    in_force(world, changed(directory(), "2026.2-2", "EE", (CLOSED,)))
    assert forward_date("EE", monday, within=9) == usual + timedelta(days=1)


def test_the_command_that_explains_a_deadline_names_the_exception(world):
    def explained():
        out = StringIO()
        said = {"state": "BG", "received": "2026-11-24", "kind": "vetting"}
        call_command("explain_deadline", **said, stdout=out)
        return out.getvalue()

    assert "2026-12-01" not in explained()
    in_force(world, changed(directory(), "2026.2-1", "BG", (CLOSED,)))
    assert "2026-12-01  Public holiday by the edition of national rules" in explained()


def test_a_running_case_keeps_whom_it_asks_and_one_that_waits_is_planned_again(world):
    running, waiting = given.case_asked(world), given.case_submitted(world)
    agreed = Consent.objects.filter(case=running).values_list("plan", flat=True)[0]
    in_force(world, edited(BG={"channel": Channel.DOCUMENT, "reply_days": 0}))
    given.advance(world, running, minutes=1)
    assert given.enquiry(running, "BG").channel == "exchange"
    assert Consent.objects.filter(case=running).values_list("plan", flat=True)[0] == agreed
    with pytest.raises(Refused, match="plan-changed"):
        enquiries.accept(waiting.ref, actor=given.clerk_of(world), at=world.clock.now)


@pytest.mark.django_db(transaction=True)
def test_of_two_activations_at_the_same_moment_one_is_refused(world):
    both = [proposed(world, edited(f"2026.{number}", IE={"note": f"note {number}"})) for number in (3, 4)]
    together, refused = threading.Barrier(len(both)), []

    def work(edition):
        try:
            together.wait()
            activated(world, edition, "2026.2")
        except Refused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[edition]) for edition in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["edition-moved"]
    assert Edition.objects.get(is_active=True).number in ("2026.3", "2026.4")
    assert Edition.objects.filter(waits=True).count() == 1
