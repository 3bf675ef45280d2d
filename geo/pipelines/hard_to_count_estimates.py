"""Our estimate of the hard-to-count index, beside the official value, for tracts of 2010 and of 2020."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from geo.datasets.findings import Finding, find, worth_telling
from geo.datasets.inputs import Inputs, table_or_empty
from geo.datasets.schema import Schema, check_schema
from geo.datasets.storage import Product
from geo.region import Region
from geo.tracts.hard_to_count.estimates import (
    COLUMNS,
    agreement,
    can_learn,
    compare_response,
    estimate_2010,
    estimate_2020,
    learn,
)
from geo.tracts.hard_to_count.training import Trained

NAME = "hard_to_count_estimates"
RESPONSE = "self_response_2020"
SCHEMA = Schema(
    NAME,
    key=("tracts", "geoid"),
    columns=COLUMNS,
    counts=("estimate", "moe", "lower", "upper"),
)


class Raw(NamedTuple):
    """What is read: every tract of the state, and the region's tracts of 2020 where they are built."""

    indicators: pd.DataFrame
    land: pd.DataFrame
    tracts_2020: pd.DataFrame | None
    crosswalk: pd.DataFrame | None
    response: pd.DataFrame


def extract(inputs: Inputs) -> Raw:
    """Read indicators and land areas of the state, 2020 tracts, the crosswalk and self-response."""
    has_2020 = inputs.built("tracts_2020") and inputs.built("crosswalk_2010_2020")
    return Raw(
        inputs.dataset("tract_indicators"),
        pd.DataFrame(inputs.shapes("tracts_2010")[["geoid", "land_m2"]]),
        inputs.dataset_shapes("tracts_2020") if has_2020 else None,
        inputs.dataset("crosswalk_2010_2020") if has_2020 else None,
        table_or_empty(inputs, RESPONSE),
    )


def transform(raw: Raw, region: Region) -> Product:
    """Learn the index from the state's scored tracts, and estimate that of the region's tracts.

    Points between 0 and 136; an estimate is missing where nobody lives in a household. See
    :data:`geo.tracts.hard_to_count.estimates.COLUMNS`.
    """
    state = raw.indicators.merge(raw.land, on="geoid", how="left").set_index("geoid")
    trained = learn(state)
    everywhere = estimate_2010(trained, state)
    parts = {"tracts_2010": everywhere[everywhere["county_geoid"].isin(region.counties)]}
    if raw.tracts_2020 is not None and raw.crosswalk is not None:
        newer = pd.DataFrame(raw.tracts_2020.drop(columns="geometry")).set_index("geoid")
        parts["tracts_2020"] = estimate_2020(trained, newer, state, raw.crosswalk)
    frame = pd.concat([part.rename_axis("geoid").reset_index() for part in parts.values()], ignore_index=True)
    words = {name: "string" for name in frame if frame[name].dtype in (object, "str")}
    frame = frame.astype({**words, "official_within": "boolean"})[list(COLUMNS)]
    response = raw.response.set_index("geoid")["self_response_percent"]
    notes = _notes(trained, everywhere, parts, response)
    return Product(frame, findings=worth_telling(_findings(state, trained, frame)), notes=notes)


def validate(frame: pd.DataFrame) -> None:
    """Raise where it is not one row a tract with intervals from 0 up."""
    check_schema(frame, SCHEMA)


def _notes(
    trained: Trained | None,
    everywhere: pd.DataFrame,
    parts: dict[str, pd.DataFrame],
    response: pd.Series[float],
) -> dict[str, Any]:
    """Gather what was measured; the state's tracts meet self-response where their code is a 2020 one, too."""
    if trained is None:
        return {}
    return {
        **trained.notes,
        "self_response": {
            "state": compare_response(everywhere, response),
            **{name: compare_response(part, response) for name, part in parts.items()},
        },
        "agreement": {name: agreement(part) for name, part in parts.items()},
    }


def _findings(state: pd.DataFrame, trained: Trained | None, frame: pd.DataFrame) -> Iterator[Finding]:
    given = state["ca_htc_index"].notna()
    usable = can_learn(state)
    never = given & ~state["index_scored"].astype(bool)
    yield find(
        "index_left_out",
        NAME,
        state.index[given & ~usable],
        of=int(given.sum()),
        never_scored=int(never.sum()),
        without_acs=int((given & ~usable & ~never).sum()),
    )
    count = int(usable.sum())
    if trained is None:
        yield Finding("index_not_estimated", NAME, count)
        return
    if not trained.fold_of_county:
        yield Finding("index_few_tracts", NAME, count, values={"counties": trained.notes["counties"]})
    ours = frame[frame["tracts"] == "tracts_2010"]
    outside = ~ours["official_within"].fillna(True).astype(bool)
    yield find(
        "index_outside_interval", NAME, ours["geoid"][outside], of=int(ours["official_within"].notna().sum())
    )
