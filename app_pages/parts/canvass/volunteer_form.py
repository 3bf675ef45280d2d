"""What is asked of a volunteer: by the lead, or by themselves where they sign up."""

from __future__ import annotations

from datetime import date, timedelta

from app_pages.parts import screen as st
from app_pages.parts.page import today
from geo.canvass.volunteers import SPOKEN, language_name, to_language
from geo.days import day_words
from geo.language import gettext as _

SATURDAY, SATURDAYS, LONGEST_NAME = 5, 8, 40


def ask_volunteer(*, own: bool = False) -> dict[str, object]:
    """Ask for a volunteer's fields; ``own`` where they fill it in themselves, by the link to sign up."""
    cars = {None: _("not said"), True: _("yes"), False: _("no: stays in town")}
    homes = {None: _("not said"), True: _("near home only"), False: _("rather elsewhere")}
    return {
        "pseudonym": st.text_input(
            _("A name for you") if own else _("Pseudonym of a volunteer"),
            max_chars=LONGEST_NAME,
            key="volunteer.name",
            help=_("No real name is needed or kept."),
        ),
        "languages": ask_languages(),
        "area": st.text_input(
            _("Area"),
            max_chars=LONGEST_NAME,
            key="volunteer.area",
            help=_("The place where they know their way."),
        ),
        "hours_a_week": st.number_input(_("Hours a week"), 0.0, 100.0, 4.0, 0.5, key="volunteer.hours"),
        "has_car": st.radio(
            _("Car"), list(cars), format_func=cars.__getitem__, key="volunteer.car", horizontal=True
        ),
        "near_home": st.radio(
            _("Where they walk"),
            list(homes),
            format_func=homes.__getitem__,
            key="volunteer.home",
            horizontal=True,
        ),
        "together": st.text_input(
            _("Comes together with"),
            max_chars=LONGEST_NAME,
            key="volunteer.together",
            help=_("The pseudonym of another volunteer."),
        ).strip(),
        "shifts": ask_shifts(),
    }


def ask_languages() -> tuple[str, ...]:
    """Ask which languages somebody speaks, however they type them."""
    named = st.multiselect(
        _("Languages"),
        list(SPOKEN),
        default=["en"],
        format_func=language_name,
        key="volunteer.languages",
        accept_new_options=True,
    )
    return tuple(dict.fromkeys(to_language(item)[:LONGEST_NAME] for item in named))


def ask_shifts() -> tuple[date, ...]:
    """Ask for the days on which somebody comes: those of the canvass, and the next Saturdays."""
    first = today() + timedelta(days=(SATURDAY - today().weekday()) % 7)
    days = [first + timedelta(weeks=week) for week in range(SATURDAYS)]
    return tuple(
        sorted(
            st.multiselect(
                _("Days they signed up for"), days, format_func=day_words, key="volunteer.shifts", default=[]
            )
        )
    )
