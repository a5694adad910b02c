"""Two nodes of the product on one machine: where each keeps its things, its keys, and the settings it runs with."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from vetting.management.running import SWEEP, Process, start, web
from vetting.organisations.rules import Role

HERE = "127.0.0.1"


@dataclass(frozen=True)
class Home:
    """One State's part of the pair: its time zone, and the invented people who work there.

    The two hosts are one machine under two names, so that a browser keeps the sessions apart.
    """

    state: str
    name: str
    zone: str
    host: str
    club: str
    secretary: tuple[str, str]
    clerks: tuple[tuple[str, str], ...]

    @property
    def clubs(self) -> dict[str, tuple[tuple[str, str, Role], ...]]:
        return {self.club: ((*self.secretary, Role.MANAGER),)}


HOMES = {
    "IE": Home(
        "IE", "Ireland", "Europe/Dublin", "localhost", "Invented Rovers Football Club",
        ("Mara Muster", "secretary@club.ie.example"),
        (("Clara Clerk", "clara@authority.ie.example"), ("Colm Clerk", "colm@authority.ie.example")),
    ),
    "BG": Home(
        "BG", "Bulgaria", "Europe/Sofia", HERE, "Измислен спортен клуб",
        ("Мара Измислена", "secretary@club.bg.example"),
        (("Бояна Чиновник", "boyana@authority.bg.example"), ("Борис Чиновник", "boris@authority.bg.example")),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """One installation: a folder of its own, a port for people, and a port for the other node."""

    home: Home
    folder: Path
    people: int
    gateway: int

    @property
    def base(self) -> str:
        return f"http://{self.home.host}:{self.people}"

    @property
    def address(self) -> str:
        """Where the other node posts its messages."""
        return f"https://{HERE}:{self.gateway}"

    def file(self, name: str) -> str:
        return str(self.folder / name)

    def environment(self) -> dict[str, str]:
        """The settings of every process of this node; nothing of ours that is not named here but the way to Python."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "LANG": os.environ.get("LANG", "C.UTF-8"),
            "ARTICLE_TEN_DEMO": "1",
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": f"sqlite:///{self.folder / 'node.sqlite3'}",
            "HOME_STATE": self.home.state,
            "TIME_ZONE": self.home.zone,
            "SITE_NAME": f"Article Ten · {self.home.name}",
            "BASE_URL": self.base,
            "EXCHANGE_GATEWAY": "integrations.gateways.https.HttpsGateway",
            "CERTIFICATE_KEY_FILE": self.file("certificate.pem"),
            "SEAL_KEY_FILE": self.file("seal.pem"),
            "NODE_KEY_FILE": self.file("node.pem"),
            "NODE_CA_FILE": self.file("authority.crt"),
            "NODE_CLIENT_CERT": self.file("tls.crt"),
            "NODE_CLIENT_KEY": self.file("tls.pem"),
        }

    @property
    def parts(self) -> dict[str, list[str]]:
        """Its processes: a server for people; one for the other node, which takes only who has a certificate of the
        pair's authority; and the worker."""
        mutual = ("--certfile", self.file("tls.crt"), "--keyfile", self.file("tls.pem"),
                  "--ca-certs", self.file("authority.crt"), "--cert-reqs", "2")  # fmt: skip
        return {"people": web(self.people), "messages": web(self.gateway, *mutual), "worker": SWEEP}

    def start(self, part: str) -> Process:
        """One of its processes."""
        return start(self.parts[part], self.environment())


def pair(folder: Path, ports: tuple[int, int, int, int]) -> Mapping[str, Node]:
    """Ireland and Bulgaria below `folder`, with keys; what is there already is kept."""
    nodes = {
        state: Node(HOMES[state], folder / state.lower(), ports[place], ports[place + 2])
        for place, state in enumerate(HOMES)
    }
    missing = [node for node in nodes.values() if not Path(node.file("tls.crt")).exists()]
    for node in nodes.values():
        (node.folder / "static").mkdir(parents=True, exist_ok=True, mode=0o700)
    if missing:
        _equip(list(nodes.values()))
    return nodes


def _equip(nodes: list[Node]) -> None:
    """Keys for signing, and certificates for TLS from an authority that signs these two and is then forgotten."""
    signer = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Invented authority of two nodes")])
    own = _certificate(name, signer.public_key(), name, signer, authority=True)
    for node in nodes:
        for file in ("certificate.pem", "node.pem"):
            _write_key(node.folder / file, ec.generate_private_key(ec.SECP256R1()))
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"node-{node.home.state.lower()}")])
        made = _certificate(subject, key.public_key(), name, signer, authority=False)
        _write_key(node.folder / "tls.pem", key)
        (node.folder / "authority.crt").write_bytes(own.public_bytes(Encoding.PEM))
        (node.folder / "tls.crt").write_bytes(made.public_bytes(Encoding.PEM))


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _certificate(
    subject: x509.Name,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    begins = datetime.now(UTC) - timedelta(hours=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), critical=False)
    return made.sign(signer, SHA256())
