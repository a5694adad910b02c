"""Check a certificate without asking anybody.

    python -m integrations.jose.verify FILE|TOKEN --keys jwks.json --status list

FILE is the certificate as PDF, or a file with its token; TOKEN is the token itself. The key set and the status list are
saved copies of what the issuer publishes at /.well-known/jwks.json and at the address that the token names. Ends with 0
when the certificate is current, with 1 when it is not, and with 2 when that cannot be told; the words say why.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from integrations.jose.offline import MOST, Claims, Failed, certificate, current, key_set
from integrations.jose.paper import MOST_BYTES, Paper, Unfit, paper

CURRENT, NOT_CURRENT, NOT_CHECKED = 0, 1, 2
ENDS = {
    "expired": "Its last day has passed.",
    "not-yet": "It begins later than now. If that surprises you, look at the clock of this machine.",
    "ended": "The issuer's status list says that it is not current. It does not say why, and nothing may be inferred.",
}
WORDS = {
    "unreadable": "The certificate cannot be read: no file has this name, and it is not a token either.",
    "keys-unreadable": "The key set cannot be read: no file has this name.",
    "list-unreadable": "The status list cannot be read: no file has this name.",
    "keys": "The key set is not one: a JSON file with public EC P-256 keys, each named by its thumbprint, is accepted.",
    "no-issuer": "The key set does not say whose it is. Say it with --issuer, for instance --issuer https://check.example",
    "too-long": "It is longer than any certificate.",
    "no-token": "There is no certificate in this PDF file. A photo, a scan or a print of one does not carry it.",
    "several-tokens": "There is more than one token in this PDF file; a certificate has one.",
    "page-altered": "The PDF file was altered after the certificate was issued.",
    "page-added-to": "Something besides a seal was added to the PDF file after the certificate was issued.",
    "shape": "It is not a whole token: three parts with dots between, the last of 86 characters. It may be cut off.",
    "not-canonical": "Its characters are not as they were issued.",
    "algorithm": "It is not signed with ES256, the only signature that is accepted.",
    "critical": "Its header asks for something critical that is not ours.",
    "key-inside": "It brings its own key, or says where to fetch one. Keys come from the issuer's key set alone.",
    "type": "It is a token of another kind.",
    "unknown-key": "Its key is not in the key set. Perhaps the copy of the key set is older than the certificate.",
    "header": "Its header is not the issuer's.",
    "signature": "The signature does not hold: it was altered, or somebody else signed it.",
    "claims": "What it says is not in the form of a certificate.",
    "issuer": "It was issued by another issuer than the one expected.",
    "no-status": "It names no status list: it was issued before there was one. Check it by its number and code.",
    "list-other": "The status list is another one than the certificate names.",
    "list-stale": "The copy of the status list is too old to be relied upon. Fetch it again.",
    "list-early": "The status list is of a later time than now. Look at the clock of this machine.",
    "list-older": "The copy of the status list is older than the certificate. Fetch it again.",
    "list-broken": "The status list cannot be read.",
}
_LIST = "The status list cannot be used. "


def words(reason: str) -> str:
    """The sentence for a reason."""
    if reason in ENDS or reason in WORDS:
        return {**ENDS, **WORDS}[reason]
    return _LIST + WORDS[reason.removeprefix("list-")]


def _read(path: str, most: int, missing: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError):
        raise Failed(missing) from None


def _text(raw: bytes) -> str:
    """A token in a file, with white space around it. What is not ASCII is no token."""
    return raw.decode("ascii", errors="replace").strip()


def _given(named: str) -> tuple[str, Paper | None]:
    """The token of what was named, and the page it was in."""
    try:
        raw = _read(named, MOST_BYTES, "unreadable")
    except Failed:
        if named.count(".") > 1 and "/" not in named:
            return named.strip(), None
        raise
    if raw.lstrip()[:5] == b"%PDF-":
        page = paper(raw)
        return page.token, page
    return _text(raw), None


def _say(claims: Claims) -> None:
    rows = (
        ("Issued by", f"{claims.get('issuer', '')} ({claims['iss']})"),
        ("Certificate", claims.get("number", "")),
        ("Name", claims.get("holder_name", "")),
        ("Date of birth", claims.get("holder_birth_date", "")),
        ("For", f"{claims.get('activity', '')}, {claims.get('role', '')}"),
        ("Valid", f"{claims.get('issued_on', '')} to {claims.get('valid_until', '')}"),
    )
    for label, value in rows:
        shown = "".join(one if one.isprintable() else "?" for one in str(value))
        print(f"{label + ':':<15} {shown}")  # noqa: T201 (a program of a person at a terminal)


def _at(text: str) -> int:
    said = datetime.fromisoformat(text)
    return int((said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp())


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parts = (__doc__ or "").split("\n\n")
    parser = argparse.ArgumentParser(prog="python -m integrations.jose.verify", description=parts[0], epilog=parts[-1])
    parser.add_argument("certificate", metavar="FILE|TOKEN", help="the certificate: PDF, file with a token, or token")
    parser.add_argument("--keys", required=True, metavar="FILE", help="saved copy of the issuer's key set")
    parser.add_argument("--status", required=True, metavar="FILE", help="saved copy of the status list")
    parser.add_argument("--issuer", metavar="ADDRESS", help="who must have issued it, where the key set does not say")
    parser.add_argument("--at", type=_at, metavar="TIME", help="judge as of this moment (ISO 8601); now otherwise")
    return parser.parse_args(given)


def _judged(said: argparse.Namespace) -> None:
    """Say all that is genuine; raise Failed or Unfit unless it is current."""
    keys = key_set(_read(said.keys, MOST_BYTES, "keys-unreadable"))
    issuer = (said.issuer or keys.issuer).rstrip("/")
    if not issuer:
        raise Failed("no-issuer")
    token, page = _given(said.certificate)
    claims = certificate(token, keys, issuer)
    sealed = page.check(claims.get("page_bytes"), claims.get("page_sha256")) if page else False
    _say(claims)
    status = _text(_read(said.status, max(MOST.values()), "list-unreadable"))
    current(claims, status, keys, at=int(time.time()) if said.at is None else said.at)
    if page is None:
        print("Compare this with the page: only the token was looked at.")  # noqa: T201
    if sealed:
        print("The page is as it was issued. Its seal was not judged: programs that show PDF files do that.")  # noqa: T201


def main(given: Sequence[str] | None = None) -> int:
    """Judge, say so in words, and give the exit code."""
    try:
        _judged(_arguments(given))
    except (Failed, Unfit) as failure:
        ended = failure.reason in ENDS
        head = "NOT CURRENT." if ended else "COULD NOT BE CHECKED."
        print(f"{head} {words(failure.reason)}")  # noqa: T201
        return NOT_CURRENT if ended else NOT_CHECKED
    print("CURRENT.")  # noqa: T201
    return CURRENT


if __name__ == "__main__":
    sys.exit(main())
