"""The process in which a message is read: it writes no file, dumps no core, opens and logs nothing, knows no database.

Started by `integrations.airlock.client` as `python -m integrations.airlock.child`; questions come on standard input,
records of two fixed sizes leave on standard output, and when its parent is gone it goes too.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import BinaryIO

from integrations.airlock.questions import pack_asked
from integrations.airlock.record import Verb, pack, read_question
from integrations.ecris.hardened import schema
from integrations.ecris.parsing import parse
from integrations.ecris.rejections import Rejection
from integrations.ecris.verdict import asked, named, verdict
from vetting.enquiries.ports import Asked, Disclosure, Expectation, Verdict

MEMORY = 512 * 1024 * 1024
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4


def harden() -> None:
    """Give up what reading a message never needs. Afterwards no file can be opened or written by this process.

    Raises OSError when the kernel refuses; without these limits nothing may be read.
    """
    parent = os.getppid()

    def orphaned(_signal: int, _frame: FrameType | None) -> None:
        # The kernel also signals when only the parent's thread that started us ends: then the parent is still there.
        if os.getppid() != parent:
            os._exit(0)

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, orphaned)
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((_PR_SET_PDEATHSIG, signal.SIGUSR1), (_PR_SET_DUMPABLE, 0)):
        if libc.prctl(option, int(value), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


class _Named:
    """The message that was last asked for its name, so that it is not read twice; the next question takes it away."""

    def __init__(self) -> None:
        self._kept: tuple[bytes, Disclosure] | None = None

    def keep(self, raw: bytes) -> Disclosure:
        found = parse(raw)
        self._kept = raw, found
        return found

    def take(self, raw: bytes) -> Disclosure:
        kept, self._kept = self._kept, None
        return kept[1] if kept and kept[0] == raw else parse(raw)


def _record(raw: bytes, wanted: Expectation | Verb, last: _Named) -> bytes:
    """One record for one question, whatever happens."""
    if wanted is Verb.ASK:
        record = pack_asked(Asked(code=Rejection.UNREADABLE.value))
        with suppress(Exception):
            record = pack_asked(asked(raw, last.take))
        return record
    record = pack(Verdict("rejected", Rejection.UNREADABLE.value, digest=bytes(32)))
    with suppress(Exception):
        if isinstance(wanted, Expectation):
            record = pack(verdict(raw, wanted, last.take))
        else:
            record = pack(named(raw, last.keep))
    return record


def serve(questions: BinaryIO, records: BinaryIO) -> None:
    """Answer questions until the other end closes."""
    last = _Named()
    while True:
        try:
            raw, wanted = read_question(questions)
        except EOFError:
            return
        record = _record(raw, wanted, last)
        del raw, wanted
        records.write(record)
        records.flush()


def main() -> None:
    """Compile the schema while files can still be read, harden, then serve."""
    if "django" in sys.modules:
        raise SystemExit(3)
    schema()
    harden()
    serve(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
