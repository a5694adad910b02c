"""Every sentence that the product shows, and the translation catalogues brought up to date with them."""

import sys
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
WAITING = LOCALE / "waiting.txt"
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2)}
WHOLE = ("bg", "de", "es", "fr", "pl")
"""Languages in which the screens of clerks and organisations are whole; the others have what everybody else sees."""
OF_STAFF = (
    "templates/desk/", "templates/organisation/", "vetting/web/desk/", "vetting/web/organisation/",
    "vetting/organisations/", "vetting/editions/", "vetting/enquiries/", "vetting/questions/", "vetting/outcomes/",
    "vetting/cases/handling.py",
)  # fmt: skip
REFUSALS = {"Refused": (2,), "__init__": (2,)}
"""A refusal says in its second argument what a page shows."""
OF_COMMANDS = ("authorities", "routing", "keys", "audit", "management", "api")
"""Parts of the product whose refusals an operator or a machine reads, in English."""

Sentence = str | tuple[str, ...]


def sentences_of(path: Path) -> set[Sentence]:
    """The sentences of one module or template; a plural one as (singular, plural)."""
    kind = "python" if path.suffix == ".py" else "javascript"
    shown = path.parts[len(ROOT.parts) :][:1] == ("vetting",) and not set(OF_COMMANDS) & set(path.parts)
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = templatize(source)  # what is not a sentence becomes letters X, which only this extractor passes over
    found = extract(kind, BytesIO(source.encode()), keywords=KEYWORDS | REFUSALS if shown else KEYWORDS)
    return {said if isinstance(said, str) else tuple(said[:2]) for _, said, _, _ in found}


@lru_cache
def used() -> dict[Sentence, set[str]]:
    """Every sentence of the product, with the files that hold it."""
    files = [path for top in ("vetting", "integrations") for path in (ROOT / top).rglob("*.py")]
    files += [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
    places: dict[Sentence, set[str]] = {}
    for path in files:
        for sentence in sentences_of(path):
            places.setdefault(sentence, set()).add(path.relative_to(ROOT).as_posix())
    return places


def waiting() -> set[str]:
    """New sentences that wait for their translators and are shown in English until then, by their singular."""
    return set(WAITING.read_text(encoding="utf-8").splitlines())


def wanted(code: str) -> set[Sentence]:
    """The sentences that the catalogue of a language must have."""
    late = waiting()
    everything = {one: files for one, files in used().items() if (one if isinstance(one, str) else one[0]) not in late}
    if code in WHOLE:
        return set(everything)
    return {sentence for sentence, files in everything.items() if not all(one.startswith(OF_STAFF) for one in files)}


def catalogue(code: str) -> Catalog:
    """The catalogue of a language as it is."""
    with (LOCALE / code / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=code)


def update(code: str) -> list[str]:
    """Bring one catalogue up to date: new sentences empty, those that nothing uses any more gone.

    Returns the sentences that still have to be translated.
    """
    known, needed, everything = catalogue(code), wanted(code), set(used())
    for message in list(known):
        if message.id and message.id not in everything:
            known.delete(message.id)
    for sentence in needed - {message.id for message in known}:
        known.add(sentence)
    with (LOCALE / code / "LC_MESSAGES" / "django.po").open("wb") as file:
        write_po(file, known, sort_output=True, width=0)
    return [str(message.id) for message in known if message.id and not all(forms(message.string))]


def forms(said: str | Iterable[str] | None) -> list[str]:
    """A translation as the list of its plural forms."""
    return [said or ""] if said is None or isinstance(said, str) else list(said)


def main() -> int:
    """Update all catalogues and say what is missing in each; 1 when anything is."""
    settings.configure(USE_I18N=True)
    missing = {path.name: update(path.name) for path in sorted(LOCALE.iterdir()) if path.is_dir()}
    for code, sentences in missing.items():
        print(f"{code}: {len(sentences)} to translate" if sentences else f"{code}: whole")
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
