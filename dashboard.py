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
    show_phone_menu,
    show_purpose,
)
from app_pages.parts.people import forget_others
from geo.language import current_language
from geo.language import gettext as _
from geo.language import mark as N_

# A page is one entry here: its file, section of the menu, title, sign, and what it is for. Signs are
# of the font that Streamlit serves itself. Without ``FAVICON`` a page's sign would become the browser's too,
# and would be fetched from outside.
PAGES = (
    ("app_pages/home.py", "", N_("Home"), "home", N_("Choose what you came for.")),
    (
        "app_pages/explore.py",
        N_("Map"),
        N_("Explore"),
        "map",
        N_("See where people are hard to count, uninsured or in poverty, and how sure each figure is."),
    ),
    (
        "app_pages/compare.py",
        N_("Map"),
        N_("Profiles"),
        "compare_arrows",
        N_("Read one area's figures in context, put areas side by side, and print fact sheets."),
    ),
    (
        "app_pages/water.py",
        N_("Water"),
        N_("Water board"),
        "water_drop",
        N_("See where every small water system stands and which should be connected next."),
    ),
    (
        "app_pages/meeting.py",
        N_("Water"),
        N_("Task force meeting"),
        "groups",
        N_("Run the meeting: one screen for the projector, an agenda, decisions and the report."),
    ),
    (
        "app_pages/network.py",
        N_("Water"),
        N_("Consolidation network"),
        "hub",
        N_("Lay one pipe network for several systems and see what it costs and who pays."),
    ),
    (
        "app_pages/programs.py",
        N_("Outreach"),
        N_("Programs"),
        "diversity_3",
        N_("See how far every program is on the way to its goals."),
    ),
    (
        "app_pages/program.py",
        N_("Outreach"),
        N_("Program detail"),
        "flag",
        N_("Follow one program: its area, its goals, its sessions and its report."),
    ),
    (
        "app_pages/calendar.py",
        N_("Outreach"),
        N_("Calendar"),
        "calendar_month",
        N_("Find the events of all programs and take them to your own calendar."),
    ),
    (
        "app_pages/turfs.py",
        N_("Canvass"),
        N_("Turfs"),
        "grid_view",
        N_("Choose whom to reach, cut fair turfs and hand them out."),
    ),
    (
        "app_pages/returns.py",
        N_("Canvass"),
        N_("Returns"),
        "assignment_turned_in",
        N_("Record what came back: visits, files and paper totals."),
    ),
    (
        "app_pages/progress.py",
        N_("Canvass"),
        N_("Progress"),
        "trending_up",
        N_("See how many households were reached and where to go next."),
    ),
    (
        "app_pages/data.py",
        N_("Data"),
        N_("Data sources"),
        "database",
        N_("Check where each figure comes from, how old it is and what is wrong with it."),
    ),
)
FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" '
    'fill="#0b5a7a"/><path d="M4 23 11 11l5 8 4-6 8 10z" fill="#f2c14e"/><path d="M4 26q3-3 6 0t6 0 6 0 6 0" '
    'fill="none" stroke="#fff" stroke-width="2"/></svg>'
)


def main() -> None:
    """Set the page up and run the one that is chosen."""
    st.set_page_config(page_title="Coachella Valley and Blythe", page_icon=FAVICON, layout="wide")
    st.html(STYLES)
    with refusing():
        show_page()


def show_page() -> None:
    """Let language and region be chosen, and run the page."""
    with st.sidebar:
        choose_language()
        region = choose_region()
    page, purpose = choose_page()
    note_page(page.url_path)
    st.query_params.update(lang=current_language(), region=region.key)
    show_banner(region)
    show_damage(region)
    show_held()
    with refusing():
        forget_others()
        show_purpose(page.title if page.url_path else "", purpose)
        page.run()


def choose_page() -> tuple[st.Page, str]:
    """Show the menu by sections; return the page that is chosen, and what it is for."""
    menu: dict[str, list[st.Page]] = {}
    purposes: dict[str, str] = {}
    for path, section, title, sign, purpose in PAGES:
        page = st.Page(path, title=_(title), icon=f":material/{sign}:")
        menu.setdefault(_(section) if section else "", []).append(page)
        purposes[page.title] = _(purpose)
    chosen = st.navigation(menu, position="top")
    show_phone_menu(menu, chosen.url_path)
    return chosen, purposes[chosen.title]


if __name__ == "__main__":
    main()
else:
    from streamlit.starlette import App

    from server.app import check_or_leave, parts

    check_or_leave()
    app = App(__file__, **parts())
