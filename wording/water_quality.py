"""What is said of violations of limits and of laboratory results."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geo.language import gettext as _
from geo.language import ngettext
from geo.units import is_missing
from geo.water.violations import CURRENT


def violation_words(listed: pd.DataFrame, ours: pd.DataFrame) -> str:
    """Say which list the violations are of, of when, and what it does not say.

    Parameters
    ----------
    listed
        The dataset ``violations``, of every system.
    ours
        Its rows of one system.

    Examples
    --------
    >>> rows = {"source": ["water_quality_violations"], "vintage": ["2019-02"], "health_based": [True]}
    >>> violation_words(pd.DataFrame(rows), pd.DataFrame(rows))
    "Violations of limits in the State's list of 2019-02, newest first; not of today."
    """
    if listed.empty:
        return ""
    source, vintage = str(listed["source"].iloc[0]), str(listed["vintage"].iloc[0])
    limits = ours["health_based"].astype(bool)
    if not limits.any():
        words = _("No violation of a limit by this system is in {list}; not listed is not the same as none.")
    else:
        words = _("Violations of limits in {list}, newest first; not of today.")
    told = [words.format(list=list_words(source, vintage))]
    if others := int((~limits).sum()):
        told.append(
            ngettext(
                "{count} more is about reports and notices.",
                "{count} more are about reports and notices.",
                others,
            ).format(count=others)
        )
    return " ".join(told)


def list_words(source: str, vintage: str) -> str:
    """Name a list of violations, and the time that it tells of.

    Examples
    --------
    >>> list_words("sdwa_violations", "2026Q2")
    "the EPA's list of 2026Q2 (what was open in the five years before)"
    """
    if source == CURRENT:
        return _("the EPA's list of {vintage} (what was open in the five years before)").format(
            vintage=vintage
        )
    return _("the State's list of {vintage}").format(vintage=vintage)


def violation_titles() -> dict[str, str]:
    """Titles of the columns of a system's violations, in their order."""
    return {
        "begins": _("Begins"),
        "ends": _("Ends"),
        "analyte": _("Substance"),
        "result": _("Result"),
        "limit": _("Limit"),
    }


# What is given by weight is read in parts per billion, from a part per million on in those.
PPB, PPM_FROM = "UG/L", 1000.0


def amount_words(amount: Any, unit: Any) -> str:
    """Write an amount of a substance as a water report does: in ppb, from 1,000 ppb on in ppm.

    Parameters
    ----------
    amount, unit
        In micrograms a liter (``UG/L``), or in another unit, which is kept; missing gives nothing.

    Examples
    --------
    >>> amount_words(19.0, "UG/L"), amount_words(10_000.0, "UG/L"), amount_words(20.0, "PCI/L")
    ('19 ppb', '10 ppm', '20 pCi/L')
    >>> amount_words(None, "UG/L")
    ''
    """
    if is_missing(amount) or is_missing(unit):
        return ""
    if unit != PPB:
        return f"{float(amount):,.4g} {str(unit).replace('PCI', 'pCi')}"
    if float(amount) >= PPM_FROM:
        return _("{amount} ppm").format(amount=f"{float(amount) / PPM_FROM:,.4g}")
    return _("{amount} ppb").format(amount=f"{float(amount):,.4g}")


def told_amounts(rows: pd.DataFrame) -> pd.DataFrame:
    """Write results and limits of violations for a reader; as the State writes what is no number.

    Examples
    --------
    >>> row = {"result": ["0.019 MG/L"], "limit": ["0.010 MG/L"], "unit": ["UG/L"]}
    >>> rows = pd.DataFrame({**row, "result_amount": [19.0], "limit_amount": [10.0]})
    >>> told_amounts(rows)[["result", "limit"]].values.tolist()
    [['19 ppb', '10 ppb']]
    """
    told = {}
    for name in ("result", "limit"):
        pairs = zip(rows[f"{name}_amount"], rows["unit"], rows[name].fillna(""), strict=True)
        told[name] = [amount_words(amount, unit) or str(written) for amount, unit, written in pairs]
    return rows.assign(**told)


def lab_words(ours: pd.DataFrame) -> str:
    """Say what the laboratory results of a system are, and are not.

    Examples
    --------
    >>> lab_words(pd.DataFrame())
    "No laboratory result of this system is in the State's files."
    """
    if ours.empty:
        return _("No laboratory result of this system is in the State's files.")
    last = ours["last_on"].max()
    told = _("Laboratory results in the State's files ({vintage}; the last of {day}).")
    told = told.format(vintage=ours["vintage"].iloc[0], day="?" if is_missing(last) else f"{last:%Y-%m-%d}")
    over = int((ours["over_limit"] > 0).sum())
    found = _("No substance was found above its limit.")
    if over:
        found = ngettext(
            "{count} substance was found above its limit at least once.",
            "{count} substances were found above their limit at least once.",
            over,
        ).format(count=over)
    limits = _(
        "Samples are of wells as of taps, before treatment as after it: a result above the limit is no "
        "violation."
    )
    return f"{told} {found} {limits}"


def lab_titles() -> dict[str, str]:
    """Titles of the columns of a system's laboratory results, in their order."""
    return {
        "analyte": _("Substance"),
        "unit": _("Unit"),
        "limit_published": _("Limit"),
        "highest": _("Highest"),
        "samples": _("Samples"),
        "measured": _("Found"),
        "over_limit": _("Above the limit"),
        "last_on": _("Last sample"),
        "last_over_on": _("Last above the limit"),
    }
