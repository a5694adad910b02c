"""An end to sharing: the organisation sees what it sees of any certificate that is not current any more."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import given
from tests.web.holder import enter, words, worse_answer
from vetting.cases.access import APPLICANT
from vetting.certificates import services as certificates
from vetting.certificates.models import Share
from vetting.consent.models import Consent
from vetting.consent.rules import ConsentPurpose
from vetting.web.applicant.wording import wording_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.fixture
def holder(client, world, time_machine):
    """A cleared case, and the browser of its applicant."""
    case = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    enter(client, case)
    return case


def seen_by_the_organisation(client, world, case):
    """Every page and button of the organisation, without what is different in every case."""
    client.force_login(world.secretary)
    pages = [client.get(reverse("organisation:case", args=[case.ref])), client.get(reverse("organisation:home"))]
    pages += [
        client.post(reverse(f"organisation:{verb}", args=[case.ref]), {"seen": "on"}, follow=True)
        for verb in ("see", "submit", "invite_again", "escalate", "end")
    ]
    live = case.certificates.order_by("-pk")[0].number
    own = (case.reference, str(case.ref), live, str(world.organisation), str(world.secretary), world.secretary.email)
    texts = []
    for page in pages:
        html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
        for one in own:
            html = html.replace(one, "OWN")
        texts.append((page.status_code, html))
    return texts, [one.kind for one in case.letters.exclude(kind__in=("invitation", "news")).order_by("pk")]


def test_an_end_to_sharing_looks_like_a_certificate_that_ended_for_any_other_reason(client, time_machine):
    seen = []
    for ends in ("share", "certificate"):
        world = given.world()
        case = given.case_cleared(world)
        given.shared(world, case)
        time_machine.move_to(world.clock.now)
        if ends == "share":
            enter(client, case)
            page = words(client.get(reverse("applicant:end_share", args=[case.ref])))
            assert "gets no message" in page
            client.post(reverse("applicant:end_share", args=[case.ref]))
            assert Share.objects.get(case=case).revoked_at is not None
            assert Consent.objects.get(case=case, purpose="release").withdrawn_at is not None
        else:
            worse_answer(world, case)
        seen.append(seen_by_the_organisation(Client(), world, case))
    assert seen[0] == seen[1]
    assert "Not current" in seen[0][0][0][1]
    assert "Certificate shared" in seen[0][0][0][1]


def test_a_later_organisation_that_was_shown_the_same_certificate_is_ended_on_its_own(
    client, world, holder, time_machine
):
    given.shared(world, holder)
    other = given.world()
    other.clock = world.clock
    later = given.case_opened(other)
    wording = wording_for(later, ConsentPurpose.RELEASE, text="release_earlier")
    certificates.reuse(later.ref, earlier=holder.ref, wording=wording, actor=APPLICANT, at=world.clock.forward(hours=1))
    time_machine.move_to(world.clock.now)
    enter(client, holder)
    page = client.get(reverse("applicant:shared")).content.decode()
    assert str(other.organisation) in page
    client.post(reverse("applicant:end_share", args=[later.ref]))
    assert [share.revoked_at is None for share in Share.objects.order_by("pk")] == [True, False]
    stranger = Client()
    stranger.force_login(other.secretary)
    seen = stranger.get(reverse("organisation:case", args=[later.ref])).content.decode()
    assert "Not current" in seen
    assert "1990" not in seen
    somebody = given.case_cleared(world)
    time_machine.move_to(world.clock.now)
    enter(client, somebody)
    client.post(reverse("applicant:end_share", args=[holder.ref]))
    assert Share.objects.get(case=holder).revoked_at is None, "somebody else's share cannot be ended"


def test_what_is_shared_no_more_can_be_shared_again(client, world, holder, time_machine):
    given.shared(world, holder)
    client.post(reverse("applicant:end_share", args=[holder.ref]))
    time_machine.move_to(world.clock.forward(hours=1))
    enter(client, holder)
    assert "Share with" in client.get(reverse("applicant:home")).content.decode()
    given.shared(world, holder)
    client.force_login(world.secretary)
    assert "Valid until" in client.get(reverse("organisation:case", args=[holder.ref])).content.decode()
