"""A canvass in sentences: its target, what was left out and why, and what changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from geo.canvass.codes import DISPOSITION_TITLES, TURF_STATUS_TITLES, Disposition, TurfStatus, unit_name
from geo.canvass.script import Script, say
from geo.canvass.target import MEASURES, REASON_TITLES, Filter, Target, left_out_table
from geo.canvass.volunteers import language_name
from geo.days import day_words
from geo.language import current_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.units import is_missing, to_words
from store.canvass.book import CanvassReading
from store.canvass.kinds import (
    CanvassScript,
    FieldPaper,
    Goal,
    PhoneCode,
    Tally,
    TribalPermission,
    Turf,
    Visit,
    Volunteer,
)
from store.journal import Body
from store.records import Changed, list_changes

MOST_TRACTS = 3
BARRIER_TITLES = (N_("highways"), N_("railways"), N_("canals"), N_("rivers"))
KINDS = {"blocks": N_("blocks"), "block_groups": N_("block groups")}


def area_words(areas: Sequence[str], how: str) -> str:
    """Say which areas a target lies in: one, or two taken together.

    Parameters
    ----------
    areas
        What each is called; none for everywhere.
    how
        A key of :data:`geo.canvass.target.COMBINED`.

    Examples
    --------
    >>> area_words(["Mecca (place)", "what is drawn"], "both")
    'in Mecca (place), and there only in what is drawn'
    """
    if len(areas) < 2:
        return _("in {area}").format(area=areas[0]) if areas else _("in the whole counties")
    words = _("in {first} or in {second}") if how == "either" else _("in {first}, and there only in {second}")
    return words.format(first=areas[0], second=areas[1])


def target_words(
    kind: str, where: str, wanted: Filter, *, in_hand: bool, tribal: bool, agreed: int = 0
) -> str:
    """Say plainly what the target is: where, and all that must hold as well.

    Parameters
    ----------
    kind
        The dataset of its units: ``blocks`` or ``block_groups``.
    where
        From :func:`area_words`.
    wanted
        What must hold of a unit's tract.
    in_hand, tribal
        Whether units in hand or done, and tribal land, are left out.
    agreed
        Of how many tribes, which agreed, the land is taken all the same.

    Examples
    --------
    >>> target_words("blocks", "in Mecca (place)", Filter(least_index=60), in_hand=True, tribal=False)
    'Target: blocks in Mecca (place); the index of their tract at least 60; not in hand or done.'
    """
    words = [_("Target: {kind} {where}").format(kind=_(KINDS[kind]), where=where)]
    if wanted.least_index is not None:
        words.append(_("the index of their tract at least {index}").format(index=f"{wanted.least_index:g}"))
    if wanted.least_limited_english is not None:
        share = f"{100 * wanted.least_limited_english:g}"
        words.append(_("limited English in their tract at least {share} %").format(share=share))
    for key, least in wanted.least.items():
        told = _("{what} in their tract at least {share} percent")
        words.append(told.format(what=_(MEASURES[key]), share=f"{100 * least:g}"))
    if in_hand:
        words.append(_("not in hand or done"))
    if tribal and agreed:
        words.append(_("not on tribal land, but of tribes that agreed"))
    elif tribal:
        words.append(_("not on tribal land"))
    return "; ".join(words) + "."


def totals_words(target: Target, kind: str) -> str:
    """Say how many doors, households and people a target has.

    Parameters
    ----------
    kind
        The dataset of its units: ``blocks`` or ``block_groups``.
    """
    totals = {name: f"{count:,}" for name, count in target.totals.items()}
    return _(
        "{doors} doors, {households} households, {population} people "
        "in {units} {kind} (2020 Census counts, no margin)"
    ).format(kind=_(KINDS[kind]), **totals)


def mean_index(units: pd.DataFrame) -> tuple[float | None, float]:
    """Mean hard-to-count index of households, and the share of households whose index is known.

    Examples
    --------
    >>> units = pd.DataFrame({"ca_htc_index": [90.0, 60.0, None], "households": [10.0, 20.0, 10.0]})
    >>> mean_index(units)
    (70.0, 0.75)
    """
    weights = pd.to_numeric(units["households"]).fillna(0.0)
    index = pd.to_numeric(units["ca_htc_index"]).astype("float64")
    known = weights.where(index.notna(), 0.0)
    if not known.sum():
        return None, 0.0
    return float((index.fillna(0.0) * known).sum() / known.sum()), float(known.sum() / weights.sum())


def index_row(target: Target) -> dict[str, str]:
    """Return the row of the mean index for the table of figures; the State publishes no margin for it."""
    value, coverage = mean_index(target.units)
    return {
        "figure": N_("Mean hard-to-count index (of households)"),
        "value": to_words(value, "points"),
        "coverage": to_words(coverage, "share"),
    }


def left_out_words(left_out: pd.DataFrame) -> Iterator[str]:
    """Say for each reason what is left out, counted, and in which tracts; what has nobody is passed over.

    Examples
    --------
    >>> row = {"reason": ["tribal_land"], "doors": [1234.0], "population": [9.0], "tract_geoid": ["1"]}
    >>> next(left_out_words(pd.DataFrame(row)))
    'Tribal land: ask the tribe for permission first. 1,234 doors, 9 people in tract 1.'
    """
    for row in left_out_table(left_out).to_dict("records"):
        counts = (row["doors"], row["population"])
        if any(is_missing(count) or count for count in counts):
            words = (
                _("{reason}. {people} people in {where}; nobody counted their doors.")
                if is_missing(row["doors"])
                else _("{reason}. {doors} doors, {people} people in {where}.")
            )
            yield words.format(
                doors=to_words(row["doors"], "people"),
                people=to_words(row["population"], "people"),
                where=_tracts(row["tracts"]),
                reason=_(REASON_TITLES[str(row["reason"])]),
            )


def left_out_total(left_out: pd.DataFrame) -> str:
    """Say how much is left out in all; nothing where nobody is.

    Examples
    --------
    >>> row = {"reason": ["tribal_land"], "doors": [1234.0], "population": [9.0], "tract_geoid": ["1"]}
    >>> left_out_total(pd.DataFrame(row))
    'Left out: 1,234 doors, 9 people (why: under the map).'
    """
    doors, people = (left_out[name].sum(min_count=1) for name in ("doors", "population"))
    if left_out.empty or not any(is_missing(count) or count for count in (doors, people)):
        return ""
    return _("Left out: {doors} doors, {people} people (why: under the map).").format(
        doors=to_words(doors, "people"), people=to_words(people, "people")
    )


def place_doors_words(table: pd.DataFrame, kind: str) -> list[str]:
    """Say of each place what the target holds of its doors, where that is not all of them and no others.

    Parameters
    ----------
    table
        As :func:`geo.canvass.target.doors_of_places` returns it.
    kind
        ``blocks`` or ``block_groups``, which the target is made of.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["P"], "doors": [882], "held": [0], "lacking": [882], "beside": [0]})
    >>> place_doors_words(table, "block_groups")
    ['P: none of its 882 doors (2020 count): no block group has its middle in it. Choose tracts on the map instead.']
    """  # noqa: E501
    unit = _("block") if kind == "blocks" else _("block group")
    told = []
    for row in table[(table["lacking"] > 0) | (table["beside"] > 0)].to_dict("records"):
        numbers = {name: f"{row[name]:,}" for name in ("doors", "held", "lacking", "beside")}
        words = [
            _("{place}: {held} of its {doors} doors (2020 count), before the index and other conditions.")
            if row["held"]
            else _(
                "{place}: none of its {doors} doors (2020 count): no {unit} has its middle in it. Choose "
                "tracts on the map instead."
            )
        ]
        if row["held"] and row["lacking"]:
            words.append(_("{lacking} are in a {unit} whose middle lies outside of it."))
        if row["beside"]:
            words.append(_("{beside} doors outside of {place} come along."))
        told.append(" ".join(words).format(place=row["name"], unit=unit, **numbers))
    return told


def grain_words(units: pd.DataFrame, kind: str) -> str:
    """Say how large the smallest turf can be where there are no blocks; nothing where there are.

    Examples
    --------
    >>> grain_words(pd.DataFrame({"doors": [540.0]}), "block_groups")
    'A turf is made of whole block groups here, of about 540 doors: no source gives the blocks.'
    """
    if kind == "blocks":
        return ""
    words = _(
        "A turf is made of whole block groups here, of about {doors} doors: no source gives the blocks."
    )
    return words.format(doors=f"{units['doors'].median():,.0f}")


def unknown_barriers() -> str:
    """Name the kinds of barriers, for where no source gave any.

    Examples
    --------
    >>> unknown_barriers()
    'highways, railways, canals, rivers'
    """
    return ", ".join(_(title) for title in BARRIER_TITLES)


CLASS_TITLES: Mapping[str, str] = {
    "motorway": N_("highways"),
    "rail": N_("railways"),
    "canal": N_("canals"),
    "river": N_("rivers"),
}


def barrier_words(lines: Mapping[str, int], crossings: int) -> str:
    """Say across which barriers no turf lies, but at a crossing.

    Parameters
    ----------
    lines
        How many barriers of each class are known.
    crossings
        Streets that cross them.

    Examples
    --------
    >>> barrier_words({"rail": 1, "canal": 2}, 1)  # doctest: +NORMALIZE_WHITESPACE
    'No turf lies across what the sources here know: railways (1), canals (2); but where a
     street crosses (1).'
    """
    named = ", ".join(f"{_(title)} ({lines[key]:,})" for key, title in CLASS_TITLES.items() if lines.get(key))
    words = _(
        "No turf lies across what the sources here know: {names}; but where a street crosses ({count})."
    )
    return words.format(names=named, count=f"{crossings:,}")


def crossing_words(crossings: pd.DataFrame) -> dict[int, str]:
    """Say of every turf at which streets it crosses what; turfs that cross nothing are not among them.

    Parameters
    ----------
    crossings
        From :func:`geo.canvass.turf_plan.crossings_of`.

    Examples
    --------
    >>> row = {"turf": [0, 0], "barrier_class": ["canal", "rail"], "name": ["Avenue 66", None]}
    >>> crossing_words(pd.DataFrame(row))
    {0: 'Avenue 66 (canals), unnamed street (railways)'}
    """
    words: dict[int, list[str]] = {}
    for turf, kind, name in crossings[["turf", "barrier_class", "name"]].itertuples(index=False, name=None):
        street = _("unnamed street") if is_missing(name) else str(name)
        words.setdefault(int(turf), []).append(f"{street} ({_(CLASS_TITLES[str(kind)])})")
    return {turf: ", ".join(dict.fromkeys(parts)) for turf, parts in words.items()}


def tribal_words(doors: pd.Series[float]) -> list[str]:
    """Warn of blocks that lie partly on tribal land, in the target and left out; none where there are none.

    Parameters
    ----------
    doors
        From :func:`geo.canvass.target.partly_tribal`.

    Examples
    --------
    >>> tribal_words(pd.Series({"inside": 0.0, "outside": 40.0}))
    ['40 doors are left out with blocks that lie mostly, not all, on tribal land.']
    """
    words = []
    if doors["inside"] > 0:
        told = _(
            "{count} doors of the target are in blocks that lie partly on tribal land: ask the tribe, or "
            "look at the map."
        )
        words.append(told.format(count=f"{doors['inside']:,.0f}"))
    if doors["outside"] > 0:
        told = _("{count} doors are left out with blocks that lie mostly, not all, on tribal land.")
        words.append(told.format(count=f"{doors['outside']:,.0f}"))
    return words


def permission_words(
    doors: pd.DataFrame,
    titles: Mapping[str, str],
    agreed: Mapping[str, TribalPermission],
    *,
    taken: Collection[str],
) -> list[str]:
    """Say of tribes that agreed which doors are taken on their land, or left out all the same.

    Parameters
    ----------
    doors
        From :func:`geo.canvass.tribal_land.doors_by_tribe`.
    titles
        What the land of each tribe is called.
    agreed
        Permissions that stand, by tribe.
    taken
        Tribes of those whose land is included.

    Examples
    --------
    >>> doors = pd.DataFrame({"taken": [40, 0], "left": [0, 1200]}, index=["1", "2"])
    >>> agreed = {"1": TribalPermission(tribe="1", title="A", agreed_by="x", on="2026-03-01")}
    >>> permission_words(doors, {"1": "Alder Reservation", "2": "Birch Village"}, agreed, taken=["1"])
    ['40 doors of the target are in blocks on Alder Reservation, which agreed (Mar 1, 2026).']
    """
    words = []
    for tribe, row in doors.iterrows():
        permission, title = agreed.get(str(tribe)), titles.get(str(tribe), str(tribe))
        if permission and tribe in taken and row["taken"]:
            told = _("{count} doors of the target are in blocks on {land}, which agreed ({day}).")
            day = day_words(permission.on)
            words.append(told.format(count=f"{row['taken']:,}", land=title, day=day))
        elif permission and tribe not in taken and row["left"]:
            told = _("{land} agreed, but is not included: {count} doors are left out.")
            words.append(told.format(count=f"{row['left']:,}", land=title))
    return words


def lacking_words(doors: pd.DataFrame, titles: Mapping[str, str], agreed: Collection[str]) -> list[str]:
    """Say tribe by tribe which doors are left out for want of a permission.

    Parameters
    ----------
    doors, titles
        As for :func:`permission_words`.
    agreed
        Tribes that agreed.

    Examples
    --------
    >>> doors = pd.DataFrame({"taken": [40, 0], "left": [0, 1200]}, index=["1", "2"])
    >>> lacking_words(doors, {"1": "Alder Reservation", "2": "Birch Village"}, ["1"])
    ['No permission for Birch Village is recorded: 1,200 doors are left out.']
    """
    told = _("No permission for {land} is recorded: {count} doors are left out.")
    return [
        told.format(count=f"{count:,}", land=titles.get(str(tribe), str(tribe)))
        for tribe, count in doors["left"].items()
        if count and tribe not in agreed
    ]


def _tracts(tracts: Sequence[str]) -> str:
    if len(tracts) > MOST_TRACTS:
        return _("{count} tracts").format(count=len(tracts))
    word = _("tract") if len(tracts) == 1 else _("tracts")
    return f"{word} {', '.join(tracts)}"


KIND_TITLES: Mapping[str, str] = {
    Turf.kind: N_("turf"),
    Visit.kind: N_("visit"),
    Tally.kind: N_("paper sheet"),
    Volunteer.kind: N_("volunteer"),
    FieldPaper.kind: N_("paper for all turfs"),
    CanvassScript.kind: N_("script"),
    PhoneCode.kind: N_("phone"),
    TribalPermission.kind: N_("permission of a tribe"),
}
COLUMNS = ("at", "who", "kind", "what", "was", "now", "why", "source")
LATEST = 200


def tell_changes(book: CanvassReading, *, turf: str = "", limit: int = LATEST) -> pd.DataFrame:
    """List what changed, newest first; of the 200 latest changes, or those of them that concern a turf.

    Returns
    -------
    pandas.DataFrame
        ``at`` (UTC), ``who``, ``kind``, ``what``, ``was`` and ``now`` in words, ``why``, ``source``.

    Examples
    --------
    >>> from store.database import open_database
    >>> from store.journal import Journal
    >>> tell_changes(CanvassReading(Journal(open_database("sqlite://")), "none")).empty
    True
    """
    changes = list_changes(book.journal, book.region, list(KIND_TITLES), limit=None if turf else limit)
    kept = [change for change in changes if not turf or _turf_of(change) == turf]
    return pd.DataFrame(map(_tell, kept[:limit]), columns=list(COLUMNS))


def _turf_of(change: Changed) -> str:
    body: Body = change.entry.body or change.before or {}
    return str(body.get("turf", body.get("code", "")))


def _tell(change: Changed) -> dict[str, object]:
    entry = change.entry
    return {
        "at": entry.at,
        "who": entry.who,
        "kind": _(KIND_TITLES[entry.kind]),
        "what": _name(entry.kind, entry.key, entry.body or change.before or {}),
        "was": to_text(entry.kind, change.before),
        "now": _("withdrawn") if entry.body is None else to_text(entry.kind, entry.body),
        "why": _(entry.why) if entry.why else "",
        "source": entry.source,
    }


def _name(kind: str, key: str, body: Body) -> str:
    if kind == Visit.kind:
        return " · ".join(str(part) for part in _place(body) if part)
    if kind == PhoneCode.kind:
        return str(body.get("volunteer", ""))
    if kind == TribalPermission.kind:
        return str(body.get("title", key))
    return _("words and questions") if kind == CanvassScript.kind else key.replace("/", " · ")


def _place(body: Body) -> Iterable[object]:
    return (body.get("turf"), unit_name(str(body.get("unit", ""))), body.get("door"), body.get("on"))


def to_text(kind: str, body: Body | None) -> str:
    """Write a record's body as a line; empty where there was none.

    Examples
    --------
    >>> to_text("visit", {"disposition": "not_home"}), to_text("tally", {"spoke": 2, "refused": 0})
    ('not home', 'spoke 2')
    >>> to_text("turf", {"status": "out", "volunteer": "Heron"})
    'out, Heron'
    """
    return ", ".join(str(part) for part in _parts(kind, body) if part) if body else ""


def version_text(kind: str, key: str, body: Body | None) -> str:
    """Write one side of a conflict: what it concerns, and all that is recorded of it.

    Examples
    --------
    >>> version_text("volunteer", "heron", {"pseudonym": "Heron", "languages": ["es"], "has_car": False})
    'heron: Español (Spanish), no: stays in town'
    >>> version_text("canvass_goal", "goal", {"households": 900, "last_day": "2026-05-01", "source": "grant"})
    'Goal: 900 households until May 1, 2026. Source: grant'
    """
    if body is None:
        return _("withdrawn")
    if kind == Goal.kind:
        words = _("Goal: {households} households until {day}. Source: {source}")
        return words.format(
            households=f"{body['households']:,}",
            day=day_words(date.fromisoformat(body["last_day"])),
            source=body["source"],
        )
    car = (
        {True: _("yes"), False: _("no: stays in town")}.get(bool(body.get("has_car")), "")
        if "has_car" in body
        else ""
    )
    said = ", ".join(part for part in (to_text(kind, body), car) if part)
    return f"{_name(kind, key, body)}: {said}"


def _parts(kind: str, body: Body) -> Iterable[object]:
    language = current_language()
    if kind == Visit.kind:
        result = _(DISPOSITION_TITLES[Disposition(body["disposition"])])
        return (result, language_name(body.get("language", "")), body.get("again"))
    if kind == Tally.kind:
        return (f"{_(title)} {body[item]}" for item, title in DISPOSITION_TITLES.items() if body.get(item))
    if kind == FieldPaper.kind:
        return (body.get("lead"), body.get("phone"))
    if kind == TribalPermission.kind:
        return (body.get("agreed_by"), day_words(date.fromisoformat(body["on"])))
    if kind == Turf.kind:
        status = _(TURF_STATUS_TITLES[TurfStatus(body["status"])])
        return (status, body.get("volunteer"), body.get("note"))
    if kind == PhoneCode.kind:
        return (_("may send"),)
    if kind == CanvassScript.kind:
        script = Script.model_validate(body["script"])
        return (say(script.greeting, language), *(say(item.title, language) for item in script.questions))
    spoken = ", ".join(map(language_name, body.get("languages", [])))
    return (spoken, body.get("area"), body.get("hours_a_week"))
