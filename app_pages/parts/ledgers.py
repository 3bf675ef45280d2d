"""The account of how tracts were split, one click away: in = out + lost - counted more than once."""

from __future__ import annotations

from collections.abc import Collection

from app_pages.parts import screen as st
from app_pages.parts.common import missing_reason
from app_pages.parts.markup import bold
from geo.datasets.storage import read_ledgers
from geo.language import gettext as _
from geo.region import Region
from geo.tracts.source_tables import ledger_table, ledger_title


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
    with st.expander(_("Coverage and ledger: where these figures come from")):
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
