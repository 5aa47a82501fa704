# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""An OpenID provider as a process of its own: ``python oidc_provider.py PORT``.

It does what OpenID Connect Core 1.0 asks of the code flow with PKCE, and one thing wrong when
``/control`` says so.  Whoever comes is signed in at once, as the person that ``/control`` names.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "wijkeconomie", "een geheim van ons tweeën en van niemand anders"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CODES: dict[str, dict[str, str]] = {}
TOKENS: set[str] = set()
CONTROL = {"sub": "s1", "email": "iemand@example.org", "verified": "1", "fault": ""}


def claims(issuer: str, asked: dict[str, str]) -> dict[str, Any]:
    now, fault = int(time.time()), CONTROL["fault"]
    late = 7200 if fault == "expired" else 0
    made = {
        "iss": "http://elsewhere.example" if fault == "issuer" else issuer,
        "aud": "someone-else" if fault == "audience" else CLIENT,
        "sub": CONTROL["sub"], "iat": now - late, "exp": now + 3600 - late,
        "nonce": "another" if fault == "nonce" else asked.get("nonce", ""),
    }  # fmt: skip
    if fault == "party":
        made["azp"] = "someone-else"
    if fault == "no_nonce":
        del made["nonce"]
    return made


def id_token(issuer: str, asked: dict[str, str]) -> str:
    fault, body = CONTROL["fault"], claims(issuer, asked)
    if fault == "unsigned":
        return jwt.encode(body, "", algorithm="none", headers={"kid": "k1"})
    if fault == "symmetric":
        return jwt.encode(body, SECRET, algorithm="HS256", headers={"kid": "k1"})
    key = OTHER_KEY if fault == "signature" else KEY
    kid = "k9" if fault == "unknown_key" else "k1"
    return jwt.encode(body, key, algorithm="RS256", headers={"kid": kid})


class Provider(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    @property
    def issuer(self) -> str:
        return f"http://{self.headers['Host']}"

    def answer(self, body: dict[str, Any], status: int = 200) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        pages = {
            "/.well-known/openid-configuration": self.configuration, "/jwks": self.keys,
            "/authorize": lambda: self.authorize(asked), "/userinfo": self.person,
            "/control": lambda: self.control(asked),
        }  # fmt: skip
        pages[parts.path]()

    def configuration(self) -> None:
        self.answer({
            "issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks",
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        })  # fmt: skip

    def keys(self) -> None:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        self.answer({"keys": [{**key, "kid": "k1", "use": "sig", "alg": "RS256"}]})

    def control(self, asked: dict[str, str]) -> None:
        CONTROL.update(asked)
        self.answer({})

    def authorize(self, asked: dict[str, str]) -> None:
        code = secrets.token_urlsafe(16)
        CODES[code] = asked
        found = {"code": code, "state": asked["state"]}
        if CONTROL["fault"] == "cancelled":
            found = {"error": "access_denied", "state": asked["state"]}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(found)}")
        self.end_headers()

    def do_POST(self) -> None:
        sent = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        asked = CODES.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        known = (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
        same = asked is not None and (
            asked.get("code_challenge"), asked.get("code_challenge_method"), asked["redirect_uri"]
        ) == (challenge, "S256", sent.get("redirect_uri"))  # fmt: skip
        if asked is None or not known or not same:
            self.answer({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe(16)
        TOKENS.add(token)
        found = {"access_token": token, "token_type": "Bearer", "expires_in": 60}
        if CONTROL["fault"] != "no_id_token":
            found["id_token"] = id_token(self.issuer, asked)
        self.answer(found)

    def person(self) -> None:
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in TOKENS:
            self.answer({"error": "invalid_token"}, 401)
            return
        sub = "someone-else" if CONTROL["fault"] == "subject" else CONTROL["sub"]
        self.answer({"sub": sub, "email": CONTROL["email"], "name": "Jan de Vries",
                     "email_verified": CONTROL["verified"] == "1"})  # fmt: skip


@contextmanager
def running() -> Iterator[str]:
    """Its address, as long as the process runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen([sys.executable, __file__, str(port)]) as process:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Provider).serve_forever()
