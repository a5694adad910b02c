"""The process in which a reply is read: it writes no file, dumps no core, opens and logs nothing, knows no database.

Started by `integrations.airlock.client` as `python -m integrations.airlock.child`; questions come on standard input,
records of fixed size leave on standard output, and when its parent is gone it goes too.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import BinaryIO

from integrations.airlock.record import pack, read_question
from integrations.ecris.hardened import schema
from integrations.ecris.rejections import Rejection
from integrations.ecris.verdict import named, verdict
from vetting.enquiries.ports import Expectation, Verdict

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


def _record(raw: bytes, expectation: Expectation | None) -> bytes:
    """One record for one question, whatever happens."""
    record = pack(Verdict("rejected", Rejection.UNREADABLE.value, digest=bytes(32)))
    with suppress(Exception):
        record = pack(named(raw) if expectation is None else verdict(raw, expectation))
    return record


def serve(questions: BinaryIO, records: BinaryIO) -> None:
    """Answer questions until the other end closes."""
    while True:
        try:
            raw, expectation = read_question(questions)
        except EOFError:
            return
        record = _record(raw, expectation)
        del raw, expectation
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
