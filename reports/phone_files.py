"""Files for phones: walks as CSV, GeoJSON, KML and GPX, and the form for returns as XLSForm and XForm."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import shapely
from openpyxl import Workbook
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from geo.canvass.codes import DISPOSITION_TITLES, LONGEST_DOOR, unit_name
from geo.canvass.returns import ASKED
from geo.canvass.script import QuestionKind, Script, say
from geo.canvass.volunteers import SPOKEN as LANGUAGES_SPOKEN
from geo.canvass.walk import Walk
from geo.crs import STORED
from geo.errors import SchemaError
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import speaking
from reports.export import INVENTED, plain_cells

KML = "http://www.opengis.net/kml/2.2"
GPX = "http://www.topografix.com/GPX/1/1"
COLUMNS = ["turf", "stop", "unit", "doors", "longitude", "latitude"]
"""A list of stops has ``where`` besides."""


def stops_table(walks: Sequence[Walk]) -> pd.DataFrame:
    """Return the stops of all walks, a row each, in order."""
    parts = [walk.stops.reset_index().assign(turf=walk.code)[[*COLUMNS, "where"]] for walk in walks]
    return pd.concat(parts, ignore_index=True).astype({"doors": "int64"})


def to_csv(walks: Sequence[Walk]) -> bytes:
    """Write the stops as CSV (UTF-8), with the park or streets of each."""
    return stops_table(walks).to_csv(index=False).encode()


def to_tool_csv(table: pd.DataFrame, *, invented: bool) -> bytes:
    r"""Write a table of :mod:`geo.canvass.tool_files` as CSV (UTF-8); made-up data say so in each row.

    Examples
    --------
    >>> to_tool_csv(pd.DataFrame({"External ID": ["TA0001M.u.7"]}), invented=False)
    b'External ID\r\nTA0001M.u.7\r\n'
    """
    told = table.assign(Warning=_(INVENTED)) if invented else table
    return plain_cells(told).to_csv(index=False, lineterminator="\r\n").encode()


def to_geojson(walks: Sequence[Walk]) -> bytes:
    """Write blocks, edges of turfs and ways as GeoJSON (EPSG:4326).

    ``kind`` is "block" (with stop, doors and the streets around it), "edge", "way" or "back", to the car.
    """
    parts = [part for walk in walks for part in _shapes(walk)]
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=STORED)
    frame = frame.astype({"doors": "Int64", "stop": "Int64"})
    text: str = frame[["kind", *COLUMNS, "where", "geometry"]].to_json(drop_id=True)
    return text.encode()


def _shapes(walk: Walk) -> Iterator[gpd.GeoDataFrame]:
    blocks = walk.stops.drop(columns="spot").reset_index().assign(turf=walk.code, kind="block")
    yield blocks.to_crs(STORED)
    lines = (("edge", _edge(walk)), ("way", walk.path.geometry), ("back", walk.back.geometry))
    for kind, shapes in lines:
        yield gpd.GeoDataFrame(
            {"kind": kind, "turf": walk.code}, geometry=shapes.to_list(), index=[0], crs=STORED
        )


def _edge(walk: Walk) -> gpd.GeoSeries:
    return walk.edge.to_crs(STORED)


def _rings(walk: Walk) -> list[list[tuple[float, float]]]:
    """Return the outer rings of a turf's edge, in degrees."""
    parts = shapely.get_parts(_edge(walk).iloc[0])
    return [[(float(x), float(y)) for x, y in part.exterior.coords] for part in parts]


def to_kml(walks: Sequence[Walk]) -> bytes:
    """Write stops and ways as KML 2.2, a folder a turf."""
    root = ET.Element("kml", xmlns=KML)
    document = ET.SubElement(root, "Document")
    for walk in walks:
        folder = ET.SubElement(document, "Folder")
        ET.SubElement(folder, "name").text = walk.code
        for ring in _rings(walk):
            _kml_line(folder, _("{turf}: edge").format(turf=walk.code), ring)
        _kml_line(folder, walk.code, _line(walk.path))
        _kml_line(folder, _("{turf}: back").format(turf=walk.code), _line(walk.back))
        for name, words, longitude, latitude in _points(walk):
            mark = ET.SubElement(folder, "Placemark")
            ET.SubElement(mark, "name").text = name
            ET.SubElement(mark, "description").text = words
            point = ET.SubElement(mark, "Point")
            ET.SubElement(point, "coordinates").text = f"{longitude:.6f},{latitude:.6f}"
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _kml_line(folder: ET.Element, name: str, corners: Sequence[tuple[float, float]]) -> None:
    mark = ET.SubElement(folder, "Placemark")
    ET.SubElement(mark, "name").text = name
    line = ET.SubElement(mark, "LineString")
    ET.SubElement(line, "coordinates").text = " ".join(f"{x:.6f},{y:.6f}" for x, y in corners)


def to_gpx(walks: Sequence[Walk]) -> bytes:
    """Write stops as waypoints and ways as tracks of GPX 1.1."""
    root = ET.Element("gpx", xmlns=GPX, version="1.1", creator="Coachella outreach maps")
    for walk in walks:
        for name, words, longitude, latitude in _points(walk):
            point = ET.SubElement(root, "wpt", lat=f"{latitude:.6f}", lon=f"{longitude:.6f}")
            ET.SubElement(point, "name").text = f"{walk.code} {name}"
            ET.SubElement(point, "desc").text = words
    for walk in walks:
        edges = [(_("{turf}: edge").format(turf=walk.code), ring) for ring in _rings(walk)]
        back = (_("{turf}: back").format(turf=walk.code), _line(walk.back))
        for name, corners in [(walk.code, _line(walk.path)), back, *edges]:
            track = ET.SubElement(root, "trk")
            ET.SubElement(track, "name").text = name
            segment = ET.SubElement(track, "trkseg")
            for x, y in corners:
                ET.SubElement(segment, "trkpt", lat=f"{y:.6f}", lon=f"{x:.6f}")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _line(leg: gpd.GeoDataFrame) -> list[tuple[float, float]]:
    return [(float(point[0]), float(point[1])) for point in leg.geometry.iloc[0].coords]


def _points(walk: Walk) -> list[tuple[str, str, float, float]]:
    return [
        (str(stop), _point_words(str(where), str(unit), doors), float(longitude), float(latitude))
        for stop, unit, where, doors, longitude, latitude in zip(
            walk.stops.index,
            walk.stops["unit"],
            walk.stops["where"],
            walk.stops["doors"],
            walk.stops["longitude"],
            walk.stops["latitude"],
            strict=True,
        )
    ]


def _point_words(where: str, unit: str, doors: float) -> str:
    words = _("{unit}: {doors} doors").format(unit=unit_name(unit), doors=f"{doors:.0f}")
    return f"{where} · {words}" if where else words


SPOKEN = {"en": "English (en)", "es": "Español (es)"}
QUESTIONS = (
    ("select_one turfs", "turf", N_("Turf code"), "yes", ""),
    ("select_one units", "unit", N_("Block"), "yes", "turf=${turf}"),
    ("text", "door", N_("Door number, counted as you walk (1, 2, 3)"), "", ""),
    ("select_one dispositions", "disposition", N_("What happened"), "yes", ""),
)
NO_SCRIPT = Script()
TYPES = {
    QuestionKind.ONE: "select_one",
    QuestionKind.SEVERAL: "select_multiple",
    QuestionKind.TEXT: "text",
    QuestionKind.NUMBER: "decimal",
}
FORM_ID = "canvass"
# Both are read by one who installs the form by hand too, and stay as they were.
FORM_TITLE = N_("Canvass")
INVENTED_TITLE = N_("Canvass (invented data)")


def make_xlsform(
    units: Mapping[str, Sequence[str]],
    script: Script = NO_SCRIPT,
    *,
    version: str = "",
    invented: bool = False,
) -> bytes:
    """Make the form for the turfs of ``units`` (blocks by turf code), in English, Spanish and the script's.

    Parameters
    ----------
    script
        What the campaign says and asks.
    version
        What tells this form from an earlier one; empty for none.
    invented
        Whether the region is made up; then its title says so.

    Raises
    ------
    SchemaError
        pyxform does not accept it; the message is pyxform's.

    Examples
    --------
    >>> make_xlsform({"TA0001M": ["069010401001000"]})[:2]
    b'PK'
    """
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    languages = script.languages()
    labels = [f"label::{_heading(language)}" for language in languages]
    rest = ["required", "choice_filter", "appearance", "relevant", "constraint"]
    _write(survey, ["type", "name", *labels, *rest])
    _write(survey, ["today", "today"])
    if script.greeting:
        _write(survey, ["note", "greeting", *_said(script.greeting, languages)])
    for kind, name, title, required, choice in QUESTIONS:
        look = "minimal" if name in ("turf", "unit") else None
        short = f"string-length(.) <= {LONGEST_DOOR}" if name == "door" else None
        words = _in_all(title, languages)
        _write(survey, [kind, name, *words, required or None, choice or None, look, None, short])
    choices = book.create_sheet("choices")
    _write(choices, ["list_name", "name", *labels, "turf"])
    for code, members in units.items():
        _write(choices, ["turfs", code, *[code] * len(languages), code])
        for unit in members:
            _write(choices, ["units", unit, *[unit_name(unit)] * len(languages), code])
    for key, title in DISPOSITION_TITLES.items():
        _write(choices, ["dispositions", str(key), *_in_all(title, languages)])
    _ask(script, languages, survey, choices)
    settings = book.create_sheet("settings")
    _write(settings, ["form_title", "form_id", "default_language", "version"])
    title = _(INVENTED_TITLE if invented else FORM_TITLE)
    _write(settings, [title, FORM_ID, SPOKEN["en"], version or None])
    buffer = io.BytesIO()
    book.save(buffer)
    check_xlsform(buffer.getvalue())
    return buffer.getvalue()


def _ask(script: Script, languages: Sequence[str], survey: Any, choices: Any) -> None:
    """Write the campaign's own questions below those that every form has."""
    for question in script.questions:
        name = f"{ASKED}{question.key}"
        kind = TYPES[question.kind]
        typed = f"{kind} {name}" if question.choices else kind
        after = " or ".join(f"selected(${{disposition}}, '{item}')" for item in question.after)
        words = _said(question.title, languages)
        _write(survey, [typed, name, *words, None, None, None, after or None])
        for choice in question.choices:
            _write(choices, [name, choice.key, *_said(choice.title, languages)])


def _write(sheet: Any, values: Sequence[str | None]) -> None:
    """Write a row of texts; one that begins as a formula does stays text."""
    sheet.append(values)
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def make_xform(units: Mapping[str, Sequence[str]], script: Script, *, invented: bool) -> tuple[str, bytes]:
    """Make the form as phones get it (XForm): its version, which changes with what it holds, and its XML.

    Examples
    --------
    >>> version, xml = make_xform({"TA0001M": ["069010401001000"]}, Script(), invented=True)
    >>> f'version="{version}"' in xml.decode(), "invented data" in xml.decode()
    (True, True)
    """
    held = {"units": {code: list(members) for code, members in units.items()}, "script": script.model_dump()}
    version = sha256(json.dumps([held, invented], sort_keys=True).encode()).hexdigest()[:10]
    form = make_xlsform(units, script, version=version, invented=invented)
    return version, check_xlsform(form).encode()


def check_xlsform(content: bytes) -> str:
    """Turn a form into an XForm with pyxform and return it.

    Raises
    ------
    SchemaError
        It cannot be turned.
    """
    try:
        xform: str = convert(xlsform=io.BytesIO(content), file_type=".xlsx", validate=False).xform
    except PyXFormError as error:
        raise SchemaError(
            _("the form cannot be made: {error}").format(error=str(error)[:200]), _("keep the turfs again")
        ) from error
    return xform


def _heading(language: str) -> str:
    return SPOKEN.get(language, f"{LANGUAGES_SPOKEN.get(language, language)} ({language})")


def _said(words: Mapping[str, str], languages: Sequence[str]) -> list[str]:
    return [say(words, language) for language in languages]


def _in_all(title: str, languages: Sequence[str]) -> list[str]:
    """Write a title of ours in every language of the form, or in the one that stands in for it."""
    words = {}
    for language in SPOKEN:
        with speaking(language):
            words[language] = _(title)
    return _said(words, languages)
