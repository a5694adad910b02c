"""The process that opens a spreadsheet: the file on standard input, its rows as JSON on standard output.

Ends with 1 for a file that cannot be read, and by a signal or with 2 for one that takes too much.
"""

import io
import itertools
import json
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook

from vetting.cases.ports import MOST_CHARACTERS, MOST_COLUMNS

MEMORY = 384 * 1024 * 1024
SECONDS = 6


def main() -> int:
    """Read; the numbers of rows, columns and characters are bounded here already."""
    most = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    raw = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheet = book.get_sheet_by_index(0)
    except (CalamineError, IndexError, ValueError):
        return 1
    except MemoryError:
        return 2
    lines = ([_text(cell)[:MOST_CHARACTERS] for cell in row[:MOST_COLUMNS]] for row in sheet.iter_rows())
    filled = (line for line in lines if any(cell.strip() for cell in line))
    sys.stdout.write(json.dumps(list(itertools.islice(filled, most + 1))))
    return 0


def _text(cell: object) -> str:
    """A cell as a person reads it; a whole number without its decimals."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


if __name__ == "__main__":
    sys.exit(main())
