"""What it costs to publish a full status list."""

import statistics
import time
import tracemalloc
from datetime import datetime

from django.db import connection
from django.utils.timezone import now

from vetting.certificates import listing
from vetting.certificates.models import Certificate, StatusList
from vetting.certificates.rules import LIST_PERIOD, PLACES

SECONDS, KIBIBYTES = 2.0, 64 * 1024.0
_FILL = """
    INSERT INTO certificates_certificate (jti, case_id, number, code_digest, state, activity, role, issued_on,
        valid_until, sealed_contents, page_digest, status_list_id, status_index)
    WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < %s)
    SELECT printf('%%032x', n), %s, printf('Z%%013d', n), '', 'superseded', 'teaching', 'paid', '2026-11-24',
        '2027-11-24', x'00', '', %s, n FROM place
"""


def publishing(rounds: int) -> tuple[float, float]:
    """Median seconds of an edition with a certificate at each of 2^20 places, and KiB held at its peak."""
    case_id = Certificate.objects.values_list("case_id", flat=True)[0]
    full = StatusList.objects.create(number=30_000, bits=bytes(PLACES // 8))
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [PLACES, case_id, full.pk])
    at, seconds = now(), []
    for number in range(rounds):
        began = time.perf_counter()
        _publish(full.number, at + number * LIST_PERIOD)
        seconds.append(time.perf_counter() - began)
    tracemalloc.start()
    _publish(full.number, at + rounds * LIST_PERIOD)
    held = tracemalloc.get_traced_memory()[1] / 1024
    tracemalloc.stop()
    full.refresh_from_db()
    if any(byte != 0xFF for byte in full.bits):  # noqa: PLR2004
        raise RuntimeError("a place does not say what it should")
    return statistics.median(seconds), held


def _publish(number: int, at: datetime) -> None:
    if not listing.publish(number, at=at):
        raise RuntimeError("no edition was published")
