"""Conviction text at the edges of the product: broker, web, error reports, terminal. The rest is in `test_canary`."""

import base64
import email
import email.policy
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as product
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.urls import path, reverse
from django.utils.timezone import now
from kombu.transport.memory import Channel

from tests import canary, given, marked
from tests.integrations.invented import outbound
from tests.marked import encoded
from vetting import pipeline, tasks
from vetting.web.logs import NoLocals

pytest_plugins = ["tests.canary_watch"]
ROOT = Path(product.BASE_DIR)


def test_the_doorbell_in_the_broker_carries_a_reference_and_no_word_of_a_reply(
    authority_says, memory_broker, assert_nothing_stays
):
    world = given.world()
    case = given.case_accepted(world)
    authority_says(lambda sent: encoded(marked.hit, sent, "a task"))
    for _ in range(2):
        tasks.ring(case.ref)
        tasks.advance.apply(args=(str(case.ref),))
    bodies = [base64.b64decode(message["body"]) for message in Channel.queues["doorbell"].queue]
    assert [json.loads(body)[:2] for body in bodies] == [[[str(case.ref)], {}]] * 2
    assert_nothing_stays()


def applicants_secret(folder):
    """The secret in a mail to the applicant."""
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in folder.glob("*.eml")]
    texts = [part.get_content() for one in mails if (part := one.get_body(("plain",)))]
    return next(iter(re.findall(r"/a/([^/\s]+)/", "".join(texts))))


def test_through_the_web_no_page_mail_session_or_cache_holds_a_word_of_a_reply(  # noqa: PLR0917  # pytest gives what is named
    watch, client, settings, time_machine, authority_says, assert_nothing_stays
):
    settings.EMAIL_BACKEND = "integrations.mail.outbox.Backend"
    world = given.world()
    case = given.case_submitted(world)
    time_machine.move_to(world.clock.forward(minutes=1))
    authority_says(*(lambda sent, one=one: encoded(one, sent, "the web") for one in (marked.refused, marked.hit)))

    def seen(answer, status=200):
        watch.pages += [answer.content, repr(answer.headers).encode(), str(answer.cookies).encode()]
        assert answer.status_code == status
        return answer

    client.force_login(world.clerk)
    page = reverse("desk:case", args=[case.ref])
    seen(client.post(reverse("desk:open", args=[case.ref]), {"reason": "decide"}), 302)
    seen(client.post(reverse("desk:accept", args=[case.ref])), 302)
    own, asked = given.enquiry(case, "IE"), given.enquiry(case, "BG")
    assert asked.words == "entry_held"
    answer = reverse("desk:answer", args=[case.ref, own.ref])
    seen(client.post(answer, {"kind": "nothing_recorded", "remark": marked.mark("a field of a form")}), 302)
    assert "Bulgaria" in seen(client.get(page)).content.decode()
    seen(client.get(reverse("desk:queue")))
    seen(client.post(reverse("desk:assess", args=[case.ref]), {"reason": "bar"}), 302)
    client.force_login(world.secretary)
    seen(client.get(reverse("organisation:case", args=[case.ref])))
    seen(client.get(reverse("organisation:home")))
    pipeline.sweep(now())
    client.logout()
    seen(client.get(f"/a/{applicants_secret(settings.OUTBOX_DIR)}/"), 302)
    seen(client.get(reverse("applicant:home")))
    assert_nothing_stays()


@pytest.mark.parametrize("address", ["/", "/verify/", "/accounts/login/", "/.well-known/jwks.json", "/no/such/page/"])
def test_a_reply_that_is_sent_to_a_page_by_mistake_stays_nowhere(client, assert_nothing_stays, address):
    word = marked.mark
    body = encoded(marked.failed, outbound("TEST-CLEAN"), "a body")
    headers = {"referer": f"https://{word('referer')}/", "x-reply": word("header"), "user-agent": word("agent")}
    for name in ("body", "big body"):
        body *= 1 if name == "body" else 200
        client.post(f"{address}?{word('key')}={word('value')}", body, content_type="application/xml", headers=headers)
        file = SimpleUploadedFile(f"{word('file name')}.xml", body, content_type=f"text/{word('type')}")
        client.post(address, {word("part name"): file, word("field"): word("field value")}, headers=headers)
    assert_nothing_stays()


def test_an_error_report_shows_neither_variables_nor_texts(watch, client, settings, assert_nothing_stays):
    settings.ADMINS = [("Operator", "operator@invented.example")]
    client.raise_request_exception = False

    def view(request):
        reply = encoded(marked.hit, outbound("TEST-CLEAN"), "a local variable")
        raise ValueError(reply.decode())

    def report(request, **_):
        kind, failure, trace = sys.exc_info()
        made = NoLocals(request, kind, failure, trace)
        watch.reports += [made.get_traceback_text(), made.get_traceback_html(), repr(made.get_traceback_data())]

    settings.ROOT_URLCONF = (path("", view),)
    with canary.connected(got_request_exception, report):
        answer = client.post("/", {"reply": marked.mark("a form")}, headers={"x-reply": marked.mark("a header")})
    watch.pages.append(answer.content)
    assert f"{NoLocals.__module__}.{NoLocals.__name__}" == product.DEFAULT_EXCEPTION_REPORTER
    assert answer.status_code == 500
    assert [message.to for message in mail.outbox] == [["operator@invented.example"]]
    assert "Internal Server Error: / [ValueError]" in watch.stream.getvalue()
    watch.log.said.clear()  # what Django gives to handlers that are not ours
    assert_nothing_stays()


def test_reading_a_file_at_the_terminal_says_the_word_and_nothing_else(watch, tmp_path, assert_nothing_stays):
    request = outbound("TEST-CLEAN")
    said = {}
    for number, variant in enumerate((marked.hit, marked.refused)):
        file = tmp_path / f"{number}.xml"
        file.write_bytes(encoded(variant, request, "a file"))
        command = [sys.executable, str(ROOT / "manage.py"), "read_reply", str(file)]
        said[number] = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    spoken = [process.communicate(timeout=20) for process in said.values()]
    watch.printed += [text for both in spoken for text in both]
    assert [both[0].strip() for both in spoken] == ["entry_held", "rejected not-well-formed"]
    assert_nothing_stays()
