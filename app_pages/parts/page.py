"""What every page shares: language, region, the day, refusals, missing datasets, taking a file."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import wraps
from html import escape
from typing import Any, ParamSpec
from urllib.parse import urlsplit

from app_pages.parts import screen as st
from app_pages.parts.loading import is_built as is_built
from app_pages.parts.loading import load_shapes as load_shapes
from app_pages.parts.loading import load_sidecar as load_sidecar
from app_pages.parts.loading import load_table as load_table
from app_pages.parts.loading import missing_reason as missing_reason
from app_pages.parts.markup import fill, paragraphs
from app_pages.parts.screen import Part
from geo.datasets.declared import DATASETS
from geo.datasets.record import read_sidecar, sidecar_path
from geo.days import day_in
from geo.errors import GeoError
from geo.intake.limits import PERSON
from geo.intake.reader import READER
from geo.language import LANGUAGES, current_language, ngettext, use_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region, read_region, region_keys
from geo.settings import page_address

LOG = logging.getLogger(__name__)
HELD = "refusals.held"
HERE_ONLY = ("localhost", "127.0.0.1", "::1", "0.0.0.0", None)  # noqa: S104
P = ParamSpec("P")


@contextmanager
def refusing() -> Iterator[None]:
    """Turn a fault into plain words: of what a person can mend the remedy, of all else when it was logged.

    What Streamlit itself raises, to run a page again or to stop it, is no ``Exception`` and goes through.
    """
    try:
        yield
    except Exception as error:
        st.error(tell_fault(error))


def tell_fault(error: Exception) -> str:
    r"""Say what went wrong and what to do; what nobody foresaw is logged with its traceback.

    Examples
    --------
    >>> tell_fault(GeoError("2 rows have no geoid", "fill the column in"))
    '2 rows have no geoid\n\n**What to do:** fill the column in'
    """
    if isinstance(error, GeoError):
        remedy = error.remedy or _("see the Data page")
        return paragraphs(error.fault, fill("**{what}** {remedy}", what=_("What to do:"), remedy=remedy))
    now = datetime.now(UTC)
    LOG.error("a page failed at %s", f"{now:%Y-%m-%d %H:%M:%S} UTC", exc_info=error)
    return _(
        "Something went wrong on this page; it was logged at {time} UTC. Load the page again; if it stays "
        "so, tell whoever runs this dashboard the time."
    ).format(time=f"{now:%Y-%m-%d %H:%M:%S}")


def guarded(act: Callable[P, object]) -> Callable[P, None]:
    """Let what a click calls be refused as a page is: it runs before the page, which then says why."""

    @wraps(act)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except Exception as error:
            st.session_state[HELD] = tell_fault(error)

    return call


def show_held() -> None:
    """Say what was wrong with the last click."""
    words = st.session_state.pop(HELD, "")
    if words:
        st.error(words)


__all__ = ["refusing"]
FIRST_REGIONS = ("coachella", "demo")
NEEDED = "tracts_2010"
# Titles that stand in regions/*.toml, marked here for translation.
REGION_TITLES = (
    N_("Coachella Valley and Blythe"),
    N_("Coachella Valley and Palo Verde Valley"),
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
.geo-purpose{margin:0;font-size:0.95rem;line-height:1.35;color:#4d4d4d}
[data-testid="stSidebarNav"],[data-testid="stSidebarNavSeparator"],.st-key-menu{display:none}
.stApp:has([data-testid="stSidebarNav"]) .st-key-menu{display:flex}
.st-key-menu [data-testid="stExpanderDetails"] [data-testid="stVerticalBlock"]{gap:0.2rem}
/* A slow answer must not leave standing what was refused before. */
[data-stale="true"]:has([data-testid="stAlertContentError"]){visibility:hidden}
.geo-section{margin:0.6rem 0 0.1rem 0;font-size:0.85rem;font-weight:650;color:#4d4d4d}
.geo-purpose span{font-weight:650;color:#1a1a1a}
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


def hold_choice(key: str, options: Collection[Any], *wanted: Any, is_open: bool = False) -> None:
    """Start a widget, and again where what it holds is no choice any more: the first wanted that is one.

    Parameters
    ----------
    key
        Of the widget in the session.
    options
        What may be chosen.
    wanted
        What is chosen at first, best first: of an address, of a view.
    is_open
        Whether nothing is chosen where none of them is an option; else it is the first option.
    """
    if st.session_state.get(key) not in options:
        usual = None if is_open else next(iter(options), None)
        st.session_state[key] = next((item for item in wanted if item in options), usual)


def hold_tab(key: str, titles: Mapping[str, str]) -> None:
    """Keep the tab that is open when the language changes: it is known by its words. Before tabs are drawn.

    Parameters
    ----------
    key
        Of the tabs in the session.
    titles
        What the tabs say, by a name that is the same in every language.
    """
    names = {title: name for name, title in titles.items()}
    held, name = st.session_state.get(key), str(st.session_state.get(f"{key}.name"))
    if held in names:
        st.session_state[f"{key}.name"] = names[held]
    elif held is not None and name in titles:
        st.session_state[key] = titles[name]


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


NOW, ENTERED = "page.now", "page.entered"


def note_page(path: str) -> None:
    """Note which page is shown, and whether it was just come to: its fields then hold nothing of before."""
    st.session_state[ENTERED] = st.session_state.get(NOW) != path
    st.session_state[NOW] = path


def was_entered() -> bool:
    """Return whether the page was just come to, from another one or by its address."""
    return bool(st.session_state.get(ENTERED))


def show_banner(region: Region) -> None:
    """Say on every page where data are invented."""
    if region.invented:
        st.warning(_("Invented data: this region and everything in it are made up, to try things out."))


def show_phone_menu(menu: Mapping[str, Sequence[st.Page]], path: str) -> None:
    """Show the menu above the page, which only a narrow screen does; it is shut on each page that is come to.

    Streamlit's own, in the sidebar, has headings among the items of a list, which is not read aloud as one.
    """
    with st.container(key="menu"), st.expander(_("Menu"), icon=":material/menu:", key=f"menu.{path}"):
        for section, pages in menu.items():
            if section:
                st.html(f'<p class="geo-section">{escape(section)}</p>')
            for page in pages:
                st.page_link(page, width="stretch")


def show_purpose(title: str, purpose: str) -> None:
    """Say under a page's title what it is for; without a title nothing: the first page says it itself."""
    if title:
        st.html(f'<p class="geo-purpose"><span>{escape(title)}</span> · {escape(purpose)}</p>')


def say_done(key: str, words: str) -> None:
    """Keep what was written last, for :func:`tell_done` to say on the page as it is drawn next."""
    st.session_state[key] = words
    st.session_state[f"{key}.fresh"] = bool(words)


def tell_done(key: str) -> Part:
    """Say what was written last, until something else is; return where it says so, to be emptied.

    The page may have grown or shrunk under whoever pressed the button: the first time it is also said at the
    edge of the window, wherever somebody stands.
    """
    told = st.empty()
    words = st.session_state.get(key, "")
    if words:
        told.success(words)
        if st.session_state.pop(f"{key}.fresh", False):
            st.toast(words, duration="long")
    return told


def today() -> date:
    """Return the day in the region that is chosen."""
    return day_in(current_region().timezone)


def outside_address(page: str, region: Region) -> str:
    """Address of a page of a region, as a phone reaches it; empty where only this machine does."""
    seen: Any = page_address() or st.context.url or ""
    parts = urlsplit(str(seen))
    if parts.hostname in HERE_ONLY:
        return ""
    path = parts.path if page_address() else parts.path.rpartition("/")[0]
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}/{page}?region={region.key}"


def show_damage(region: Region) -> None:
    """Name the datasets that are lost: without a word, what is made of them would just not be shown."""
    lost = [name for name in DATASETS if is_lost(region, name)]
    # A region of which nothing is built says so where it is opened.
    if not lost or not any(is_built(region, name) for name in DATASETS):
        return
    words = ngettext(
        "{count} dataset of this region is missing or damaged; pages leave out what is made of it, "
        "or show the next best:",
        "{count} datasets of this region are missing or damaged; pages leave out what is made of them, "
        "or show the next best:",
        len(lost),
    ).format(count=len(lost))
    st.warning(paragraphs(words, *(missing_reason(region.key, name) for name in lost)))


def is_lost(region: Region, name: str) -> bool:
    """Whether a dataset is not there, and no source is to blame that was missing when it was to be built."""
    if is_built(region, name):
        return False
    sidecar = read_sidecar(region.key, name)
    return sidecar is None or sidecar.record["status"] == "damaged"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its content, the name that it has for the person, and what tells it from another."""

    content: bytes
    name: str
    number: str


def ask_file(label: str, suffixes: Sequence[str], key: str) -> Upload | None:
    """Ask for a file, and have the process that will read it ready; None until there is one.

    Parameters
    ----------
    label
        What it is and which kinds are taken, in words.
    suffixes
        Kinds that are taken, such as ``.csv``.
    key
        The widget's key.
    """
    READER.start_ahead()
    file = st.file_uploader(
        label,
        type=[suffix.removeprefix(".") for suffix in suffixes],
        key=key,
        max_upload_size=PERSON.input_bytes // 1_000_000,
    )
    return None if file is None else Upload(file.getvalue(), file.name, file.file_id)
