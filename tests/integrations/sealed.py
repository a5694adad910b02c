"""A sealed certificate, and strangers to look at it: programs and a library that nobody here wrote."""

import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from integrations.pades.keys import PemKey, made_up_pem
from integrations.pades.seal import PadesSeal
from integrations.pdf import CertificatePrinter
from tests.integrations.test_pdf import CONTENTS

AT = datetime(2026, 11, 24, 9, 30, 15, tzinfo=UTC)
PEM = made_up_pem()
CERTIFICATES = re.findall(rb"-----BEGIN CERTIFICATE.*?END CERTIFICATE-----\n", PEM, re.DOTALL)
RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]")


@lru_cache(maxsize=1)
def page() -> bytes:
    """A certificate as it is printed."""
    return CertificatePrinter().certificate(CONTENTS)


@lru_cache(maxsize=1)
def seal() -> PadesSeal:
    return PadesSeal(PemKey(PEM))


@lru_cache(maxsize=1)
def sealed() -> bytes:
    """The same certificate as its holder gets it."""
    return seal().seal(page(), at=AT)


def program(name: str) -> str:
    """Where a program of the system is; the test is skipped, and loudly, on a machine without it."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"no {name} on this machine (Debian: apt-get install poppler-utils openssl)")
    return found


def pdfsig(file: bytes, folder: Path) -> str:
    """What poppler's pdfsig says of the signatures of a file."""
    path = folder / "file.pdf"
    path.write_bytes(file)
    run = subprocess.run([program("pdfsig"), "-nocert", path], capture_output=True, check=False)
    return (run.stdout + run.stderr).decode(errors="replace")  # it quotes names from a certificate that was changed


def poppler_is_content(file: bytes, folder: Path) -> bool:
    """Whether pdfsig finds one signature, finds it valid, and over all of the file."""
    said = pdfsig(file, folder)
    return (
        said.count("Signature #") == 1
        and "Signature Validation: Signature is Valid." in said
        and "  - Total document signed\n" in said
    )


def openssl_is_content(file: bytes, folder: Path, root: bytes = CERTIFICATES[-1]) -> bool:
    """Whether `openssl cms` verifies the signature over the signed ranges, up to a root that it is told."""
    found = RANGE.search(file)
    assert found is not None
    (folder / "message").unlink(missing_ok=True)
    first, start, length = map(int, found.groups())
    (folder / "content").write_bytes(file[:first] + file[start : start + length])
    with suppress(ValueError):  # else there is no message, and that is for openssl to say
        (folder / "message").write_bytes(bytes.fromhex(file[first + 1 : start - 1].decode("ascii", "replace")))
    (folder / "root").write_bytes(root)
    command = f"{program('openssl')} cms -verify -binary -inform DER -in message -content content -CAfile root"
    run = subprocess.run(
        [*command.split(), "-purpose", "any", "-out", "/dev/null"], cwd=folder, capture_output=True, check=False
    )
    return run.returncode == 0 and b"Verification successful" in run.stderr


def pyhanko_says(file: bytes, roots: bytes = CERTIFICATES[-1]) -> PdfSignatureStatus:
    """What pyHanko finds out about the only signature of a file."""
    (signature,) = PdfFileReader(BytesIO(file)).embedded_signatures
    trust = list(load_certs_from_pemder_data(roots))
    context = ValidationContext(trust_roots=trust, allow_fetching=False)
    with ThreadPoolExecutor(1) as alone:  # it starts an event loop, and the browser of other tests has one here
        return alone.submit(validate_pdf_signature, signature, context).result()
