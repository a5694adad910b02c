#!/usr/bin/env python3
"""Django's command line: `python manage.py help`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vetting.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ["ARTICLE_TEN_DEMO"] = "1"  # the settings are read before the command is
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
