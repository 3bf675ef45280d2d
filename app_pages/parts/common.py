"""What every page shares: language, region, the day, refusals in plain words; frames from ``loading``."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built as is_built
from app_pages.parts.loading import load_shapes as load_shapes
from app_pages.parts.loading import load_sidecar as load_sidecar
from app_pages.parts.loading import load_table as load_table
from app_pages.parts.loading import missing_reason as missing_reason
from app_pages.parts.refusals import guarded, refusing
from geo.datasets.record import sidecar_path
from geo.language import LANGUAGES, current_language, use_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region, read_region, region_keys

__all__ = ["refusing"]
FIRST_REGIONS = ("coachella", "demo")
NEEDED = "tracts_2010"
# Titles that stand in regions/*.toml, marked here for translation.
REGION_TITLES = (
    N_("Coachella Valley and Blythe"),
    N_("Coachella Valley"),
    N_("Palo Verde Valley and Blythe"),
    N_("Demo valley (invented data)"),
    N_("Demo valley"),
)


STYLES = """<style>
.stMainBlockContainer{padding:4rem 2.5rem 2rem 2.5rem}
@media (max-width:640px){.stMainBlockContainer{padding:4rem 1rem 2rem 1rem}}
.stSidebar [data-testid="stSidebarUserContent"]{padding-top:0}
[data-testid="stMetricValue"]{font-size:1.75rem;line-height:1.2}
[data-testid="stMetricValue"] *,[data-testid="stMetricLabel"] *{white-space:normal;overflow-wrap:break-word}
</style>"""


# A widget's state is dropped when another page is opened before it was drawn, and the address of a page's
# link names neither language nor region: these copies hold the choice.
KEPT_LANGUAGE, KEPT_REGION = "kept.language", "kept.region"


def choose_language() -> str:
    """Let a person choose the language; the address names it."""
    wanted = st.query_params.get("lang", st.session_state.get(KEPT_LANGUAGE, ""))
    st.session_state.setdefault("language", wanted if wanted in LANGUAGES else "en")
    st.session_state[KEPT_LANGUAGE] = st.session_state["language"]
    use_language(st.session_state["language"])
    st.radio(
        "Language / Idioma",
        list(LANGUAGES),
        key="language",
        format_func=LANGUAGES.get,
        horizontal=True,
        on_change=guarded(keep_choices),
    )
    use_language(st.session_state["language"])
    return current_language()


def keep_choices() -> None:
    """Keep what is chosen when the language changes.

    The browser names a choice by its words. In another language these are others, and each choice would
    fall back to its first one, the region too, unless it is set anew.
    """
    for key, value in st.session_state.to_dict().items():
        if isinstance(value, str) or (
            isinstance(value, list) and all(isinstance(item, str) for item in value)
        ):
            st.session_state[key] = value


def choose_region() -> Region:
    """Let a person choose the study area; the address names it."""
    keys = list(region_keys())
    wanted = st.query_params.get("region", st.session_state.get(KEPT_REGION, ""))
    st.session_state.setdefault("region", wanted if wanted in keys else first_region())
    st.session_state[KEPT_REGION] = st.session_state["region"]
    titles = {key: _(read_region(key).title) for key in keys}
    key = st.selectbox(_("Region"), keys, key="region", format_func=titles.__getitem__)
    return read_region(key)


def first_region() -> str:
    """Key of the region that opens first: GEO_REGION, else the first that is built, else the demo."""
    named = os.environ.get("GEO_REGION", "")
    if named in region_keys():
        return named
    built = (key for key in FIRST_REGIONS if sidecar_path(key, NEEDED).is_file())
    return next(built, FIRST_REGIONS[-1])


def current_region() -> Region:
    """Return the region that is chosen."""
    return read_region(st.session_state["region"])


def show_banner(region: Region) -> None:
    """Say on every page where data are invented."""
    if region.invented:
        st.warning(_("Invented data: this region and everything in it are made up, to try things out."))


def today() -> date:
    """Return the day, in UTC."""
    return datetime.now(UTC).date()
