"""The process that opens a spreadsheet: the file on standard input, its rows as JSON on standard output.

Ends with 1 for a file that cannot be read, and by a signal or with 2 for one that takes too much.
"""

import io
import itertools
import json
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook

MEMORY = 384 * 1024 * 1024
SECONDS = 6
COLUMNS = 12
LONGEST = 300


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
    lines = (row[:COLUMNS] for row in sheet.iter_rows())
    filled = ([_text(cell)[:LONGEST] for cell in row] for row in lines if any(_text(cell).strip() for cell in row))
    sys.stdout.write(json.dumps(list(itertools.islice(filled, most + 1))))
    return 0


def _text(cell: object) -> str:
    """A cell as a person reads it; a whole number without its decimals."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


if __name__ == "__main__":
    sys.exit(main())
