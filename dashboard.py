"""The dashboard: page config, language, region, navigation. Run with ``make dashboard``.

Streamlit runs this file for every visit. Where ``streamlit run dashboard.py`` serves it, it imports it once
before and finds ``app``: the same doors as those of ``python -m server``.
"""

from __future__ import annotations

from app_pages.parts import screen as st
from app_pages.parts.page import (
    STYLES,
    choose_language,
    choose_region,
    note_page,
    refusing,
    show_banner,
    show_damage,
    show_held,
)
from app_pages.parts.people import forget_others
from geo.language import current_language
from geo.language import gettext as _
from geo.language import mark as N_

# A page is one line here: its file and its title. (A sign would become the favicon, fetched from outside.)
PAGES = (
    ("app_pages/explore.py", N_("Explore")),
    ("app_pages/programs.py", N_("Programs")),
    ("app_pages/program.py", N_("Program detail")),
    ("app_pages/calendar.py", N_("Calendar")),
    ("app_pages/water.py", N_("Water board")),
    ("app_pages/network.py", N_("Consolidation network")),
    ("app_pages/compare.py", N_("Compare")),
    ("app_pages/turfs.py", N_("Turfs")),
    ("app_pages/returns.py", N_("Returns")),
    ("app_pages/progress.py", N_("Progress")),
    ("app_pages/data.py", N_("Data")),
)


def main() -> None:
    """Set the page up and run the one that is chosen."""
    st.set_page_config(page_title="Coachella Valley and Blythe", layout="wide")
    st.html(STYLES)
    with refusing():
        show_page()


def show_page() -> None:
    """Let language and region be chosen, and run the page."""
    with st.sidebar:
        choose_language()
        region = choose_region()
    pages = [st.Page(path, title=_(title)) for path, title in PAGES]
    page = st.navigation(pages, position="top")
    note_page(page.url_path)
    st.query_params.update(lang=current_language(), region=region.key)
    show_banner(region)
    show_damage(region)
    show_held()
    with refusing():
        forget_others()
        page.run()


if __name__ == "__main__":
    main()
else:
    from streamlit.starlette import App

    from server.app import check_or_leave, parts

    check_or_leave()
    app = App(__file__, **parts())
