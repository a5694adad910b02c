"""Look at every certificate in the database once more: signature, claims, page. Changes nothing."""

from django.core.management.base import BaseCommand, CommandError

from vetting.certificates.checkpoints import broken_certificates
from vetting.certificates.models import Certificate


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *_args: object, **_options: object) -> None:
        found = list(broken_certificates())
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{len(found)} certificates are not as they were issued.")
        self.stdout.write(f"{Certificate.objects.count()} certificates were looked at; each is as it was issued.")
