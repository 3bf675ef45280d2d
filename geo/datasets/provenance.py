"""The truth about the sources: what each is, when it came, what it feeds, and what is wrong with it.

One list for the command ``check`` and for the Data page. Imports no dataframe library.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.datasets.declared import DATASETS, sources_of
from geo.datasets.findings import Finding
from geo.datasets.record import read_sidecar
from geo.errors import FetchError
from geo.region import Region, read_region
from geo.sources.catalog import Source, read_catalog
from geo.sources.raw import RawStore, Receipt


@dataclass(frozen=True, slots=True)
class SourceTruth:
    """What is known of one source in a region.

    Attributes
    ----------
    source
        Its declaration.
    receipt
        What came and when; None where nothing of the region is here. What it says goes before the
        declaration, as a stand-in has another publisher, vintage and license.
    datasets
        The datasets that read it, in the order of the declarations.
    feeds
        The datasets that it reaches through others.
    findings
        What our checks of those datasets found wrong with it.
    counties_lacking
        Counties of the region (five-digit GEOIDs) of which it has no file.
    fault
        Why what is here cannot be read; empty where it can.
    """

    source: Source
    receipt: Receipt | None
    datasets: tuple[str, ...]
    feeds: tuple[str, ...]
    findings: tuple[Finding, ...]
    counties_lacking: tuple[str, ...]
    fault: str = ""

    @property
    def here(self) -> bool:
        """Whether it is here."""
        return self.receipt is not None

    @property
    def title(self) -> str:
        """What it is, in words."""
        return self.receipt.title if self.receipt else self.source.title

    @property
    def publisher(self) -> str:
        """Who publishes it."""
        return self.receipt.publisher if self.receipt else self.source.publisher

    @property
    def vintage(self) -> str:
        """The time that it speaks of."""
        return self.receipt.vintage if self.receipt else self.source.vintage

    @property
    def license(self) -> str:
        """Under which terms it is given."""
        return self.receipt.license if self.receipt else self.source.license

    @property
    def address(self) -> str:
        """Official address; with ``{county}`` where there is one for each county."""
        return self.source.address

    @property
    def address_seen(self) -> bool:
        """Whether somebody has seen the official address answer."""
        return self.source.address_seen

    @property
    def fidelity(self) -> str:
        """``original``, ``relaid``, ``stand-in``, or empty where it is not here."""
        return self.receipt.fidelity if self.receipt else ""

    @property
    def fetched_at(self) -> str:
        """When it came, in UTC, as ISO 8601; empty where it is not here."""
        return self.receipt.fetched_at if self.receipt else ""


def source_truth(region_key: str) -> list[SourceTruth]:
    """Tell the truth about every source of the catalog, as it stands in a region.

    Raises
    ------
    CatalogError
        There is no such region.

    Examples
    --------
    >>> truths = {truth.source.key: truth for truth in source_truth("demo")}
    >>> truths["transit"].datasets
    ('transit_stops', 'transit_routes')
    """
    region = read_region(region_key)
    store = RawStore(region.realm)
    findings = _findings(region_key)
    return [
        _truth_of(source, region, store, tuple(findings.get(source.key, ())))
        for source in read_catalog().values()
    ]


def _truth_of(source: Source, region: Region, store: RawStore, findings: tuple[Finding, ...]) -> SourceTruth:
    fault = ""
    try:
        receipt = store.receipt(source.key) if store.has(source.key, region.counties) else None
    except FetchError as error:
        receipt, fault = None, str(error)
    names = {source.key, source.declared_as}
    direct = tuple(
        dataset.name for dataset in DATASETS.values() if names & {*dataset.sources, *dataset.optional}
    )
    through = tuple(name for name in DATASETS if name not in direct and names & {*sources_of(name)})
    lacking = _counties_lacking(source, region, receipt)
    return SourceTruth(source, receipt, direct, through, findings, lacking, fault)


def _counties_lacking(source: Source, region: Region, receipt: Receipt | None) -> tuple[str, ...]:
    if receipt is None or not source.by_county:
        return ()
    have = {item.county for item in receipt.files}
    return () if "" in have else tuple(county for county in region.counties if county not in have)


def _findings(region_key: str) -> dict[str, list[Finding]]:
    """Collect the findings of every dataset's sidecar, by subject; the same one is told once."""
    found: dict[str, list[Finding]] = {}
    for name in DATASETS:
        sidecar = read_sidecar(region_key, name)
        for finding in sidecar.findings if sidecar else ():
            told = found.setdefault(finding.subject, [])
            if finding not in told:
                told.append(finding)
    return found
