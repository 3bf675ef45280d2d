"""Walk lists for, and returns to and from, VAN, PDI and Ecanvasser: one row a door, no voter file.

Each door stands in them under one code, ``TURF.BLOCK.DOOR``, where those tools keep an identifier that is not
theirs; a file of returns that still has it is told door by door. Doors have no address here: the number
is that on the walk list, and a point is the block's, not the house's.

Where the layouts come from, and what is uncertain. In all three whoever uploads says what each column is, so
the headings here are names to choose by:

- VAN: a bulk upload has the identifier, the date contacted and the canvass result, each in a column; one into
  the voter file needs VAN's own identifier in every row, one into My Campaign does not
  (https://kydemocratshelp.freshdesk.com/support/solutions/articles/44002201298). Words of results:
  https://michigandems.freshdesk.com/support/solutions/articles/66000495876; "Vacant", "Come Back" and "Do Not
  Walk" are to be mapped there, and no page says how long an external identifier may be.
- PDI: columns of new people are mapped by hand, others become custom fields
  (https://pdihelp.zendesk.com/hc/en-us/articles/4408792354836); flags come by external ID, one answer a cell
  (https://pdihelp.zendesk.com/hc/en-us/articles/4408792359828); a flag's code has ten signs at most
  (https://pdihelp.zendesk.com/hc/en-us/articles/360061151232). Codes are each account's own: ours are to be
  made there first.
- Ecanvasser: columns in any order, also a file of addresses only
  (https://support.ecanvasser.com/en/articles/1001109); a contact ID, and "Contact" with a number where there
  is no name (https://support.ecanvasser.com/en/articles/1043720); the statuses Answered, Call Back, Not
  Interested, Not Home, Inaccessible (https://support.ecanvasser.com/en/articles/5145764). An account may name
  statuses anew, and no page lists the columns of its export.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import NamedTuple

import pandas as pd

from geo.canvass.codes import Disposition, to_turf_code, unit_name
from geo.canvass.come_back import last_visits
from geo.canvass.returns import RESULTS, RETURNS, TurfsHere, day_cells, judge_rows
from geo.canvass.stretches import read_stretch
from geo.canvass.walk import Walk
from geo.errors import SchemaError
from geo.intake.tables import Column, Row, Table, TableKind, Unread
from geo.intake.values import Vocabulary, each, plain_words
from geo.intake.verdicts import Line
from geo.language import gettext as _
from geo.language import mark as N_

PARTED = "."
US_DAY = "%m/%d/%Y"


class Door(NamedTuple):
    """A door by its turf, its block (or a stretch of one), and its number there."""

    turf: str
    unit: str
    door: str

    @property
    def code(self) -> str:
        """What it is called in a file for another tool."""
        return PARTED.join(self)


def read_door(text: str) -> Door:
    """Read the code of a door.

    Raises
    ------
    SchemaError
        It is none, or its turf's check character does not fit.

    Examples
    --------
    >>> read_door("ta-0012-d.060650453031005.7")
    Door(turf='TA0012D', unit='060650453031005', door='7')
    """
    parts = text.strip().split(PARTED, 2)
    if len(parts) < len(Door._fields) or not all(parts):
        raise SchemaError(
            _("{text} is no code of a door").format(text=repr(text[:40])),
            _("it stands in the walk list for that tool, as TA0012D.060650453031005.7"),
        )
    return Door(to_turf_code(parts[0]), parts[1], parts[2])


@dataclass(frozen=True)
class Layout:
    """How another tool writes walk lists and returns.

    Attributes
    ----------
    key, title
        Its name in code, and for a person.
    listed, returned
        Headings of a list and of returns, with what stands below: a column of ours, or words.
    results
        Its words for our results.
    """

    key: str
    title: str
    listed: Mapping[str, str]
    returned: Mapping[str, str]
    results: Mapping[Disposition, str]


LAYOUTS: Mapping[str, Layout] = {
    layout.key: layout
    for layout in (
        Layout(
            "van",
            "VAN",
            {
                "External ID": "code",
                "First Name": "Door",
                "Last Name": "name",
                "Address Line 1": "address",
                "Turf": "turf",
                "Block": "block",
                "Stop": "stop",
                "Door": "door",
            },
            {
                "External ID": "code",
                "Date Canvassed": "on",
                "Contact Type": "Walk",
                "Canvass Result": "result",
            },
            {
                Disposition.SPOKE: "Canvassed",
                Disposition.NOT_HOME: "Not Home",
                Disposition.REFUSED: "Refused",
                Disposition.MOVED: "Moved",
                Disposition.VACANT: "Vacant",
                Disposition.LANGUAGE_NEEDED: "Language Barrier",
                Disposition.COME_BACK: "Come Back",
                Disposition.DO_NOT_KNOCK: "Do Not Walk",
            },
        ),
        Layout(
            "pdi",
            "PDI",
            {
                "External ID": "code",
                "First Name": "Door",
                "Last Name": "name",
                "Address": "address",
                "Turf": "turf",
                "Block": "block",
                "Stop": "stop",
                "Door": "door",
            },
            {"External ID": "code", "Flag Date": "on", "Flag": "result"},
            {
                Disposition.SPOKE: "SPOKE",
                Disposition.NOT_HOME: "NOT HOME",
                Disposition.REFUSED: "REFUSED",
                Disposition.MOVED: "MOVED",
                Disposition.VACANT: "VACANT",
                Disposition.LANGUAGE_NEEDED: "LANGUAGE",
                Disposition.COME_BACK: "COME BACK",
                Disposition.DO_NOT_KNOCK: "NO KNOCK",
            },
        ),
        Layout(
            "ecanvasser",
            "Ecanvasser",
            {
                "Contact ID": "code",
                "First Name": "Contact",
                "Surname": "name",
                "Street": "street",
                "Latitude": "latitude",
                "Longitude": "longitude",
                "Turf": "turf",
                "Block": "block",
                "Stop": "stop",
            },
            {"Contact ID": "code", "Interaction Date": "on", "Interaction Status": "result"},
            {
                Disposition.SPOKE: "Answered",
                Disposition.NOT_HOME: "Not Home",
                Disposition.REFUSED: "Not Interested",
                Disposition.MOVED: "Moved",
                Disposition.VACANT: "Vacant",
                Disposition.LANGUAGE_NEEDED: "Language needed",
                Disposition.COME_BACK: "Call Back",
                Disposition.DO_NOT_KNOCK: "Do not knock",
            },
        ),
    )
}
# Further words of theirs that can mean one thing only; of others, as Inaccessible or Deceased, a page asks.
USUAL = {
    **dict.fromkeys(("contacted", "spoke with", "completed"), Disposition.SPOKE),
    **dict.fromkeys(
        ("no answer", "nobody home", "left lit", "lit drop", "left literature"), Disposition.NOT_HOME
    ),
    **dict.fromkeys(("vacant house", "empty house"), Disposition.VACANT),
    "other language": Disposition.LANGUAGE_NEEDED,
    "do not contact": Disposition.DO_NOT_KNOCK,
}


@cache
def _results() -> Vocabulary:
    theirs = {word: key for layout in LAYOUTS.values() for key, word in layout.results.items()}
    words = {plain_words(word): str(key) for word, key in {**theirs, **USUAL}.items()}
    return replace(RESULTS, usual=words)


@cache
def tool_returns_in(timezone: str) -> TableKind:
    """Return the kind of a file of returns of another tool, whose days are those of a time zone.

    Rows without a result are people that nobody visited. Such a file may name voters: no word of it is kept
    but those of our columns.

    Examples
    --------
    >>> [column.key for column in tool_returns_in("America/Los_Angeles").columns]
    ['place', 'disposition', 'on', 'language', 'again']
    """
    ours = RETURNS.by_key
    columns = (
        Column(
            "place",
            N_("Code of the door"),
            "external id, contact id, pdi external id, external_id, door code",
            each(read_door),
            required=True,
            unread=Unread.REFUSE,
        ),
        replace(
            ours["disposition"],
            headings="canvass result, result, result short name, interaction status, canvass status, "
            "status, flag, flag description",
            read=_results(),
        ),
        replace(
            ours["on"],
            headings="date canvassed, date contacted, contact date, interaction date, flag date, date, day",
            read=day_cells(timezone),
        ),
        ours["language"],
        ours["again"],
    )
    return TableKind(
        key="tool_returns",
        columns=columns,
        needs=(("place",), ("disposition",), ("on",)),
        remedy=N_("export one row a door, with the code of the door from our list, the result, and the day"),
        filled=("disposition",),
        private=True,
    )


def judge_tool_returns(table: Table, here: TurfsHere, day: date, *, follow: bool = False) -> list[Line]:
    r"""Say of every row of another tool's returns what it would do; nothing is written.

    A door on a day is one return: the same file again changes nothing, and two rows that tell different
    things of it are refused. As :func:`geo.canvass.returns.judge_returns` in all else.

    Examples
    --------
    >>> from geo.intake.grids import read_grids
    >>> from geo.intake.tables import find_table
    >>> text = b"External ID,Date Canvassed,Canvass Result\nTA0012D.u.7,3/2/2026,Not Home\n"
    >>> table = find_table(read_grids(text, "a.csv"), "a.csv", tool_returns_in("America/Los_Angeles"))
    >>> (line,) = judge_tool_returns(table, TurfsHere({"TA0012D": ["u"]}), date(2026, 3, 3))
    >>> str(line.verdict), line.change["door"], line.change["disposition"], line.change["id"]
    ('new', '7', 'not_home', 'TA0012D.u.7@2026-03-02')
    """
    return judge_rows([_with_door(row) for row in table.require().rows], here, day, follow=follow)


def _with_door(row: Row) -> Row:
    door, on = row.meant.get("place"), row.meant.get("on")
    if not isinstance(door, Door):
        return row
    return replace(row, meant={**row.meant, **door._asdict(), "id": f"{door.code}@{on}"})


def list_doors(
    walks: Sequence[Walk], layout: Layout, spared: Mapping[str, Collection[tuple[str, str]]] | None = None
) -> pd.DataFrame:
    """List every door of walks as another tool takes it in, a row a door, in the order of the walk.

    Parameters
    ----------
    walks
        From :func:`geo.canvass.walk.plan_walk`.
    spared
        Doors that want nobody at the door, as block and number by turf: they are left out.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> import geopandas as gpd
    >>> from geo.canvass.walk import plan_walk
    >>> doors = {"doors": [3.0]}
    >>> units = gpd.GeoDataFrame(doors, geometry=[box(0, 0, 100, 100)], index=["b-4-6-9"], crs="EPSG:3310")
    >>> table = list_doors([plan_walk("TA0001M", units)], LAYOUTS["van"], {"TA0001M": [("b-4-6-9", "5")]})
    >>> table["External ID"].tolist()
    ['TA0001M.b-4-6-9.4', 'TA0001M.b-4-6-9.6']
    """
    rows = pd.DataFrame([row for walk in walks for row in _doors(walk, (spared or {}).get(walk.code, ()))])
    return _laid_out(rows, layout.listed)


def _doors(walk: Walk, spared: Collection[tuple[str, str]]) -> Iterator[dict[str, object]]:
    gone = {(unit, door.strip().lstrip("0")) for unit, door in spared}
    for stop, row in walk.stops.iterrows():
        unit = str(row["unit"])
        first = max(read_stretch(unit).first, 1)
        for number in range(first, first + int(row["doors"])):
            if (unit, str(number)) in gone:
                continue
            street = str(row["where"]) or unit_name(unit)
            yield {
                "code": Door(walk.code, unit, str(number)).code,
                "turf": walk.code,
                "stop": stop,
                "block": unit_name(unit),
                "door": number,
                "name": f"{walk.code}-{stop}-{number}",
                "street": street,
                "address": _("door {number}, {street}").format(number=number, street=street),
                "latitude": round(float(row["latitude"]), 6),
                "longitude": round(float(row["longitude"]), 6),
            }


def list_returns(visits: pd.DataFrame, units_of: Mapping[str, Sequence[str]], layout: Layout) -> pd.DataFrame:
    """List what happened at every door last, in another tool's words, a row a door.

    Visits without a number of a door belong to no row of a list: they are not among them.

    Parameters
    ----------
    visits, units_of
        As for :func:`geo.canvass.come_back.last_visits`.

    Examples
    --------
    >>> row = {"id": ["a"], "turf": "TA0001M", "unit": "u", "door": "7", "language": "", "again": ""}
    >>> told = pd.DataFrame(row).assign(on=pd.Timestamp("2026-03-01"), disposition="come_back")
    >>> list_returns(told, {"TA0001M": ("u",)}, LAYOUTS["ecanvasser"]).values.tolist()
    [['TA0001M.u.7', '03/01/2026', 'Call Back']]
    """
    doors = last_visits(visits, units_of)
    doors = doors[doors["door"] != ""]
    rows = pd.DataFrame(
        {
            "code": [
                Door(*map(str, item)).code
                for item in doors[["turf", "unit", "door"]].itertuples(index=False, name=None)
            ],
            "on": pd.to_datetime(doors["last_on"]).dt.strftime(US_DAY).to_list(),
            "result": [layout.results[Disposition(item)] for item in doors["disposition"]],
        }
    )
    return _laid_out(rows, layout.returned)


def _laid_out(rows: pd.DataFrame, headings: Mapping[str, str]) -> pd.DataFrame:
    count = len(rows)
    return pd.DataFrame(
        {
            heading: rows[what].to_list() if what in rows else [what] * count
            for heading, what in headings.items()
        }
    )
