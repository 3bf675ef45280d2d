"""Files of shapes in a zip, each part under a name of ours; this runs in the confined reader alone."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from geo.errors import SchemaError, first_ids
from geo.intake.limits import Limits
from geo.language import gettext as _

KINDS = {".json": ".geojson", ".geojson": ".geojson", ".gpkg": ".gpkg", ".kml": ".kml", ".shp": ".shp"}
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
BLOCK = 1 << 20
Parts = dict[str, zipfile.ZipInfo]


def unpack(path: Path, name: str, limits: Limits) -> list[Path]:
    """Take the shapes out of a zip, each part under a name of ours, whatever it is called inside.

    Raises
    ------
    SchemaError
        It is no zip, unpacks to too much, holds no shapes, or a shapefile lacks a part.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            inside = _members(archive, name)
            check_unpacked((item for parts in inside.values() for item in parts.values()), name, limits)
            return [_extract(archive, place, parts) for place, parts in enumerate(inside.values())]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SchemaError(
            _("{name} is no zip, or only a part of one").format(name=name),
            _("download it again; nothing was written"),
        ) from error


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
            _("put the .shp, .shx, .dbf and .prj into the zip; nothing was written"),
        )
    for parts in shapes.values():
        lost = [end for end in (".shx", ".dbf") if ".shp" in parts and end not in parts]
        if lost:
            raise SchemaError(
                _("the shapefile in {name} lacks its {files}").format(name=name, files=", ".join(lost)),
                _("put the .shp, .shx, .dbf and .prj into the zip; nothing was written"),
            )
    return shapes


def _extract(archive: zipfile.ZipFile, place: int, parts: Parts) -> Path:
    for suffix, item in parts.items():
        with archive.open(item) as packed, (Path.cwd() / f"part{place}{suffix}").open("xb") as stream:
            while block := packed.read(BLOCK):
                stream.write(block)
    kind = next(suffix for suffix in parts if suffix in KINDS)
    return Path.cwd() / f"part{place}{kind}"
