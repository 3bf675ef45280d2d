"""A phone with ODK Collect, as its public source sends: headers, multipart, attachments, repeats.

The shape of requests is that of getodk/collect (OkHttpConnection, OpenRosaServerInstanceUploader): a HEAD to
``/submission`` first, whose ``Location`` is followed on the same host alone, then one multipart POST with the
part ``xml_submission_file``, files beside it under their own names, and ``*isIncomplete*`` where there are
more to come; 201 and 202 alone mean received.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import urlsplit
from uuid import uuid4
from xml.etree import ElementTree as ET

LIST = "{http://openrosa.org/xforms/xformsList}"
RECEIVED = {201, 202}


@dataclass
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def message(self) -> str:
        """The message that Collect shows."""
        return "".join(ET.fromstring(self.body).itertext()) if self.body else ""


@dataclass
class Collect:
    """A phone, set up with the address of a server."""

    address: str
    # Where the named host is really reached, as a test has no name server.
    at: tuple[str, int] | None = None
    trust: ssl.SSLContext | None = None
    _remap: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, address: str, body: bytes | None = None, *, chunked: bool = False, **headers: str
    ) -> Answer:
        parts = urlsplit(address)
        connection = self._connect(
            parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        )
        own = {
            "X-OpenRosa-Version": "1.0",
            "Date": formatdate(usegmt=True),
            "User-Agent": "org.odk.collect.android/v2025.3.0 Dalvik/2.1.0",
            "Host": parts.netloc,
            "Accept-Encoding": "gzip",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        pieces = (
            (body[start : start + 4096] for start in range(0, len(body or b""), 4096)) if chunked else body
        )
        try:
            connection.request(method, path, pieces, own, encode_chunked=chunked)  # type: ignore[arg-type]
            answer = connection.getresponse()
            content = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                import gzip

                content = gzip.decompress(content)
            return Answer(answer.status, {k.casefold(): v for k, v in answer.headers.items()}, content)
        finally:
            connection.close()

    def _connect(self, host: str, port: int) -> HTTPConnection:
        if self.trust is None:
            return HTTPConnection(*(self.at or (host, port)), timeout=60)
        connection = HTTPSConnection(host, port, timeout=60, context=self.trust)
        if self.at is not None:
            there = self.at
            create = connection._create_connection  # type: ignore[attr-defined]
            connection._create_connection = lambda _place, *rest: create(there, *rest)  # type: ignore[attr-defined]
        return connection

    def forms(self) -> list[dict[str, str]]:
        """List the forms, as Collect reads them."""
        answer = self.ask("GET", f"{self.address}/formList")
        assert answer.status == 200, answer.body
        assert "text/xml" in answer.headers["content-type"]
        assert answer.headers["x-openrosa-version"] == "1.0"
        root = ET.fromstring(answer.body)
        assert root.tag == f"{LIST}xforms"
        return [{str(part.tag).removeprefix(LIST): part.text or "" for part in form} for form in root]

    def submit(
        self, xml: bytes, files: Mapping[str, bytes] | None = None, *, incomplete: bool = False
    ) -> Answer:
        """Send one filled form; the answer to its POST."""
        target = f"{self.address}/submission?deviceID=collect%3Aabc"
        if target not in self._remap:
            head = self.ask("HEAD", target)
            if head.status == 204 and "location" in head.headers:
                where = urlsplit(head.headers["location"])
                assert where.hostname == urlsplit(target).hostname
                query = where.query or urlsplit(target).query
                self._remap[target] = where._replace(query=query).geturl()
        boundary = uuid4().hex
        body = multipart(boundary, xml, files or {}, incomplete=incomplete)
        kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", self._remap.get(target, target), body, Content_Type=kind)


def multipart(boundary: str, xml: bytes, files: Mapping[str, bytes], *, incomplete: bool = False) -> bytes:
    def part(name: str, file: str, kind: str, content: bytes) -> bytes:
        shown = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
        lines = [f"--{boundary}", f"Content-Disposition: {shown}"]
        lines += [f"Content-Type: {kind}"] if kind else []
        lines += [f"Content-Length: {len(content)}", "", ""]
        return "\r\n".join(lines).encode() + content + b"\r\n"

    parts = [part("xml_submission_file", "canvass_2026-03-07_17-02-11.xml", "text/xml", xml)]
    parts += [part(name, name, "image/jpeg", content) for name, content in files.items()]
    parts += [part("*isIncomplete*", "", "", b"yes")] if incomplete else []
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def filled(
    turf: str,
    unit: str,
    result: str,
    *,
    door: str = "",
    name: str = "",
    former: str = "",
    on: str = "2026-03-07",
) -> bytes:
    """Write a filled form as Collect's JavaRosa does."""
    edited = f"<deprecatedID>uuid:{former}</deprecatedID>" if former else ""
    return (
        '<?xml version=\'1.0\' ?><data id="canvass" version="1" xmlns:ev="http://www.w3.org/2001/xml-events" '
        'xmlns:orx="http://openrosa.org/xforms" xmlns:jr="http://openrosa.org/javarosa">'
        f"<today>2026-03-07</today><turf>{turf}</turf><unit>{unit}</unit><door>{door}</door>"
        f"<disposition>{result}</disposition>"
        f"<meta><instanceID>uuid:{name or uuid4()}</instanceID>{edited}</meta>"
        "</data>"
    ).encode()
