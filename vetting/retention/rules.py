"""Reading the retention policy: one file names every column of every model, with how long and why."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

ENDS = frozenset(
    {
        "case-closed",
        "leaving-the-roster",
        "erasure",
        "sixty-days-after-the-answer",
        "case-erased-and-three-years",
        "person-leaves",
        "sign-up-over",
        "never-personal",
        "while-live",
    }
)


class Wish(StrEnum):
    """What becomes of the certificate when its holder has the file erased: it stands on its own, or it ends too."""

    KEEP = "keep"
    END = "end"


@dataclass(frozen=True)
class Rule:
    """What holds for one column: when it goes, and why it may be there until then."""

    column: str
    until: str
    why: str


@lru_cache(maxsize=1)
def policy() -> dict[str, Rule]:
    """Every rule by `app.model.column`. Raises ValueError for an end that is not known or a reason that is missing."""
    text = (Path(__file__).parent / "policy.toml").read_text(encoding="utf-8")
    rules = {}
    for group in tomllib.loads(text)["rule"]:
        for column in group["columns"]:
            if group["until"] not in ENDS or not group["why"] or column in rules:
                raise ValueError(f"retention policy: {column} is named twice, or has no known end or no reason")
            rules[column] = Rule(column, group["until"], group["why"])
    return rules
