"""Erasure that the applicant asks for: what goes at once, what stays and until when, and whom nothing tells of it."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from tests import given
from vetting import post
from vetting.audit.ports import SYSTEM
from vetting.cases.access import APPLICANT
from vetting.cases.models import Case, Letter
from vetting.cases.queries import contact_of
from vetting.cases.rules import LetterKind
from vetting.certificates.models import Certificate
from vetting.certificates.queries import contents_of, verify
from vetting.consent.services import withdraw
from vetting.identity.models import Identity
from vetting.keys.models import KeyGone
from vetting.keys.queries import unseal
from vetting.retention import services as retention
from vetting.retention.rules import Wish
from vetting.retention.services import forget

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
BIRTH = {"birth_date_0": "17", "birth_date_1": "5", "birth_date_2": "1990"}


def words(page):
    return re.sub(r"(<[^>]+>|\s)+", " ", page.content.decode()).strip()


def erase(browser, **typed):
    return browser.post(reverse("applicant:erase"), {**BIRTH, **typed})


def test_while_a_check_is_open_it_cannot_be_erased(world, as_applicant):
    case = given.case_asked(world, document={"number": "TEST-SILENT"})
    browser = as_applicant(world, case)
    assert "Withdraw first" in words(browser.get(reverse("applicant:erase")))
    erase(browser)
    assert Identity.objects.filter(case=case).exists()


def test_erasing_says_what_follows_and_needs_the_birth_date_and_a_wish(world, as_applicant):
    case = given.case_cleared(world)
    browser = as_applicant(world, case)
    page = words(browser.get(reverse("applicant:erase")))
    assert "This cannot be undone" in page
    assert "It is not told that you erased anything" in page
    assert erase(browser).status_code == 422, "no wish"
    assert erase(browser, wish="end", birth_date_0="18").status_code == 422
    assert Identity.objects.filter(case=case).exists()


@pytest.mark.parametrize("wish", ["keep", "end"])
def test_what_is_erased_cannot_be_read_and_the_certificate_does_what_its_holder_wants(world, as_applicant, wish):
    case = given.case_cleared(world)
    said = contents_of(Certificate.objects.get(case=case))
    copies = [bytes(Identity.objects.get(case=case).sealed), bytes(case.sealed_contact)]
    browser = as_applicant(world, case)
    assert "Your file is erased" in words(erase(browser, wish=wish))
    case = given.advance(world, Case.objects.get(pk=case.pk), hours=1)
    for column, copy in zip(("identity", "contact"), copies, strict=True):
        with pytest.raises(KeyGone):
            unseal(case.ref, column, copy)
    assert contact_of(case).email == ""
    assert not Identity.objects.filter(case=case).exists()
    assert b"Izmislena" not in everything_stored()
    _, standing = verify(said.number, said.code, world.clock.now.date())
    assert standing.current == (wish == "keep")
    assert browser.get(reverse("applicant:home")).status_code == 404
    assert as_applicant(world, case).get(reverse("applicant:home")).status_code == 404, "another session is shut too"


def everything_stored():
    with connection.cursor() as cursor:
        rows = []
        for name in connection.introspection.table_names(cursor):
            if name.startswith(("identity_", "consent_", "certificates_", "cases_", "outcomes_")):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")  # noqa: S608  # from the catalogue
                rows += cursor.fetchall()
    return repr(rows).encode()


def test_an_erased_file_is_closed_and_emptied_on_its_day_and_nobody_is_written_to(world):
    case = given.case_not_cleared(world)
    forget(case.ref, wish=Wish.KEEP, actor=APPLICANT, at=world.clock.forward(hours=1))
    given.advance(world, case, days=61)
    given.advance(world, case, days=60)
    mail.outbox.clear()
    post.deliver_due(world.clock.now)
    assert [one.to for one in mail.outbox if "ivanka@invented.example" in one.to] == []
    assert Letter.objects.filter(case=case, kind=LetterKind.CLOSED).count() == 1
    assert case.state == "closed"
    retention.erase(case.ref, actor=SYSTEM, at=world.clock.now)
    with pytest.raises(KeyGone):
        contact_of(Case.objects.get(pk=case.pk))


def test_a_refused_invitation_can_be_erased_before_anything_was_given(world, as_applicant):
    case = given.case_opened(world)
    withdraw(case.ref, actor=APPLICANT, at=world.clock.forward(hours=1))
    browser = as_applicant(world, case)
    assert "Date of birth" not in words(browser.get(reverse("applicant:erase")))
    assert "Your file is erased" in words(browser.post(reverse("applicant:erase"), {}))


def test_the_desk_still_reads_the_page_of_an_erased_file(client, world, time_machine):
    case = given.case_not_cleared(world)
    forget(case.ref, wish=Wish.KEEP, actor=APPLICANT, at=world.clock.forward(hours=1))
    time_machine.move_to(world.clock.now)
    client.force_login(world.clerk)
    answer = client.get(reverse("desk:case", args=[case.ref]))
    assert answer.status_code in (200, 302)
    opened = client.post(reverse("desk:open", args=[case.ref]), {"reason": "question"}, follow=True)
    assert opened.status_code == 200
    assert "TEST-ENTRY" not in opened.content.decode(), "the number of the document went with the file"
