"""Every mail as it looks, and the four lines below it: proposed by one supervisor, activated by another."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests import given
from vetting import post
from vetting.audit.models import Entry
from vetting.authorities.access import give_supervision
from vetting.authorities.models import Authority
from vetting.cases.rules import LetterKind
from vetting.errors import Refused
from vetting.footers import services
from vetting.footers.models import MailFooter
from vetting.footers.queries import footer_text
from vetting.footers.rules import MOST, Block, FooterState, Trouble, troubles_of
from vetting.web.desk.samples import samples
from vetting.web.desk.words import MAILS

pytestmark = pytest.mark.django_db
BLOCK = {
    "name": "Invented Authority", "address": "1 Invented Street\nX1 Exampletown", "telephone": "+000 0000 0000",
    "hours": "Monday to Friday, 9.00 to 16.30",
}  # fmt: skip
TEXT = "Invented Authority\n1 Invented Street\nX1 Exampletown\n+000 0000 0000\nMonday to Friday, 9.00 to 16.30"


@pytest.fixture
def world(time_machine):
    cache.clear()
    world = given.world()
    time_machine.move_to(world.clock.now)
    for user in (world.clerk, world.other_clerk):
        give_supervision(user, Authority.objects.get(state="IE"))
    return world


def propose(client, user, language="en", **changes):
    client.force_login(user)
    typed = {**BLOCK, "state": "IE", "language": language, **changes}
    return client.post(reverse("desk:footer_propose"), typed, follow=True)


def do(client, user, verb, footer):
    client.force_login(user)
    return client.post(reverse(f"desk:footer_{verb}", args=[footer.pk]), follow=True).content.decode()


def in_force(client, world, **changes):
    propose(client, world.clerk, **changes)
    footer = MailFooter.objects.get(state=FooterState.PROPOSED)
    do(client, world.other_clerk, "activate", footer)
    return footer


def page(client, user, **typed):
    client.force_login(user)
    return client.get(reverse("desk:letters"), typed).content.decode()


def test_only_a_supervisor_of_the_authority_comes_here(client, world):
    stranger = given.user("elsewhere")
    give_supervision(stranger, Authority.objects.get(state="BG"))
    propose(client, world.clerk)
    footer = MailFooter.objects.get()
    client.force_login(stranger)
    for verb in ("activate", "drop", "again"):
        assert client.post(reverse(f"desk:footer_{verb}", args=[footer.pk])).status_code == 404
    assert "Invented Authority" not in page(client, stranger, state="IE")
    client.force_login(world.secretary)
    assert client.get(reverse("desk:letters")).status_code == 404


def test_a_mail_that_is_really_sent_carries_what_is_in_force_and_not_what_is_proposed(client, world):
    given.case_opened(world)
    propose(client, world.clerk)
    post.deliver_due(world.clock.now)
    assert "Invented Authority" not in mail.outbox[-1].body
    do(client, world.other_clerk, "activate", MailFooter.objects.get())
    given.case_opened(world)
    post.deliver_due(world.clock.now)
    assert mail.outbox[-1].body.endswith(f"{settings.SITE_NAME}\n\n-- \n{TEXT}\n")
    client.force_login(world.secretary)
    typed = {"first_name": "Tom", "last_name": "Sample", "email": "tom@club.example", "role": "viewer"}
    client.post(reverse("organisation:invite_person", args=[world.organisation.ref]), typed)
    assert mail.outbox[-1].body.endswith(f"-- \n{TEXT}\n")
    client.post(reverse("account_reset_password"), {"email": world.secretary.email})
    assert mail.outbox[-1].body.endswith(f"-- \n{TEXT}\n")


def test_who_proposed_it_may_not_activate_it_by_page_service_or_database(client, world):
    html = propose(client, world.clerk).content.decode()
    footer = MailFooter.objects.get()
    assert "You proposed it, so somebody else activates it." in html
    assert "Somebody else has to activate what you proposed." in do(client, world.clerk, "activate", footer)
    with pytest.raises(Refused, match="same-person"):
        services.activate(footer.pk, user=world.clerk, actor=given.clerk_of(world), at=world.clock.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        MailFooter.objects.update(state=FooterState.ACTIVE, decided_by=world.clerk)
    assert footer_text("IE", "en") == ""


def test_a_version_taken_up_again_takes_two_people_again_and_is_a_version_of_its_own(client, world):
    first = in_force(client, world)
    in_force(client, world, telephone="+000 1111 1111")
    assert footer_text("IE", "en") == TEXT.replace("0000 0000", "1111 1111")
    assert "Propose it again" in page(client, world.clerk)
    do(client, world.clerk, "again", first)
    third = MailFooter.objects.get(state=FooterState.PROPOSED)
    assert (third.version, third.block) == (3, first.block)
    assert footer_text("IE", "en") != TEXT
    do(client, world.other_clerk, "activate", third)
    assert footer_text("IE", "en") == TEXT
    assert list(MailFooter.objects.order_by("version").values_list("state", flat=True)) == [
        "replaced", "replaced", "active",
    ]  # fmt: skip
    events = Entry.objects.filter(event__startswith="footer.").order_by("sequence")
    assert [entry.event for entry in events] == ["footer.propose", "footer.activate"] * 3
    assert set(events[0].facts) == {"authority", "language", "number", "digest"}


def test_the_differences_and_every_mail_are_seen_before_it_is_activated(client, world):
    in_force(client, world)
    propose(client, world.clerk, telephone="+000 1111 1111")
    html = page(client, world.other_clerk)
    assert re.findall(r"<mark>(.*?)</mark>", html) == ["+000 1111 1111"]
    assert html.count("+000 0000 0000") > len(MAILS)
    ahead = page(client, world.other_clerk, **{"with": "proposed"})
    assert ahead.count("+000 1111 1111") > len(MAILS)


def test_a_dropped_version_is_never_sent_and_a_decision_stands(client, world):
    propose(client, world.clerk)
    footer = MailFooter.objects.get()
    do(client, world.clerk, "drop", footer)
    assert "has decided about this version already" in do(client, world.other_clerk, "activate", footer)
    assert footer_text("IE", "en") == ""
    assert MailFooter.objects.get().state == FooterState.DROPPED


def test_one_proposal_at_a_time_and_none_that_changes_nothing(client, world):
    propose(client, world.clerk)
    late = propose(client, world.other_clerk, name="Another Invented Authority")
    assert late.status_code == 422
    assert "A version waits already." in late.content.decode()
    do(client, world.other_clerk, "activate", MailFooter.objects.get())
    same = propose(client, world.clerk).content.decode()
    assert "This is what stands below the mails already." in same
    assert MailFooter.objects.count() == 1


def test_a_language_without_its_own_borrows_that_of_the_installation_and_all_empty_takes_it_away(client, world):
    in_force(client, world)
    in_force(client, world, language="fr", name="Autorité inventée")
    assert footer_text("IE", "fr").startswith("Autorité inventée")
    assert footer_text("IE", "de") == TEXT
    assert footer_text("BG", "en") == ""
    assert "This language has none of its own" in page(client, world.clerk, language="de")
    in_force(client, world, **dict.fromkeys(BLOCK, ""))
    assert footer_text("IE", "en") == ""


@pytest.mark.parametrize(
    "part,text,trouble",
    [
        ("name", "x" * 121, Trouble.TOO_LONG),
        ("address", "a\nb\nc\nd\ne", Trouble.TOO_MANY_LINES),
        ("name", "Invented\u202eAuthority", Trouble.SIGN),
        ("hours", "see https://evil.example/", Trouble.LINK),
        ("name", "evil.example", Trouble.LINK),
        ("address", "write to a@b", Trouble.LINK),
        ("telephone", "ask Ivanka", Trouble.TELEPHONE),
    ],
)
def test_what_cannot_stand_below_a_mail_is_said_beside_its_field_and_refused_by_the_service(
    client, world, part, text, trouble
):
    answer = propose(client, world.clerk, **{part: text})
    assert answer.status_code == 422
    assert "1 Invented Street" in answer.content.decode() or part == "address"
    assert not MailFooter.objects.exists()
    block = Block(**{**BLOCK, part: text})
    assert troubles_of(block) == {part: trouble}
    with pytest.raises(Refused, match="footer-unfit"):
        services.propose(
            "IE", language="en", block=block, user=world.clerk, actor=given.clerk_of(world), at=world.clock.now
        )


@pytest.mark.parametrize("hours", ["Mon.-Fri. 9.00-16.30", "Lu–Ve 9 h – 16 h 30", "пн.–пт. 9.00–16.30", "s.r.o., p.m."])
def test_what_authorities_write_is_accepted(hours):
    assert troubles_of(Block(**{**BLOCK, "hours": hours})) == {}


def test_five_hundred_characters_are_the_most():
    whole = Block(**{part: "0" * most for part, most in MOST.items()})
    assert troubles_of(whole) == {}
    assert len(whole.text()) == 500


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_mail_of_the_product_is_shown_in_every_language(language):
    shown = {one["name"]: one for one in samples(language, TEXT)}
    files = {path.stem for path in (settings.BASE_DIR / "templates" / "mail").glob("*.txt")}
    assert set(shown) == files | {"password", "no_account"}
    assert {str(kind) for kind in LetterKind} <= files
    for one in shown.values():
        assert one["subject"]
        assert one["body"].endswith(f"-- \n{TEXT}\n")
        assert "{" not in one["body"]
        assert "%" not in one["body"]
    assert "Ivanka" in shown["invitation"]["body"]


def test_what_is_shown_is_what_is_sent(client, world):
    given.case_opened(world)
    post.deliver_due(world.clock.now)
    client.post(reverse("account_reset_password"), {"email": world.secretary.email})
    client.post(reverse("account_reset_password"), {"email": "nobody@invented.example"})
    shown = {one["name"]: one for one in samples("en", "")}

    def plain(text):
        text = re.sub(r"http\S+", "LINK", text).replace(world.organisation.name, "Invented Rovers Football Club")
        return re.sub(r"(\w{4}-){2}\w{4}", "REFERENCE", text)

    for name, letter in zip(("invitation", "password", "no_account"), mail.outbox, strict=True):
        assert plain(str(letter.body)) == plain(shown[name]["body"])
        assert plain(letter.subject) == plain(shown[name]["subject"])
