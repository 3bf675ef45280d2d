"""Archives that are cut short, lead out of their folder or unpack to too much are refused."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import FetchError
from geo.sources.archive import check_archive


def write(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)


def link(path: Path) -> None:
    member = zipfile.ZipInfo("roads.shp")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "/etc/passwd")


def cut(path: Path) -> None:
    write(path, {"roads.shp": bytes(range(256)) * 64})
    path.write_bytes(path.read_bytes()[:-40])


def flip(path: Path) -> None:
    write(path, {"roads.shp": bytes(range(256)) * 64})
    body = bytearray(path.read_bytes())
    body[60] ^= 0xFF
    path.write_bytes(bytes(body))


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("blank", "w") as stream:
        for _ in range(70):
            stream.write(b"\0" * (1 << 20))


def encrypted(path: Path) -> None:
    write(path, {"roads.shp": b"..."})
    body = bytearray(path.read_bytes())
    body[body.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(body))


def crowd(path: Path) -> None:
    write(path, {f"{number}": b"" for number in range(10_001)})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_bytes(b"no zip"), "is no zip archive, or was cut short"),
        (cut, "is no zip archive, or was cut short"),
        (flip, "is no zip archive, or was cut short"),
        (
            lambda path: write(path, {"../out.shp": b"", "a.shp": b""}),
            "1 names that lead out of its folder: ../out",
        ),
        (lambda path: write(path, {"/etc/passwd": b""}), "names that lead out"),
        (lambda path: write(path, {"a/../../b": b""}), "names that lead out"),
        (lambda path: write(path, {"..\\out.shp": b""}), "names that lead out"),
        (lambda path: write(path, {"C:out.shp": b""}), "names that lead out"),
        (link, "1 links in place of files: roads.shp"),
        (encrypted, "1 encrypted files: roads.shp"),
        (bomb, "would unpack to 73,400,320: take the file from its publisher again"),
        (crowd, "10,001 files in it"),
    ],
)
def test_refused(tmp_path: Path, make: Callable[[Path], object], message: str) -> None:
    path = tmp_path / "data.zip"
    make(path)
    with pytest.raises(FetchError, match=message) as caught:
        check_archive(path)
    assert "data.zip" in str(caught.value)
    assert [other.name for other in tmp_path.iterdir()] == ["data.zip"]


def test_more_than_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "data.zip"
    write(path, {"a": bytes(100), "b": bytes(100)})
    with pytest.raises(FetchError, match="would unpack to 200"):
        check_archive(path, limit_bytes=199)
    assert check_archive(path, limit_bytes=200) == ("a", "b")


def test_a_table_of_blanks_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "data.zip"
    write(path, {"sub/": b"", "sub/blank.dbf": b" " * (1 << 20)})
    assert path.stat().st_size < (1 << 20) // 200
    assert check_archive(path) == ("sub/blank.dbf",)
