"""Django's deployment checks under settings as a production node has them, with throw-away keys."""

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from integrations.pades.keys import made_up_pem  # noqa: E402 - found from the root, which a script is not in


def main() -> int:
    """Run `check --deploy`; a warning is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "certificate-key.pem"
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        key.write_bytes(pem)
        production = {
            "ALLOWED_HOSTS": "checks.example",
            "BASE_URL": "https://checks.example",
            "CERTIFICATE_KEY_FILE": str(key),
            "SEAL_KEY": made_up_pem("An authority of this check").decode(),
            "DATABASE_URL": "postgres://user:password@127.0.0.1/none",
            "EXCHANGE_GATEWAY": "integrations.gateways.desk.DeskGateway",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "VAR_DIR": folder,
        }
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("ARTICLE_TEN_")
        } | production
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
