"""A node of another State as it may behave: a small server on this machine that answers as a test tells it."""

import ipaddress
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

OVER = threading.Event()
"""Set when a test is over: whoever drips stops."""


class Handler(BaseHTTPRequestHandler):
    """Reads the message, keeps it with its headers, and does what the test said."""

    server: "Node"

    def do_POST(self):
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), self.body))
        with suppress(OSError):
            self.server.act(self)

    def log_message(self, *_):
        pass

    def raw(self, *pieces, pause=0.0):
        """Send these bytes, with a pause after each."""
        self.close_connection = True
        for piece in pieces:
            if OVER.wait(pause):
                return
            self.wfile.write(piece)

    def answer(self, status, body=b"", **headers):
        """One whole response."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Node(ThreadingHTTPServer):
    """The server, with what it got."""

    daemon_threads = True

    def __init__(self, act):
        self.act, self.got = act, []
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, *_):
        pass


@contextmanager
def node(act, tls=None):
    """A running node and its address."""
    OVER.clear()
    server = Node(act)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server, f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    finally:
        OVER.set()
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder, name, *, host="127.0.0.1", issuer=None, days=1):
    """PEM files of a certificate and its key, an authority of its own or issued by one; returns paths and signer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issued_by, signing = issuer or (subject, key)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .sign(signing, SHA256())
    )
    cert, private = folder / f"{name}.pem", folder / f"{name}-key.pem"
    cert.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(cert), str(private), (subject, key)


def serving(cert, key, *, clients_of=None):
    """The TLS of a server; with `clients_of`, for clients with a certificate of that authority alone."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    if clients_of:
        tls.load_verify_locations(clients_of)
        tls.verify_mode = ssl.CERT_REQUIRED
    return tls
