"""Every page in every state in which it shows something of its own: what a walk goes through."""

from __future__ import annotations

import geopandas as gpd

from app_pages.parts.tracts.own_layer import ShownLayer
from geo.datasets.storage import read_shapes_of
from geo.tracts.own_layers import NAME
from tests.app.exits import Screen
from tests.app.planted import PLANTED, hidden_systems

# The door for a phone, as it stands in the session of a lead who has just made its code.
DOOR = "https://maps.example.org/phones/demo/abc"
CONTEXT = "places.systems.school_districts.tribal_areas.mobile_home_parks"
PRINT = {"explore.print.ready": True}
PARTS = ("report", "projects", "edges", "time", "changes", "sheet")
TABS = ("Current status", "Sessions", "Record", "Change", "Where next", "Report")


def own_layer(region: str) -> ShownLayer:
    """A layer that somebody brought: where every water system is."""
    systems = read_shapes_of(region, "water_systems")
    points = systems[systems.geometry.notna()].geometry.representative_point()
    names = [f"Row {place}" for place in range(len(points))]
    frame = gpd.GeoDataFrame({NAME: names}, geometry=points.to_numpy(), crs=systems.crs)
    return ShownLayer(region, "1", "own.csv", frame)


def screens_of(region: str) -> list[Screen]:
    first, second, *_rest = hidden_systems(region)
    served = {"explore.tables": "People by area"}
    chosen = {"water.system": first, "water.scope": "all"}
    return [
        Screen("home", "home"),
        Screen("explore", "explore", PRINT, {"selected": f"systems:{first}", "layers": CONTEXT}),
        Screen(
            "explore, water systems",
            "explore",
            {**PRINT, "explore.print.language": "es", "explore.tables": "Table: water systems"},
        ),
        Screen("explore, charts", "explore", {"explore.tables": "Charts"}),
        Screen("explore, own layer", "explore", {"own.shown": own_layer(region)}),
        Screen("explore, who lives where", "explore", {**served, "explore.served.kind": "systems"}),
        *(Screen(f"water, {part}", "water", {**chosen, "water.part": part}) for part in PARTS),
        Screen("meeting", "meeting", {"water.scope": "all"}),
        Screen("meeting, agenda", "meeting", {"meeting.view": "agenda", "water.scope": "all"}),
        Screen("network", "network", {"network.chosen": [first, second], "water.scope": "all"}),
        Screen("compare", "compare", params={"a": f"water_system:{first}", "b": f"water_system:{second}"}),
        Screen(
            "compare, profile",
            "compare",
            {"compare.how": "profile", "compare.sheets.made": (region, b"made before")},
            params={"how": "profile", "a": f"water_system:{first}"},
        ),
        Screen("turfs", "turfs", {"print.all": True, "phones.made.demo": {PLANTED["volunteer"][0]: DOOR}}),
        Screen("turfs, by name", "turfs", {"turfs.way": "place"}),
        Screen("returns", "returns"),
        Screen("returns, other tools", "returns", {"returns.source": "tools"}),
        Screen("progress", "progress"),
        Screen("programs", "programs"),
        *(
            Screen(f"program, {tab}", "program", {"program.key": "civic_forums", "program.tabs": tab})
            for tab in TABS
        ),
        Screen("calendar", "calendar"),
        Screen("data", "data"),
        # Not right after the calendar: what a test chooses on a page that stands must be offered there.
        Screen(
            "calendar, one entry",
            "calendar",
            {"calendar.view": "list", "calendar.one": f"water_milestone/{first}/water/design"},
        ),
    ]
