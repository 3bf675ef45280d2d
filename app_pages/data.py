"""Data: every source and dataset, where it comes from, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote

from app_pages.parts import screen as st
from app_pages.parts.loading import missing_reason
from app_pages.parts.markup import heading
from app_pages.parts.page import current_region
from geo.datasets.declared import DATASETS
from geo.datasets.findings import describe
from geo.datasets.provenance import SourceTruth, source_truth
from geo.datasets.storage import read_ledgers
from geo.language import gettext as _
from geo.language import ngettext
from geo.region import Region
from geo.tracts.indicators import INDICATORS
from wording.definitions import ABOUT_INDEX, ABOUT_TRACTS, GLOSSARY, HTC_VARIABLES, facts_of
from wording.sources import (
    FIDELITIES,
    by_importance,
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
    truths = by_importance(source_truth(region.key))
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


STYLES = """<style>
.geo-terms{max-width:60rem;font-size:0.95rem;line-height:1.45}
.geo-terms h3{font-size:1.15rem;margin:1.2rem 0 0.3rem 0;padding:0}
.geo-terms dt{font-weight:650;margin-top:0.4rem}.geo-terms dd{margin:0 0 0 1rem}
.geo-terms details{border-bottom:1px solid #dde3e8;padding:0.3rem 0}
.geo-terms summary{cursor:pointer;font-weight:600}.geo-terms figcaption{font-size:0.88rem;color:#4d4d4d}
.geo-terms .list{columns:2;margin:0.2rem 0}
@media (max-width:640px){.geo-terms .list{columns:1}}
</style>"""


def terms_html() -> str:
    """Write all of it as HTML."""
    parts = [*_index(), *_tracts(), *_glossary(), *_indicators()]
    return f'{STYLES}<section class="geo-terms" aria-label="{escape(_("Terms"))}">{"".join(parts)}</section>'


def _index() -> Iterator[str]:
    yield f"<h3>{escape(_('What the hard-to-count index is'))}</h3>"
    yield from (f"<p>{escape(_(words))}</p>" for words in ABOUT_INDEX)
    items = "".join(f"<li>{escape(_(words))}</li>" for words in HTC_VARIABLES)
    yield f'<ul class="list">{items}</ul>'


def _tracts() -> Iterator[str]:
    yield f"<h3>{escape(_('2010 tracts and 2020 tracts'))}</h3><p>{escape(_(ABOUT_TRACTS))}</p>"
    told = _("Left: one tract of 2010. Right: the same ground in 2020, split in two where people moved in.")
    yield f"<figure>{_picture()}<figcaption>{escape(told)}</figcaption></figure>"


def _picture() -> str:
    """Draw a tract and the two that followed it, each with dots for its people."""
    dots = [(18, 20), (30, 60), (52, 34), (74, 22), (88, 70), (100, 44), (62, 78), (110, 84)]
    new = [(72, 48), (84, 30), (96, 60), (104, 24), (92, 88), (78, 84), (112, 64), (68, 62)]
    left = '<rect x="4" y="4" width="120" height="100" fill="#dcebf3" stroke="#0b5a7a" stroke-width="2"/>'
    right = (
        '<rect x="196" y="4" width="58" height="100" fill="#dcebf3" stroke="#0b5a7a" stroke-width="2"/>'
        '<rect x="254" y="4" width="62" height="100" fill="#fbe5cf" stroke="#a34e00" stroke-width="2"/>'
        '<path d="M140 54 H172 M164 46 L174 54 L164 62" fill="none" stroke="#1a1a1a" stroke-width="2"/>'
    )
    points = [*dots, *((192 + x, y) for x, y in (*dots, *new))]
    people = "".join(f'<circle cx="{x}" cy="{y}" r="2.4" fill="#1a1a1a"/>' for x, y in points)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 108">{left}{right}{people}</svg>'
    return f'<img alt="" width="320" height="108" src="data:image/svg+xml,{quote(svg, safe="/")}">'


def _glossary() -> Iterator[str]:
    yield f"<h3>{escape(_('Glossary'))}</h3><dl>"
    yield from (f"<dt>{escape(_(term))}</dt><dd>{escape(_(words))}</dd>" for term, words in GLOSSARY)
    yield "</dl>"


def _indicators() -> Iterator[str]:
    yield f"<h3>{escape(_('Indicators'))}</h3>"
    for key, item in INDICATORS.items():
        facts = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in facts_of(key, "")
        )
        yield f"<details><summary>{escape(_(item.title))}</summary><dl>{facts}</dl></details>"


render()
