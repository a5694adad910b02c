"""Who is 16 or 17 agrees together with a parent or guardian; who is younger is told so; who is 18 agrees alone."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import given
from vetting import post
from vetting.cases.access import APPLICANT
from vetting.cases.models import Letter
from vetting.cases.queries import contact_of
from vetting.consent.models import Consent
from vetting.errors import Refused
from vetting.identity.services import save_step, submit
from vetting.web.applicant.guardian import GUARDIAN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
ADDRESS = "parent@invented.example"
SEVENTEEN = {"date": [2009, 5, 17]}


@pytest.fixture
def young(world):
    """Somebody of seventeen who has filled in everything but the last step."""
    case = given.case_opened(world)
    for step, said in given.steps(birth=SEVENTEEN).items():
        save_step(case.ref, step=step, said=said, actor=APPLICANT, at=world.clock.now)
    return case


def browser_of(case):
    browser = Client()
    session = browser.session
    session["applicant_case"] = str(case.ref)
    session.save()
    return browser


def named(case, address=ADDRESS):
    browser = browser_of(case)
    browser.post(reverse("applicant:step", args=["guardian"]), {"email": address})
    return browser


@pytest.fixture
def link(world, time_machine):
    """The page that the newest mail to the guardian names."""

    def newest():
        post.deliver_due(world.clock.forward(seconds=1))
        time_machine.move_to(world.clock.now)
        return page_in_mail()

    return newest


def page_in_mail():
    bodies = [str(one.body) for one in mail.outbox if one.to == [ADDRESS]]
    return re.findall(r"https?://[^/]+(/g/\S+)", bodies[-1])[0]


def shown_in(page):
    """What a guardian who ticks the box sends."""
    return dict(re.findall(r'name="(guardian|version)" value="(\w+)"', page.content.decode()))


def agrees(client, address):
    return client.post(address, shown_in(client.get(address)))


def ticked(browser):
    """Tick everything that the applicant's last page shows."""
    page = browser.get(reverse("applicant:agree"))
    boxes = re.findall(r'type="checkbox"[^>]*name="(\w+)" value="([0-9a-f]{64})"', page.content.decode())
    return browser.post(reverse("applicant:agree"), dict(boxes)) if boxes else page


def test_the_guardian_agrees_first_then_the_applicant_and_only_then_it_is_the_clubs_turn(client, world, young, link):
    browser = browser_of(young)
    assert ticked(browser).url == reverse("applicant:step", args=["guardian"])
    browser = named(young)
    assert ticked(browser).url == reverse("applicant:guardian")
    assert ADDRESS in browser.get(reverse("applicant:guardian")).content.decode()
    page = link()
    shown = client.get(page).content.decode()
    assert world.organisation.name in shown
    assert "Bulgaria" in shown
    young.refresh_from_db()
    assert young.state == "invited"
    assert "You have agreed" in agrees(client, page).content.decode()
    assert [one.purpose for one in Consent.objects.filter(case=young)] == ["guardian"]
    assert Letter.objects.filter(case=young, kind="news").count() == 1
    assert ticked(browser).url == reverse("applicant:home")
    young.refresh_from_db()
    assert young.state == "consented"
    submit(young.ref, version=len(given.steps()) + 1, user=world.secretary, actor=APPLICANT, at=world.clock.now)
    young.refresh_from_db()
    assert young.state == "submitted"


def test_the_mail_carries_no_more_than_the_first_name_and_the_page_nothing_more(client, world, young, link):
    named(young)
    page = client.get(link()).content.decode()
    (said,) = [one for one in mail.outbox if one.to == [ADDRESS]]
    assert contact_of(young).given_name in said.body
    for text in (f"{said.subject} {said.body}", page):
        assert not re.search(r"Izmislena|2009|TEST-CLEAN|ivanka@", text)


def test_without_the_guardian_nothing_is_submitted_whatever_the_page_said(world, young):
    given.agree(world, young)
    with pytest.raises(Refused, match="no-guardian"):
        submit(young.ref, version=6, user=world.secretary, actor=APPLICANT, at=world.clock.now)


def test_what_changes_afterwards_is_agreed_to_anew_and_one_mail_says_so(client, world, young, link, time_machine):
    browser = named(young)
    agrees(client, link())
    for street in ("1 Invented Road", "2 Invented Road"):
        said = {**given.steps()["address"], "street": street}
        save_step(young.ref, step="address", said=said, actor=APPLICANT, at=world.clock.forward(minutes=1))
    time_machine.move_to(world.clock.now)
    assert Letter.objects.filter(case=young, kind="guardian").count() == 2
    assert ticked(browser).url == reverse("applicant:guardian")
    agrees(client, link())
    assert ticked(browser).url == reverse("applicant:home")


def test_what_the_guardian_read_before_a_change_is_not_what_they_agree_to(client, world, young, link):
    named(young)
    page = link()
    said = shown_in(client.get(page))
    address = {**given.steps()["address"], "street": "3 Invented Road"}
    save_step(young.ref, step="address", said=address, actor=APPLICANT, at=world.clock.now)
    assert client.post(page, said).status_code == 410
    assert not Consent.objects.exists()


def test_another_address_makes_the_first_link_worthless_at_once(client, young, link):
    named(young)
    first = link()
    named(young, "other@invented.example")
    assert client.get(first).status_code == 410


def test_nobody_is_their_own_guardian(world, young):
    browser = browser_of(young)
    typed = {"email": contact_of(young).email.upper()}
    page = browser.post(reverse("applicant:step", args=["guardian"]), typed)
    assert page.status_code == 422
    assert "not your own" in page.content.decode()
    with pytest.raises(Refused, match="own-address"):
        save_step(young.ref, step="guardian", said=typed, actor=APPLICANT, at=world.clock.now)
    assert not Letter.objects.filter(case=young, kind="guardian").exists()


def test_the_step_is_no_machine_for_mails(young):
    codes = {named_once(young, number) for number in range(8)}
    assert codes == {302, 429}
    assert Letter.objects.filter(case=young, kind="guardian").count() <= 4


def named_once(case, number):
    typed = {"email": f"parent{number}@invented.example"}
    return browser_of(case).post(reverse("applicant:step", args=["guardian"]), typed).status_code


def test_another_mail_makes_the_link_before_it_worthless(client, world, young, link):
    browser = named(young)
    first = link()
    browser.post(reverse("applicant:guardian"))
    second = link()
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_the_guardians_link_opens_nothing_else_and_the_applicants_no_guardians_page(client, world, young, link):
    named(young)
    secret = link().strip("/").split("/")[1]
    assert client.get(f"/a/{secret}/").status_code == 404
    assert client.get(reverse("applicant:home")).status_code == 404
    mine = [re.findall(r"/a/([^/\s]+)/", str(one.body)) for one in mail.outbox]
    assert client.get(f"/g/{next(found[0] for found in mine if found)}/").status_code == 404


def test_words_that_were_not_shown_cannot_be_agreed_to(client, world, young, link):
    named(young)
    page = link()
    assert client.post(page, {"guardian": "0" * 64}).status_code == 422
    assert client.post(page).status_code == 422
    assert not Consent.objects.exists()


def test_after_the_applicant_withdrew_there_is_nothing_to_agree_to(client, world, young, link):
    browser = named(young)
    page = link()
    said = shown_in(client.get(page))
    browser.post(reverse("applicant:withdraw"))
    assert client.post(page, said).status_code == 410
    assert not Consent.objects.exists()


@pytest.mark.parametrize(
    "born, answer",
    [(["17", "5", "2011"], "16 and over"), (["", "", "2010"], "16 and over"), (["24", "11", "2010"], None)],
)
def test_who_is_younger_than_sixteen_is_told_so_and_a_year_alone_counts_as_its_last_day(world, born, answer):
    case = given.case_opened(world)
    typed = {f"date_{place}": part for place, part in enumerate(born)}
    typed |= {"town": "Invented Town", "country": "BG", "sex": "2"}
    page = browser_of(case).post(reverse("applicant:step", args=["birth"]), typed)
    assert page.status_code == (422 if answer else 302)
    assert (answer or "") in page.content.decode()


def test_who_is_eighteen_today_meets_no_guardian(world):
    case = given.case_opened(world)
    for step, said in given.steps(birth={"date": [2008, 11, 24]}).items():
        save_step(case.ref, step=step, said=said, actor=APPLICANT, at=world.clock.now)
    assert ticked(browser_of(case)).url == reverse("applicant:home")
    assert GUARDIAN.kind not in {one.purpose for one in Consent.objects.filter(case=case)}
