"""Data: every source and dataset, where it comes from, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from app_pages.parts import screen as st
from app_pages.parts.loading import missing_reason
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region
from app_pages.parts.terms import terms_html
from geo.datasets.declared import DATASETS
from geo.datasets.findings import describe
from geo.datasets.provenance import SourceTruth, source_truth
from geo.datasets.storage import read_ledgers
from geo.language import gettext as _
from geo.language import ngettext
from geo.region import Region
from wording.sources import (
    FIDELITIES,
    dataset_titles,
    datasets_table,
    ledger_table,
    ledger_title,
    next_step,
    reasons,
    sources_table,
)


def render() -> None:
    """Show the page."""
    region = current_region()
    st.subheader(_("Data sources and known issues"))
    st.caption(_("Generated automatically at build time."))
    sources, datasets, joins, terms = st.tabs(
        [_("Sources"), _("Datasets"), _("Joins and their balance"), _("Terms and indicators")]
    )
    truths = source_truth(region.key)
    with sources:
        show_sources(truths, region)
    with datasets:
        show_datasets(region)
    with joins:
        show_ledgers(region)
    with terms:
        st.html(terms_html())


def show_sources(truths: Sequence[SourceTruth], region: Region) -> None:
    """Show all sources in one table, then each with what is wrong."""
    table = sources_table(truths, region)
    st.dataframe(table, hide_index=True, height=320, key="data.sources")
    st.markdown(heading(_("Known issues of each")))
    for truth in truths:
        with st.expander(source_label(truth), key=f"data.source.{truth.source.key}"):
            show_source(truth, region)


def source_label(truth: SourceTruth) -> str:
    """Name a source, one of a series with its vintage, and the number of findings."""
    count = len(truth.findings)
    found = ngettext("{count} finding", "{count} findings", count).format(count=count)
    title = f"{truth.title}, {truth.vintage}" if truth.source.series else truth.title
    return f"{title} — {found if truth.here else _('not loaded')}"


def show_source(truth: SourceTruth, region: Region) -> None:
    """Show one source: who, when, terms, address, what it feeds, what is wrong, what to do where it lacks."""
    seen = _("link verified") if truth.address_seen else _("link not verified")
    lines = {
        _("Publisher"): truth.publisher,
        _("Vintage"): truth.vintage,
        _("License"): truth.license,
        _("Address"): f"{truth.address} ({seen})",
        _("Fetched"): truth.fetched_at or _("not loaded"),
        _("What it is"): _(FIDELITIES.get(truth.fidelity, truth.fidelity)),
        _("Used for"): dataset_titles((*truth.datasets, *truth.feeds)) or _("nothing yet"),
    }
    for title, words in lines.items():
        st.text(f"{title}: {words}")
    if truth.fault:
        st.error(truth.fault)
    if truth.counties_lacking:
        st.warning(_("No file for county {names}.").format(names=", ".join(truth.counties_lacking)))
    if step := next_step(truth, region):
        st.info(step)
    for finding in truth.findings:
        st.text(f"• {describe(finding)}")
    if truth.here and not truth.findings:
        st.text(_("No known data issues."))


def show_datasets(region: Region) -> None:
    """Show all datasets, with the reason of each that is not built."""
    for line in reasons(region.key):
        st.text(f"{_('Not built')} — {line}")
    st.dataframe(datasets_table(region.key), hide_index=True, height=600, key="data.datasets")


def show_ledgers(region: Region) -> None:
    """Show what every join moved: in = out + lost - counted more than once, and where."""
    st.caption(_("For every quantity: in = out + lost - counted more than once (targets may overlap)."))
    for name in DATASETS:
        if missing_reason(region.key, name):
            continue
        for number, ledger in enumerate(read_ledgers(region.key, name)):
            st.markdown(heading(ledger_title(ledger)))
            key = f"data.ledger.{name}.{number}"
            table = ledger_table(ledger)
            numbers = table.select_dtypes("number").columns
            config = {name: st.column_config.NumberColumn(format="localized") for name in numbers}
            st.dataframe(table, hide_index=True, key=key, column_config=config)


render()
