"""An identity provider as an organisation may run one: OpenID Connect on this machine, and able to lie.

It is the outside world of the product, not a part of it: discovery, authorisation, token and key set over real HTTP.
"""

import base64
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwt

CLIENT, SECRET = "article-ten-invented", "a secret: with/signs+of %its own"
KEY, STRANGER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


def number(value):
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def pem(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def unsigned(claims):
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in parts) + "."


class Provider(ThreadingHTTPServer):
    """Who is signed in there, what it says of them, and what it was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}/realms/invented"
        self.email, self.claims, self.dropped, self.described = "nobody@invented.example", {}, set(), {}
        self.codes, self.asked, self.status = {}, [], 200
        self.sign = lambda claims: jwt.encode(claims, pem(KEY), algorithm="RS256", headers={"kid": "one"})

    def says(self, asked):
        """The claims of the ID token, with the lies that a test wants."""
        told = {
            "iss": self.issuer, "sub": "248289761001", "aud": CLIENT, "iat": int(time.time()), "nonce": asked["nonce"],
            "exp": int(time.time()) + 300, "email": self.email, "email_verified": True, **self.claims,
        }  # fmt: skip
        return {name: value for name, value in told.items() if name not in self.dropped}

    def description(self):
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorise",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys?set=all",
            "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"], **self.described,
        }  # fmt: skip

    def key_set(self):
        numbers = KEY.public_key().public_numbers()
        key = {"kty": "RSA", "kid": "one", "use": "sig", "n": number(numbers.n), "e": number(numbers.e)}
        return {"keys": [{"kty": "oct", "kid": "one", "k": "c2VjcmV0"}, key]}

    def handle_error(self, *_):
        pass


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self):
        parts = urlsplit(self.path)
        where, asked = parts.path.rpartition("/")[2], {name: one[0] for name, one in parse_qs(parts.query).items()}
        self.server.asked.append((where, asked, dict(self.headers)))
        if where == "openid-configuration":
            return self.answer(self.server.description())
        if where == "keys" and asked == {"set": "all"}:
            return self.answer(self.server.key_set())
        if where == "authorise":
            code = f"code-{len(self.server.codes)}"
            self.server.codes[code] = asked
            return self.answer({}, 302, f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        return self.answer({}, 404)

    def do_POST(self):
        typed = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = {name: one[0] for name, one in parse_qs(typed).items()}
        self.server.asked.append(("token", said, dict(self.headers)))
        asked = self.server.codes.pop(said.get("code"), None)  # a code is good once
        proof = base64.urlsafe_b64encode(hashlib.sha256(said.get("code_verifier", "").encode()).digest())
        pair = base64.b64encode(b"article-ten-invented:a%20secret%3A%20with%2Fsigns%2Bof%20%25its%20own").decode()
        good = (
            asked and said["redirect_uri"] == asked["redirect_uri"] and self.headers["Authorization"] == f"Basic {pair}"
            and proof.rstrip(b"=").decode() == asked["code_challenge"] and asked["code_challenge_method"] == "S256"
        )  # fmt: skip
        if not good:
            return self.answer({"error": "invalid_grant"}, 400)
        token = self.server.sign(self.server.says(asked))
        return self.answer({"access_token": "x", "token_type": "Bearer", "id_token": token}, self.server.status)

    def answer(self, said, status=200, location=""):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def provider():
    """A running provider."""
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
