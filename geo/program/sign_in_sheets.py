"""Sign-in sheets: read as they come, and told row by row what each row would do. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from geo.errors import SchemaError, first_ids
from geo.intake.sheets import read_table
from geo.language import gettext as _
from geo.language import mark as N_
from geo.language import ngettext
from geo.methods.person_codes import split_codes, to_person_code
from geo.units import is_missing

SUFFIXES = (".csv", ".txt", ".xlsx", ".xlsm")
CODE_COLUMNS = ("code", "person", "person code", "código", "codigo", "clave", "persona")
WHAT_TITLES: Mapping[str, str] = {
    "new": N_("new"),
    "there": N_("already down for this event"),
    "twice": N_("twice in this sheet"),
    "malformed": N_("code in the wrong form"),
    "blank": N_("no code"),
    "over": N_("new, and more than the room holds"),
}
SAME_SHARE = 0.9


def read_sheet(content: bytes, name: str) -> pd.DataFrame:
    r"""Read a CSV or XLSX file as text, a row a line.

    Raises
    ------
    SchemaError
        It is neither, it has no rows, or no row of headings: the first code would be taken for one.

    Examples
    --------
    >>> read_sheet(b"Code,Town\nQX0017H,Oasis\n", "sheet.csv").columns.tolist()
    ['Code', 'Town']
    """
    if not name.casefold().endswith(SUFFIXES):
        raise SchemaError(
            _("{name} cannot be read as a table ({error})").format(
                name=name, error=_("neither .csv nor .xlsx")
            ),
            _("save it as CSV (UTF-8) or XLSX and try again"),
        )
    frame = read_table(content, name)
    frame.columns = pd.Index([str(column).strip().lstrip("\ufeff") for column in frame.columns])
    if any(_judge(column, (), set())[0] for column in frame.columns):
        raise SchemaError(
            _("{name} has no row of headings").format(name=name),
            _("put a row with the word 'code' above the first code; nothing was written"),
        )
    if frame.empty:
        raise SchemaError(_("{name} has no rows").format(name=name), _("nothing was written"))
    return frame


def code_column(frame: pd.DataFrame) -> str:
    """Find the column that holds people's codes.

    Raises
    ------
    SchemaError
        No column is named so; the message names those that are there.

    Examples
    --------
    >>> code_column(pd.DataFrame({"Town": ["Oasis"], "Código": ["QX0017H"]}))
    'Código'
    """
    for column in frame.columns:
        if str(column).casefold() in CODE_COLUMNS:
            return str(column)
    raise SchemaError(
        _("no column holds codes; the sheet has: {names}").format(names=first_ids(frame.columns)),
        _("name the column 'code', or choose the column; nothing was written"),
    )


def likely_column(frame: pd.DataFrame) -> str:
    """Find the column in which most cells are codes, whatever it is named.

    Examples
    --------
    >>> likely_column(pd.DataFrame({"Town": ["Oasis", "Mecca"], "No.": ["QX0017H", "x"]}))
    'No.'
    """
    counts = {
        str(column): sum(_judge(cell, (), set())[0] is not None for cell in frame[column].tolist())
        for column in frame.columns
    }
    return max(counts, key=counts.__getitem__)


def preview(
    frame: pd.DataFrame, column: str, there: Collection[str], room_holds: int | None = None
) -> pd.DataFrame:
    """Say of every row what it would do.

    Parameters
    ----------
    there
        Codes that are down for the event already.
    room_holds
        People that the room holds; rows above it are told. None where that is unknown.

    Returns
    -------
    pandas.DataFrame
        ``row`` as a spreadsheet numbers it (the heading is row 1), ``written``, ``code`` (NA where it is
        none), ``what`` (a key of :data:`WHAT_TITLES`), ``reason``.

    Examples
    --------
    >>> sheet = pd.DataFrame({"code": ["QX0017H", "qx-0017-h", "QX0018", None]})
    >>> preview(sheet, "code", [])["what"].tolist()
    ['new', 'twice', 'malformed', 'blank']
    """
    seen: set[str] = set()
    rows = []
    for row, written in enumerate(frame[column], start=2):
        code, what, reason = _judge(written, there, seen)
        if what == "new" and room_holds is not None and len(seen | set(there)) >= room_holds:
            what = "over"
        rows.append((row, "" if pd.isna(written) else str(written), code, what, reason))
        if code:
            seen.add(code)
    return pd.DataFrame(rows, columns=["row", "written", "code", "what", "reason"]).astype({"code": "string"})


def new_codes(rows: pd.DataFrame) -> list[str]:
    """Return the codes of a preview that are new, in the order of the sheet; those above the room too."""
    return rows.loc[rows["what"].isin(["new", "over"]), "code"].astype(str).tolist()


def told_codes(text: str) -> pd.DataFrame:
    """Say of every code that was typed or pasted what it is, as :func:`preview`; rows count from 1.

    Examples
    --------
    >>> told_codes("QX 0017 H, qx-0017-h")[["row", "written", "what"]].values.tolist()
    [[1, 'QX 0017 H', 'new'], [2, 'qx-0017-h', 'twice']]
    """
    words = split_codes(text)
    rows = preview(pd.DataFrame({"code": pd.Series(words, dtype="string")}), "code", ())
    return rows.assign(row=rows["row"] - 1)


def codes_in_text(text: str) -> list[str]:
    """Read codes that were typed or pasted, each once.

    Raises
    ------
    SchemaError
        Some have another form; the message names them with their place.

    Examples
    --------
    >>> codes_in_text("QX0017H, qx-0017-h")
    ['QX0017H']
    """
    rows = told_codes(text)
    bad = rows[rows["what"] == "malformed"]
    if len(bad):
        places = [f"{row}: {word}" for row, word in zip(bad["row"], bad["written"], strict=True)]
        raise SchemaError(
            ngettext(
                "{count} code is in the wrong form ({names})",
                "{count} codes are in the wrong form ({names})",
                len(bad),
            ).format(count=len(bad), names=first_ids(places)),
            _("correct them or take them out; nothing was written"),
        )
    return new_codes(rows)


def same_people(codes: Collection[str], others: Mapping[str, Collection[str]]) -> list[str]:
    """Name the events whose people are nearly all of a sheet: it may be another event's sheet.

    Examples
    --------
    >>> same_people(["a", "b"], {"one": ["a", "b"], "two": ["a"]})
    ['one']
    """
    wanted = set(codes)
    return [
        event
        for event, people in others.items()
        if wanted
        and len(wanted & set(people)) >= SAME_SHARE * len(wanted)
        and len(wanted & set(people)) >= SAME_SHARE * len(set(people))
    ]


def _judge(written: object, there: Collection[str], seen: set[str]) -> tuple[str | None, str, str]:
    if is_missing(written) or not str(written).strip():
        return None, "blank", ""
    try:
        code = to_person_code(str(written))
    except ValueError as error:
        return None, "malformed", str(error)
    if code in seen:
        return code, "twice", ""
    return code, "there" if code in there else "new", ""
