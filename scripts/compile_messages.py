"""Compile every translation catalogue under locale/ (needs Babel only, no gettext on the machine)."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogue(source: Path) -> list[str]:
    """Write the .mo beside `source`; returns what is wrong with it, such as a placeholder lost in translation."""
    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=source.parent.parent.name, abort_invalid=True)
    with source.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalogue)
    faults = [f"{message.id!r}: {error}" for message, errors in catalogue.check() for error in errors]
    return [f"{source.relative_to(LOCALE)}: {fault}" for fault in faults]


def main() -> int:
    """Compile all catalogues; 1 when any of them is wrong."""
    faults = [fault for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")) for fault in compile_catalogue(source)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
