"""Files of shapes that want something else than to be read: written here, by code, for each test."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import struct
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
from shapely.geometry import box

SQUARE = "POLYGON ((-116.2 33.5, -116 33.5, -116 33.7, -116.2 33.7, -116.2 33.5))"
KINDS = ("geojson", "json", "gpkg", "kml", "zip")
RING = [[-116.2, 33.5], [-116.0, 33.5], [-116.0, 33.7], [-116.2, 33.7], [-116.2, 33.5]]
W3 = "http://www.w3.org/2001"
HEAD = '<?xml version="1.0"?>'
PLACEMARK = (
    "<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    "-116.2,33.5 -116,33.5 -116,33.7 -116.2,33.5"
    "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)


@dataclass(frozen=True)
class Prey:
    """What a hostile file is after: the store, a file beside it, an address of this machine."""

    store: Path
    file: Path
    address: str


def shapes_of(prey: Prey) -> dict[str, tuple[str, bytes]]:
    """Every hostile file of shapes by what it tries: its name and its content."""
    return virtual(prey) | geojson(prey) | kml(prey) | geopackages(prey) | shapefiles(prey) | zips(prey)


def virtual(prey: Prey) -> dict[str, tuple[str, bytes]]:
    store = vrt(f"{prey.store}", f"SELECT body AS name, '{SQUARE}' AS w FROM journal")
    lines = vrt(f"CSV:{prey.file}", f"SELECT *, '{SQUARE}' AS w FROM {prey.file.stem}")
    web = vrt(f"/vsicurl/{prey.address}/a.geojson", "")
    steps = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {prey.store}"}
    return {
        **{
            f"VRT to the store as {end}": (f"area.{end}", store)
            for end in ("geojson", "json", "gpkg", "kml", "zip")
        },
        "VRT to a file": ("area.geojson", lines),
        "VRT to an address": ("area.geojson", web),
        "GDAL's own steps": ("area.json", json.dumps(steps).encode()),
        "VRT in a zip under a false name": ("area.zip", zipped({"area.geojson": store})),
        "VRT in a zip": ("area.zip", zipped({"area.vrt": store})),
        "a path": ("area.geojson", str(prey.store).encode()),
        "an address": ("area.geojson", f"{prey.address}/a.geojson".encode()),
        "the store itself": ("area.gpkg", prey.store.read_bytes()),
    }


def vrt(source: str, sql: str) -> bytes:
    """GDAL's virtual format, which names another file or address."""
    select = f'<SrcSQL dialect="SQLITE">{sql}</SrcSQL>' if sql else ""
    field = '<GeometryField encoding="WKT" field="w"/>' if sql else ""
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="area"><SrcDataSource>{source}</SrcDataSource>{select}'
        f"<GeometryType>wkbPolygon</GeometryType><LayerSRS>EPSG:4326</LayerSRS>{field}"
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def collection(**more: object) -> bytes:
    shape = {
        "type": "Feature",
        "properties": {"name": "A"},
        "geometry": {"type": "Polygon", "coordinates": [RING]},
    }
    return json.dumps({"type": "FeatureCollection", **more, "features": [shape]}).encode()


def geojson(prey: Prey) -> dict[str, tuple[str, bytes]]:
    link = {"type": "link", "properties": {"href": f"{prey.address}/crs", "type": "ogcwkt"}}
    named = {
        "an address as CRS": f"{prey.address}/crs",
        "a file as CRS": f"+init={prey.file}:a",
        "a grid as CRS": f"+proj=longlat +nadgrids={prey.file} +no_defs",
    }
    plain = collection().decode()
    twice = f'"crs": {json.dumps(link)}, "crs": null, "features"'
    bodies = {
        "a CRS by link": collection(crs=link),
        "two CRSs": plain.replace('"features"', twice).encode(),
        **{
            key: collection(crs={"type": "name", "properties": {"name": text}}) for key, text in named.items()
        },
        "a CRS that is a list": collection(crs=[1]),
        "brackets without end": b"[" * 200_000,
        "objects without end": b'{"type": "FeatureCollection", "a":' + b'{"a":' * 100_000,
        "a deep property": collection().replace(b'"A"', b"[" * 5_000 + b"]" * 5_000),
        "coordinates beyond numbers": plain.replace("-116.2", "1e999").encode(),
        "a topology": b'{"type": "Topology", "objects": {}, "arcs": []}',
        "an Esri layer": b'{"geometryType": "esriGeometryPolygon", "fields": [], "features": []}',
        "no features": b'{"type": "FeatureCollection", "features": "x"}',
        "nothing": b"",
        "zeros": bytes(10_000),
        "a number": b"1",
        "UTF-7": b"+AHsAIg-type",
    }
    return {key: ("area.geojson", body) for key, body in bodies.items()}


def kml(prey: Prey) -> dict[str, tuple[str, bytes]]:
    file, web = prey.file.as_uri(), f"{prey.address}/a.kml"
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 20}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    within = PLACEMARK.format(name="A")
    schema = f' xmlns:xsi="{W3}/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/kml/2.2 {web}"'
    style = f'<Style id="s"><IconStyle><Icon><href>{web}</href></Icon></IconStyle></Style>'
    bodies = {
        "a network link": document(f"<NetworkLink><Link><href>{web}</href></Link></NetworkLink>{within}"),
        "a link to a file": document(f"<NetworkLink><Url><href>{file}</href></Url></NetworkLink>"),
        "a picture's address": document(style + within),
        "a style elsewhere": document(within.replace("<name>", f"<styleUrl>{web}#s</styleUrl><name>")),
        "a schema elsewhere": document(within, schema),
        "XInclude": document(f'<xi:include xmlns:xi="{W3}/XInclude" href="{file}"/>{within}'),
        "an entity of a file": entity(f'<!ENTITY x SYSTEM "{file}">'),
        "an entity of an address": entity(f'<!ENTITY x SYSTEM "{web}">'),
        "a parameter entity": entity(f'<!ENTITY % p SYSTEM "{web}"> %p; <!ENTITY x "x">'),
        "a definition elsewhere": f'{HEAD}<!DOCTYPE kml SYSTEM "{web}"><kml/>'.encode(),
        "a billion laughs": entity(laughs, "&i;"),
        "a billion laughs in UTF-16": entity(laughs, "&i;").decode().replace(HEAD, "").encode("utf-16"),
        "folders without end": document("<Folder>" * 100_000),
        "a page": b"<html><body>Sorry</body></html>",
    }  # fmt: skip
    return {key: ("area.kml", body) for key, body in bodies.items()}


def document(inside: str, more: str = "") -> bytes:
    head = f'{HEAD}<kml xmlns="http://www.opengis.net/kml/2.2"{more}>'
    return f"{head}<Document>{inside}</Document></kml>".encode()


def entity(definition: str, use: str = "&x;") -> bytes:
    body = document(PLACEMARK.format(name=use)).decode()
    return body.replace(HEAD, f"{HEAD}<!DOCTYPE kml [{definition}]>").encode()


def geopackages(prey: Prey) -> dict[str, tuple[str, bytes]]:
    areas = "SELECT fid, geom, {what} AS name FROM areas"
    steps = {
        "a view": f"CREATE VIEW shown AS {areas.format(what='sqlite_version()')}",
        "a view of another database": (
            f"ATTACH '{prey.store}' AS store; PRAGMA writable_schema = 1; INSERT INTO sqlite_master VALUES"
            f"('view', 'shown', 'shown', 0, 'CREATE VIEW shown AS SELECT 1 AS fid, body FROM store.journal')"
        ),
        "a function in a view": f"CREATE VIEW shown AS {areas.format(what='readfile(1)')}",
        "another module": "CREATE VIRTUAL TABLE shown USING fts5(name)",
        "a computed column": "ALTER TABLE areas ADD COLUMN more TEXT AS (hex(name))",
        "a trigger": "CREATE TRIGGER t AFTER INSERT ON areas BEGIN DELETE FROM areas; END",
        "its schema for a table": "UPDATE gpkg_contents SET table_name = 'sqlite_master'",
        "a definition of a CRS elsewhere": (
            f"UPDATE gpkg_spatial_ref_sys SET definition = '{prey.address}/crs' WHERE srs_id = 4326"
        ),
    }
    made = {f"a GeoPackage with {key}": ("area.gpkg", geopackage(sql)) for key, sql in steps.items()}
    whole = geopackage("")
    return made | {
        "a GeoPackage cut short": ("area.gpkg", whole[: len(whole) // 2]),
        "a GeoPackage with damage": ("area.gpkg", whole[:20_000] + b"\xff" * 4_000 + whole[24_000:]),
    }


def geopackage(sql: str) -> bytes:
    """A GeoPackage of one area, on which ``sql`` was run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "area.gpkg"
        frame().to_file(path, layer="areas")
        database = sqlite3.connect(path)
        database.create_function("ST_IsEmpty", 1, lambda _shape: 0)
        database.executescript(sql)
        database.commit()
        database.close()
        return path.read_bytes()


def frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"name": ["A"]}, geometry=[box(-116.2, 33.5, -116.0, 33.7)], crs="EPSG:4326")


def parts() -> dict[str, bytes]:
    """The parts of a good shapefile of one area, by suffix."""
    with tempfile.TemporaryDirectory() as folder:
        frame().to_file(Path(folder) / "area.shp")
        return {path.suffix: path.read_bytes() for path in Path(folder).iterdir()}


def shapefiles(prey: Prey) -> dict[str, tuple[str, bytes]]:
    good = parts()
    shp, shx, dbf = good[".shp"], good[".shx"], good[".dbf"]
    vertices = shp[: 144 + 4] + struct.pack("<i", 1_000_000_000) + shp[152:]
    rings = shp[:144] + struct.pack("<i", 2_000_000_000) + shp[148:]
    wkt = good[".prj"].decode()
    shifts = f'{wkt[:-1]},EXTENSION["PROJ4","+proj=longlat +nadgrids={prey.file}"]]'
    changes: dict[str, dict[str, bytes]] = {
        "a billion vertices": {".shp": vertices},
        "two billion rings": {".shp": rings},
        "a record beyond the end": {".shx": shx[:100] + struct.pack(">ii", 500_000_000, 68) + shx[108:]},
        "a length beyond the end": {".shp": shp[:24] + struct.pack(">i", 2_000_000_000) + shp[28:]},
        "four billion rows": {".dbf": dbf[:4] + struct.pack("<I", 4_000_000_000) + dbf[8:]},
        "rows of no length": {".dbf": dbf[:8] + struct.pack("<HH", 1, 0) + dbf[12:]},
        "another kind": {".shp": bytes(len(shp))},
        "a grid of shifts": {".prj": shifts.encode()},
        "a CRS elsewhere": {".prj": f"{prey.address}/crs".encode()},
        "an encoding that is a path": {".cpg": str(prey.file).encode()},
        "a VRT for a table": {".dbf": vrt(str(prey.store), "SELECT 1")},
    }
    return {
        f"a shapefile with {key}": (
            "area.zip",
            zipped({f"a{end}": body for end, body in (good | change).items()}),
        )
        for key, change in changes.items()
    }


def zips(prey: Prey) -> dict[str, tuple[str, bytes]]:
    good = parts()
    out = {f"../../{prey.file.stem}{end}": body for end, body in good.items()}
    bare = {f"a{end}": body for end, body in good.items() if end not in (".dbf", ".cpg")}
    nested = zipped({"inner.zip": zipped({"area.geojson": collection()})})
    files = {
        "names that lead out": zipped(out),
        "names from the root": zipped({f"/etc/a{end}": body for end, body in good.items()}),
        "a link": linked("area.geojson", str(prey.file)),
        "a link for a table": linked("a.dbf", str(prey.store), bare),
        "a zip in a zip": nested,
        "a bomb": zipped({"area.geojson": bytes(300_000_000)}),
        "a bomb that lies": lying(zipped({"area.geojson": bytes(30_000_000)}), 30_000_000, 1_000),
        "twenty thousand names": zipped({f"{number}": b"" for number in range(20_000)}),
        "an encrypted file": encrypted(zipped({"area.geojson": collection()})),
        "a geojson called shp": zipped({"a.shp": collection(), "a.shx": b"", "a.dbf": b""}),
    }
    return {f"a zip with {key}": ("area.zip", body) for key, body in files.items()}


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return stream.getvalue()


def linked(name: str, target: str, others: dict[str, bytes] | None = None) -> bytes:
    stream = io.BytesIO(zipped(others or {}))
    with zipfile.ZipFile(stream, "a") as archive:
        item = zipfile.ZipInfo(name)
        item.create_system, item.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(item, target)
    return stream.getvalue()


def lying(content: bytes, size: int, told: int) -> bytes:
    """A zip that says of its file that it is smaller than it is."""
    return content.replace(struct.pack("<I", size), struct.pack("<I", told))


def encrypted(content: bytes) -> bytes:
    changed = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[content.index(mark) + place] |= 1
    return bytes(changed)
