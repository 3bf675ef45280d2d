"""One download: it ends with the right bytes, or with a message and nothing."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from geo.errors import FetchError
from geo.sources.download import Downloader
from tests.unit.sources.loopback import HASTY, Act, Server, Waits, endless, plain, sha, well

BODY = bytes(range(256)) * 1200


def busy(handler, times):
    if times == 1:
        handler.answer(b"", status=503, Retry_After="7")
    else:
        handler.answer(BODY)


def ignores_range(handler, times):
    well(BODY, cuts=1, ranges=False)(handler, times)


def resumes_elsewhere(handler, times):
    if times != 2:
        well(BODY, cuts=1)(handler, times)
    else:
        handler.answer(BODY[:10], status=206, Content_Range=f"bytes 3-12/{len(BODY)}", ETag='"one"')


def changes_between(handler, times):
    well(b"old" * 50_000, cuts=1, etag='"old"')(handler, times) if times == 1 else well(BODY)(handler, times)


def has_less_now(handler, times):
    if handler.headers.get("Range"):
        handler.answer(b"", status=416)
    else:
        well(BODY, cuts=1)(handler, times)


def says_more_than_it_sends_once(handler, times):
    if times == 1:
        handler.answer(BODY, length=len(BODY) + 5)
        handler.hang_up()
    else:
        well(BODY)(handler, times)


def falls_short(handler, times):
    handler.answer(b"short", length=99)
    handler.hang_up()


def packs(handler, times):
    handler.answer(gzip.compress(BODY), Content_Encoding="gzip")


def redirects(handler, times):
    handler.answer(b"", status=302, Location="/there")


@pytest.mark.parametrize(
    ("act", "asked"),
    [
        (well(BODY), 1),
        (well(BODY, cuts=2), 3),
        (busy, 2),
        (ignores_range, 2),
        (resumes_elsewhere, 3),
        (changes_between, 2),
        (has_less_now, 3),
        (says_more_than_it_sends_once, 2),
        (packs, 1),
        (plain(b""), 1),
    ],
)
def test_ends_right(server: Server, downloader: Downloader, tmp_path: Path, act: Act, asked: int) -> None:
    server.acts["/data"] = act
    downloader.download(f"{server.address}/data", tmp_path / "out" / "data")
    expected = b"" if asked == 1 and not (tmp_path / "out" / "data").stat().st_size else BODY
    assert (tmp_path / "out" / "data").read_bytes() == expected
    assert len(server.asked) == asked
    assert list((tmp_path / "partial").iterdir()) == []


def test_follows_redirects(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    server.acts |= {"/data": redirects, "/there": plain(BODY)}
    downloader.download(f"{server.address}/data", tmp_path / "data")
    assert (tmp_path / "data").read_bytes() == BODY


def test_goes_on_where_it_was_cut(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    server.acts["/data"] = well(BODY, cuts=1)
    downloader.download(f"{server.address}/data", tmp_path / "data")
    first, second = server.ranges("/data")
    assert first is None
    assert second is not None
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= len(BODY) // 2
    assert server.asked[1][1]["If-Range"] == '"one"'


def test_goes_on_in_another_run(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    server.acts["/data"] = well(BODY, cuts=99)
    with pytest.raises(FetchError, match="what came so far is kept"):
        downloader.download(f"{server.address}/data", tmp_path / "data")
    server.acts["/data"] = well(BODY)
    another = Downloader(tmp_path / "partial", HASTY)
    another.download(f"{server.address}/data", tmp_path / "data")
    assert (tmp_path / "data").read_bytes() == BODY
    assert server.ranges("/data")[-1] is not None


def test_without_a_validator_everything_comes_again(
    server: Server, downloader: Downloader, tmp_path: Path
) -> None:
    server.acts["/data"] = well(BODY, cuts=1, etag='W/"weak"')
    downloader.download(f"{server.address}/data", tmp_path / "data")
    assert server.ranges("/data") == [None, None]
    assert (tmp_path / "data").read_bytes() == BODY


def test_a_spliced_file_with_another_checksum_comes_again(
    server: Server, downloader: Downloader, tmp_path: Path
) -> None:
    def act(handler, times):
        body = b"z" * len(BODY) if times == 1 else BODY
        well(body, cuts=1)(handler, times)

    server.acts["/data"] = act
    downloader.download(f"{server.address}/data", tmp_path / "data", size=len(BODY), sha256=sha(BODY))
    assert (tmp_path / "data").read_bytes() == BODY


def test_waits_as_long_as_it_is_asked_to(
    server: Server, downloader: Downloader, waits: Waits, tmp_path: Path
) -> None:
    server.acts["/data"] = busy
    downloader.download(f"{server.address}/data", tmp_path / "data")
    assert waits.seconds == [7.0]


def test_waits_longer_each_time(server: Server, waits: Waits, tmp_path: Path) -> None:
    server.acts["/data"] = plain(b"", status=502)
    downloader = Downloader(tmp_path / "partial", replace(HASTY, back_off_s=1.0), sleep=waits)
    with pytest.raises(FetchError, match="status 502; attempt 4"):
        downloader.download(f"{server.address}/data", tmp_path / "data")
    assert waits.seconds == [1.0, 2.0, 4.0]


def stalls(handler, times):
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"x")
    handler.wfile.flush()
    handler.server.idle.wait(5)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (plain(b"", status=404), "nothing stands at .*status 404.*: find where the publisher moved it"),
        (plain(b"", status=403), "is refused .*status 403.*: see whether it asks for a key"),
        (plain(b"", status=500), "could not be had .*status 500; attempt 4"),
        (plain(b"error: unknown variable", status=400, Content_Type="text/plain"), "unknown variable"),
        (plain(b"", status=302, Location="/data"), "sends one around in circles"),
        (plain(b"", status=302, Location="file:///etc/passwd"), "could not be had .*InvalidSchema"),
        (endless, "has more than the 1,048,576 bytes"),
        (plain(b"x" * (2 << 20)), "has more than the 1,048,576 bytes"),
        (falls_short, "was cut; attempt 4"),
        (plain(BODY, length=10), "could not be had|is not what it should be"),
        (plain(b"not gzip", Content_Encoding="gzip"), "could not be had"),
        (well(BODY, cuts=99), "the connection to .* was cut; attempt 4"),
    ],
)
def test_ends_with_a_message(
    server: Server, downloader: Downloader, tmp_path: Path, act: Act, message: str
) -> None:
    target = tmp_path / "data"
    target.write_bytes(b"as it was")
    server.acts["/data"] = act
    with pytest.raises(FetchError, match=message):
        downloader.download(f"{server.address}/data", target, sha256=sha(BODY))
    assert target.read_bytes() == b"as it was"


def test_a_wrong_checksum_or_size(server: Server, downloader: Downloader, tmp_path: Path) -> None:
    server.acts["/data"] = plain(b"other")
    with pytest.raises(FetchError, match="its checksum is another"):
        downloader.download(f"{server.address}/data", tmp_path / "data", size=5, sha256=sha(b"right"))
    with pytest.raises(FetchError, match="it has 5 bytes, not 9"):
        downloader.download(f"{server.address}/data", tmp_path / "data", size=9)
    assert not (tmp_path / "data").exists()
    assert len(server.asked) == 2


def test_a_stalled_server_is_left(server: Server, tmp_path: Path, waits: Waits) -> None:
    server.acts["/data"] = stalls
    downloader = Downloader(tmp_path / "partial", replace(HASTY, read_s=0.1, attempts=2), sleep=waits)
    with pytest.raises(FetchError, match="attempt 2"):
        downloader.download(f"{server.address}/data", tmp_path / "data")
    server.idle.set()
    assert len(server.asked) == 2


def test_a_dripping_server_is_left(server: Server, tmp_path: Path, waits: Waits) -> None:
    server.acts["/data"] = endless
    patience = replace(HASTY, total_s=0.2, limit_bytes=1 << 62)
    with pytest.raises(FetchError, match="took longer than"):
        Downloader(tmp_path / "partial", patience, sleep=waits).download(
            f"{server.address}/data", tmp_path / "data"
        )


def test_a_closed_port(downloader: Downloader, server: Server, tmp_path: Path) -> None:
    address = server.address
    server.server_close()
    with pytest.raises(FetchError, match=r"the connection to 127.0.0.1:.* failed; attempt 4"):
        downloader.download(f"{address}/data", tmp_path / "data")


def test_an_unknown_host_is_asked_once(tmp_path: Path, waits: Waits, monkeypatch: pytest.MonkeyPatch) -> None:
    import requests

    asked = []

    def refuse(*arguments: object, **options: object) -> None:
        asked.append(arguments)
        raise requests.ConnectionError("NameResolutionError: Failed to resolve 'example.invalid'")

    monkeypatch.setattr(requests.Session, "get", refuse)
    downloader = Downloader(tmp_path / "partial", HASTY, sleep=waits)
    for _ in range(2):
        with pytest.raises(FetchError, match=r"example.invalid is unknown here: is there a network"):
            downloader.download("https://example.invalid/data", tmp_path / "data")
    assert len(asked) == 1
    assert waits.seconds == []


def test_the_key_is_never_shown(server: Server, tmp_path: Path) -> None:
    server.acts["/data"] = plain(b"bad key s3cret", status=400, Content_Type="text/plain")
    downloader = Downloader(tmp_path / "partial", HASTY, secret="s3cret")
    with pytest.raises(FetchError) as caught:
        downloader.download(f"{server.address}/data?get=NAME&key=s3cret", tmp_path / "data")
    assert "s3cret" not in str(caught.value)
    assert server.asked[0][0].endswith("key=s3cret")
    kept = [path.read_text() for path in (tmp_path / "partial").rglob("*") if path.is_file()]
    assert not any("s3cret" in text for text in kept)
