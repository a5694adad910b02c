"""Open every published certificate again: its token, its seal, and what each says of the other."""

import hashlib
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError

from vetting.certificates.gateways import authority_seal, signer
from vetting.certificates.models import Certificate
from vetting.certificates.queries import page_of
from vetting.errors import Refused, Unusable
from vetting.keys.queries import unseal
from vetting.pipeline import CERTIFICATE_TYPE


class Command(BaseCommand):
    help = "Prove that what is stored of every certificate is what was issued: token, seal, and page agree."

    def handle(self, *args: object, **options: object) -> None:
        stored = Certificate.objects.exclude(page_digest="").select_related("case").order_by("pk")
        whole = broken = 0
        for certificate in stored.iterator(chunk_size=100):
            whole += 1
            for line in _faults(certificate):
                broken += 1
                self.stderr.write(f"{certificate.number}: {line}")
        if broken:
            raise CommandError(f"{broken} faults in {whole} certificates.")
        self.stdout.write(f"{whole} certificates: every token and every seal opens, and they agree.")


def _faults(certificate: Certificate) -> Iterator[str]:
    """A sentence for what does not hold; none of a certificate that was erased meanwhile."""
    ref, jti = certificate.case.ref, certificate.jti
    try:
        file = page_of(certificate)
        token = unseal(ref, f"token/{jti}", bytes(certificate.sealed_token or b"")).decode()
    except Refused:
        return
    except Unusable as unusable:
        yield f"what is stored cannot be read ({unusable.code})"
        return
    if hashlib.sha256(file).hexdigest() != certificate.page_digest:
        yield "the file is not the one that was published"
    try:
        claims = signer().open(token, typ=CERTIFICATE_TYPE)
        page = authority_seal().open(file)
    except Unusable as unusable:
        yield f"token or seal do not open ({unusable.code})"
        return
    blank = page.replace(token.encode(), b" " * len(token))  # where a page carries its token, the digest is without it
    if claims["jti"] != str(jti) or claims["page_sha256"] != hashlib.sha256(blank).hexdigest():
        yield "token and page do not belong together"
