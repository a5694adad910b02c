"""A session that ended while somebody typed: what was typed is shown again, to them alone, and nothing is done."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from tests import given
from tests.test_conventions import views
from tests.web.questions_desk import NOBODY, asked
from vetting.audit.models import Entry
from vetting.cases.models import Case
from vetting.cases.rules import CaseState
from vetting.organisations.access import give_role
from vetting.organisations.models import Organisation, User
from vetting.organisations.rules import Role

pytestmark = pytest.mark.django_db
SEALED = re.compile(r'name="unsent" value="([^"]+)"')


@pytest.fixture
def world(time_machine):
    cache.clear()
    world = given.world()
    time_machine.move_to(world.clock.now)
    return world


def new_case(world, **changes):
    return {
        "organisation": world.organisation.pk, "activity": "sport_coaching", "role": "voluntary", "language": "en",
        "given_name": "Ivanka", "surname": "Izmislena", "email": "ivanka@invented.example", "once": str(uuid4()),
        **changes,
    }  # fmt: skip


def signed_in(client, user):
    """Somebody who has looked at a page of theirs, as everybody has before they type."""
    client.force_login(user)
    client.get(reverse("start"), follow=True)
    return client


def session_ends(client):
    """By itself, after half a day: only the browser still has its cookies."""
    Session.objects.all().delete()
    cache.clear()
    return client


def after_the_end(client, address, typed):
    """The page that answers a form sent too late, and what it carries."""
    answer = session_ends(client).post(address, typed)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "What you typed is not lost" in page
    return SEALED.findall(page)[0]


def forms(world, client):
    """Every form that keeps what was typed: who sends it, where, what, and a word of it to find again."""
    submit, question = given.case_consented(world), asked(world, *NOBODY)
    waits = given.case_submitted(world)
    signed_in(client, world.clerk).post(reverse("desk:question_open", args=[question.ref]), {"reason": "answer"})
    unopened, club = asked(world), world.organisation
    told = {"activity": "sport_coaching", "role": "voluntary", "language": "en", "organisation": club.pk}
    person = {"first_name": "Maya", "last_name": "Voorbeeld", "email": "maya@invented.example", "role": "submitter"}
    rows = {"given_name": "Jan", "surname": "Voorbeeld", "email": "jan@invented.example", "once": str(uuid4())}
    checked = 'value="{}"[^>]*checked'.format
    secretary, clerk = world.secretary, world.clerk
    return {
        "organisation:new": (secretary, [], new_case(world), 'value="ivanka@invented.example"'),
        "organisation:submit": (secretary, [submit.ref], {"seen": "on", "version": "1"}, 'name="seen"[^>]*checked'),
        "organisation:many": (secretary, [], {**told, "pasted": "Jan\tVoorbeeld\tjan@x.example"}, "Jan\tVoorbeeld"),
        "organisation:many_send": (secretary, [], {**told, **rows, "send": "yes"}, 'value="jan@invented.example"'),
        "organisation:invite_person": (secretary, [club.ref], person, 'value="maya@invented.example"'),
        "organisation:open_branch": (secretary, [club.ref], {"name": "Invented Branch"}, 'value="Invented Branch"'),
        "desk:open": (clerk, [waits.ref], {"reason": "supervision"}, checked("supervision")),
        "desk:route": (clerk, [], {"home": "IE", "nationalities": ["BG"]}, 'value="BG" selected'),
        "desk:question_open": (clerk, [unopened.ref], {"reason": "supervision"}, checked("supervision")),
        "desk:question_answer": (clerk, [question.ref], {"answer": "refused"}, checked("refused")),
        "desk:keep_view": (clerk, [], {"name": "weekly", "who": "mine"}, 'value="weekly" selected'),
    }  # fmt: skip


def test_every_form_that_keeps_typing_shows_it_again_and_does_nothing(client, world):
    listed = forms(world, client)
    keeping = {view for _, view in views(get_resolver()) if hasattr(view, "keeps_typing")}
    assert len(keeping) == len(listed)

    def everything():
        tables = [
            name for name in connection.introspection.table_names()
            if name.partition("_")[0] not in {"django", "cache", "organisations"}
        ]  # fmt: skip
        with connection.cursor() as cursor:
            for name in sorted(tables):
                cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - the names are the database's own
                yield name, sorted(cursor.fetchall(), key=repr)  # in whichever order the database has them
        yield "people", [*User.objects.order_by("pk").values_list("email")], [*Organisation.objects.values_list("name")]

    before = [*everything()]
    for name, (user, args, typed, found) in listed.items():
        address = reverse(name, args=args)
        sealed = after_the_end(signed_in(client, user), address, typed)
        answer = signed_in(client, user).post(address, {"unsent": sealed})
        page = answer.content.decode()
        assert answer.status_code == 200, name
        assert "This is what you typed. Nothing was sent yet" in page, name
        assert re.search(found, page), name
        assert [*everything()] == before, name


def test_what_is_shown_again_can_be_sent_and_is_sent_once(client, world):
    typed = new_case(world)
    address = reverse("organisation:new")
    sealed = after_the_end(signed_in(client, world.secretary), address, typed)
    signed_in(client, world.secretary).post(address, {"unsent": sealed})
    for _ in range(2):
        client.post(address, typed)
        client.post(address, {"unsent": sealed})  # the back button
    assert Case.objects.count() == 1


def test_pressed_before_signing_in_it_is_still_there(client, world):
    address = reverse("organisation:new")
    sealed = after_the_end(signed_in(client, world.secretary), address, new_case(world))
    answer = client.post(address, {"unsent": sealed})
    assert "You are not signed in yet." in answer.content.decode()
    sealed = SEALED.findall(answer.content.decode())[0]
    page = signed_in(client, world.secretary).post(address, {"unsent": sealed}).content.decode()
    assert "ivanka@invented.example" in page


def test_nothing_of_it_can_be_read_in_the_page_and_nothing_is_stored(client, world):
    address = reverse("organisation:new")
    signed_in(client, world.secretary)
    session_ends(client)
    page = client.post(address, new_case(world)).content.decode()
    assert "ivanka" not in page
    assert "Izmislena" not in page
    assert not Session.objects.exists()


def test_somebody_else_who_signs_in_on_this_browser_does_not_see_it(client, world):
    address = reverse("organisation:new")
    sealed = after_the_end(signed_in(client, world.secretary), address, new_case(world))
    other = given.user("another")
    give_role(other, world.organisation, Role.MANAGER)
    page = signed_in(client, other).post(address, {"unsent": sealed}, follow=True).content.decode()
    assert "ivanka@invented.example" not in page
    assert "typed by somebody else" in page


def test_it_opens_for_its_own_address_alone_and_not_for_ever_and_not_altered(client, world, time_machine):
    address = reverse("organisation:new")
    sealed = after_the_end(signed_in(client, world.secretary), address, new_case(world))
    signed_in(client, world.secretary)
    for elsewhere, what in (
        (reverse("organisation:many"), sealed), (f"{address}?again=x", sealed), (address, sealed[:-4] + "AAA="),
        (address, "x"), (reverse("organisation:two_to_submit", args=[world.organisation.ref]), sealed),
    ):  # fmt: skip
        answer = client.post(elsewhere, {"unsent": what, "two": "yes"}, follow=True)
        assert "What was typed is not shown" in answer.content.decode()
    assert not Organisation.objects.filter(two_to_submit=True).exists()
    time_machine.move_to(world.clock.forward(hours=13))
    signed_in(client, world.secretary)
    assert client.post(address, {"unsent": sealed}).status_code == 302


def test_another_site_can_neither_have_a_form_kept_nor_shown(world):
    """A browser sends no cookie of ours with it, and what an attacker had sealed is theirs."""
    address, attacker, victim = reverse("organisation:new"), Client(), Client(enforce_csrf_checks=True)
    assert attacker.post(address, new_case(world)).status_code == 302
    evil = given.user("evil")
    give_role(evil, world.organisation, Role.SUBMITTER)
    sealed = after_the_end(signed_in(attacker, evil), address, new_case(world))
    answer = signed_in(victim, world.secretary).post(address, {"unsent": sealed})
    assert answer.status_code == 302
    headers = {"Origin": "https://evil.example"}
    answer = victim.post(address, new_case(world), headers=headers)
    assert answer.status_code == 403
    assert not SEALED.findall(answer.content.decode())
    assert not Case.objects.exists()


def test_a_page_opened_before_signing_in_again_in_another_tab_keeps_what_was_typed(world):
    browser = Client(enforce_csrf_checks=True)
    signed_in(browser, world.secretary)
    address, origin = reverse("organisation:new"), {"Origin": "http://testserver"}
    old = {**new_case(world), "csrfmiddlewaretoken": "x" * 64}
    answer = browser.post(address, old, headers=origin)
    assert answer.status_code == 403
    sealed = SEALED.findall(answer.content.decode())[0]
    assert "ivanka@invented.example" in browser.post(address, {"unsent": sealed}, headers=origin).content.decode()
    assert not Case.objects.exists()


def test_a_file_is_chosen_again_and_all_else_is_kept(client, world):
    address = reverse("organisation:many")
    file = SimpleUploadedFile("list.csv", b"Ivanka;Izmislena;ivanka@invented.example")
    typed = {**new_case(world), "file": file}
    signed_in(client, world.secretary)
    page = session_ends(client).post(address, typed).content.decode()
    assert "Only the file you chose is not kept" in page
    page = signed_in(client, world.secretary).post(address, {"unsent": SEALED.findall(page)[0]}).content.decode()
    assert "A file cannot be kept: choose it again." in page
    assert re.search('value="sport_coaching" [^>]*selected|value="sport_coaching"[^>]*checked', page)


def test_a_long_list_is_kept_whole(client, world):
    lines = "\n".join(f"Person{number}\tIzmislena{number}\tp{number}@invented.example" for number in range(500))
    address = reverse("organisation:many")
    sealed = after_the_end(signed_in(client, world.secretary), address, {**new_case(world), "pasted": lines})
    page = signed_in(client, world.secretary).post(address, {"unsent": sealed}).content.decode()
    assert "p499@invented.example" in page


def test_a_button_is_pressed_again_on_the_page_it_stood_on(client, world):
    case = given.case_submitted(world)
    signed_in(client, world.clerk)
    session_ends(client)
    page = f"http://testserver{reverse('desk:case', args=[case.ref])}"
    answer = client.post(reverse("desk:accept", args=[case.ref]), headers={"Referer": page})
    assert answer["Location"] == f"{reverse('account_login')}?next=%2Fdesk%2Fcases%2F{case.ref}%2F"
    assert "Nothing was changed." in client.get(answer["Location"]).content.decode()
    assert Case.objects.get(pk=case.pk).state == CaseState.SUBMITTED
    answer = client.post(reverse("desk:take_next"), headers={"Referer": "https://elsewhere.example/desk/"})
    assert answer["Location"].endswith(f"?next={reverse('start').replace('/', '%2F')}")


def test_looking_over_leaves_no_entry_in_the_record(client, world):
    address = reverse("organisation:new")
    sealed = after_the_end(signed_in(client, world.secretary), address, new_case(world))
    entries = Entry.objects.count()
    signed_in(client, world.secretary).post(address, {"unsent": sealed})
    assert Entry.objects.count() == entries


def test_the_cookie_that_says_whose_it_is_names_nobody_and_is_for_this_site_alone(client, world):
    signed_in(client, world.secretary)
    cookie = client.cookies["whose"]
    assert world.secretary.email not in cookie.value
    assert (cookie["samesite"], cookie["httponly"], cookie["max-age"]) == ("Lax", True, "")
    assert timedelta(hours=12) >= timedelta(seconds=client.session.get_expiry_age())
