"""The profile card as HTML, the account behind its figures, and the table of who lives where."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from app_pages.parts import screen as st
from app_pages.parts.loading import load_shapes, load_table, missing_reason
from app_pages.parts.markup import bold
from app_pages.parts.tracts.selection import show_table
from geo.datasets.declared import DATASETS
from geo.datasets.storage import read_ledgers
from geo.errors import MissingDatasetError
from geo.language import gettext as _
from geo.region import Region
from layers.registry import CONTEXT
from reports.column_sheet import served_dictionary
from reports.export import file_name, make_notes, to_archive
from wording.profiles import Figure, Profile, source_records
from wording.sources import ledger_table, ledger_title
from wording.tracts import IDENTIFIER, KINDS, column_titles, served_table

FIRST = 7
STYLES = """<style>
.geo-card{border:1px solid #c5ced6;border-radius:8px;padding:0.8rem 1rem;font-size:0.92rem;line-height:1.4}
.geo-card h3{margin:0;padding:0;font-size:1.15rem}.geo-card .sub{color:#4d4d4d;margin:0 0 0.5rem 0}
.geo-card dl{margin:0;padding:0}.geo-card dt{font-weight:400;color:#333;margin:0.35rem 0 0 0;padding:0}
.geo-card dd{margin:0;padding:0}.geo-card .value{font-weight:650;font-size:1.02rem}
.geo-card .first dt{font-weight:650}.geo-card .first .value{font-size:1.4rem}
.geo-card .doubt{background:#fff3d6;border-radius:4px;padding:0 0.3rem;margin-left:0.4rem}
.geo-card .period{color:#4d4d4d;font-size:0.8rem;white-space:nowrap}
.geo-card .place{color:#4d4d4d;display:block;font-size:0.84rem}
.geo-card h4{margin:0.8rem 0 0.2rem 0;padding:0;font-size:0.95rem}
.geo-card ul,.geo-card ol{margin:0;padding-left:1.3rem;font-size:0.84rem}.geo-card sup{color:#4d4d4d}
.geo-card summary{cursor:pointer;margin-top:0.5rem}
</style>"""


def card_html(profile: Profile, first: int = FIRST) -> str:
    """Write a profile as a card; numbers in brackets point to its sources.

    Parameters
    ----------
    first
        How many figures are open; the others stand behind "all figures".
    """
    sources = list(
        dict.fromkeys([*(item.source for item in profile.figures if item.source), *profile.credits])
    )
    terms = [_figure(item, sources) for item in profile.figures]
    head = f'<h3>{escape(profile.title)}</h3><p class="sub">{escape(profile.subtitle)}</p>'
    shown = f'<dl class="first">{"".join(terms[:1])}</dl><dl>{"".join(terms[1:first])}</dl>'
    further, wrong = _further(terms[first:]), _wrong(profile)
    return (
        f'{STYLES}<section class="geo-card" aria-label="{escape(profile.title)}">'
        f"{head}{shown}{further}{wrong}{_sources(sources)}</section>"
    )


def _figure(figure: Figure, sources: list[str]) -> str:
    mark = f"<sup>[{sources.index(figure.source) + 1}]</sup>" if figure.source else ""
    doubt = f'<span class="doubt">{escape(figure.doubt)}</span>' if figure.doubt else ""
    place = f'<span class="place">{escape(figure.place)}</span>' if figure.place else ""
    value = f'<span class="value">{escape(figure.words)}</span>'
    period = f' <span class="period">{escape(figure.period)}</span>' if figure.period else ""
    return f"<dt>{escape(figure.title)} {mark}</dt><dd>{value}{period}{doubt}{place}</dd>"


def _further(terms: list[str]) -> str:
    if not terms:
        return ""
    words = escape(_("All figures ({count} more)").format(count=len(terms)))
    return f"<details><summary>{words}</summary><dl>{''.join(terms)}</dl></details>"


def _wrong(profile: Profile) -> str:
    if profile.wrong is None:
        return ""
    words = profile.wrong or (_("No known data issues for this area."),)
    items = "".join(f"<li>{escape(line)}</li>" for line in words)
    return f"<h4>{escape(_('Data quality notes'))}</h4><ul>{items}</ul>"


def _sources(lines: list[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h4>{escape(_('Sources'))}</h4><ol>{items}</ol>" if lines else ""


def show_ledgers_of(region: Region, targets: Collection[str], key: str) -> None:
    """Show the accounts of people served for some kinds of target, folded; nothing where there are none.

    Parameters
    ----------
    targets
        Datasets that estimates were moved to, such as ``places``.
    key
        What the tables' keys begin with.
    """
    if missing_reason(region.key, "people_served"):
        return
    ledgers = [item for item in read_ledgers(region.key, "people_served") if item.target in targets]
    if not ledgers:
        return
    with st.expander(_("Coverage and balance: where these figures come from")):
        st.caption(
            _(
                "A tract that lies partly inside gives the share of its people who live inside. For every "
                "quantity: in = out + lost - counted more than once (targets may overlap)."
            )
        )
        for ledger in ledgers:
            st.markdown(bold(ledger_title(ledger)))
            table = ledger_table(ledger)
            config = {
                name: st.column_config.NumberColumn(format="localized")
                for name in table.select_dtypes("number").columns
            }
            st.dataframe(table, hide_index=True, key=f"{key}.{ledger.target}", column_config=config)


NAMES = {"systems": "public_name", "tribal_areas": "label"}


def show_served(region: Region) -> None:
    """Show who lives in each area of a kind.

    Raises
    ------
    MissingDatasetError
        The table is not built; the message says why.
    """
    reason = missing_reason(region.key, "people_served")
    if reason:
        raise MissingDatasetError(reason, _("see the Data page"))
    layers = {item.key: item for item in CONTEXT if item.key in KINDS}
    here = [key for key, item in layers.items() if not missing_reason(region.key, item.dataset)]
    titles = {key: _(layers[key].title) for key in here}
    usual = here.index("places") if "places" in here else 0
    key = st.selectbox(
        _("Areas"), here, index=usual, key="explore.served.kind", format_func=titles.__getitem__
    )
    layer = layers[key]
    frame = load_shapes(region.key, layer.dataset)
    named = frame[NAMES.get(key, "name")].astype("string").fillna("")
    names = dict(zip(frame[layer.identifier].astype(str), named, strict=True))
    table = served_table(load_table(region.key, "people_served"), KINDS[key], names)
    show_table(table, key, IDENTIFIER, titles=column_titles(), name=f"served.{key}")
    records = source_records(region.key, "people_served")
    title = DATASETS["people_served"].title
    columns = served_dictionary(map(str, table))
    notes = make_notes(_(title), records, invented=region.invented, columns=columns)
    name = f"people_served_{key}"
    st.download_button(
        _("Download {format}").format(format=_("CSV")),
        to_archive(table, notes),
        file_name=file_name(region.key, name, "csv", invented=region.invented, dictionary=True),
        mime="application/zip",
        on_click="ignore",
        key="explore.download.served",
    )
    st.caption(_("90% margins include sampling and allocation error."))
