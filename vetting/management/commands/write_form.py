"""Write the request form on paper, about an invented person, to look at it."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from vetting.authorities.rules import state_code
from vetting.enquiries.gateways import writer
from vetting.enquiries.ports import FormPrinter
from vetting.errors import Refused
from vetting.management.invented import CONTACT, asker_of, authority, language_for, request_about_nobody


class Command(BaseCommand):
    help = "Write the request form as a PDF about an invented person, in an official language of the asked State."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--state", required=True, metavar="STATE", help="the State that is asked")
        parser.add_argument("--home", default=settings.HOME_STATE, metavar="STATE", help="the State that asks")
        parser.add_argument("--language", metavar="LANGUAGE", help="another official language of the asked State")
        parser.add_argument("--out", required=True, metavar="FILE", help="the PDF")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            state = authority(state_code(options["state"])).state
            home = asker_of(state, authority(state_code(options["home"])).state)
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        language = options["language"] or language_for(state)
        if language not in authority(state).languages:
            raise CommandError(
                f"--language {language}: the form is written in {', '.join(authority(state).languages)}."
            )
        message_id = f"{home}-{state}-REQ-{1:015d}"
        contents = request_about_nobody(state, home, message_id, language=language, beside=True)
        digest = hashlib.sha256(writer().request(contents)).hexdigest()
        printer = cast(FormPrinter, import_string(settings.FORM_PRINTER)())
        page = printer.request_form(contents, language, contact=CONTACT, digest=digest)
        try:
            Path(options["out"]).write_bytes(page)
        except OSError as failure:
            raise CommandError(f"The file {options['out']} cannot be written: {failure.strerror}.") from None
        self.stdout.write(f"{options['out']}: request of {home} to {state} in {language}, {len(page)} bytes")
