"""Injects faults into the exchange of two nodes, and has the judge look at both after each scene.

`python -m tests.faults.run --faults 500 --seed 1`: prints what was injected, how long it took, and every disagreement;
ends with 1 when there is one. The same seed gives the same plans.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from integrations.jose.signer import generate_private_pem
from integrations.pades.keys import made_up_pem

TOP = Path(tempfile.mkdtemp(prefix="article-ten-faults-"))
(TOP / "static").mkdir()
os.environ.update(
    DJANGO_SETTINGS_MODULE="vetting.settings", ARTICLE_TEN_TESTING="1", VAR_DIR=str(TOP),
    DATABASE_URL=f"sqlite:///{TOP}/never-used", CERTIFICATE_KEY=generate_private_pem().decode(),
    SEAL_KEY=made_up_pem().decode(),
)  # fmt: skip

from tests.faults.scene import Player  # noqa: E402 (after the settings of this run)

ENOUGH = 8
"""Disagreements after which a player stops."""


def play(folder: Path, faults: int, seed: int, report: Path) -> None:
    """Scenes until so many faults were injected."""
    player, number = Player(folder), 0
    player.prepare()
    while player.injected.total() < faults and len(player.found) < ENOUGH:
        number += 1
        player.scene(number, random.Random(f"{seed}-{number}"))  # noqa: S311 (the same plans for the same seed)
    player.close()
    report.write_text(json.dumps({"injected": player.injected, "scenes": number, "found": player.found}))


def main() -> int:
    """Two players at a time; the report of both together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="FOLDER", help="keep the two databases of the first exchange there")
    options = parser.parse_args()
    began = time.monotonic()
    children = {}
    for place in (0, 1):
        folder = TOP / str(place)
        folder.mkdir()
        if (pid := os.fork()) == 0:
            with suppress(BaseException):
                play(folder, (options.faults + 1 - place) // 2, options.seed * 2 + place, TOP / f"{place}.json")
                os._exit(0)
            os._exit(1)
        children[pid] = place
    ends = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    if any(ends):
        raise SystemExit("a player failed")
    reports = [json.loads((TOP / f"{place}.json").read_text()) for place in (0, 1)]
    injected: Counter[str] = sum((Counter(one["injected"]) for one in reports), Counter())
    found = [line for one in reports for line in one["found"]]
    scenes = sum(one["scenes"] for one in reports)
    say = sys.stdout.write
    for kind, count in sorted(injected.items()):
        say(f"{kind:20} {count:5}\n")
    say(f"{injected.total()} faults in {scenes} exchanges of four questions, {time.monotonic() - began:.0f} seconds\n")
    say("\n".join(found) or "After each of them both nodes agreed on every question: none lost, none counted twice.")
    say("\n")
    if options.keep:
        shutil.copytree(TOP / "0" / "scene-1", options.keep)
    if not found:
        shutil.rmtree(TOP)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
