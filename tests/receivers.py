"""Receivers of webhooks and mail on this machine, as operators' systems would be."""

import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from warehouse.notifying.channels import Channel, send_patiently
from warehouse.notifying.model import Notification
from warehouse.operations import Trouble

HERE = "127.0.0.1"
TROUBLE = Trouble(what="dbt failed in dim_x", where="stage marts", mend="See a log.")


def at_once(channel: Channel, notification: Notification) -> None:
    """Send without a pause between tries."""
    send_patiently(channel, notification, pause=lambda seconds: None)


@dataclass
class Hook:
    """A webhook: what it got, and what it answers; the last answer is repeated."""

    answers: list[int] = field(default_factory=lambda: [200])
    got: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self) -> int:
        """Return the next answer."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def webhook(*answers: int, path: str = "/hook?room=1") -> Iterator[Hook]:
    """Serve a webhook that answers with the codes, one after the other."""
    hook = Hook(list(answers) or [200])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.got.append(json.loads(body))
            hook.headers.append({**self.headers, "path": self.path})
            self.send_response(hook.answer())
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _served(HTTPServer((HERE, 0), Handler)) as port:
        hook.url = f"http://{HERE}:{port}{path}"
        yield hook


@dataclass
class Postbox:
    """A mail server: what it got, and how it answers to a mail's content."""

    answer: str = "250 taken"
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: int = 0
    is_encrypted: bool = False
    context: ssl.SSLContext | None = None
    port: int = 0


@contextmanager
def mail_server(
    answer: str = "250 taken", *, certificate: Path | None = None
) -> Iterator[Postbox]:
    """Serve mail; with STARTTLS and a login when there is a certificate."""
    box = Postbox(answer)
    if certificate:
        box.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        box.context.load_cert_chain(certificate)

    class Bound(MailSession):
        postbox = box

    with _served(socketserver.ThreadingTCPServer((HERE, 0), Bound)) as port:
        box.port = port
        yield box


class MailSession(socketserver.StreamRequestHandler):
    """One connection of a mail server, which fills its box."""

    postbox: Postbox

    def say(self, line: str) -> None:
        """Answer with a line."""
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        """Obey line after line."""
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            self.obey(line.split()[0].upper(), line)

    def obey(self, verb: str, line: str) -> None:
        """Answer to one command."""
        box = self.postbox
        if verb == "EHLO":
            can_start = box.context and not box.is_encrypted
            extras = ["AUTH PLAIN"] if box.is_encrypted else []
            for each in ("here", *extras, *(["STARTTLS"] if can_start else [])):
                self.say(f"250-{each}")
            self.say("250 HELP")
        elif verb == "STARTTLS" and box.context:
            self.say("220 go on")
            self.request = box.context.wrap_socket(self.request, server_side=True)
            self.setup()
            box.is_encrypted = True
        elif verb == "AUTH":
            box.logins += 1
            self.say("235 welcome")
        elif verb == "DATA":
            self.say("354 send it")
            self.take()
        else:
            if verb == "RCPT":
                box.recipients.append(line.partition("<")[2].partition(">")[0])
            self.say("250 fine" if verb != "QUIT" else "221 bye")

    def take(self) -> None:
        """Take a mail's content."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        if self.postbox.answer.startswith("250"):
            self.postbox.mails.append(mail)
        self.say(self.postbox.answer)


@contextmanager
def silence() -> Iterator[int]:
    """Listen on a port and never answer; yields the port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1 << 16)
            self.request.recv(1 << 16)

    server = socketserver.ThreadingTCPServer((HERE, 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    with _served(server) as port:
        yield port


def make_certificate(folder: Path) -> Path:
    """Write a key and a certificate of this machine's own, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HERE))]), False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
