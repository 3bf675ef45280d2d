"""The truth about sources and joins as tables, in words, for the Data page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geo.datasets.declared import DATASETS
from geo.datasets.provenance import SourceTruth
from geo.datasets.record import read_sidecar
from geo.errors import first_ids
from geo.language import gettext as _
from geo.language import mark as N_
from geo.methods.interpolation.ledger import Ledger
from geo.region import Region
from geo.sources.census_key import KEY_VARIABLE, SIGN_UP_PAGE
from geo.sources.publishers import way_of
from geo.tracts.indicators import INDICATORS

FIDELITIES = {
    "original": N_("as published"),
    "relaid": N_("copy: reformatted, content unchanged"),
    "stand-in": N_("another, coarser data set stands in"),
    "": N_("not loaded"),
}


def by_importance(truths: Sequence[SourceTruth]) -> list[SourceTruth]:
    """Put first what is here and stands behind most, then what has most wrong with it; what lacks comes last.

    Examples
    --------
    >>> from geo.datasets.provenance import source_truth
    >>> ordered = by_importance(source_truth("demo"))
    >>> len(ordered[0].datasets) >= len(ordered[-1].datasets)
    True
    """
    return sorted(truths, key=lambda truth: (not truth.here, -len(truth.datasets), -len(truth.findings)))


def sources_table(truths: Sequence[SourceTruth], region: Region) -> pd.DataFrame:
    """List every source: who, when, under which terms, from where, how true, what to do where it lacks."""
    rows = [
        {
            _("Source"): truth.title,
            _("Publisher"): truth.publisher,
            _("Vintage"): truth.vintage,
            _("License"): truth.license,
            _("Fetched"): truth.fetched_at[:10] or _("not loaded"),
            _("What it is"): _(FIDELITIES.get(truth.fidelity, truth.fidelity)),
            _("Address"): truth.address,
            _("Link verified"): _("yes") if truth.address_seen else _("not yet"),
            _("Used for"): dataset_titles(truth.datasets),
            _("Findings"): len(truth.findings),
            _("Next step"): next_step(truth, region),
        }
        for truth in truths
    ]
    return pd.DataFrame(rows)


def next_step(truth: SourceTruth, region: Region) -> str:
    """Say what a person does to have a source that is not here, or not whole; empty where it is.

    Examples
    --------
    >>> from geo.datasets.provenance import SourceTruth
    >>> from geo.region import read_region
    >>> from geo.sources.catalog import read_catalog
    >>> roads = SourceTruth(read_catalog()["roads"], None, (), (), (), ())
    >>> next_step(roads, read_region("coachella"))  # doctest: +ELLIPSIS
    'To have it: run python -m geo fetch roads --region coachella, then python -m geo build ...'
    """
    if truth.here and not truth.counties_lacking:
        return ""
    source = truth.source
    told = {"address": source.address, "file": source.find or source.file, "source": source.key}
    told |= {"region": region.key, "page": SIGN_UP_PAGE, "setting": KEY_VARIABLE}
    if region.invented:
        words = _("To have it: run python -m geo build --region {region}, which writes it anew")
    elif way_of(source) in ("page", "none"):
        words = _(
            "To have it: open {address}, find {file}, then run python -m geo add {source} FILE --region "
            "{region} and python -m geo build --region {region}"
        )
    elif source.needs_key and not source.tables:
        words = _(
            "To have it: get a free key at {page}, set it as {setting}, then run python -m geo fetch "
            "{source} --region {region} and python -m geo build --region {region}"
        )
    else:
        words = _(
            "To have it: run python -m geo fetch {source} --region {region}, then python -m geo build "
            "--region {region}"
        )
    return words.format(**told)


def dataset_titles(names: Sequence[str]) -> str:
    """Name datasets in words.

    Examples
    --------
    >>> dataset_titles(["counties", "places"])
    'Counties; Places'
    """
    return "; ".join(_(DATASETS[name].title) for name in names)


def datasets_table(region: str) -> pd.DataFrame:
    """List every dataset: how many rows, when built, or why not."""
    rows = []
    for name, dataset in DATASETS.items():
        sidecar = read_sidecar(region, name)
        built = sidecar is not None and sidecar.built
        record = sidecar.record if sidecar is not None else {}
        rows.append(
            {
                _("Dataset"): _(dataset.title),
                _("Name"): name,
                _("Rows"): record.get("rows") if built else None,
                _("Built"): str(record.get("built_at", ""))[:10],
                _("Why not"): "" if built else sidecar.reason if sidecar else _("never built"),
            }
        )
    return pd.DataFrame(rows).astype({_("Rows"): "Int64"})


def reasons(region: str) -> list[str]:
    """Say of every dataset that is not built why not, in words."""
    lines = []
    for name, dataset in DATASETS.items():
        sidecar = read_sidecar(region, name)
        if sidecar is None or not sidecar.built:
            reason = sidecar.reason if sidecar is not None else _("never built")
            lines.append(f"{_(dataset.title)}: {reason}")
    return lines


def ledger_title(ledger: Ledger) -> str:
    """Name a ledger by what moved, and where to.

    Examples
    --------
    >>> ledger_title(Ledger("People", "tracts_2010", "places", pd.DataFrame()))
    'People → Places'
    """
    target = DATASETS[ledger.target].title if ledger.target in DATASETS else ledger.target
    return f"{_(ledger.title)} → {_(target)}"


def ledger_table(ledger: Ledger) -> pd.DataFrame:
    """Show a ledger: in = out + lost - counted more than once, and where.

    Examples
    --------
    >>> from geo.methods.interpolation.ledger import ledger_line
    >>> line = ledger_line(10, 9, lost=1, units_lost=["06065045303"])
    >>> ledger_table(Ledger("people", "a", "b", pd.DataFrame([line], index=["people"])))["Lost"].tolist()
    [1.0]
    """
    lines = ledger.lines.reset_index(names="variable")
    return pd.DataFrame(
        {
            _("Quantity"): [_quantity(name) for name in lines["variable"]],
            _("In"): lines["in"],
            _("Out"): lines["out"],
            _("Lost"): lines["lost"],
            _("Counted more than once"): lines["counted_more_than_once"],
            _("Balance check"): ledger.imbalance().round(6).to_numpy(),
            _("Units without a value"): lines["missing"],
            _("Lost where"): lines["units_lost"].map(first_ids),
            _("Repeated where"): lines["units_repeated"].map(first_ids),
        }
    )


def _quantity(name: str) -> str:
    return _(INDICATORS[name].title) if name in INDICATORS else name
