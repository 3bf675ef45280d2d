"""A server that refuses programs: told who asks, tried again after a pause, then the other address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from geo.errors import FetchError, RefusedError
from geo.sources.catalog import Source, read_catalog
from geo.sources.download import Downloader
from geo.sources.fetch import fetch_source
from geo.sources.publishers import OfficialOrigin, try_addresses
from geo.sources.raw import RawStore
from tests.unit.sources.ftp_loopback import FtpServer, serving_files
from tests.unit.sources.loopback import HASTY, Handler, Server, Waits, plain, refuses

CATALOG = read_catalog()
BUREAU = [source for source in CATALOG.values() if urlsplit(source.address).hostname == "www2.census.gov"]
# As https://www2.census.gov/geo/docs/reference/cenpop2020/blkgrp/ lays it out, mark of byte order included.
CENTERS = (
    b"\xef\xbb\xbfSTATEFP,COUNTYFP,TRACTCE,BLKGRPCE,POPULATION,LATITUDE,LONGITUDE\r\n"
    b"06,065,045303,1,1432,+33.560921,-116.087443\r\n06,065,940100,1,88,+33.701201,-116.301122\r\n"
)
PATH = "/geo/docs/reference/cenpop2020/blkgrp/CenPop2020_Mean_BG06.txt"


@pytest.fixture
def ftp() -> Iterator[FtpServer]:
    with serving_files() as running:
        running.files[PATH] = CENTERS
        yield running


@pytest.fixture
def centers(server: Server, ftp: FtpServer) -> Source:
    source = CATALOG["block_group_centers_2020"]
    return replace(source, address=server.address + PATH, other_addresses=(ftp.address + PATH,))


def refuses_first(handler: Handler, times: int) -> None:
    refuses(handler, times) if times == 1 else handler.answer(CENTERS)


def test_every_file_of_the_bureau_has_the_same_path_by_ftp() -> None:
    assert len(BUREAU) == 16
    for source in BUREAU:
        assert source.other_addresses == (
            source.address.replace("https://www2.census.gov/", "ftp://ftp2.census.gov/"),
        )


def test_a_refusal_is_tried_again_after_a_pause(
    server: Server, downloader: Downloader, waits: Waits, tmp_path: Path
) -> None:
    server.acts["/data"] = refuses_first
    downloader.download(f"{server.address}/data", tmp_path / "data")
    assert (tmp_path / "data").read_bytes() == CENTERS
    assert waits.seconds == [HASTY.refused_wait_s]


def test_who_refuses_twice_is_not_waited_for_again(
    server: Server, downloader: Downloader, waits: Waits, tmp_path: Path
) -> None:
    for path, asked in (("/one", 2), ("/two", 1)):
        server.acts[path] = refuses
        with pytest.raises(RefusedError, match="refuse programs at times: wait an hour, use another network"):
            downloader.download(server.address + path, tmp_path / "data")
        assert server.times[path] == asked
    assert waits.seconds == [HASTY.refused_wait_s]


def test_then_the_other_address_gives_it(
    server: Server, ftp: FtpServer, downloader: Downloader, centers: Source, store: RawStore
) -> None:
    server.acts[PATH] = refuses
    ftp.cuts = 1
    outcome = fetch_source(centers, ("06065",), store, OfficialOrigin(downloader))
    assert outcome.state == "fetched", outcome.reason
    (file,) = store.require_files(centers.key)
    assert file.path.read_bytes() == CENTERS
    assert file.address == ftp.address + PATH, "the receipt names the address that gave it"
    assert [rest for word, rest in ftp.asked if word == "RETR"] == [PATH] * 2, "cut once, brought again"


def test_a_server_that_answers_is_not_gone_around(
    server: Server, ftp: FtpServer, downloader: Downloader, centers: Source, store: RawStore
) -> None:
    server.acts[PATH] = plain(CENTERS)
    assert fetch_source(centers, (), store, OfficialOrigin(downloader)).state == "fetched"
    assert store.require_files(centers.key)[0].address == centers.address
    assert ftp.asked == []


def test_an_alternative_by_county(
    server: Server, ftp: FtpServer, downloader: Downloader, centers: Source, store: RawStore
) -> None:
    """A declared alternative may be an http address, and names the county as the address does."""
    source = replace(
        centers,
        scope="county",
        file="centers_{county}.csv",
        address=server.address + "/{county}.csv",
        other_addresses=(server.address + "/copy/{state}/{county_code}.csv",),
    )
    server.acts |= {"/06065.csv": refuses, "/copy/06/065.csv": plain(CENTERS)}
    assert fetch_source(source, ("06065",), store, OfficialOrigin(downloader)).state == "fetched"
    assert store.require_files(source.key)[0].address == f"{server.address}/copy/06/065.csv"


def test_both_refusals_are_told(
    server: Server, ftp: FtpServer, downloader: Downloader, centers: Source, store: RawStore
) -> None:
    server.acts[PATH] = refuses
    del ftp.files[PATH]
    outcome = fetch_source(centers, (), store, OfficialOrigin(downloader))
    assert outcome.state == "skipped"
    assert "is refused (status 403)" in outcome.reason
    assert f"{ftp.address}{PATH} could not be had (550 no such file; attempt 1)" in outcome.reason


def test_a_file_by_ftp_is_bounded_and_whole_or_not_at_all(
    ftp: FtpServer, downloader: Downloader, tmp_path: Path
) -> None:
    from geo.sources.ftp import fetch_by_ftp

    target = tmp_path / "out" / "data"
    ftp.files["/large"] = b"x" * 4096
    with pytest.raises(FetchError, match="has more than the 1,024 bytes"):
        fetch_by_ftp(f"{ftp.address}/large", target, replace(HASTY, limit_bytes=1024), downloader.sleep)
    ftp.cuts = 99
    with pytest.raises(FetchError, match=r"only 2,048 of 4,096 bytes came; attempt 4"):
        fetch_by_ftp(f"{ftp.address}/large", target, HASTY, downloader.sleep)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_server_that_tells_no_sizes(ftp: FtpServer, downloader: Downloader, tmp_path: Path) -> None:
    from geo.sources.ftp import fetch_by_ftp

    ftp.tells_sizes = False
    fetch_by_ftp(ftp.address + PATH, tmp_path / "centers.csv", HASTY, downloader.sleep)
    assert (tmp_path / "centers.csv").read_bytes() == CENTERS


@pytest.mark.parametrize(
    ("given", "shown"),
    [("", ""), ("maps@example.org", "; +maps@example.org"), ("a b\r\nX-Evil: (ñ); 1", "; +abX-Evil:1")],
)
def test_programs_say_who_they_are(
    server: Server,
    downloader: Downloader,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    shown: str,
) -> None:
    monkeypatch.setenv("GEO_CONTACT", given)
    server.acts["/data"] = plain(b"x")
    downloader.download(f"{server.address}/data", tmp_path / "data")
    list(try_addresses([replace(CATALOG["roads"], address=f"{server.address}/data")], []))
    agents = {headers["User-Agent"] for _, headers in server.asked}
    assert agents == {f"Mozilla/5.0 (compatible; coachella-outreach-maps{shown})"}


def test_a_stated_wait_of_some_minutes_holds(
    server: Server, downloader: Downloader, waits: Waits, tmp_path: Path
) -> None:
    def busy(handler: Handler, times: int) -> None:
        if times == 1:
            handler.answer(b"", status=429, Retry_After="240")
        else:
            handler.answer(CENTERS)

    server.acts["/data"] = busy
    downloader.download(f"{server.address}/data", tmp_path / "data")
    assert waits.seconds == [240.0]
