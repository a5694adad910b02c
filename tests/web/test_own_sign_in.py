"""Signing in with an organisation's own account: for its invited members alone, whatever its provider says."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests import given
from tests.identity_provider import SECRET, provider, unsigned
from tests.own_sign_in import code, comes, goes, is_in, load, there
from tests.web.test_second_factor import activates, code_of, signs_in
from vetting.audit.models import Entry
from vetting.audit.ports import SYSTEM
from vetting.authorities.access import give_desk
from vetting.authorities.models import Authority
from vetting.errors import Refused
from vetting.organisations import services
from vetting.organisations.access import give_role
from vetting.organisations.models import IdentityProvider, Organisation, User
from vetting.organisations.rules import Role

pytest_plugins = ["tests.own_sign_in_fixtures"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(theirs):
    return theirs.world


def test_an_invited_member_comes_in_and_nobody_gets_an_account(client, world, theirs):
    people = User.objects.count()
    page = comes(client)
    assert page.redirect_chain[-1][0] == reverse("organisation:home")
    assert is_in(client)
    assert User.objects.count() == people


def test_the_provider_gets_state_nonce_and_proof_and_nothing_about_the_person(client, world, theirs):
    comes(client)
    (asked,) = [said for where, said, _ in theirs.asked if where == "authorise"]
    assert set(asked) == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
        "code_challenge_method",
    }  # fmt: skip
    assert asked["scope"] == "openid email"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert min(map(len, (asked["state"], asked["nonce"], asked["code_challenge"]))) >= 43
    _, said, headers = next(one for one in theirs.asked if one[0] == "token")
    assert SECRET not in str(said)
    assert "Cookie" not in headers


def test_a_lie_of_the_provider_lets_nobody_in_and_gets_a_sentence(client, world, theirs):
    theirs.claims["email_verified"] = False
    assert "does not say that your e-mail address is verified" in comes(client).content.decode()
    theirs.claims = {"nonce": "x" * 43}
    assert "cannot be used. Tell who looks after it: id-token-nonce" in comes(client).content.decode()
    theirs.claims, theirs.sign = {}, unsigned
    page = comes(client)
    assert "id-token-shape" in page.content.decode()
    assert page.redirect_chain[-1][0] == reverse("own_sign_in", args=[code()])
    assert not is_in(client)


def test_somebody_whom_nobody_invited_does_not_come_in(client, world, theirs):
    theirs.email = "stranger@invented.example"
    assert "Ask your manager to invite you." in comes(client).content.decode()
    assert not is_in(client)
    assert not User.objects.filter(email=theirs.email).exists()


def elsewhere(world):
    club = Organisation.objects.create(name="Another Invented Club", state="IE")
    give_role(world.secretary, club, Role.VIEWER)


OUTSIDE = {
    "a clerk": lambda world: give_desk(world.secretary, Authority.objects.get(state="IE")),
    "a member of another club": elsewhere,
    "an operator": lambda world: User.objects.filter(pk=world.secretary.pk).update(is_superuser=True),
    "staff": lambda world: User.objects.filter(pk=world.secretary.pk).update(is_staff=True),
    "somebody who left": lambda world: User.objects.filter(pk=world.secretary.pk).update(is_active=False),
}


@pytest.mark.parametrize("more", OUTSIDE.values(), ids=OUTSIDE)
def test_who_is_more_than_a_member_does_not_come_in_by_it(client, world, theirs, more):
    """A manager may invite any address, also a clerk's: then the club's provider must not open the desk."""
    more(world)
    page = comes(client).content.decode()
    assert "Ask your manager to invite you." in page
    assert not is_in(client)


@pytest.mark.parametrize("who", ["clerk", "other_clerk", "another club's"])
def test_a_verified_address_of_somebody_elsewhere_opens_nothing_and_says_the_same(client, world, theirs, who):
    theirs.email = given.world().secretary.email if who == "another club's" else getattr(world, who).email
    known = comes(client).content.decode()
    theirs.email = "stranger@invented.example"
    unknown = comes(client).content.decode()
    assert not is_in(client)
    token = re.compile('csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub("", known) == token.sub("", unknown)


def test_a_role_that_comes_later_stays_out_of_reach_of_a_session_by_the_provider(client, world, theirs):
    comes(client)
    elsewhere(world)
    give_desk(world.secretary, Authority.objects.get(state="IE"))
    other = Organisation.objects.get(name="Another Invented Club")
    world.organisation, ours = other, world.organisation
    case = given.case_opened(world)
    assert client.get(reverse("organisation:case", args=[case.ref])).status_code == 404
    assert client.get(reverse("desk:queue")).status_code == 404
    world.organisation = ours
    assert client.get(reverse("organisation:case", args=[given.case_opened(world).ref])).status_code == 200
    client.logout()
    signs_in(client, world.secretary)  # the password opens all of it
    assert client.get(reverse("desk:queue")).status_code == 200


def test_a_branch_signs_in_where_its_organisation_does(client, world, theirs):
    branch = services.open_branch(world.organisation, name="Invented Branch", actor=SYSTEM, at=given.START)
    somebody = given.user("branchperson")
    give_role(somebody, branch, Role.SUBMITTER)
    theirs.email = somebody.email.upper()
    comes(client)
    assert is_in(client)
    with pytest.raises(Refused, match="provider-of-branch"):
        load(branch, theirs)


def test_an_answer_is_good_once_for_the_browser_that_began_and_not_for_long(client, world, theirs, time_machine):
    back = there(goes(client))
    client.get(back)
    assert is_in(client)
    client.logout()
    answer = client.get(back, follow=True)
    assert "was begun elsewhere, or is over" in answer.content.decode()
    assert not is_in(client)
    stolen = there(goes(type(client)()))  # an attacker's own answer, put before somebody else
    goes(client)
    assert "was begun elsewhere" in client.get(stolen, follow=True).content.decode()
    time_machine.move_to(time.time())
    back = there(goes(client))
    time_machine.shift(11 * 60)
    assert "was begun elsewhere" in client.get(back, follow=True).content.decode()
    assert not is_in(client)


def test_an_answer_of_one_provider_is_not_taken_for_that_of_another(client, world, theirs):
    other = given.world()
    with provider() as second:
        mine = load(other.organisation, second)
        back = urlsplit(there(client.get(reverse("own_sign_in_go", args=[mine.code]))["Location"]))
        honest = IdentityProvider.objects.get(organisation=world.organisation)
        client.get(f"{reverse('own_sign_in_back', args=[honest.code])}?{back.query}")
        assert not is_in(client)
        back = there(client.get(reverse("own_sign_in_go", args=[mine.code]))["Location"])
        client.get(f"{back}&iss=https://evil.example")
        assert not is_in(client)


def test_a_provider_that_is_away_or_says_no_gets_a_sentence(client, world, theirs):
    theirs.status = 503
    assert "does not answer now" in comes(client).content.decode()
    theirs.status = 302
    assert "cannot be used" in comes(client).content.decode()
    state = parse_qs(urlsplit(goes(client)).query)["state"][0]
    back = reverse("own_sign_in_back", args=[code()])
    page = client.get(back, {"error": "access_denied", "state": state}, follow=True).content.decode()
    assert "ended without a result" in page
    address = goes(client)
    theirs.server_close()
    answer = client.get(back, {"code": "x", "state": parse_qs(urlsplit(address).query)["state"][0]}, follow=True)
    assert "does not answer now" in answer.content.decode()
    assert not is_in(client)


def test_without_the_secret_in_the_environment_nobody_is_sent_a_code(client, world, theirs, monkeypatch):
    monkeypatch.delenv("SIGN_IN_SECRET_CLUB")
    assert "secret-missing" in comes(client).content.decode()
    assert "token" not in [where for where, _, _ in theirs.asked]


def test_our_second_factor_stays_required_unless_the_provider_s_counts(client, world, theirs, settings):
    settings.SECOND_FACTOR = True
    people = reverse("organisation:people")
    theirs.claims["amr"] = ["pwd", "otp"]
    comes(client)
    assert client.get(people)["Location"] == reverse("mfa_index")
    load(world.organisation, theirs, amr=["mfa"], acr=["gold"])
    client.logout()
    comes(client)
    assert client.get(people).status_code == 302, "other words than those agreed do not count"
    for said in ({"amr": ["pwd", "mfa"]}, {"amr": [], "acr": "gold"}):
        theirs.claims.update(said)
        client.logout()
        comes(client)
        assert client.get(people).status_code == 200


def test_who_has_a_second_factor_here_is_asked_for_it(client, world, theirs, settings):
    signs_in(client, world.secretary)
    secret = activates(client)
    client.logout()
    page = comes(client)
    assert page.redirect_chain[-1][0].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    cache.clear()
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(client)
    give_desk(world.secretary, Authority.objects.get(state="IE"))
    assert client.get(reverse("desk:queue")).status_code == 404, "it is still a session by the provider"


def test_no_passkey_is_made_in_a_session_by_the_provider(client, world, theirs):
    comes(client)
    answer = client.get(reverse("mfa_add_webauthn"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    assert "sign in with your password" in answer.content.decode()


def test_a_provider_that_is_switched_off_ends_its_sessions_too(client, world, theirs):
    comes(client)
    load(world.organisation, theirs, is_active=False)
    assert client.get(reverse("organisation:home")).status_code == 404
    client.logout()
    assert client.get(reverse("own_sign_in_go", args=[code()]), follow=True).status_code == 200
    assert not is_in(client)


def test_the_page_for_a_code_tells_no_organisations_apart(client, world, theirs):
    page = client.get(reverse("own_sign_in_choose")).content.decode()
    assert world.organisation.name not in page
    answer = client.post(reverse("own_sign_in_choose"), {"code": "AAAA-AAAA-AAAA"})
    assert answer.status_code == 422
    assert "No organisation signs in with this code." in answer.content.decode()
    assert 'value="AAAA-AAAA-AAAA"' in answer.content.decode()
    typed = code().lower().replace("-", " ")
    answer = client.post(reverse("own_sign_in_choose"), {"code": typed})
    assert answer["Location"] == reverse("own_sign_in", args=[code()])
    assert world.organisation.name in client.get(answer["Location"]).content.decode()
    assert "The organisation of last time" in client.get(reverse("own_sign_in_choose")).content.decode()
    assert re.fullmatch("[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code())


def test_guessing_codes_is_slowed_down(client, world, theirs):
    answers = {client.post(reverse("own_sign_in_choose"), {"code": f"AAAA-AAAA-{one:04}"}).status_code
               for one in range(70)}  # fmt: skip
    assert answers == {422, 429}
    assert client.get(reverse("own_sign_in", args=[code()])).status_code == 429


def test_one_goes_on_where_one_wanted_and_never_to_another_site(client, world, theirs):
    page = comes(client, next=reverse("organisation:roster"))
    assert page.redirect_chain[-1][0] == reverse("organisation:roster")
    client.logout()
    assert comes(client, next="https://evil.example/").redirect_chain[-1][0] == reverse("organisation:home")


def test_a_manager_finds_the_address_to_give_to_the_people(client, world, theirs):
    client.force_login(world.secretary)
    assert reverse("own_sign_in", args=[code()]) in client.get(reverse("organisation:people")).content.decode()
    assert reverse("own_sign_in_choose") in type(client)().get(reverse("account_login")).content.decode()


def test_loading_is_recorded_and_one_client_belongs_to_one_organisation(world, theirs):
    assert Entry.objects.get(event="organisation.sign_in").facts["organisation"] == str(world.organisation.ref)
    with pytest.raises(Refused, match="provider-of-another"):
        load(given.world().organisation, theirs)
    kept = str(IdentityProvider.objects.values().get())
    assert SECRET not in kept
    for name in ("SECRET_KEY", "sign_in_secret_x", "SIGN_IN_SECRET_", "SIGN_IN_SECRET_A;B"):
        with pytest.raises(Refused, match="secret-name"):
            load(world.organisation, theirs, secret_name=name)
