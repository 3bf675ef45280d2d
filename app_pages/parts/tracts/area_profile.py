"""A profile: an area's figures by theme, each beside the county's and the valley's, with what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import numpy as np
import pandas as pd
import shapely

from app_pages.parts.loading import kept, load_shapes, load_table, missing_reason
from app_pages.parts.tracts.areas import DATASETS_OF
from app_pages.parts.tracts.compared_areas import AREA_KINDS, DRAWN, Area
from app_pages.parts.tracts.frames import OF_TRACTS, STUDY_AREA, load_tracts, tract_vintages
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.acs_indicators import SERIES
from geo.tracts.comparison import COUNTED, INDEX, Contrast, Quantity, change, of_vintages
from geo.tracts.indicators import values_of
from geo.tracts.names import tract_number
from geo.tracts.residents.estimate import LEAST_PEOPLE
from geo.tracts.standing import THEMES, Peer, ProfileLine, lay_profile, rates_of, stand
from geo.tracts.vintages import COMPARABLE, years_of, years_shared
from layers.view import TRACTS, WHOLE_REGION
from wording.area_profile import (
    details_of,
    estimate_issues,
    profile_notes,
    standing_words,
    sure_words,
    theme_title,
)
from wording.comparison import title_of, value_of
from wording.definitions import facts_of
from wording.profiles import source_records, wrong_inside, wrong_with

VINTAGES, SCORES = "tract_vintages", "tract_indicators"
MEASURED = ("estimate", "moe")
SURVEYED = "tracts_2010"
"""The tracts on which the region's survey stands."""
BAR_PX, BAR_HEIGHT = 160, 14


@dataclass(frozen=True, slots=True)
class AreaProfile:
    """All that a profile of an area shows.

    Attributes
    ----------
    area, subtitle
        The area with its figures; its kind and its county in words.
    peers, lines
        What it is held against, and its figures by theme.
    issues
        What is known to be wrong with it.
    credits
        By key of a source: publisher, title and vintage.
    trend_note
        Why no trend is shown; empty where there is one.
    index_place
        Percentile of the State's index among the state's tracts, in words; empty where it has none.
    """

    area: Area
    subtitle: str
    peers: tuple[Peer, ...]
    lines: Mapping[str, list[ProfileLine]]
    issues: tuple[str, ...]
    credits: Mapping[str, str]
    trend_note: str
    index_place: str

    @property
    def sources(self) -> list[str]:
        """Keys of the sources that its figures come from, in their order."""
        items = [item for theme in self.lines.values() for line in theme for item in _figures(line)]
        return [key for key in dict.fromkeys(item.source for item in items) if key in self.credits]


def _figures(line: ProfileLine) -> list[Quantity]:
    return [line.quantity, *([line.count] if line.count else [])]


def read_profile(region: Region, area: Area) -> AreaProfile:
    """Gather what is known of an area, and hold it against its county and the valley."""
    records = {
        key: item
        for dataset in ("tracts_2010", area.dataset, VINTAGES)
        for key, item in source_records(region.key, dataset).items()
    }
    vintages = {key: str(item.get("vintage", "")) for key, item in records.items()}
    county, peers = find_peers(region, area, vintages)
    trends = find_trends(region, area, vintages)
    return AreaProfile(
        area,
        " · ".join(words for words in (_(AREA_KINDS[area.kind].title), county) if words),
        tuple(peers),
        lay_profile({**_rates_of_area(region, area), **_told(area)}, peers, trends),
        (
            *_too_small(area),
            *_of_tracts(region, area),
            *find_issues(region, area),
        ),
        {key: str(item["credit"]) for key, item in records.items()},
        "" if trends else _trend_note(region, area),
        _index_place(region, area.quantities.get(INDEX.key)),
    )


def _of_tracts(region: Region, area: Area) -> tuple[str, ...]:
    """Say of which tracts the survey's figures of an area are, and whether its count disagrees."""
    tracts: list[str] = []
    if area.kind in DATASETS_OF and not missing_reason(region.key, SURVEYED):
        inside = load_tracts(region, SURVEYED, f"{area.kind}:{area.identifier}")
        tracts = [tract_number(str(geoid)) for geoid in sorted(inside["geoid"])]
    return tuple(estimate_issues(_told(area), area.kind, tracts))


def _told(area: Area) -> Mapping[str, Quantity]:
    """Leave out survey estimates of a drawn area in which too few people live."""
    if not _too_small(area):
        return area.quantities
    return {key: item for key, item in area.quantities.items() if key in COUNTED}


def _too_small(area: Area) -> tuple[str, ...]:
    counted = area.quantities.get(COUNTED[0])
    people = counted.value if counted else None
    # Where the count is not known nothing speaks for an estimate.
    if area.kind != DRAWN or (people is not None and people >= LEAST_PEOPLE):
        return ()
    words = _("Fewer than {count} people live here: survey estimates of so few are not shown.")
    return (words.format(count=LEAST_PEOPLE),)


def find_peers(region: Region, area: Area, vintages: Mapping[str, str]) -> tuple[str, list[Peer]]:
    """Name the county that an area lies in, and make the rates of that county and of the valley."""
    if area.kind.startswith("region") or area.shape is None or shapely.is_empty(area.shape):
        return "", []
    point = shapely.point_on_surface(area.shape)
    county, title = county_at(region, point)
    dataset = _dataset_for(region, area, vintages)
    peers, seen = [], set[tuple[str, ...]]()
    wanted = [] if area.kind.startswith("county") or not county else [(county, title)]
    valley = region.title if region.study_area is None else region.study_area.title
    for key, name in (*wanted, ("" if region.study_area else WHOLE_REGION, valley)):
        if key == "" and not _lies_in(region, dataset, point):
            continue
        geoids = tuple(sorted(load_tracts(region, dataset, key)["geoid"].astype(str)))
        if geoids and geoids not in seen:
            seen.add(geoids)
            peers.append(Peer(name, _rates(region, dataset, key)))
    return ("" if area.kind.startswith("county") else title), peers


def county_at(region: Region, point: shapely.Geometry) -> tuple[str, str]:
    """Find the county around a point: its GEOID and its name; both empty where there is none."""
    if missing_reason(region.key, "counties"):
        return "", ""
    counties = load_shapes(region.key, "counties")
    found = counties.sindex.query(point, predicate="intersects")
    if not len(found):
        return "", ""
    row = counties.iloc[int(found[0])]
    return str(row["geoid"]), str(row["name"])


def _lies_in(region: Region, dataset: str, point: shapely.Geometry) -> bool:
    return bool(len(load_tracts(region, dataset, "").sindex.query(point, predicate="intersects")))


def _dataset_for(region: Region, area: Area, vintages: Mapping[str, str]) -> str:
    """Choose the tracts whose survey is of the same years as most figures of an area."""
    if area.dataset in TRACTS:
        return area.dataset
    here = [name for name in TRACTS if not missing_reason(region.key, name)]

    def alike(name: str) -> int:
        rates = _rates(region, name, whole_of(region))
        years = {years_of(vintages.get(item.source, "")) for item in rates.values()} - {None}
        return sum(years_of(vintages.get(item.source, "")) in years for item in area.quantities.values())

    return max(here, key=alike, default=TRACTS[0])


@kept(*OF_TRACTS, STUDY_AREA, most=32, spoken=False)
def _rates(region: Region, dataset: str, area: str) -> dict[str, Quantity]:
    return rates_of(load_tracts(region, dataset, area))


def find_trends(region: Region, area: Area, vintages: Mapping[str, str]) -> dict[str, tuple[Contrast, str]]:
    """Test the change of each figure since the oldest vintage that was surveyed on the same tracts."""
    if missing_reason(region.key, VINTAGES) or area.dataset != TRACTS[1]:
        return {}
    by_source, all_ours = _earlier(region, area), {**_rates_of_area(region, area), **area.quantities}
    found: dict[str, tuple[Contrast, str]] = {}
    for source, figures in by_source.items():
        for key, before in figures.items():
            ours = all_ours.get(key)
            if ours is None or before.method == "split" or before.value is None:
                continue
            periods = [vintages.get(name, "") for name in (source, ours.source)]
            years = years_of(periods[0])
            if years is None or years == years_of(periods[1]):
                continue
            label = f"{years[0]}\N{EN DASH}{years[1]}"
            if key in found and found[key][1] == label and not source.startswith(SERIES[0]):
                continue  # the Bureau's own tables go before those that others packed from them
            found[key] = change(before, ours, years_shared(periods[0], periods[1])), label
    return found


def _earlier(region: Region, area: Area) -> dict[str, dict[str, Quantity]]:
    """Read an area's figures by vintage, the newest first, so that the oldest is what remains."""
    if area.kind == "tract_2020":
        return of_vintages(tract_vintages(region, area.identifier))
    key = area.identifier if area.kind.startswith("county") else whole_of(region)
    return _rates_by_vintage(region, key)


@kept(*OF_TRACTS, STUDY_AREA, VINTAGES, most=8, spoken=False)
def _rates_by_vintage(region: Region, area: str) -> dict[str, dict[str, Quantity]]:
    rows = load_table(region.key, VINTAGES)
    ours = load_tracts(region, TRACTS[1], area)
    rows = rows[rows["geoid"].astype(str).isin(set(ours["geoid"].astype(str)))]
    found = {}
    for source, part in rows.groupby("source"):
        if not bool(part["same_tract"].all()):
            continue
        long = part.set_index(["geoid", "variable"])[[*MEASURED]]
        values, moes = (long[name].unstack("variable") for name in MEASURED)  # noqa: PD010 - no aggregate
        wide = values.join(moes.add_suffix("_moe")).assign(direct_sources=str(source))
        found[str(source)] = {key: item for key, item in rates_of(wide).items() if key in COMPARABLE}
    return dict(sorted(found.items(), reverse=True))


def _rates_of_area(region: Region, area: Area) -> Mapping[str, Quantity]:
    """Make the rates of a county or the region that its sums lack; none of anything else."""
    if area.kind.startswith("county"):
        return _rates(region, area.dataset, area.identifier)
    return _rates(region, area.dataset, whole_of(region)) if area.kind.startswith("region") else {}


def whole_of(region: Region) -> str:
    """Name the whole region as the area of a view does."""
    return WHOLE_REGION if region.study_area else ""


def _trend_note(region: Region, area: Area) -> str:
    count = 0
    if not missing_reason(region.key, VINTAGES):
        count = load_table(region.key, VINTAGES)["source"].nunique()
    if count < 2:
        return _("No trend: this region has one vintage of survey estimates.")
    if area.dataset == TRACTS[1]:
        return _("No trend: the earlier vintage was surveyed on other tracts.")
    return _("No trend here: earlier vintages are kept for 2020 tracts. Choose a 2020 tract to see change.")


def find_issues(region: Region, area: Area) -> tuple[str, ...]:
    """List what our checks found wrong with an area, and with the tracts inside of it."""
    if area.kind in (DRAWN, "region", "region_2020"):
        return ()
    dataset = AREA_KINDS[area.kind].dataset
    found = [*wrong_with(area.identifier, region.key, dataset)]
    if area.dataset == "people_served":
        found += wrong_with(area.identifier, region.key, "people_served")
    if area.kind in DATASETS_OF:
        here = [name for name in TRACTS if not missing_reason(region.key, name)]
        inside = {
            name: load_tracts(region, name, f"{area.kind}:{area.identifier}")["geoid"].astype(str).tolist()
            for name in here
        }
        found += wrong_inside(inside, region.key)
    return tuple(dict.fromkeys(found))


def _index_place(region: Region, index: Quantity | None) -> str:
    if index is None or index.value is None or missing_reason(region.key, SCORES):
        return ""
    scores = load_table(region.key, SCORES)
    known = pd.to_numeric(values_of(scores, INDEX), errors="coerce").dropna()
    percent = int(100 * float(np.mean(known.to_numpy(dtype=float) <= index.value)))
    return _("percentile {percent} statewide").format(percent=percent)


STYLES = """<style>
.geo-profile{font-size:0.95rem;line-height:1.4;max-width:62rem}
.geo-profile h3{margin:0;padding:0;font-size:1.4rem}.geo-profile .sub{color:#4d4d4d;margin:0 0 0.4rem 0}
.geo-profile h4{margin:1rem 0 0.2rem 0;padding:0 0 0.2rem 0;font-size:1.02rem;border-bottom:2px solid #0b5a7a}
.geo-profile .figure{display:grid;grid-template-columns:minmax(12rem,1.1fr) minmax(10rem,0.9fr) 2fr;
gap:0.2rem 1rem;padding:0.45rem 0;
border-bottom:1px solid #dde3e8;align-items:start}
.geo-profile .value{font-weight:650;font-size:1.08rem}.geo-profile .gray .value{color:#5f6a72;font-weight:400}
.geo-profile .doubt{background:#fff3d6;border-radius:4px;padding:0 0.3rem;
margin-left:0.3rem;font-size:0.84rem}
.geo-profile ul.says{list-style:none;margin:0;padding:0}
.geo-profile ul.says li{margin:0;font-size:0.88rem;color:#333}
.geo-profile details{display:inline-block;vertical-align:top}
.geo-profile details[open]{display:block}
.geo-profile summary{cursor:pointer;list-style:none;display:inline-block;width:1.35rem;height:1.35rem;
border:1px solid #5a6b78;border-radius:50%;text-align:center;
font-size:0.82rem;line-height:1.3rem;color:#0b4a66}
.geo-profile summary:focus-visible{outline:3px solid #0b5a7a;outline-offset:2px}
.geo-profile details dl{margin:0.3rem 0;padding:0.5rem 0.7rem;background:#f1f5f8;
border-radius:6px;font-size:0.85rem}
.geo-profile dt{font-weight:650;margin:0;padding:0}.geo-profile dd{margin:0 0 0.25rem 0;padding:0}
.geo-profile .notes{font-size:0.85rem;color:#4d4d4d;margin:0.5rem 0 0 0;padding-left:1.2rem}
.geo-profile ol{font-size:0.84rem;padding-left:1.3rem;margin:0.2rem 0}.geo-profile sup{color:#4d4d4d}
.geo-profile .key{font-size:0.85rem;color:#4d4d4d;margin:0.2rem 0}
@media (max-width:640px){.geo-profile .figure{grid-template-columns:1fr}}
</style>"""


def profile_html(profile: AreaProfile) -> str:
    """Write a profile as HTML; numbers in brackets point to its sources."""
    sources = profile.sources
    head = f'<h3>{escape(profile.area.title)}</h3><p class="sub">{escape(profile.subtitle)}</p>'
    key = _bar_key(profile.peers)
    themes = "".join(
        f"<h4>{escape(theme_title(theme))}</h4>" + "".join(_line(line, profile, sources) for line in lines)
        for theme, lines in profile.lines.items()
    )
    notes = [*profile_notes(profile.peers), *([profile.trend_note] if profile.trend_note else [])]
    issues = profile.issues or (_("No known data issues for this area."),)
    return (
        f'{STYLES}<section class="geo-profile" aria-label="{escape(profile.area.title)}">{head}{key}{themes}'
        f"{_listed(_('How to read this'), notes)}{_listed(_('Data quality notes'), issues)}"
        f"{_numbered(_('Sources'), [profile.credits[key] for key in sources])}</section>"
    )


def _bar_key(peers: Sequence[Peer]) -> str:
    words = [_("Bar: this area; gray end: margin of error (90%)")]
    marks = (_("dark tick: {area}"), _("orange tick: {area}"))
    words += [mark.format(area=_(peer.title)) for mark, peer in zip(marks, peers, strict=False)]
    return f'<p class="key">{escape("; ".join(words))}</p>'


def _line(line: ProfileLine, profile: AreaProfile, sources: Sequence[str]) -> str:
    item = line.quantity
    mark = f"<sup>[{sources.index(item.source) + 1}]</sup>" if item.source in sources else ""
    doubt = sure_words(item)
    gray = " gray" if item.reliability == "unreliable" else ""
    told = f'<span class="doubt">{escape(doubt)}</span>' if doubt else ""
    details = details_of(line, profile.peers)
    if item.key == INDEX.key and profile.index_place:
        details.insert(0, profile.index_place)
    says = "".join(f"<li>{escape(words)}</li>" for words in details)
    explained = definition_html(item, profile.credits)
    return (
        f'<div class="figure{gray}"><div>{escape(title_of(item.key))} {mark} {explained}</div>'
        f'<div><span class="value">{escape(value_of(item))}</span>{told}<div>{bar_html(line)}</div></div>'
        f'<ul class="says">{says}</ul></div>'
    )


def definition_html(item: Quantity, credits: Mapping[str, str]) -> str:
    """Write what a figure is behind a question mark that opens."""
    label = escape(_("What is this? {title}").format(title=title_of(item.key)))
    told = facts_of(item.key, item.source, credits.get(item.source, ""))
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in told)
    return f'<details><summary aria-label="{label}">?</summary><dl>{facts}</dl></details>'


def bar_html(line: ProfileLine) -> str:
    """Draw a figure as a bar with its margin and a tick for each peer; empty where nothing can be drawn."""
    item, scale = line.quantity, line.scale
    if item.value is None or scale <= 0 or not any(line.standings):
        return ""
    wide = BAR_PX - 2

    def at(value: float) -> float:
        return round(1 + wide * min(max(value / scale, 0.0), 1.0), 1)

    parts = [
        f'<rect x="0" y="3" width="{BAR_PX}" height="8" fill="#e6ebef"/>',
        f'<rect x="1" y="3" width="{at(item.value) - 1:.1f}" height="8" fill="#0b5a7a"/>',
    ]
    if item.moe:
        low, high = at(item.value - item.moe), at(item.value + item.moe)
        parts.append(f'<rect x="{low}" y="5" width="{max(high - low, 0.5):.1f}" height="4" fill="#9aa7b1"/>')
    for place, (standing, color) in enumerate(zip(line.standings, ("#1a1a1a", "#d9730d"), strict=False)):
        if standing is not None and standing.found.first.value is not None:
            x = at(standing.found.first.value)
            parts.append(
                f'<rect x="{x - 1}" y="{place * 3}" width="2" height="{14 - place * 3}" fill="{color}"/>'
            )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BAR_PX} {BAR_HEIGHT}">{"".join(parts)}</svg>'
    )
    address = quote(svg, safe="/")
    return f'<img alt="" width="{BAR_PX}" height="{BAR_HEIGHT}" src="data:image/svg+xml,{address}">'


def _listed(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(words)}</li>" for words in lines)
    return f'<h4>{escape(title)}</h4><ul class="notes">{items}</ul>' if lines else ""


def _numbered(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(words)}</li>" for words in lines)
    return f"<h4>{escape(title)}</h4><ol>{items}</ol>" if lines else ""


SIDE_STYLES = """<style>
.geo-side{font-size:0.9rem;overflow-x:auto}.geo-side table{border-collapse:collapse;width:100%}
.geo-side caption{text-align:left;font-weight:650;padding-bottom:0.3rem;color:inherit}
.geo-side th,.geo-side td{border:0;border-bottom:1px solid #c5ced6;padding:0.4rem 0.7rem 0.4rem 0;
text-align:left;vertical-align:top;font-weight:400}
.geo-side thead th{font-weight:650;border-bottom:2px solid #5a5a5a}
.geo-side .theme th{font-weight:650;padding-top:0.9rem;border-bottom:2px solid #0b5a7a}
.geo-side .value{font-weight:650;white-space:nowrap}.geo-side .gray{color:#5f6a72;font-weight:400}
.geo-side .said{display:block;font-size:0.82rem;color:#4d4d4d}
</style>"""


def side_html(profiles: Sequence[AreaProfile]) -> str:
    """Write profiles side by side, a column each; each figure is tested against the first area's."""
    heads = "".join(f'<th scope="col">{escape(item.area.title)}</th>' for item in profiles)
    credits = {key: words for item in profiles for key, words in item.credits.items()}
    sources = list(dict.fromkeys(key for item in profiles for key in item.sources))
    rows, figure = "".join(_side_rows(profiles, sources)), escape(_("Figure"))
    listed = _numbered(_("Sources"), [credits[key] for key in sources])
    caption = escape(_("Side by side, with 90% margins of error; each is tested against the first area"))
    return (
        f'{SIDE_STYLES}<section class="geo-side" tabindex="0" aria-label="{caption}"><table>'
        f'<caption>{caption}</caption><thead><tr><th scope="col">{figure}</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>{listed}</section>"
    )


def _side_rows(profiles: Sequence[AreaProfile], sources: Sequence[str]) -> Iterator[str]:
    found = [
        {line.quantity.key: line for theme in item.lines.values() for line in theme} for item in profiles
    ]
    for theme, (_title, keys) in THEMES.items():
        shown = [key for key in keys if any(key in lines for lines in found)]
        if not shown:
            continue
        yield f'<tr class="theme"><th scope="rowgroup">{escape(theme_title(theme))}</th></tr>'
        for key in shown:
            name = profiles[0].area.title
            cells = "".join(_side_cell(key, (lines, found[0]), name, sources) for lines in found)
            yield f'<tr><th scope="row">{escape(title_of(key))}</th>{cells}</tr>'


Lines = Mapping[str, ProfileLine]


def _side_cell(key: str, found: tuple[Lines, Lines], name: str, sources: Sequence[str]) -> str:
    """Write a figure of an area, and how it stands beside that of the first one, by its lines."""
    lines, first = found
    line = lines.get(key)
    if line is None:
        return f"<td>{escape(_('no data'))}</td>"
    item = line.quantity
    said = [sure_words(item)]
    if lines is not first and key in first and _is_rate(item):
        said.append(standing_words(stand(item, first[key].quantity), name))
    told = "".join(f'<span class="said">{escape(words)}</span>' for words in said if words)
    gray = " gray" if item.reliability == "unreliable" else ""
    mark = f"<sup>[{sources.index(item.source) + 1}]</sup>" if item.source in sources else ""
    return f'<td><span class="value{gray}">{escape(value_of(item))}</span> {mark}{told}</td>'


def _is_rate(item: Quantity) -> bool:
    """Whether areas of any size can be compared by it: of counts the larger area has more."""
    return item.unit in ("share", "points", "USD", "percent")
