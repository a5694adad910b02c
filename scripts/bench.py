"""`make bench`: what the product costs, as ratios to the raw cost of the same primitives measured in the same run.

Absolute figures of one machine say nothing about another; ratios between things that take turns in one run do. Nothing
here is part of the test suite. A miss is a finding, not a failure: the exit status is 0 unless a measurement breaks.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 9


def main() -> int:
    """Prepare a throw-away installation, measure, print the table."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="article-ten-bench-") as folder:
        Path(folder, "static").mkdir()
        _environment(folder)
        from scripts.benchmarks import all_figures

        print(f"{'what':<58} {'ours':>11} {'raw':>11} {'ratio':>7}  target", flush=True)
        missed = 0
        for figure in all_figures(ROUNDS):
            missed += not figure.passed
            print(figure.line(), flush=True)
    print(f"\nMedians of {ROUNDS} rounds taken in turns, {time.monotonic() - started:.0f} seconds; {missed} missed.")
    print("Times in microseconds for one; memory in KiB. Targets of time and memory are upper limits, of rates lower.")
    return 0


def _environment(folder: str) -> None:
    """Settings of the embedded default on a database of its own, whatever the caller's environment says."""
    from integrations.jose.signer import generate_private_pem
    from integrations.pades.keys import made_up_pem

    for name in ("DATABASE_URL", "KEY_DIR", "BASE_URL", "SECRET_KEY", "CELERY_BROKER_URL", "HOME_STATE"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "vetting.settings",
        "ARTICLE_TEN_TESTING": "1",
        "VAR_DIR": folder,
        "CERTIFICATE_KEY": generate_private_pem().decode(),
        "SEAL_KEY": made_up_pem().decode(),
    }
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
