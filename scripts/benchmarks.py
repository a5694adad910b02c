"""The measurements of `scripts.bench`, each beside the raw cost of its primitives. Needs a prepared installation."""

import gc
import hashlib
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from unittest import mock

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils.timezone import now
from lxml import etree

from integrations.airlock.client import ChildAirlock
from integrations.ecris.codes import MAX_BYTES
from integrations.ecris.convictions import HeldEntry
from integrations.ecris.hardened import schema
from integrations.ecris.message import EcrisWriter
from integrations.ecris.replies import response
from integrations.ecris.verdict import verdict
from integrations.pdf.sheet import Sheet
from scripts.benchmark_lists import KIBIBYTES, SECONDS, publishing
from scripts.benchmark_pages import BUDGET, pages, preview
from tests import given
from vetting.certificates.gateways import authority_seal, printer, signer
from vetting.certificates.models import Certificate
from vetting.certificates.ports import CertificateContents
from vetting.certificates.queries import contents_of
from vetting.certificates.services import claims_of
from vetting.enquiries.ports import Expectation
from vetting.management.invented import AT, request_about_nobody
from vetting.pipeline import CERTIFICATE_TYPE

Work = Callable[[], object]
MICRO = 1_000_000
A_BATCH = 0.03
"""Seconds of each round, so that a timer's grain and one interruption weigh little."""
PLACE = {"status_list": {"idx": 1_000_000, "uri": "https://check.example/status-lists/1"}}
WITHIN_LIMIT = 15
"""Look-ups in a row that no rate limit stops."""


@dataclass(frozen=True)
class Figure:
    """One row of the table. `ours` and `raw` are microseconds or KiB; `at_least` turns the target into a lower limit
    for the rate, which is the ratio turned round."""

    name: str
    ours: float
    raw: float
    ratio: float
    target: float
    at_least: bool = False

    @property
    def passed(self) -> bool:
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    def line(self) -> str:
        sign, word = (">=" if self.at_least else "<="), ("pass" if self.passed else "MISS")
        return (
            f"{self.name:<58} {self.ours:>11,.0f} {self.raw:>11,.0f} {self.ratio:>7.2f}  {sign} {self.target:g}  {word}"
        )


def all_figures(rounds: int) -> Iterator[Figure]:
    """Every measurement, as it is made."""
    yield from _messages(rounds)
    yield _memory(rounds)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    contents = _certificate()
    yield _issuing(contents, rounds)
    yield from _verifying(contents, rounds)
    taken, grown = publishing(rounds)
    yield Figure("Full status list, 2^20 places / two seconds", taken * MICRO, SECONDS * MICRO, taken / SECONDS, 1)
    yield Figure("Its memory at the peak / 64 MiB (KiB)", grown, KIBIBYTES, grown / KIBIBYTES, 1)
    seconds = preview(rounds)
    yield Figure("A list of 500 people looked at / two seconds", seconds * MICRO, BUDGET * MICRO, seconds / BUDGET, 1)
    for page, many, few in pages(rounds):
        yield _figure(f"Page of the {page}: two million cases / a thousand", many, few, 1.2)


def _seconds(work: Work, times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def _times(work: Work) -> int:
    """How often `work` fits into a batch."""
    _seconds(work, 3)  # fills caches
    return max(3, int(A_BATCH / max(_seconds(work, 3), 1e-7)))


def _in_turns(works: list[Work], rounds: int, times: list[int]) -> list[list[float]]:
    """Seconds for one, of each work in each round; every other round goes backwards."""
    found: list[list[float]] = [[] for _ in works]
    gc.collect()
    for number in range(rounds):
        order = range(len(works)) if number % 2 else reversed(range(len(works)))
        for place in order:
            found[place].append(_seconds(works[place], times[place]))
    return found


def _figure(name: str, ours: list[float], raw: list[float], target: float, *, at_least: bool = False) -> Figure:
    """The median of the ratios of each round, which a drift of the machine leaves alone."""
    pairs = zip(ours, raw, strict=True)
    ratio = statistics.median((theirs / own) if at_least else (own / theirs) for own, theirs in pairs)
    return Figure(name, statistics.median(ours) * MICRO, statistics.median(raw) * MICRO, ratio, target, at_least)


def _messages(rounds: int) -> Iterator[Figure]:
    """A request going out, and a reply coming in: here, and in the airlock's process."""
    contents = request_about_nobody("PL", "IE", "IE-PL-REQ-000000000000001")
    writer, compiled = EcrisWriter(), schema()
    request = writer.request(contents)
    reply = response(request, at=AT, number=2)
    expectation = Expectation(us="IE", them="PL", request=request, digest_key=bytes(32))
    private = ec.generate_private_key(ec.SECP256R1())
    public, algorithm = private.public_key(), ec.ECDSA(SHA256())
    signature = private.sign(reply, algorithm)
    airlock = ChildAirlock(recycle_after=10**9)

    def build() -> str:
        return hashlib.sha256(writer.request(contents)).hexdigest()

    def raw_build() -> bytes:
        compiled.assertValid(etree.fromstring(request))
        return private.sign(request, algorithm)

    def here() -> str:
        public.verify(signature, reply, algorithm)
        return verdict(reply, expectation).answer

    def there() -> str:
        public.verify(signature, reply, algorithm)
        airlock.peek(reply)
        return airlock.reduce(reply, expectation).answer

    def raw_read() -> None:
        compiled.assertValid(etree.fromstring(reply))
        public.verify(signature, reply, algorithm)

    if {here(), there()} != {"nothing_recorded"}:
        raise RuntimeError("the reply is not what it should be")
    works: list[Work] = [build, raw_build, here, there, raw_read]
    one, raw_one, two, three, raw_two = _in_turns(works, rounds, [_times(work) for work in works])
    airlock.close()
    yield _figure("REQ: build, validate, digest / parse, validate, sign", one, raw_one, 2)
    yield _figure("RRS here: verify, validate, reduce / validate, verify", two, raw_two, 2)
    yield _figure("RRS as it comes in: verify, look, reduce / validate, verify", three, raw_two, 2)


def _resident(pid: int, field: str) -> int:
    """A line of /proc/PID/status, in KiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


def _largest() -> tuple[bytes, bytes]:
    """A request, and a valid reply to it that is as close to the limit as whole entries allow."""
    request = EcrisWriter().request(request_about_nobody("PL", "IE", "IE-PL-REQ-000000000000001"))
    one, two = (len(response(request, at=AT, number=2, entries=[HeldEntry()] * count)) for count in (1, 2))
    count = (MAX_BYTES - one) // (two - one)
    return request, response(request, at=AT, number=2, entries=[HeldEntry()] * count)


def _memory(rounds: int) -> Figure:
    """How far above its resting memory a fresh child's peak goes for the largest message.

    The peak is of the whole process and never too low: where the kernel lets us, it is set back before the message.
    """
    request, reply = _largest()
    expectation = Expectation(us="IE", them="PL", request=request, digest_key=bytes(32))
    small = response(request, at=AT, number=3)
    growth = []
    for _ in range(rounds):
        airlock = ChildAirlock()
        airlock.peek(small)
        airlock.reduce(small, expectation)
        pid = airlock.pid or 0
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
        before = _resident(pid, "VmRSS")
        airlock.peek(reply)
        if airlock.reduce(reply, expectation).kind != "answer":
            raise RuntimeError("the largest message is refused")
        growth.append(float(_resident(pid, "VmHWM") - before))
        airlock.close()
    grown, size = statistics.median(growth), len(reply) / 1024
    return Figure("Child's peak memory for the largest RRS / its size (KiB)", grown, size, grown / size, 4)


def _certificate() -> CertificateContents:
    """A certificate that is current today, reached through the services."""
    world = given.world()
    world.clock.now = now()
    contents = contents_of(Certificate.objects.get(case=given.case_cleared(world)))
    if contents is None:
        raise RuntimeError("no certificate")
    return contents


@contextmanager
def _without_qr() -> Iterator[None]:
    def none(_sheet: Sheet, _x: float, y: float, side: float, _address: str) -> float:
        return y + side

    with mock.patch.object(Sheet, "qr", none):
        yield


def _issuing(contents: CertificateContents, rounds: int) -> Figure:
    """Page with QR code, claims, token and seal, beside the page alone without its QR code."""
    setter, keys, stamp, at = printer(), signer(), authority_seal(), now()

    def issue() -> bytes:
        page = setter.certificate(contents)
        token = keys.sign(claims_of(contents, page, at, status=PLACE), typ=CERTIFICATE_TYPE)
        return stamp.seal(setter.carrying(page, token), at=at)

    def page() -> bytes:
        with _without_qr():
            return setter.certificate(contents)

    works: list[Work] = [issue, page]
    ours, raw = _in_turns(works, rounds, [_times(work) for work in works])
    return _figure("Issue: page with QR, JWS, seal: rate / page without QR", ours, raw, 0.6, at_least=True)


def _bare(_request: HttpRequest, number: str) -> HttpResponse:
    """One query by an indexed column, and nothing else of the product."""
    return HttpResponse(Certificate.objects.filter(number=number).values_list("state", flat=True).first() or "")


def _verifying(contents: CertificateContents, rounds: int) -> Iterator[Figure]:
    """The verifier's page with everything around it, beside a view without middleware or template."""
    bare_urls = ModuleType("bare_urls")
    bare_urls.urlpatterns = [path("bare/<str:number>/", _bare), path("", include("vetting.urls"))]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=bare_urls, ALLOWED_HOSTS=[*settings.ALLOWED_HOSTS, "testserver"]):
        ours, plain = Client(), Client()
        with override_settings(MIDDLEWARE=[]):
            plain.get(f"/bare/{contents.number}/")  # the handler is made now, without middleware
        current = f"/v/{contents.number}/{contents.code}/"
        unknown = f"/v/{contents.number}/0000-0000-0000-0000/"
        pages = [(plain, f"/bare/{contents.number}/"), (ours, current), (ours, unknown)]
        said = [client.get(address).content.decode() for client, address in pages]
        if said[0] != "current" or "Valid until" not in said[1] or "Not current" not in said[2]:
            raise RuntimeError("the pages do not say what they should")

        def fresh(address: str) -> Work:
            def look_up() -> None:
                if ours.get(address).status_code != HttpResponse.status_code:
                    raise RuntimeError("a look-up was stopped")

            return look_up

        works: list[Work] = [fresh(current), fresh(unknown), lambda: plain.get(f"/bare/{contents.number}/")]
        found: list[list[float]] = [[] for _ in works]
        for _ in range(rounds):
            for place, seconds in enumerate(found):
                cache.clear()  # the rate limit counts anew
                seconds.append(_seconds(works[place], WITHIN_LIMIT))
    yield _figure("Verify page, current and counted: rate / bare view", found[0], found[2], 0.6, at_least=True)
    yield _figure("Verify page, not current: rate / bare view", found[1], found[2], 0.6, at_least=True)
