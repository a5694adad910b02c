"""A verifier's own device judges a certificate, its altered copies, an expired and a superseded one."""

import base64
import json
import re
import zlib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from integrations.jose.paper import ROOM, paper
from integrations.jose.strict import ORDER
from integrations.jose.verify import ENDS, WORDS
from tests import given
from tests.integrations.forger import b64, unb64
from tests.integrations.seals import added_to
from vetting import pipeline
from vetting.audit.ports import SYSTEM
from vetting.certificates import services as certificates
from vetting.certificates.gateways import authority_seal, signer
from vetting.certificates.models import Certificate, StatusList
from vetting.certificates.queries import page_of
from vetting.enquiries import receiving
from vetting.enquiries.ports import Verdict
from vetting.web.verifier.offline import REASONS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TERMINAL_ONLY = {"unreadable", "keys-unreadable", "list-unreadable"}


class Verifier:
    """Somebody with a browser at this page, and everything their browser asked for."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.asked: list[str] = []
        self.faults: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda failure: self.faults.append(str(failure)))
        page.goto(base + reverse("verifier:offline"))

    def check(self, raw: bytes | None = None, text: str = "", **saved: bytes) -> str:
        """What the page says of a file or a text."""
        files = {"file": raw, "keys": saved.get("keys"), "status": saved.get("status")}
        for name, content in files.items():
            given_file = [] if content is None else [{"name": name, "mimeType": "", "buffer": content}]
            self.page.locator(f"#id_{name}").set_input_files(given_file)  # type: ignore[arg-type]
        self.page.locator("#id_text").fill(text)
        self.page.get_by_role("button", name="Check", exact=True).click()
        expect(self.page.locator(".at-verdict")).to_be_visible()
        expect(self.page.locator("button[aria-busy]")).to_have_count(0)
        return " ".join(self.page.locator("#verify-result").inner_text().split())


@pytest.fixture(autouse=True)
def _in_english():
    """The sentences are compared in the language of the page, whatever a test before this one left behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def world(live_server, settings):
    cache.clear()
    settings.BASE_URL = live_server.url
    world = given.world()
    world.clock.now = now() - timedelta(minutes=30)
    return world


@pytest.fixture
def certificate(world):
    """A current certificate from the services, and the list that was published after it."""
    found = Certificate.objects.get(case=given.case_cleared(world))
    pipeline.publish_lists(now() - timedelta(seconds=5))
    return found


def saved_copies(base):
    keys = json.dumps({"issuer": base, **signer().public_keys()}).encode()
    return {"keys": keys, "status": StatusList.objects.get().token.encode()}


def again(certificate, **claims):
    """The same certificate with other claims, signed by the issuer's own key."""
    token = paper(page_of(certificate)).token
    said = signer().open(token, typ="at10-clearance+jwt")
    return signer().sign({**said, **claims}, typ="at10-clearance+jwt")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_certificate_is_judged_on_the_device(live_server, new_page, axe, certificate, width):
    verifier = Verifier(new_page(width=width), live_server.url)
    faults = axe(verifier.page)
    whole = page_of(certificate)
    raw = authority_seal().open(whole)
    said = verifier.check(raw)
    assert said.startswith("Current Compare")
    assert "Ivanka Izmislena" in said
    assert "17 May 1990" in said
    assert "Sport coaching · Voluntary role" in said
    faults += axe(verifier.page)
    assert "Its seal was not judged here" in verifier.check(whole)
    assert verifier.check(text=f" {paper(raw).token}\n").startswith("Current")
    assert "Only the token was looked at" in verifier.page.locator("#verify-result").inner_text()
    assert [url for url in verifier.asked if not url.startswith(live_server.url)] == []
    assert not [url for url in verifier.asked if certificate.number in url or str(certificate.jti) in url]
    assert verifier.page.evaluate("document.documentElement.scrollWidth") <= width
    assert (faults, verifier.faults) == ([], [])


def altered_files(raw, whole):
    """Copies of a certificate's file, without and with its seal, by the reason for which each is refused."""
    return {
        "page-altered": raw.replace(b"/Title", b"/Titel"),
        "page-added-to": raw + b"\n%%EOF\n",
        "page-added-to after the seal": whole + b"\n%%EOF\n",
        "page-altered under the seal": whole.replace(b"/Title", b"/Titel"),
        **{f"page-added-to {name}": made for name, made in added_to(raw).items()},
        "no-token": raw[: paper(raw).start + 100],
        "several-tokens": raw + raw,
        "too-long": raw + b" " * 9_000_000,
        "shape": b"hello",
    }


def test_altered_copies_are_refused_each_with_its_reason(live_server, new_page, axe, certificate):
    verifier = Verifier(new_page(), live_server.url)
    whole = page_of(certificate)
    raw = authority_seal().open(whole)
    start, token = paper(raw).start, paper(raw).token
    front, payload, signature = token.split(".")
    other = f"{front}.{payload}.{signature[:-9]}{'A' if signature[-9] != 'A' else 'B'}{signature[-8:]}"
    holder = payload[:60] + ("A" if payload[60] != "A" else "B") + payload[61:]
    copies = {**altered_files(raw, whole), "signature": raw[:start] + other.ljust(ROOM).encode() + raw[start + ROOM :]}
    for reason, copy in copies.items():
        assert verifier.check(copy).startswith(f"Could not be checked {REASONS[reason.split(' ')[0]]}"), reason
    texts = {
        "signature": f"{front}.{holder}.{signature}",
        "signature of two valid ones": f"{front}.{payload}.{the_other_half(signature)}",
        "shape": token[:-3],
        "algorithm": f"eyJhbGciOiJub25lIn0.{payload}.",
        "nothing": " ",
        "address": certificate_address(live_server.url),
        "unknown-key": token.replace(front, front_of({"alg": "ES256", "kid": "../etc", "typ": "at10-clearance+jwt"})),
        "key-inside": token.replace(front, front_of({"alg": "ES256", "jwk": {}, "typ": "at10-clearance+jwt"})),
        "critical": token.replace(front, front_of({"alg": "ES256", "crit": ["exp"], "typ": "at10-clearance+jwt"})),
        "type": StatusList.objects.get().token[:200] + "." + token.rpartition(".")[2],
        "issuer": again(certificate, iss="https://check.examp1e"),
        "no-status": again(certificate, status={}),
    }
    texts["type"] = ".".join([front_of({"alg": "ES256", "kid": "x", "typ": "JWT"}), payload, signature])
    for reason, text in texts.items():
        assert verifier.check(text=text).startswith(f"Could not be checked {REASONS[reason.split(' ')[0]]}"), reason
    assert axe(verifier.page) == []
    assert verifier.page.locator("dl.at-summary").count() == 0, "nothing is told of what is not genuine"


def front_of(header):
    return base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


def the_other_half(signature):
    raw = unb64(signature)
    return b64(raw[:32] + (ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big"))


def certificate_address(base):
    return f"{base}/v/7K3M-9QXD-2V4T/W8EN-5H2R-Q0ZC-41YB/"


def test_expired_and_superseded_are_not_current(live_server, new_page, axe, world, certificate):
    verifier = Verifier(new_page(), live_server.url)
    at = int(now().timestamp())
    assert verifier.check(text=again(certificate, exp=at - 5)).startswith(f"Not current {REASONS['expired']}")
    assert verifier.check(text=again(certificate, nbf=at + 900)).startswith(f"Not current {REASONS['not-yet']}")
    worse = Verdict("answer", answer="entry_held", message_id="BG-IE-RRS-000000000000009", digest=bytes(32))
    receiving.receive(given.enquiry(certificate.case, "BG").ref, worse, actor=SYSTEM, at=now())
    certificates.supersede(certificate.case.ref, actor=SYSTEM, at=now())
    StatusList.objects.update(period=0)
    assert pipeline.publish_lists(now()) == 1
    verifier.page.reload()
    assert verifier.check(page_of(certificate)).startswith(f"Not current {REASONS['ended']}")
    assert axe(verifier.page) == []


def test_without_a_connection_saved_copies_serve(live_server, new_page, certificate):
    verifier = Verifier(new_page(), live_server.url)
    raw, copies = page_of(certificate), saved_copies(live_server.url)
    verifier.page.context.set_offline(True)
    assert verifier.check(raw).startswith(f"Could not be checked {REASONS['keys-unreachable']}")
    assert verifier.check(raw, keys=copies["keys"]).startswith(f"Could not be checked {REASONS['list-unreachable']}")
    asked = len(verifier.asked)
    assert verifier.check(raw, **copies).startswith("Current")
    assert len(verifier.asked) == asked, "with both copies nothing is asked for"
    broken = {
        "keys": {"keys": b"{}"},
        "list-signature": {"status": copies["status"][:400] + b"AAAA" + copies["status"][404:]},
        "list-type": {"status": paper(raw).token.encode()},
    }
    for reason, changed in broken.items():
        known = REASONS.get(reason) or f"The status list cannot be used. {REASONS[reason.removeprefix('list-')]}"
        assert verifier.check(raw, **{**copies, **changed}).startswith(f"Could not be checked {known}"), reason


def test_lists_that_are_stale_or_of_others_are_not_believed(live_server, new_page, certificate):
    verifier = Verifier(new_page(), live_server.url)
    raw, copies = page_of(certificate), saved_copies(live_server.url)
    said = signer().open(copies["status"].decode(), typ="statuslist+jwt")
    at = int(now().timestamp())
    lst = base64.urlsafe_b64encode(zlib.compress(bytes(2**24))).rstrip(b"=").decode()
    changes: dict[str, dict[str, object]] = {
        "list-stale": {"exp": at - 1},
        "list-early": {"iat": at + 600},
        "list-other": {"sub": f"{live_server.url}/status-lists/2"},
        "list-broken": {"status_list": {"bits": 1, "lst": lst}},
    }
    for reason, change in changes.items():
        status = signer().sign({**said, **change}, typ="statuslist+jwt").encode()
        assert verifier.check(raw, keys=copies["keys"], status=status).startswith(
            f"Could not be checked {REASONS[reason]}"
        ), reason
    elsewhere = {"status_list": {"idx": 1, "uri": "https://elsewhere.example/status-lists/1"}}
    assert "https://elsewhere.example" in verifier.check(text=again(certificate, status=elsewhere))
    assert [url for url in verifier.asked if "elsewhere" in url] == []


def test_an_old_browser_gets_a_sentence(live_server, new_page, certificate):
    page = new_page()
    page.add_init_script("delete window.DecompressionStream")
    assert str(REASONS["list-cannot-inflate"]) in Verifier(page, live_server.url).check(page_of(certificate))
    page = new_page()
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    assert str(REASONS["no-cryptography"]) in Verifier(page, live_server.url).check(page_of(certificate))


def test_without_javascript_the_page_leads_to_number_and_code(live_server, new_page):
    page = new_page(width=360, javascript=False)
    page.goto(live_server.url + reverse("verifier:offline"))
    expect(page.locator("form[data-verify]")).to_be_hidden()
    page.get_by_role("link", name="Check by number and code").click()
    expect(page).to_have_url(re.compile("/verify/$"))


@pytest.mark.django_db
def test_the_page_has_no_inline_script_and_the_words_of_every_reason(client):
    page = client.get(reverse("verifier:offline"))
    assert "unsafe" not in page["Content-Security-Policy"]
    scripts = re.findall(r"<script([^>]*)>", page.content.decode())
    assert all("src=" in one or 'type="application/json"' in one for one in scripts)
    assert {*ENDS, *WORDS} - TERMINAL_ONLY <= set(REASONS)
