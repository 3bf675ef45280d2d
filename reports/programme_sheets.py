"""A programme's figures, and chosen figures of several, as a workbook; small counts left out for others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from geo.language import gettext as _
from geo.program.area import Area
from geo.program.declaration import Programme
from geo.program.measures import Records, consistent_least
from geo.program.public_view import recruits_shown
from geo.program.tables import at_least_shown, curve_shown, glance_table, sessions_table
from reports.export import INVENTED
from reports.workbook import to_workbook

FIGURES = ("programme", "measure", "unit", "baseline", "target", "value", "stands", "as_of", "reported")


def programme_workbook(
    programme: Programme, area: Area, records: Records, today: date, *, full: bool, invented: bool
) -> bytes:
    """Write a programme's measures, curves, sessions and recruits, a sheet each.

    Parameters
    ----------
    records
        The programme's own.
    full
        Whether small counts are shown; for others they are left out, and what would give them away.
    """
    lines = [
        _(programme.title),
        _(programme.purpose),
        area.title,
        area.stand_in,
        f"{programme.begins} – {programme.ends or _('open')}",
        *own_words([programme], today, full=full, invented=invented),
    ]
    sheets: dict[str, pd.DataFrame] = {
        _("Measures"): figures_table(glance_table([programme], records, today, full=full)),
        _("Curves"): curves_table(programme, records, today, full=full),
        _("Sessions"): sessions_table(programme, records, today, full=full),
        _("At least so many"): at_least_shown(programme, records, today, full=full),
    }
    if consistent_least(programme) is not None:
        counts = recruits_shown(programme, records, today, full=full)
        sheets[_("Recruits")] = pd.DataFrame(counts.items(), columns=["who", "people"])
    return to_workbook({_("About"): lines, **sheets})


def roll_up_workbook(
    table: pd.DataFrame, programmes: Sequence[Programme], today: date, *, full: bool, invented: bool
) -> bytes:
    """Write chosen figures of several programmes, for a regional effort.

    Parameters
    ----------
    table
        As :func:`figures_table` gives it.
    """
    lines = [_("Figures for a regional effort"), *own_words(programmes, today, full=full, invented=invented)]
    return to_workbook({_("About"): lines, _("Figures"): table})


def figures_table(glance: pd.DataFrame) -> pd.DataFrame:
    """Keep of :func:`geo.program.tables.glance_table` what can stand in a file."""
    return glance[list(FIGURES)]


def curves_table(programme: Programme, records: Records, today: date, *, full: bool) -> pd.DataFrame:
    """List every measure's running value by day: ``measure``, ``on``, ``value``."""
    parts = [
        curve.rename("value").rename_axis("on").reset_index().assign(measure=_(measure.title))
        for measure in programme.measures
        for curve in [curve_shown(programme, measure, records, today, full=full)]
        if len(curve)
    ]
    columns = ["measure", "on", "value"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def own_words(programmes: Sequence[Programme], today: date, *, full: bool, invented: bool) -> Sequence[str]:
    """Say as of when, whose figures, and what is left out."""
    lines = [_("As of {day}.").format(day=today)]
    if any(programme.own_report for programme in programmes):
        lines.append(_("Baselines, targets and reported results are the organisation's own report."))
    if not full:
        lines.append(_("Counts under 10 are hidden, and what would give them away."))
    return [*lines, *([_(INVENTED)] if invented else [])]
