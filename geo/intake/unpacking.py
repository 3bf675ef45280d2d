"""Zips and XML of a person's file, opened only after it is seen what they hold and how much."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import iterparse as parse_guarded

from geo.errors import SchemaError, first_ids
from geo.intake.limits import Limits
from geo.language import gettext as _


def root_tag(stream: IO[bytes]) -> str:
    r"""Return the tag of the outermost element, and go back to the beginning.

    A definition of entities stands before that element or nowhere, so what passes here has none.

    Raises
    ------
    defusedxml.DefusedXmlException
        There is a document type, which alone can define entities.
    xml.etree.ElementTree.ParseError
        It is no XML.

    Examples
    --------
    >>> import io
    >>> root_tag(io.BytesIO(b"<kml/>"))
    'kml'
    >>> root_tag(io.BytesIO(b"<!DOCTYPE kml [<!ENTITY a 'b'>]><kml/>"))
    Traceback (most recent call last):
    defusedxml.common.DTDForbidden: DTDForbidden(name='kml', system_id=None, public_id=None)
    """
    found = next(parse_guarded(stream, events=("start",), forbid_dtd=True), None)
    stream.seek(0)
    return "" if found is None else str(found[1].tag)


def walk_elements(stream: IO[bytes], *, ends_only: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield the start and the end of each element, or its end alone; who has seen its end clears it.

    Raises
    ------
    defusedxml.DefusedXmlException
        There is a document type.
    xml.etree.ElementTree.ParseError
        It is no XML.
    """
    root_tag(stream)
    # The guarded parser is written in Python, ten times as slow; without a document type both read alike.
    yield from ET.iterparse(stream, events=("end",) if ends_only else ("start", "end"))  # noqa: S314


def read_tree(stream: IO[bytes]) -> Any:
    r"""Read all of a small part.

    Raises
    ------
    defusedxml.DefusedXmlException
        There is a document type.
    xml.etree.ElementTree.ParseError
        It is no XML.

    Examples
    --------
    >>> import io
    >>> [child.tag for child in read_tree(io.BytesIO(b"<kml><Document/></kml>"))]
    ['Document']
    """
    root_tag(stream)
    return ET.parse(stream).getroot()  # noqa: S314


ARCHIVES = (".zip", ".kmz")
KINDS = {".json": ".geojson", ".geojson": ".geojson", ".gpkg": ".gpkg", ".kml": ".kml", ".shp": ".shp"}
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
BLOCK = 1 << 20
Parts = dict[str, zipfile.ZipInfo]


def unpack(path: Path, name: str, limits: Limits) -> dict[Path, str]:
    """Take the shapes out of a zip, each part under a name of ours, with what it is called inside.

    Raises
    ------
    SchemaError
        It is no zip, unpacks to too much, holds no shapes, or a shapefile lacks a part.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_locked(archive, name)
            inside = _members(archive, name)
            check_unpacked((item for parts in inside.values() for item in parts.values()), name, limits)
            return {
                _extract(archive, place, parts): PurePosixPath(next(iter(parts.values())).filename).stem
                for place, parts in enumerate(inside.values())
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SchemaError(
            _("{name} is no zip, or only a part of one").format(name=name),
            _("download it again; nothing was written"),
        ) from error


def _refuse_locked(archive: zipfile.ZipFile, name: str) -> None:
    if any(item.flag_bits & 1 for item in archive.infolist()):
        raise SchemaError(
            _("{name} is locked with a password").format(name=name),
            _("pack it again without one; nothing was written"),
        )


def check_unpacked(items: Iterable[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """Raise where what is taken out of a zip is too much; no more is read of a member than it declares.

    Raises
    ------
    SchemaError
        It is.
    """
    if sum(item.file_size for item in items) > limits.unpacked_bytes:
        raise too_large(name, limits.unpacked_bytes)


def too_large(name: str, most_bytes: int) -> SchemaError:
    """Say that a file holds more than its size tells."""
    return SchemaError(
        _("{name} unpacks to more than {most} MB").format(name=name, most=most_bytes // 1_000_000),
        _("simplify it, or save it with less in it; nothing was written"),
    )


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, Parts]:
    """Find the files of shapes in a zip: by stem, a suffix and member for each part."""
    found: dict[str, Parts] = {}
    names = []
    for item in archive.infolist():
        path = PurePosixPath(item.filename)
        if item.is_dir() or "__MACOSX" in path.parts or path.name.startswith("._"):
            continue
        names.append(item.filename)
        suffix = path.suffix.casefold()
        kind = ".shp" if suffix in PARTS else KINDS.get(suffix, "")
        if kind:
            parts = found.setdefault(f"{path.with_suffix('')}{kind}".casefold(), {})
            parts.setdefault(suffix if kind == ".shp" else kind, item)
    shapes = {stem: parts for stem, parts in found.items() if set(parts) & set(KINDS.values())}
    if not shapes:
        raise SchemaError(
            _("{name} holds no shapes ({files})").format(name=name, files=first_ids(names)),
            _remedy(names),
        )
    for parts in shapes.values():
        lost = [end for end in (".shx", ".dbf") if ".shp" in parts and end not in parts]
        if lost:
            raise SchemaError(
                _("the shapefile in {name} lacks its {files}").format(name=name, files=", ".join(lost)),
                _("put the .shp, .shx, .dbf and .prj into the zip; nothing was written"),
            )
    return shapes


def _remedy(names: list[str]) -> str:
    """Say what to put into a zip, by what is in it."""
    if any(PurePosixPath(item).suffix.casefold() in ARCHIVES for item in names):
        return _("unpack it and add the zip that is in it; nothing was written")
    if any(".gdb" in PurePosixPath(item).parent.name.casefold() for item in names):
        return _("a geodatabase of ArcGIS is not read here: export a shapefile; nothing was written")
    return _("put the .shp, .shx, .dbf and .prj into the zip; nothing was written")


def _extract(archive: zipfile.ZipFile, place: int, parts: Parts) -> Path:
    for suffix, item in parts.items():
        with archive.open(item) as packed, (Path.cwd() / f"part{place}{suffix}").open("xb") as stream:
            while block := packed.read(BLOCK):
                stream.write(block)
    kind = next(suffix for suffix in parts if suffix in KINDS)
    return Path.cwd() / f"part{place}{kind}"
