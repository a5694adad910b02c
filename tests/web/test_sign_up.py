"""A stranger signs an organisation up: two minutes, one mail, and nobody learns which addresses are known."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import given
from tests.web.test_organisation_and_desk import TYPED
from vetting.audit.models import Entry
from vetting.audit.ports import Actor
from vetting.authorities.access import give_supervision
from vetting.authorities.models import Authority
from vetting.cases.models import Case
from vetting.checks import sign_up_policy_is_known
from vetting.errors import Refused
from vetting.organisations import services
from vetting.organisations.access import managers_of
from vetting.organisations.models import Organisation, SignUp, User

pytestmark = pytest.mark.django_db
GIVEN = {
    "organisation": "Invented Chess Club", "first_name": "Nina", "last_name": "Sample", "email": "Nina@chess.example",
    "children": "on",
}  # fmt: skip
PASSWORD = "an invented way in 8"


@pytest.fixture
def world(time_machine, settings):
    cache.clear()
    settings.ORGANISATION_SIGN_UP = "open"
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def signed_up(client, **typed):
    answer = client.post(reverse("organisation:sign_up"), {**GIVEN, **typed})
    assert answer["Location"] == reverse("organisation:sign_up_sent")
    assert client.get(answer["Location"]).status_code == 200
    return re.findall(r"http://[^/]+(/\S+)", str(mail.outbox[-1].body))[0]


def comes_in(client, link):
    """Confirm, choose a password, sign in."""
    assert GIVEN["organisation"] in client.get(link).content.decode()
    form = client.get(client.post(link)["Location"], follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    client.post(reverse("account_login"), {"login": "nina@chess.example", "password": PASSWORD})


def test_from_sign_up_to_the_first_invitation_there_are_six_pages_and_one_mail(client, world):
    comes_in(client, signed_up(client))
    place = Organisation.objects.get(name="Invented Chess Club")
    assert (place.state, place.is_on, str(managers_of(place).get())) == ("IE", True, "Nina Sample")
    client.post(reverse("organisation:new"), {**TYPED, "organisation": place.pk})
    assert Case.objects.get().organisation == place
    assert len(mail.outbox) == 1
    assert client.get(reverse("organisation:people")).status_code == 200
    assert not SignUp.objects.exists()
    events = list(Entry.objects.filter(event__startswith="organisation.").values_list("event", flat=True))
    assert events == ["organisation.sign_up", "organisation.confirm"]


def test_before_the_mail_is_read_there_is_no_organisation_and_no_account_and_opening_the_link_makes_none(client, world):
    link = signed_up(client)
    for _ in range(2):
        assert client.get(link).status_code == 200  # a mail program looks at links too
    assert not Organisation.objects.filter(name="Invented Chess Club").exists()
    assert not User.objects.filter(email="nina@chess.example").exists()


def test_a_known_and_an_unknown_address_get_the_same_page_the_same_mail_and_cost_the_same(client, world):
    seen = []
    for address in (world.secretary.email, "nobody@chess.example"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(reverse("organisation:sign_up"), {**GIVEN, "email": address})
        letter = mail.outbox[-1]
        assert letter.to == [address]
        body = re.sub(r"/sign-up/[^/\s]+/", "/sign-up/SECRET/", str(letter.body))
        ours = [one["sql"] for one in queries if not re.search(r"SAVEPOINT|\bcache\b|audit_head", one["sql"])]
        shapes = [re.sub(r"'[^']*'|\b\d+\b", "?", sql) for sql in ours]
        seen.append((answer.status_code, answer["Location"], letter.subject, body, shapes))
    assert seen[0] == seen[1]


def test_somebody_who_has_an_account_keeps_name_and_password_and_manages_one_more_organisation(client, world):
    link = signed_up(client, email=world.secretary.email)
    answer = client.post(link)
    assert answer["Location"] == reverse("start")
    assert User.objects.get(email=world.secretary.email).get_full_name() == world.secretary.get_full_name()
    assert managers_of(Organisation.objects.get(name="Invented Chess Club")).get() == world.secretary


def test_a_link_works_once_and_for_three_days(client, world, time_machine):
    link = signed_up(client)
    client.post(link)
    assert client.post(link).status_code == client.get(link).status_code == 410
    late = signed_up(client, organisation="Invented Tea Club")
    time_machine.move_to(world.clock.forward(days=3, minutes=1))
    assert client.post(late).status_code == 410
    assert client.get(reverse("organisation:sign_up_confirm", args=["x" * 40])).status_code == 410
    assert not Organisation.objects.filter(name="Invented Tea Club").exists()
    call_command("erase_due", "--apply")
    assert not SignUp.objects.exists()


def test_what_is_missing_is_said_and_what_was_typed_stays(client, world):
    answer = client.post(reverse("organisation:sign_up"), {**GIVEN, "email": "nina", "children": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This is not an e-mail address." in page
    assert "Only organisations that recruit for work with children" in page
    assert 'value="Invented Chess Club"' in page
    assert mail.outbox == []


@pytest.mark.parametrize("field", ["organisation", "first_name", "last_name"])
@pytest.mark.parametrize("text", ["win at evil.example", "https://evil/", "write to a@b"])
def test_nobody_sends_a_link_of_theirs_to_an_address_of_somebody_else(client, world, field, text):
    answer = client.post(reverse("organisation:sign_up"), {**GIVEN, field: text})
    assert answer.status_code == 422
    assert "Write the name without an address" in answer.content.decode()
    said = {name: GIVEN[name] for name in ("organisation", "first_name", "last_name", "email")}
    with pytest.raises(Refused, match="sign-up-link"):
        services.sign_up(**{**said, field: text}, state="IE", actor=Actor("public"), at=world.clock.now)
    assert mail.outbox == []


def test_one_address_is_not_written_to_again_and_again(client, world):
    answers = [client.post(reverse("organisation:sign_up"), GIVEN).status_code for _ in range(6)]
    assert answers == [302, 302, 302, 302, 429, 429]
    assert len(mail.outbox) == 4
    page = client.post(reverse("organisation:sign_up"), GIVEN).content.decode()
    assert "This was tried too often." in page
    assert 'value="Invented Chess Club"' in page


def test_a_mail_server_that_does_not_answer_is_a_sentence(client, world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = client.post(reverse("organisation:sign_up"), GIVEN)
    assert answer.status_code == 503
    assert "The mail could not be sent." in answer.content.decode()


def test_where_a_supervisor_looks_first_nothing_can_be_opened_before(client, world, settings):
    settings.ORGANISATION_SIGN_UP = "approved"
    assert "The authority looks at every sign-up" in client.get(reverse("organisation:sign_up")).content.decode()
    comes_in(client, signed_up(client))
    place = Organisation.objects.get(name="Invented Chess Club")
    home = client.get(reverse("start"), follow=True).content.decode()
    assert "Invented Chess Club waits for the authority" in home
    assert client.get(reverse("organisation:new")).status_code == 404
    assert client.get(reverse("organisation:people")).status_code == 404
    supervisor = client.__class__()
    give_supervision(world.clerk, Authority.objects.get(state="IE"))
    supervisor.force_login(world.clerk)
    assert "Invented Chess Club" in supervisor.get(reverse("desk:organisations")).content.decode()
    supervisor.post(reverse("desk:organisation_switch", args=[place.ref]), {"on": "yes"})
    assert mail.outbox[-1].to == ["nina@chess.example"]
    assert "can ask for checks now" in mail.outbox[-1].subject
    assert client.post(reverse("organisation:new"), {**TYPED, "organisation": place.pk}).status_code == 302
    place.refresh_from_db()
    assert place.waits_since is None


def test_a_refused_sign_up_leaves_neither_organisation_nor_account_but_an_older_account_stays(client, world, settings):
    settings.ORGANISATION_SIGN_UP = "approved"
    client.post(signed_up(client))
    client.post(signed_up(client, organisation="Invented Tea Club", email=world.secretary.email))
    give_supervision(world.clerk, Authority.objects.get(state="IE"))
    client.force_login(world.clerk)
    for name in ("Invented Chess Club", "Invented Tea Club"):
        place = Organisation.objects.get(name=name)
        switched = client.post(reverse("desk:organisation_switch", args=[place.ref]), {"on": "no"}, follow=True)
        assert "Refuse its sign-up instead." in switched.content.decode()
        client.post(reverse("desk:organisation_refuse", args=[place.ref]))
        assert "was not switched on" in mail.outbox[-1].subject
    assert not Organisation.objects.filter(name__endswith="Chess Club").exists()
    assert not User.objects.filter(email="nina@chess.example").exists()
    assert User.objects.filter(email=world.secretary.email).exists()
    client.force_login(world.secretary)
    assert client.get(reverse("organisation:new")).status_code == 200


def test_a_policy_that_nobody_knows_is_refused_at_boot_and_taken_for_the_safe_one(client, world, settings):
    settings.ORGANISATION_SIGN_UP = "opne"
    assert [one.id for one in sign_up_policy_is_known()] == ["vetting.E008"]
    client.post(signed_up(client))
    assert not Organisation.objects.get(name="Invented Chess Club").is_on
    settings.ORGANISATION_SIGN_UP = "approved"
    assert sign_up_policy_is_known() == []


def test_a_sign_up_that_nobody_confirms_goes_with_the_next_one(client, world, time_machine):
    signed_up(client)
    time_machine.move_to(world.clock.now + timedelta(days=4))
    signed_up(client, organisation="Invented Tea Club")
    assert list(SignUp.objects.values_list("organisation", flat=True)) == ["Invented Tea Club"]
