"""Fetching sources: each whole or as it was, whatever the mirror or the publisher does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from geo.__main__ import main
from geo.errors import CatalogError, FetchError
from geo.region import Region
from geo.settings import ROOT
from geo.sources.catalog import Source, read_catalog
from geo.sources.checks import require_rows
from geo.sources.download import Downloader
from geo.sources.fetch import Outcome, Report, Result, fetch_region, fetch_source, fetch_sources
from geo.sources.mirror import FolderMirror, open_folder, read_entry
from geo.sources.origins import MirrorOrigin, open_web
from geo.sources.publishers import OfficialOrigin, find_unreachable
from geo.sources.raw import RawStore
from tests.unit.sources.loopback import Act, Server, digest, endless, index_of, plain, table_of, well

PAGE = b"<!DOCTYPE html><html><body>Please sign in</body></html>"


def serve(server: Server, source: Source, body: bytes, act: Act | None = None, **changes: object) -> None:
    """Let the server be a mirror of one file."""
    server.acts["/index.toml"] = plain(index_of(source, body, **changes))
    server.acts[f"/{source.key}/data.csv"] = act or well(body)


def fetch(
    server: Server, downloader: Downloader, store: RawStore, source: Source, *, again: bool = False
) -> Outcome:
    """Fetch a source from the server as a mirror."""
    origin = MirrorOrigin(open_web(server.address, downloader))
    return fetch_source(source, ("06065",), store, origin, again=again)


CLOSED = "http://127.0.0.1:9"


def test_without_a_network_it_ends_soon_with_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is asked source after source: every door is knocked at once, and none opens."""
    text = (ROOT / "data" / "sources.toml").read_text(encoding="utf-8")
    away = re.sub(r"(https?|ftp)://[^/\"]+", CLOSED, text)
    (tmp_path / "sources.toml").write_text(away, encoding="utf-8")
    monkeypatch.setenv("GEO_CATALOG", str(tmp_path / "sources.toml"))
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path / "data"))
    started = time.monotonic()
    assert main(["fetch", "--region", "coachella"]) == 3
    assert time.monotonic() - started < 15
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("No publisher can be reached from here (127.0.0.1): is there a network?")
    assert re.fullmatch(r"0 of \d+ sources are here\.", last)


def test_one_door_that_opens_is_a_network(server: Server) -> None:
    assert find_unreachable([f"{CLOSED}/a", f"{server.address}/b"]) == []
    assert find_unreachable([f"{CLOSED}/a", f"{CLOSED}/b"]) == ["127.0.0.1"]


def test_a_host_that_never_opens_is_not_waited_for_again(tmp_path: Path) -> None:
    waits: list[float] = []
    downloader = Downloader(tmp_path / "partial", sleep=waits.append)
    for name in ("a", "b", "c"):
        with pytest.raises(FetchError, match=r"the connection to 127\.0\.0\.1:9 failed"):
            downloader.download(f"{CLOSED}/{name}", tmp_path / name)
    assert len(waits) == downloader.manners.attempts - 1, "only for the first file"


def test_a_source_comes_with_its_receipt(
    server: Server, downloader: Downloader, store: RawStore, systems: Source
) -> None:
    body = table_of(systems, 3)
    serve(server, systems, body, note="a note", fidelity="relaid", fetched_at="2025-01-02T03:04:05+00:00")
    assert fetch(server, downloader, store, systems) == Outcome("fetched", "", len(body))
    receipt = store.receipt(systems.key)
    assert receipt is not None
    assert (receipt.note, receipt.fidelity, receipt.fetched_at) == (
        "a note",
        "relaid",
        "2025-01-02T03:04:05+00:00",
    )
    (file,) = store.require_files(systems.key)
    assert file.path.read_bytes() == body
    assert file.address == systems.address


def test_what_is_here_is_not_asked_for(
    server: Server, downloader: Downloader, store: RawStore, systems: Source
) -> None:
    serve(server, systems, table_of(systems, 3))
    fetch(server, downloader, store, systems)
    assert fetch(server, downloader, store, systems).state == "here"
    assert server.times[f"/{systems.key}/data.csv"] == 1
    assert fetch(server, downloader, store, systems, again=True).state == "fetched"
    assert server.times[f"/{systems.key}/data.csv"] == 2


def test_what_was_changed_here_comes_again(
    server: Server, downloader: Downloader, store: RawStore, systems: Source
) -> None:
    serve(server, systems, table_of(systems, 3))
    fetch(server, downloader, store, systems)
    (file,) = store.require_files(systems.key)
    file.path.write_bytes(b"cut")
    assert fetch(server, downloader, store, systems).state == "fetched"
    assert store.require_files(systems.key)


def test_new_words_of_the_mirror_come_without_the_file(
    server: Server, downloader: Downloader, store: RawStore, systems: Source
) -> None:
    body = table_of(systems, 3)
    serve(server, systems, body)
    fetch(server, downloader, store, systems)
    serve(server, systems, body, note="corrected")
    assert fetch(server, downloader, store, systems).state == "here"
    receipt = store.receipt(systems.key)
    assert receipt is not None
    assert receipt.note == "corrected"
    assert server.times[f"/{systems.key}/data.csv"] == 1


def cut_short(body: bytes) -> Act:
    return well(body, cuts=99, ranges=False)


def another(body: bytes) -> Act:
    return plain(body[:-1] + b"x")


def gone(body: bytes) -> Act:
    return plain(b"", status=404)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (cut_short, "was cut"),
        (another, "its checksum is another"),
        (gone, "nothing stands at"),
        (lambda body: plain(PAGE), "has .* bytes, not|checksum"),
        (lambda body: endless, "has more than the"),
        (lambda body: plain(b"", status=503), "status 503"),
        (lambda body: plain(b"", status=301, Location="data.csv"), "around in circles"),
    ],
)
@pytest.mark.parametrize("had", [False, True])
def test_raw_stays_as_it_was(
    server: Server,
    downloader: Downloader,
    store: RawStore,
    systems: Source,
    make: Callable[[bytes], Act],
    message: str,
    had: bool,
) -> None:
    if had:
        serve(server, systems, table_of(systems, 3))
        fetch(server, downloader, store, systems)
    before = digest(store.folder)
    body = table_of(systems, 400, "new ")
    serve(server, systems, body, make(body))
    outcome = fetch(server, downloader, store, systems)
    assert outcome.state == ("kept" if had else "skipped")
    assert re.search(message, outcome.reason)
    assert digest(store.folder) == before
    assert had or not (store.folder / systems.key).exists()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (PAGE, "is a web page, not data"),
        (b"", "is empty"),
        (
            b"pwsid,system_name\nA,B\n",
            "lacks 13 columns: city, county, phys_zip, svc_area_t, owner_type and 8 more",
        ),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
    ],
)
def test_a_mirror_may_hold_what_is_no_data(
    server: Server, downloader: Downloader, store: RawStore, systems: Source, body: bytes, message: str
) -> None:
    serve(server, systems, body)
    outcome = fetch(server, downloader, store, systems)
    assert outcome.state == "skipped"
    assert message in outcome.reason
    assert digest(store.folder) == {}


def test_a_table_cut_after_a_whole_row_is_refused(
    server: Server, downloader: Downloader, store: RawStore, systems: Source
) -> None:
    body = table_of(systems, 30)
    cut = b"".join(body.splitlines(keepends=True)[:20])
    serve(server, systems, cut, rows=30)
    outcome = fetch(server, downloader, store, systems)
    assert outcome.state == "skipped"
    assert "data.csv has 19 rows, its mirror says 30" in outcome.reason
    serve(server, systems, body, rows=30)
    assert fetch(server, downloader, store, systems).state == "fetched"


def test_zero_bytes_in_a_table_are_refused(
    server: Server, downloader: Downloader, store: RawStore, systems: Source
) -> None:
    body = table_of(systems, 30, cell="cell of some length ")
    place = body.index(b"some", 400)
    serve(server, systems, body[:place] + bytes(50) + body[place:], rows=30)
    outcome = fetch(server, downloader, store, systems)
    assert outcome.state == "skipped"
    assert "data.csv has 50 zero bytes in its text" in outcome.reason


@pytest.mark.real
def test_the_rows_of_the_real_mirror_are_as_it_says(mirror: Path) -> None:
    opened, catalog = open_folder(mirror), read_catalog()
    counted = 0
    for source in catalog.values():
        entry = read_entry(opened, source)
        for file in entry.files if entry else ():
            require_rows(mirror / file.name, source.layout_for(entry.fidelity), file.rows)
            counted += file.rows is not None
    assert counted >= 28


def test_the_others_go_on(
    server: Server, downloader: Downloader, store: RawStore, systems: Source, coachella: Region
) -> None:
    serve(server, systems, table_of(systems, 3))
    lost = replace(systems, key="lost", mirror_key="lost")
    told: list[Result] = []
    origin = MirrorOrigin(open_web(server.address, downloader))
    results = tuple(fetch_sources([lost, systems], coachella, store, origin, tell=told.append))
    assert [(result.source, result.state) for result in results] == [
        ("lost", "skipped"),
        (systems.key, "fetched"),
    ]
    assert told == list(results)
    report = Report(results)
    assert report.exit_code == 3
    assert report.lacking == results[:1]
    assert Report(results[1:]).exit_code == 0


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (b"[roads", "is not well formed"),
        (b"\xff\xfe", "is no text"),
    ],
)
def test_a_mirror_without_a_good_index(
    server: Server, downloader: Downloader, index: bytes, message: str
) -> None:
    server.acts["/index.toml"] = plain(index)
    with pytest.raises(FetchError, match=message):
        open_web(server.address, downloader)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"file": "../../outside.csv"}, "lies outside of the mirror"),
        ({"file": "/etc/passwd"}, "lies outside of the mirror"),
        ({"fidelity": "perfect"}, "fidelity 'perfect' is none of"),
        ({"bytes": "many"}, "not well formed"),
        ({"county": "../.."}, "county '../..' is not five digits"),
    ],
)
def test_a_bad_entry_of_the_index(
    server: Server,
    downloader: Downloader,
    store: RawStore,
    systems: Source,
    changes: dict[str, object],
    message: str,
) -> None:
    serve(server, systems, table_of(systems, 1), **changes)
    outcome = fetch(server, downloader, store, systems)
    assert outcome.state == "skipped"
    assert message in outcome.reason


def test_a_folder_that_is_no_mirror(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"is no mirror: its index.toml cannot be read: name a folder"):
        open_folder(tmp_path)


def test_an_unknown_source_or_region(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="there is no source 'rivers': use some of acs_5year"):
        fetch_region("coachella", tmp_path, ["rivers"])
    with pytest.raises(CatalogError, match="there is no region 'nowhere'"):
        fetch_region("nowhere", tmp_path)


def by_county(server: Server, systems: Source) -> Source:
    """A source with a file for each county, served by its publisher."""
    return replace(
        systems,
        scope="county",
        access="file",
        file="systems_{county}.csv",
        address=server.address + "/{county}.csv",
    )


def test_a_county_that_lacks_is_named_and_comes_later(
    server: Server, downloader: Downloader, store: RawStore, systems: Source
) -> None:
    source, origin = by_county(server, systems), OfficialOrigin(downloader)
    server.acts["/06065.csv"] = plain(table_of(source, 2))
    outcome = fetch_source(source, ("06065", "06025"), store, origin)
    assert outcome.state == "partly"
    assert outcome.reason.startswith("06025: nothing stands at")
    server.acts["/06025.csv"] = plain(table_of(source, 2, "later"))
    assert fetch_source(source, ("06065", "06025"), store, origin).state == "fetched"
    assert [file.county for file in store.require_files(source.key)] == ["06025", "06065"]
    assert server.times["/06065.csv"] == 1
    assert fetch_source(source, ("06065",), store, origin).state == "here"


def test_a_stand_in_gives_way_to_the_real_one_and_not_back(
    server: Server, downloader: Downloader, store: RawStore, systems: Source
) -> None:
    source = by_county(server, replace(systems, stand_in=systems.layout))
    body = table_of(source, 2, "coarse")
    serve(server, source, body, fidelity="stand-in", publisher="Somebody else")
    mirror = MirrorOrigin(open_web(server.address, downloader))
    assert fetch_source(source, ("06065",), store, mirror).state == "fetched"
    receipt = store.receipt(source.key)
    assert receipt is not None
    assert (receipt.publisher, receipt.files[0].county) == ("Somebody else", "")
    assert fetch_source(source, ("06065",), store, OfficialOrigin(downloader)).state == "kept"
    server.acts["/06065.csv"] = plain(table_of(source, 2))
    assert fetch_source(source, ("06065",), store, OfficialOrigin(downloader)).state == "fetched"
    assert fetch_source(source, ("06065",), store, mirror).state == "here"
    receipt = store.receipt(source.key)
    assert receipt is not None
    assert (receipt.fidelity, [file.county for file in receipt.files]) == ("original", ["06065"])


def test_what_only_a_person_can_have_is_named(
    downloader: Downloader, store: RawStore, systems: Source
) -> None:
    outcome = fetch_source(systems, ("06065",), store, OfficialOrigin(downloader))
    assert outcome.state == "skipped"
    assert outcome.reason == (
        f"a person has to download it: open {systems.address}, find {systems.find}, "
        f"then run python -m geo add {systems.key} FILE"
    )


def test_rows_of_the_census_api_come_without_the_key_in_the_receipt(
    server: Server, tmp_path: Path, store: RawStore, systems: Source
) -> None:
    head = list(systems.layout.published)
    row = ["1" if name in systems.layout.number.values() else f"a{name}" for name in head]
    layout = replace(systems.layout, format="census_api")
    source = replace(
        systems, access="api", layout=layout, address=f"{server.address}/pl?get=X", file="pl.json"
    )
    server.acts["/pl"] = plain(json.dumps([head, row]).encode())
    downloader = Downloader(tmp_path / "partial", secret="s3cret")
    assert fetch_source(source, (), store, OfficialOrigin(downloader, "s3cret")).state == "fetched"
    assert server.asked[0][0] == "/pl?get=X&key=s3cret"
    assert "s3cret" not in (store.folder / source.key / "receipt.json").read_text()


def test_a_disk_without_room_is_told(
    server: Server,
    downloader: Downloader,
    store: RawStore,
    systems: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = table_of(systems, 1)
    (tmp_path / "mirror" / systems.key).mkdir(parents=True)
    (tmp_path / "mirror" / systems.key / "data.csv").write_bytes(body)
    (tmp_path / "mirror" / "index.toml").write_bytes(index_of(systems, body))

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderMirror, "bring", full)
    outcome = fetch_source(systems, (), store, MirrorOrigin(open_folder(tmp_path / "mirror")))
    assert (
        outcome.reason == "it could not be written here (No space left on device): make room and fetch again"
    )


def test_one_writer_at_a_time(store: RawStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.sources.raw.PATIENCE_S", 0.05)
    with store.writing(), pytest.raises(FetchError, match=r"somebody else is fetching into .*: wait until"):
        RawStore("official", store.folder).writing().__enter__()
    with store.writing():
        pass


@pytest.mark.real
def test_the_real_mirror_over_http(
    server: Server, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEO_DATA_DIR", str(tmp_path))
    index = open_folder(mirror).index
    keys = ("tribal_areas_2020", "tracts_2020", "self_response_daily_2020", "acs_5year")
    for name in ("index.toml", *(index[key]["file"] for key in keys[:3])):
        server.acts[f"/{name}"] = well((mirror / name).read_bytes(), cuts=1)
    report = fetch_region("coachella", server.address + "/", keys)
    assert [result.state for result in report.results] == ["fetched", "partly", "fetched", "skipped"]
    assert report.exit_code == 3


@pytest.mark.real
def test_a_fetch_with_nothing_to_do_loads_nothing(mirror: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from geo.sources.fetch import fetch_region; "
        f"report = fetch_region('coachella', {str(mirror)!r}, ['tracts_2010', 'transit']); "
        "print([result.state for result in report.results], "
        "sorted({'pandas', 'geopandas', 'requests', 'census'} & set(sys.modules)))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "GEO_DATA_DIR": str(tmp_path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for _ in range(2)
    ]
    assert outputs[1] == "['here', 'here'] []"
