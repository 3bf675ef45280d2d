"""The Census geocoder, played on loopback: matches become places, all else is missing or a plain refusal."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest

from geo.errors import FetchError
from geo.sources.geocoder import find_addresses, geocoder_address

ADDRESSES = pd.DataFrame(
    {"street": ["1 Main St", "2 Elm, Apt 3", "Nowhere"], "city": "Indio", "state": "", "zip": "92201"},
    index=[7, 8, 9],
)


@contextmanager
def geocoder(answer: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """Serve one answer to every batch, None for a fault of the server; and list what was asked."""
    asked: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if answer is None else 200)
            self.end_headers()
            self.wfile.write(answer or b"")

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/addressbatch", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer() -> bytes:
    out = io.StringIO()
    rows = [
        ["1", "2 Elm", "Match", "Non_Exact", "2 ELM ST", "-116.25,33.75", "1", "L"],
        ["0", "1 Main St", "Match", "Exact", "1 MAIN ST", "-116.2,33.7", "2", "R"],
        ["2", "Nowhere", "No_Match"],
    ]
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode()


def test_matches_come_back_on_their_rows_in_whatever_order() -> None:
    with geocoder(answer()) as (address, asked):
        found = find_addresses(ADDRESSES, address)
    assert found.index.tolist() == [7, 8, 9]
    assert found.loc[7, ["longitude", "latitude"]].tolist() == [-116.2, 33.7]
    assert found["exact"].tolist() == [True, False, False]
    assert found.loc[9, ["longitude", "latitude"]].isna().all(), "missing, never 0"
    assert b"0,1 Main St,Indio,CA,92201" in asked[0]
    assert b'1,"2 Elm, Apt 3",Indio,CA,92201' in asked[0]
    assert b"Public_AR_Current" in asked[0]


@pytest.mark.parametrize("wrong", [None, b"<html>busy</html>", b""])
def test_another_answer_is_refused(wrong: bytes | None) -> None:
    with geocoder(wrong) as (address, _asked), pytest.raises(FetchError):
        find_addresses(ADDRESSES, address)


def test_no_network_is_one_plain_sentence() -> None:
    with geocoder(b"") as (address, _asked):
        gone = address
    with pytest.raises(FetchError, match="cannot be reached"):
        find_addresses(ADDRESSES, gone)


def test_nobody_is_asked_unless_a_setting_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GEO_GEOCODER", raising=False)
    assert geocoder_address() == ""
