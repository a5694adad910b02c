"""What becomes of a mail that nobody can deliver, and who is told."""

import re
import smtplib
import subprocess
import sys
from email.message import EmailMessage as Wire
from io import StringIO
from typing import Any, cast

import pytest
from django.conf import settings as product
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.urls import reverse

from tests import given
from tests.notifications import notification
from tests.web.test_mail import sent
from vetting import post
from vetting.audit.models import Entry
from vetting.cases import services
from vetting.cases.access import APPLICANT
from vetting.cases.models import Letter
from vetting.cases.queries import contact_of
from vetting.cases.rules import LetterKind
from vetting.consent import services as consents
from vetting.errors import Refused
from vetting.identity import services as identity
from vetting.retention.services import erase

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(time_machine):
    world = given.world()
    time_machine.move_to(world.clock.now, tick=False)
    return world


class NobodyThere(BaseEmailBackend):
    """A mail server that knows no such mailbox, and says so at once."""

    def send_messages(self, email_messages):
        raise smtplib.SMTPRecipientsRefused({email_messages[0].to[0]: (550, b"5.1.1 no such user CANARY")})


def came_back(letter, tmp_path, *options, **changes):
    """The notification about this mail goes through the command; what the command says."""
    returned = Wire()
    returned["Message-ID"] = letter.message()["Message-ID"]
    returned.set_content(letter.body)
    file = tmp_path / "notification"
    file.write_bytes(notification(returned, said="CANARY", **changes))
    out = StringIO()
    call_command("bounces", str(file), *options, stdout=out)
    return out.getvalue()


def invited(world):
    """A case whose invitation has left, and the mail."""
    mail.outbox.clear()
    case = given.case_opened(world)
    post.deliver_due(world.clock.now)
    return case, cast(Any, mail.outbox[-1])


def test_a_bounce_leaves_a_time_and_a_digit_and_an_entry_and_no_word(world, tmp_path):
    case, letter = invited(world)
    assert "--apply" in came_back(letter, tmp_path)
    assert Letter.objects.get(case=case).bounced_at is None, "without --apply it only says what it would do"
    said = came_back(letter, tmp_path, "--apply", status="5.2.2")
    row = Letter.objects.get(case=case, kind=LetterKind.INVITATION)
    assert (row.bounced_at, row.bounce_class) == (world.clock.now, 5)
    entry = Entry.objects.get(event="letter.bounced")
    assert entry.facts == {"letter": "invitation", "to": "applicant", "code": "5"}
    assert "recorded before" in came_back(letter, tmp_path, "--apply")
    assert Entry.objects.filter(event="letter.bounced").count() == 1
    assert "ivanka" not in said
    assert "CANARY" not in said + repr(list(Letter.objects.values())) + repr(list(Entry.objects.values()))


def test_a_bounce_about_nothing_of_ours_ends_well_and_says_so(world, tmp_path):
    _case, letter = invited(world)
    assert "no mail of this installation" in came_back(letter, tmp_path, "--apply", returned_type="text/plain")
    assert "late or has arrived" in came_back(letter, tmp_path, "--apply", action="delayed")
    assert not Entry.objects.filter(event="letter.bounced").exists()


def test_without_a_database_the_mail_server_is_asked_to_come_again(tmp_path):
    """As a mail server calls it: by a pipe, in a process of its own."""
    raw = notification(to=f"bounces+{'0' * 32}.0@authority.example")
    ended = subprocess.run(
        [sys.executable, "manage.py", "bounces", "--apply"],
        cwd=product.BASE_DIR,
        env={"PATH": "/usr/bin:/bin", "ARTICLE_TEN_TESTING": "1", "VAR_DIR": str(tmp_path),
             "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3"},
        input=raw, capture_output=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 75, ended.stderr
    assert b"bring the notification again" in ended.stderr


def test_erasure_takes_the_name_by_which_a_mail_could_be_told(world):
    case = given.case_cleared(world)
    post.deliver_due(world.clock.now)
    world.clock.forward(days=130)
    given.advance(world, case)
    erase(case.ref, actor=APPLICANT, at=world.clock.now)
    assert set(Letter.objects.filter(case=case).values_list("token", flat=True)) == {None}


@pytest.fixture
def secretary(client, world):
    client.force_login(world.secretary)
    return client


def page(client, name, *refs):
    """A page of the organisation, without what is different each time."""
    html = client.get(reverse(f"organisation:{name}", args=refs)).content.decode()
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_the_organisation_is_told_corrects_the_address_and_invites_again(secretary, world, tmp_path):
    case, letter = invited(world)
    old = re.findall(r"(/a/[^/\s]+/)", letter.body)[0]
    assert "could not be delivered" not in page(secretary, "case", case.ref)
    came_back(letter, tmp_path, "--apply")
    mail.outbox.clear()
    post.deliver_due(world.clock.forward(minutes=1))
    assert [(one.to, one.subject) for one in mail.outbox] == [
        ([world.secretary.email], f"Check the address: vetting request {case.reference}")
    ]
    assert "The invitation could not be delivered" in page(secretary, "home")
    assert "The invitation could not be delivered" in page(secretary, "case", case.ref)
    assert "ivanka@invented.example" in page(secretary, "address", case.ref)
    address = reverse("organisation:address", args=[case.ref])
    for typed, sentence in {
        "ivanka": "name@example.org",
        "Ivanka@invented.example": "The invitation to this very address came back.",
        "": "Fill in",
    }.items():
        answer = secretary.post(address, {"email": typed})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    secretary.post(address, {"email": "ivanka@other.example"})
    assert contact_of(type(case).objects.get(pk=case.pk)).email == "ivanka@other.example"
    mail.outbox.clear()
    post.deliver_due(world.clock.forward(minutes=1))
    assert [one.to for one in mail.outbox] == [["ivanka@other.example"]]
    assert secretary.get(old).status_code == 410
    assert "could not be delivered" not in page(secretary, "home") + page(secretary, "case", case.ref)
    assert Entry.objects.filter(event="contact.correct").get().facts == {}


def test_a_mailbox_that_the_server_refuses_at_once_is_a_bounce_too_and_is_not_tried_for_ever(world, settings):
    case = given.case_opened(world)
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "tests.web.test_bounced.NobodyThere"
    assert post.deliver_due(world.clock.now) == 0
    row = Letter.objects.get(case=case, kind=LetterKind.INVITATION)
    assert (row.bounce_class, row.sent_at, row.try_at) == (5, None, None)
    settings.EMAIL_BACKEND = works
    services.revive_link(case.ref, actor=APPLICANT, at=world.clock.now)
    assert post.deliver_due(world.clock.now) == 2, "the invitation that was asked for again, and the word about it"


def test_an_address_stays_once_somebody_has_begun_to_fill_in_the_form(secretary, world, tmp_path):
    """Or a link to another address would open what the applicant said."""
    case, letter = invited(world)
    identity.save_step(case.ref, step="name", said=given.steps()["name"], actor=APPLICANT, at=world.clock.now)
    came_back(letter, tmp_path, "--apply")
    answer = secretary.post(reverse("organisation:address", args=[case.ref]), {"email": "else@other.example"})
    assert "so its address stays" in answer.content.decode()
    assert contact_of(type(case).objects.get(pk=case.pk)).email == "ivanka@invented.example"


@pytest.mark.parametrize("kind", sorted(set(LetterKind) - {LetterKind.INVITATION, LetterKind.GUARDIAN}))
def test_that_any_other_letter_came_back_is_recorded_and_shown_to_nobody(secretary, world, tmp_path, kind):
    case, _letter = invited(world)
    before = [page(secretary, "case", case.ref), page(secretary, "home")]
    came_back(sent(case, kind), tmp_path, "--apply")
    assert Letter.objects.get(case=case, kind=kind).bounced_at is not None
    assert [page(secretary, "case", case.ref), page(secretary, "home")] == before
    assert Letter.objects.filter(kind=LetterKind.UNDELIVERED).count() == (kind == LetterKind.UNDELIVERED)


def test_after_consent_a_new_link_that_comes_back_is_told_to_no_organisation(secretary, world, tmp_path):
    """The applicant asks for a new link at any time, and whether they can be reached is theirs to tell."""
    seen = set()
    for reached in (True, False):
        world.organisation.name = "Invented Club"
        case = given.case_cleared(world)
        mail.outbox.clear()
        services.revive_link(case.ref, actor=APPLICANT, at=world.clock.now)
        post.deliver_due(world.clock.now)
        letter = next(one for one in mail.outbox if one.to == ["ivanka@invented.example"] and "asks" in one.subject)
        if not reached:
            came_back(letter, tmp_path, "--apply")
        html = page(secretary, "case", case.ref).replace(case.reference, "").replace(str(case.ref), "")
        seen.add(html)
        assert secretary.get(reverse("organisation:address", args=[case.ref])).status_code == 302
        with pytest.raises(Refused, match="address-not-back"):
            identity.correct_address(case.ref, email="x@y.example", actor=APPLICANT, at=world.clock.now)
    assert len(seen) == 1
    assert not Letter.objects.filter(kind=LetterKind.UNDELIVERED).exists()


def test_before_consent_it_looks_the_same_whether_the_applicant_has_refused_or_not(secretary, world, tmp_path):
    seen = set()
    for refuses in (True, False):
        case, letter = invited(world)
        if refuses:
            consents.withdraw(case.ref, actor=APPLICANT, at=world.clock.now)
        came_back(letter, tmp_path, "--apply")
        html = page(secretary, "case", case.ref).replace(case.reference, "").replace(str(case.ref), "")
        seen.add((html, case.letters.filter(kind=LetterKind.UNDELIVERED).count()))
        assert secretary.get(reverse("organisation:address", args=[case.ref])).status_code == 200
    assert len(seen) == 1
    assert next(iter(seen))[1] == 1


def test_a_stranger_and_a_viewer_correct_no_address(client, world, tmp_path):
    case, letter = invited(world)
    came_back(letter, tmp_path, "--apply")
    client.force_login(given.world().secretary)
    assert client.get(reverse("organisation:address", args=[case.ref])).status_code == 404
