"""Conviction text is never stored anywhere: marked replies go through the product, then all is searched."""

import base64
import copy
import logging
import pickle
import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as product
from django.db import DatabaseError, connection, models

from integrations.ecris.parsing import parse
from tests import canary, given, marked
from tests.canary_seeds import SEEDS, Scene
from tests.integrations.invented import outbound
from tests.marked import REFUSED, VALID, MarkedGateway, encoded
from vetting import pipeline, tasks
from vetting.audit.ports import SYSTEM
from vetting.cases.access import APPLICANT
from vetting.consent import services as consents
from vetting.enquiries import receiving
from vetting.enquiries.gateways import airlock
from vetting.enquiries.models import Inbound
from vetting.enquiries.queries import expectation_of, message_of
from vetting.enquiries.rules import EnquiryState
from vetting.web.logs import CodesOnly

pytest_plugins = ["tests.canary_watch"]
ROOT = Path(product.BASE_DIR)


def swept(world, case, **span):
    """Send and collect as the installation does it."""
    pipeline.sweep(world.clock.forward(**(span or {"minutes": 1})))
    case.refresh_from_db()
    return given.enquiry(case, "BG")


def kinds(enquiry):
    return list(Inbound.objects.filter(enquiry=enquiry).order_by("pk").values_list("kind", "code"))


@pytest.mark.parametrize("name", VALID)
def test_of_a_reply_that_is_acted_on_nothing_stays_but_fixed_words(authority_says, assert_nothing_stays, name):
    world, (variant, words) = given.world(), VALID[name]
    authority_says(lambda sent: encoded(variant, sent, name))
    enquiry = swept(world, given.case_accepted(world))
    assert enquiry.words == words
    assert [code for _, code in kinds(enquiry)] == [""]
    assert_nothing_stays()


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig"])
def test_in_another_encoding_a_reply_leaves_no_more(authority_says, assert_nothing_stays, charset):
    world = given.world()
    authority_says(lambda sent: encoded(marked.hit, sent, charset, charset=charset))
    assert swept(world, given.case_accepted(world)).words == "entry_held"
    assert_nothing_stays()


def test_of_a_refused_reply_nothing_stays_but_a_code(authority_says, assert_nothing_stays):
    world = given.world()
    whole = [lambda sent, name=name: encoded(REFUSED[name][0], sent, name) for name in REFUSED]
    authority_says(
        *whole,
        lambda sent: encoded(marked.hit, sent, "bad bytes") + b"\xff",
        lambda sent: encoded(marked.hit, sent, "UTF-16 in disguise", charset="utf-16-le"),
    )
    enquiry = swept(world, given.case_accepted(world))
    codes = [code for _, code in REFUSED.values()]
    assert kinds(enquiry) == [("refused", code) for code in [*codes, "bad-encoding", "not-well-formed"]]
    assert (enquiry.state, enquiry.words) == (EnquiryState.SENT, "")
    assert_nothing_stays()


def test_a_reply_that_comes_twice_leaves_no_more_than_one(authority_says, assert_nothing_stays):
    world = given.world()

    @cache
    def once(sent):
        return encoded(marked.hit, sent, "a duplicate")

    authority_says(once, once, lambda sent: once(sent).replace(b"<!--", b"<!-- once more", 1))
    enquiry = swept(world, given.case_accepted(world))
    assert kinds(enquiry) == [("answer", ""), ("refused", "duplicate"), ("refused", "duplicate")]
    assert_nothing_stays()


@pytest.mark.parametrize("ending", ["withdrawn", "closed"])
def test_a_reply_for_a_case_that_is_over_leaves_no_more_than_a_code(assert_nothing_stays, ending):
    world = given.world()
    case = given.case_asked(world)
    enquiry = given.enquiry(case, "BG")
    expectation = expectation_of(enquiry, enquiry.outbox.all())
    request = message_of(enquiry.outbox.get(kind="REQ"))
    consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(hours=1))
    if ending == "closed":
        swept(world, case, days=200)
        swept(world, case, days=1)
    case.refresh_from_db()
    assert case.state == ending
    verdict = airlock().reduce(encoded(marked.hit, request, ending), expectation)
    assert receiving.receive(enquiry.ref, verdict, actor=SYSTEM, at=world.clock.forward(hours=1)) == "case-over"
    assert_nothing_stays()


def test_when_the_database_refuses_the_outcome_the_reply_is_gone_all_the_same(
    watch, authority_says, refused_by_the_database, assert_nothing_stays
):
    world = given.world()
    case = given.case_asked(world)
    authority_says(lambda sent: encoded(marked.hit, sent, "a failing commit"))
    with refused_by_the_database():
        with pytest.raises(DatabaseError, match="canary"):
            pipeline.advance(case.ref, at=world.clock.forward(minutes=1))
        enquiry = swept(world, case)
        tasks.ring(case.ref)
    assert MarkedGateway.served >= 2
    assert (enquiry.state, kinds(enquiry)) == (EnquiryState.SENT, []), "everything was rolled back"
    assert "advance-failed" in watch.stream.getvalue()
    assert_nothing_stays()


def breaks(message):
    """An adapter with a defect: its exception quotes what it was reading."""
    raise ValueError(encoded(marked.hit, message, "an exception").decode())


@pytest.mark.parametrize("way", ["sweep", "ring", "task"])
def test_an_adapter_that_breaks_with_the_reply_in_its_exception_tells_nobody(monkeypatch, assert_nothing_stays, way):
    world = given.world()
    case = given.case_asked(world)
    monkeypatch.setattr(MarkedGateway, "script", staticmethod(breaks))
    if way == "sweep":
        swept(world, case)
    elif way == "ring":
        tasks.ring(case.ref)
    else:
        tasks.advance.apply(args=(str(case.ref),))
    assert_nothing_stays()


def test_of_a_task_that_breaks_the_products_own_log_names_the_kind_only(watch, monkeypatch):
    world = given.world()
    case = given.case_asked(world)
    monkeypatch.setattr(MarkedGateway, "script", staticmethod(breaks))
    tasks.advance.apply(args=(str(case.ref),))
    assert "advance-failed ValueError" in watch.stream.getvalue()
    assert marked.MADE
    assert canary.Search(marked.MADE).found(watch.stream.getvalue().encode()) == set()


def test_the_search_finds_every_leak_that_was_sown(watch, memory_broker, capfd):
    """Without this the zeros of the other tests prove nothing."""
    world = given.world()
    case = given.case_asked(world)
    scene = Scene(watch, case, given.enquiry(case, "BG"))
    for description, (_, leak) in SEEDS.items():
        leak(marked.mark(description), scene)
    watch.printed += capfd.readouterr()
    found = "\n".join(watch.leaks(marked.MADE))
    far = connection.vendor == "postgresql" and not canary.postgresql_folder()
    unreadable = {"database file", "write-ahead log", "server log"} if far else set()
    expected = [f"{description} in {sink}" for description, (sink, _) in SEEDS.items() if sink not in unreadable]
    assert [leak for leak in expected if leak not in found] == []
    Path(product.VAR_DIR, "dump").unlink()


@pytest.mark.parametrize("spelling", canary.ENCODINGS)
def test_the_search_reads_every_spelling_wherever_it_begins(spelling):
    words = [marked.mark("here") for _ in range(50)]
    search, spell = canary.Search(words), canary.ENCODINGS[spelling]
    for filler, word in enumerate(words):
        assert search.found(b"CNRY" * filler + b"?" * filler + spell(word) + b"?") == {word}
        assert search.found(spell(word)[:-6] + b"zzzzzz") == set()


@pytest.mark.parametrize("before", range(6))
def test_the_search_reads_real_base64_at_every_offset(before):
    word = marked.mark("here")
    whole = base64.encodebytes(b"x" * (40 + before) + word.encode() + b"y")
    assert canary.Search([word]).found(whole) == {word}


FREE_TEXT = (models.TextField, models.JSONField, models.FileField)


def test_no_column_could_hold_free_text_of_a_reply():
    longest, bytes_of_a_reply = {}, set()
    for stage in ("cases", "enquiries", "outcomes"):
        for field in [field for model in apps.get_app_config(stage).get_models() for field in model._meta.fields]:
            assert not isinstance(field, FREE_TEXT), field
            if isinstance(field, models.CharField) and (field.max_length or 1000) > 64:
                longest[str(field)] = field.max_length
            if isinstance(field, models.BinaryField):
                bytes_of_a_reply.add(str(field))
    assert longest == {
        "cases.Case.route": 120,  # the two-letter codes of our own plan, written when the case is accepted
        "enquiries.Enquiry.words": 400,  # Answer.from_words refuses what Answer.words did not write
        "enquiries.Outbound.evidence": 600,  # evidence_in, and an envelope's claims, leave no room for a word
        "enquiries.Inbound.evidence": 600,
    }
    assert bytes_of_a_reply == {"cases.Case.sealed_contact", "enquiries.Outbound.sealed_body"}, (
        "what we were told or say"
    )


def test_only_the_airlock_knows_a_disclosure():
    files = [path for top in ("vetting", "integrations") for path in (ROOT / top).rglob("*.py")]
    naming = {str(path.relative_to(ROOT)) for path in files if re.search(r"\bDisclosure\b", path.read_text("utf-8"))}
    allowed = (
        "vetting/enquiries/ports.py",
        "vetting/enquiries/rules.py",
        "integrations/ecris/",
        "integrations/airlock/",
    )
    assert naming
    assert [name for name in naming if not name.startswith(allowed)] == []


def test_a_disclosure_cannot_be_shown_copied_or_sent():
    disclosure = parse(encoded(marked.hit, outbound("TEST-CLEAN"), "a disclosure"))
    assert disclosure.person is not None
    for shown in (repr(disclosure), str(disclosure), f"{disclosure}", f"{[disclosure]}"):
        assert shown.strip("[]") == "<Disclosure>"
    assert not hasattr(disclosure, "__dict__")
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="does not leave"):
            leave(disclosure)


def test_the_log_never_repeats_the_words_of_an_exception():
    failure = ValueError("CNRY\nCNRY")
    for message, args in (("read %s", (failure,)), (f"read {failure}", ()), (f"read {failure!r}", ()), ("read", ())):
        record = logging.LogRecord("x", logging.ERROR, "", 0, message, args, (ValueError, failure, None))
        assert CodesOnly().filter(record)
        assert "CNRY" not in logging.Formatter().format(record)
        assert "ValueError" in record.getMessage()
