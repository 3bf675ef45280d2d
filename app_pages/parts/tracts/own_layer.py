"""A person's own layer on the map: brought, checked, styled, joined, and kept under a name if they say so."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import folium
import geopandas as gpd
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built, load_shapes
from app_pages.parts.page import Upload, ask_file, refusing
from app_pages.parts.people import Person, who_is_there
from geo.errors import GeoError, SchemaError
from geo.language import gettext as _
from geo.language import ngettext
from geo.region import Region
from geo.sources.geocoder import find_addresses, geocoder_address
from geo.tracts.own_layers import NAME, TAKEN, OwnLayer, join_areas, number_columns, read_own
from layers.own_layer import COLORS, DETAIL, own_layer_groups
from reports.export import plain_cells
from store.database import open_database
from store.journal import Journal
from store.own_layers import MOST_BYTES, SavedLayer, remove_layer, save_layer, saved_layers

SHOWN, UPLOAD, TURN = "own.shown", "own.file", "own.turn"
TRACT, SYSTEM = "own_tract", "own_system"


@dataclass(frozen=True, slots=True)
class ShownLayer:
    """The layer that is on somebody's map, for this visit.

    ``private`` says that it was made from addresses: it is never kept, sent or shown to anybody else.
    """

    region: str
    number: str
    title: str
    frame: gpd.GeoDataFrame
    told: tuple[str, ...] = ()
    color: str = next(iter(COLORS))
    private: bool = False
    detail: str = NAME


def shown_layer(region: Region) -> ShownLayer | None:
    """Return the layer on this person's map; None where there is none in this region."""
    shown = st.session_state.get(SHOWN)
    return shown if isinstance(shown, ShownLayer) and shown.region == region.key else None


def own_groups(region: Region) -> list[folium.FeatureGroup]:
    """Draw the layer that somebody brought in this visit."""
    shown = shown_layer(region)
    return own_layer_groups(shown.frame, shown.color, shown.title) if shown else []


def show_own_layer(region: Region, dataset: str) -> None:
    """Let somebody bring a layer, look at what it is, and join it to tracts and water systems."""
    with st.expander(_("Your own layer"), icon=":material/upload_file:"):
        file = ask_file(
            _(
                "GeoJSON, GeoPackage, KML, shapefile in a zip, or a table with coordinates, GEOIDs or "
                "addresses"
            ),
            TAKEN,
            f"{UPLOAD}.{st.session_state.get(TURN, 0)}",
        )
        st.caption(_("Only you see it, until you save it. It is gone when you close this page."))
        with refusing():
            if file is not None:
                _take(region, file)
        _show_saved(region)
        shown = shown_layer(region)
        if shown is not None:
            _show_shown(region, dataset, shown)


def _take(region: Region, file: Upload) -> None:
    """Read a file that was not read yet, and put it on the map."""
    before = shown_layer(region)
    if (before is not None and before.number == file.number) or st.session_state.get(
        "own.read"
    ) == file.number:
        return
    layer = read_own(file.content, file.name, _bounds(region))
    private = layer.found == "addresses"
    if private:
        if geocoder_address() and not _may_send(len(layer.keys)):
            return
        layer = _locate(layer)
    elif layer.found == "geoids":
        layer = _with_tracts(region, layer)
    st.session_state["own.read"] = file.number
    _put(ShownLayer(region.key, file.number, file.name, layer.frame, layer.told, private=private))


def _bounds(region: Region) -> tuple[float, float, float, float]:
    west, south, east, north = region.bounds
    return west, south, east, north


def _put(shown: ShownLayer | None) -> None:
    """Put a layer on the map, which lies above: the page is run again."""
    st.session_state[SHOWN] = shown
    st.rerun()


def _with_tracts(region: Region, layer: OwnLayer) -> OwnLayer:
    """Find the shapes of the tracts that a layer names, in the vintage that has more of them."""
    wanted = layer.keys["geoid"]
    frames = [
        load_shapes(region.key, name) for name in ("tracts_2020", "tracts_2010") if is_built(region, name)
    ]
    shapes = [frame.set_index(frame["geoid"].astype(str)).geometry for frame in frames]
    best = max(shapes, key=lambda item: int(wanted.isin(item.index).sum()), default=None)
    if best is None or not wanted.isin(best.index).any():
        raise SchemaError(
            _("none of its GEOIDs is a tract of this region"), _("check the region; nothing was kept")
        )
    here = wanted.isin(best.index)
    found = gpd.GeoSeries(best.reindex(wanted[here]))
    frame = layer.frame[here].set_geometry(found.set_axis(layer.frame.index[here]), crs=best.crs)
    lost = int((~here).sum())
    words = ngettext("{count} tract is not in this region.", "{count} tracts are not in this region.", lost)
    return replace(layer, frame=frame, told=(*layer.told, *([words.format(count=lost)] if lost else [])))


def _may_send(count: int) -> bool:
    """Ask before addresses leave this machine."""
    st.caption(
        _("To place them, the addresses are sent to the Census Bureau's geocoder, and to nobody else.")
    )
    words = ngettext("Send {count} address", "Send {count} addresses", count)
    return bool(st.button(words.format(count=f"{count:,}"), key="own.locate"))


def _locate(layer: OwnLayer) -> OwnLayer:
    """Ask the geocoder where addresses lie; without one say what to do."""
    address = geocoder_address()
    if not address:
        raise GeoError(
            _("looking up addresses is switched off here"),
            _("ask whoever runs the dashboard, or add columns latitude and longitude; nothing was kept"),
        )
    with st.spinner(_("Asking the Census geocoder")):
        places = find_addresses(layer.keys, address)
    shapes = gpd.points_from_xy(places["longitude"], places["latitude"], crs="EPSG:4326")
    found = places["longitude"].notna().to_numpy()
    if not found.any():
        raise GeoError(_("the Census geocoder found none of the addresses"), _("check street, city and ZIP"))
    frame = layer.frame.set_geometry(shapes)[found]
    words = _("{found} of {count} addresses found by the Census geocoder, {exact} exactly.")
    told = words.format(found=int(found.sum()), count=len(places), exact=int(places["exact"].sum()))
    return replace(layer, frame=frame, told=(*layer.told, told))


def _show_shown(region: Region, dataset: str, shown: ShownLayer) -> None:
    """Show what was read, its style, what it joins to, and how it is kept."""
    count = ngettext("{count} row on the map: {file}", "{count} rows on the map: {file}", len(shown.frame))
    st.text(count.format(count=f"{len(shown.frame):,}", file=shown.title))
    for words in shown.told:
        st.text(f"• {words}")
    _choose_style(shown)
    table = joined_table(region, dataset, shown)
    st.dataframe(table, hide_index=True, height=240, key="own.table")
    st.download_button(
        _("Download with tracts and water systems (CSV)"),
        plain_cells(table).to_csv(index=False).encode("utf-8-sig"),
        file_name=f"{region.key}-own-layer.csv",
        mime="text/csv",
        on_click="ignore",
        key="own.download",
    )
    _offer_to_save(region, shown)
    if st.button(_("Take it off the map"), key="own.remove"):
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        _put(None)


def _choose_style(shown: ShownLayer) -> None:
    left, right = st.columns(2)
    titles = {key: _(title) for key, title in COLORS.items()}
    color = left.selectbox(
        _("Color"),
        list(COLORS),
        index=list(COLORS).index(shown.color) if shown.color in COLORS else 0,
        key=f"own.color.{shown.number}",
        format_func=titles.__getitem__,
    )
    columns = [str(name) for name in shown.frame.columns if name not in ("geometry", DETAIL)]
    names = {name: _("Name of the row") if name == NAME else name for name in columns}
    detail = right.selectbox(
        _("Show when pointed at"),
        columns,
        index=columns.index(NAME),
        key=f"own.detail.{shown.number}",
        format_func=names.__getitem__,
    )
    if (color, detail) != (shown.color, shown.detail):
        frame = shown.frame.drop(columns=[DETAIL], errors="ignore")
        if detail != NAME:
            frame = frame.assign(**{DETAIL: frame[detail]})
        _put(replace(shown, color=color, frame=frame, detail=detail))


def joined_table(region: Region, dataset: str, shown: ShownLayer) -> pd.DataFrame:
    """Lay a layer out as a table, with the tract and the water system that each row lies in.

    Numbers stay numbers.
    """
    frame = shown.frame
    joined = {_("Name"): frame[NAME]}
    if is_built(region, dataset):
        year = dataset.removeprefix("tracts_")
        title = _("{year} tract").format(year=year)
        joined[title] = join_areas(frame, load_shapes(region.key, dataset), "geoid")
    if is_built(region, "water_systems"):
        joined[_("Water system")] = join_areas(frame, load_shapes(region.key, "water_systems"), "public_name")
    numbers = number_columns(frame)
    for name in frame.columns:
        if name not in ("geometry", NAME, DETAIL):
            column = str(name) if str(name) not in joined else f"{name} (2)"
            joined[column] = numbers[name] if name in numbers else frame[name]
    return pd.DataFrame(joined).reset_index(drop=True)


def _offer_to_save(region: Region, shown: ShownLayer) -> None:
    if shown.private:
        st.caption(_("Made from addresses: it cannot be saved or shared, and no link holds it."))
        return
    person = Person(who_is_there())
    with st.form("own.save"):
        name = st.text_input(_("Save as"), key="own.name", max_chars=80)
        st.caption(_("Canvass leads, the task force and coordinators will see it when they sign in."))
        sent = st.form_submit_button(_("Save the layer"))
    if sent:
        with refusing():
            _save(region, shown, name, person.require())


def _save(region: Region, shown: ShownLayer, name: str, who: str) -> None:
    text = shown.frame.drop(columns=[DETAIL], errors="ignore").to_json(drop_id=True)
    if len(text.encode()) > MOST_BYTES:
        raise SchemaError(
            _("the layer is larger than {most} MB").format(most=MOST_BYTES // 1_000_000),
            _("simplify its shapes; nothing was written"),
        )
    layer = SavedLayer.make({"name": name, "geojson": text, "file": shown.title, "color": shown.color})
    save_layer(Journal(open_database()), region.key, layer, who)
    st.success(_("Saved as {name}.").format(name=layer.name))


def _show_saved(region: Region) -> None:
    """Offer the layers that were saved to those who may see them."""
    person = Person(who_is_there())
    if not person.sees("own_layer"):
        return
    journal = Journal(open_database())
    kept = {item.record.key: item for item in saved_layers(journal, region.key)}
    if not kept:
        return
    titles = {key: f"{item.record.name} ({item.who}, {item.at:%Y-%m-%d})" for key, item in kept.items()}
    key = st.selectbox(_("Saved layers"), list(kept), key="own.saved", format_func=titles.__getitem__)
    with st.container(horizontal=True):
        if st.button(_("Put it on the map"), key="own.open"):
            item = kept[key].record
            frame = gpd.GeoDataFrame.from_features(_features(item.geojson), crs="EPSG:4326")
            _put(ShownLayer(region.key, f"saved {key}", item.name, frame, color=item.color))
        if st.button(_("Delete it"), key="own.delete"):
            with refusing():
                remove_layer(journal, region.key, kept[key], person.require())
                st.rerun()


def _features(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["features"]
    return found
