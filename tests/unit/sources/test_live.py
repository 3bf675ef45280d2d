"""Asking official addresses whether they answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.sources.catalog import Source, read_catalog
from geo.sources.publishers import try_addresses
from tests.unit.sources.ftp_loopback import serving_files
from tests.unit.sources.loopback import Act, Server, endless, plain


def tracts(server: Server) -> Source:
    address = f"{server.address}/tracts.zip"
    return replace(read_catalog()["tracts_2010"], address=address, address_seen=False)


def layer() -> Source:
    return read_catalog()["water_system_boundaries"]


@pytest.mark.parametrize(
    ("act", "answers", "words"),
    [
        (plain(b"PK\x03\x04..."), True, "status 200"),
        (plain(b"PK", status=206), True, "status 206"),
        (endless, True, "status 200"),
        (plain(b""), True, "status 200"),
        (plain(b"", status=404), False, "status 404"),
        (plain(b"<!DOCTYPE html>"), False, "status 200, but a web page and no data"),
        (plain(b'{"error":{"code":400}}'), False, "status 200, but an error of the service"),
    ],
)
def test_answers(server: Server, act: Act, answers: bool, words: str) -> None:
    source = replace(tracts(server), other_addresses=())
    server.acts["/tracts.zip"] = act
    (answer,) = try_addresses([source], ["06065"])
    assert (answer.answers, answer.words, answer.seen_before) == (answers, words, False)


def test_where_the_web_refuses_the_same_file_by_ftp_is_an_answer(server: Server) -> None:
    server.acts["/tracts.zip"] = plain(b"", status=403)
    with serving_files() as ftp:
        ftp.files["/geo/tracts.zip"] = b"PK" * 700
        source = replace(tracts(server), other_addresses=(f"{ftp.address}/geo/tracts.zip",))
        (answer,) = try_addresses([source], ["06065"])
        assert answer.answers
        assert answer.address == f"{ftp.address}/geo/tracts.zip"
        assert answer.words == "it stands there over ftp, 1,400 bytes, where 127.0.0.1: status 403"
        assert "RETR" not in {word for word, _ in ftp.asked}, "nothing is brought"
        ftp.files.clear()
        (answer,) = try_addresses([source], ["06065"])
    assert (answer.answers, answer.address) == (False, source.address)
    assert answer.words.startswith("127.0.0.1: status 403; 127.0.0.1: no answer over ftp (550")


def test_a_page_will_do_for_a_person(server: Server) -> None:
    source = replace(read_catalog()["calenviroscreen_4"], address=f"{server.address}/page")
    server.acts["/page"] = plain(b"<!DOCTYPE html>")
    assert [answer.answers for answer in try_addresses([source], ["06065"])] == [True]


def test_a_layer_is_only_counted_and_the_key_not_shown(server: Server) -> None:
    rows = replace(read_catalog()["pl94_blocks_2020"], address=f"{server.address}/pl?in=state:{{state}}")
    sources = [replace(layer(), address=f"{server.address}/0/query"), rows]
    server.acts |= {"/0/query": plain(b'{"count": 3}'), "/pl": plain(b"[[]]")}
    answers = list(try_addresses(sources, ["06065"], "s3cret"))
    assert "returnCountOnly=true" in server.asked[0][0]
    assert server.asked[1][0] == "/pl?in=state:06&key=s3cret"
    assert not any("s3cret" in answer.address + answer.words for answer in answers)


def test_a_closed_port(server: Server) -> None:
    source = replace(layer(), address=f"{server.address}/0/query")
    server.server_close()
    (answer,) = try_addresses([source], ["06065"])
    assert (answer.answers, answer.words) == (False, "no answer (ConnectionError)")
