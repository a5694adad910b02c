"""The WSGI entry point. Does not start without keys."""

import os
import sys

from django.core.checks import ERROR, run_checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vetting.settings")
application = get_wsgi_application()
for message in run_checks(include_deployment_checks=True):
    if message.level >= ERROR:
        sys.exit(f"Article Ten does not start: {message.msg} {message.hint or ''}")
