"""Where in the task force's own file the table stands, and which system a row means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from geo.errors import StoreError, first_ids
from geo.intake.grids import OLD_ENCODING, Grid, read_grids
from geo.language import gettext as _
from geo.language import ngettext
from geo.water.identifiers import to_pwsid
from store.water.kinds import SERVICE_TITLES, Service
from store.water.sheet_columns import FIELD_TITLES, field_of, plain_words

# A table's head is looked for in so many rows of each sheet.
ROWS_ABOVE = 40
WHO = ("pwsid", "name")
Place = tuple[str, Service | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in a file, as far as it is understood.

    Attributes
    ----------
    file, title
        Name of the file, and of the sheet in it; a CSV's is empty.
    head
        The row of the headings, counted from 1 as the person does.
    columns
        Heading by what it means: a field, and the service that the column is of.
    unused
        Headings that mean nothing here.
    rows
        By row number: text by what it means.
    others, merged, encoding
        Other sheets of the file, how many ranges of merged cells, and how a CSV is written.
    """

    file: str
    title: str
    head: int
    columns: Mapping[Place, str]
    unused: tuple[str, ...]
    rows: Mapping[int, Mapping[Place, str]] = field(repr=False)
    others: tuple[str, ...] = ()
    merged: int = 0
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class _Head:
    row: int
    columns: Mapping[Place, int]


def read_sheet(content: bytes, name: str) -> Sheet:
    r"""Find the table of systems in a CSV or XLSX file: its head may stand below titles, on any sheet.

    Raises
    ------
    SchemaError
        The file cannot be read, or is empty.
    StoreError
        No row of it names a column of systems and one of what is told of them.

    Examples
    --------
    >>> sheet = read_sheet(b"Our board\n\nPWS ID,Stage,Colour\n3310001,planning,red\n", "board.csv")
    >>> sheet.head, sheet.unused, list(sheet.rows[4].values())
    (3, ('Colour',), ['3310001', 'planning'])
    """
    grids = read_grids(content, name)
    found = [(head, grid) for grid in grids if (head := _find_head(grid)) is not None]
    if not found:
        raise _no_head(grids, name)
    head, grid = max(found, key=lambda pair: len(pair[0].columns))
    headings = grid.cells[head.row]
    used = set(head.columns.values())
    rows = dict(_rows(grid, head))
    if not rows:
        raise StoreError(
            _("{name} has no rows below the headings in row {row}").format(name=name, row=head.row + 1),
            _("nothing was written"),
        )
    return Sheet(
        file=name,
        title=grid.title,
        head=head.row + 1,
        columns={place: headings[number] for place, number in head.columns.items()},
        unused=tuple(text for number, text in enumerate(headings) if text and number not in used),
        rows=rows,
        others=tuple(other.title for other in grids if other is not grid),
        merged=grid.merged,
        encoding=grid.encoding,
    )


def _find_head(grid: Grid) -> _Head | None:
    heads = [_head_at(grid, row) for row in range(min(ROWS_ABOVE, len(grid.cells)))]
    useful = [head for head in heads if _is_useful(head)]
    return max(useful, key=lambda head: (len(head.columns), -head.row), default=None)


def _head_at(grid: Grid, row: int) -> _Head:
    """Read a row as headings; what stands above a heading may be part of it."""
    above = grid.cells[row - 1] if row else ("",) * len(grid.cells[row])
    best: dict[Place, tuple[int, int]] = {}
    for number, heading in enumerate(grid.cells[row]):
        found = field_of(heading, above[number]) if heading else None
        if found:
            name, service, preferred = found
            best[name, service] = min(best.get((name, service), (preferred, number)), (preferred, number))
    if any(name == "stage" and service for name, service in best):
        best.pop(("stage", None), None)
    return _Head(row, {place: number for place, (_preferred, number) in best.items()})


def _is_useful(head: _Head) -> bool:
    names = {name for name, _service in head.columns}
    return bool(names & set(WHO)) and bool(names - {*WHO, "service"})


def _rows(grid: Grid, head: _Head) -> Iterator[tuple[int, dict[Place, str]]]:
    for number, cells in enumerate(grid.cells[head.row + 1 :], start=head.row + 2):
        row = {place: cells[column] for place, column in head.columns.items()}
        if any(row.values()) and cells != grid.cells[head.row]:
            yield number, row


def _no_head(grids: Sequence[Grid], name: str) -> StoreError:
    there = [text for text in grids[0].cells[0] if text]
    return StoreError(
        _("no row of {name} names the columns of a board; its first row holds {there}").format(
            name=name, there=first_ids(there) or _("none")
        ),
        _(
            "give one row with a column PWSID (or name of the system) and one of stage, funding, milestone, "
            "comment or water rate; nothing was written"
        ),
    )


def tell_understood(sheet: Sheet) -> list[str]:
    r"""Say how a file was understood, a line each.

    Examples
    --------
    >>> tell_understood(read_sheet(b"PWS ID,Stage,Colour\n3310001,planning,red\n", "board.csv"))
    ['Headings in row 1: "PWS ID" is PWSID; "Stage" is stage.', 'Not used: "Colour".']
    """
    named = "; ".join(
        _('"{heading}" is {field}').format(heading=heading, field=_title(place))
        for place, heading in sheet.columns.items()
    )
    lines = [_("Headings in row {row}: {columns}.").format(row=sheet.head, columns=named)]
    if sheet.others:
        words = _('Sheet "{title}" was taken; not looked at: {others}.')
        lines.append(words.format(title=sheet.title, others=_quoted(sheet.others)))
    if sheet.unused:
        lines.append(_("Not used: {headings}.").format(headings=_quoted(sheet.unused)))
    if sheet.merged:
        words = ngettext(
            "{count} range of merged cells: each of its cells counts as holding what it shows.",
            "{count} ranges of merged cells: each of their cells counts as holding what they show.",
            sheet.merged,
        )
        lines.append(words.format(count=sheet.merged))
    if sheet.encoding == OLD_ENCODING:
        lines.append(_("Read as Windows-1252: look whether accents are right; UTF-8 is safer."))
    return lines


def _title(place: Place) -> str:
    name, service = place
    words = _(FIELD_TITLES[name])
    return f"{words} ({_(SERVICE_TITLES[service])})" if service else words


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f'"{text}"' for text in texts)


# Words that say what a system is, not which one; a name is compared with them first, then without.
KINDS = frozenset(
    (
        "mobile", "home", "park", "mhp", "trailer", "tp", "rv", "resort", "mutual", "water", "wtr", "system",
        "sys", "company", "co", "service", "district", "dist", "llc", "inc", "county", "parque", "agua",
        "sistema", "casas", "moviles",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Names of systems, plainly written, with the PWSIDs that bear them."""

    whole: Mapping[str, frozenset[str]]
    short: Mapping[str, frozenset[str]]
    other: Mapping[str, frozenset[str]]
    names: Mapping[str, str]

    def find(self, name: str) -> tuple[frozenset[str], bool]:
        """Return the systems that a name may mean, and whether it is the whole name."""
        plain = plain_words(name)
        exact = self.whole.get(plain)
        return (exact, True) if exact else (self.short.get(_short(plain), frozenset()), False)


def name_systems(systems: pd.DataFrame) -> Named:
    """Gather the names of systems: their own, the one that the public sees, and apart from them other ones.

    A number may have been given anew: a system is never found by a name that is not its own, but it is told.

    Parameters
    ----------
    systems
        Dataset ``water_systems``; or no more than ``pwsid`` and ``name``.

    Examples
    --------
    >>> named = name_systems(pd.DataFrame({"pwsid": ["CA1"], "name": ["Oasis Gardens Water Co."]}))
    >>> named.find("OASIS GARDENS MHP")
    (frozenset({'CA1'}), False)
    """
    whole = _gather(systems, ("name", "public_name"))
    other = _gather(systems, ("other_names",))
    names = dict(zip(systems["pwsid"].astype(str), systems["name"].astype(str), strict=True))
    return Named(_frozen(whole), _frozen(_shorten(whole)), _frozen(_shorten(other)), names)


def _gather(systems: pd.DataFrame, columns: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for column in columns:
        if column in systems:
            for pwsid, texts in zip(systems["pwsid"], systems[column], strict=True):
                for text in [] if pd.isna(texts) else str(texts).split(";"):
                    found.setdefault(plain_words(text), set()).add(str(pwsid))
    return found


def _shorten(whole: Mapping[str, set[str]]) -> dict[str, set[str]]:
    short: dict[str, set[str]] = {}
    for plain, pwsids in whole.items():
        short.setdefault(_short(plain), set()).update(pwsids)
    return short


def _short(plain: str) -> str:
    return " ".join(word for word in plain.split() if word not in KINDS) or plain


def _frozen(found: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {plain: frozenset(pwsids) for plain, pwsids in found.items() if plain}


def find_system(pwsid: str, name: str, named: Named) -> tuple[str, str]:
    """Tell which system a row means, and how it was found where that is not by its PWSID alone.

    Raises
    ------
    SchemaError
        The PWSID is malformed.
    StoreError
        Neither is given; the name is unknown, or several bear it; or PWSID and name are those of two systems.

    Examples
    --------
    >>> named = name_systems(pd.DataFrame({"pwsid": ["CA9010002"], "name": ["Oasis Gardens"]}))
    >>> find_system("", "oasis gardens mhp", named)
    ('CA9010002', 'found by name: Oasis Gardens')
    """
    meant, whole = named.find(name) if name else (frozenset(), False)
    if pwsid:
        found = to_pwsid(pwsid)
        if whole and found not in meant:
            raise StoreError(
                _("{pwsid} and the name {name!r} are two systems ({names})").format(
                    pwsid=found, name=name, names=first_ids(sorted(meant))
                ),
                _("mend one of them"),
            )
        return found, ""
    if not name:
        raise StoreError(_("the row names no system"), _("give its PWSID"))
    if len(meant) != 1:
        raise _not_one(name, meant, named)
    (found,) = meant
    return found, _("found by name: {name}").format(name=named.names[found])


def _not_one(name: str, meant: frozenset[str], named: Named) -> StoreError:
    remedy = _("give the PWSID of the one that is meant")
    if meant:
        return StoreError(
            _("{count} systems may be called {name!r} ({names})").format(
                count=len(meant), name=name, names=first_ids(sorted(meant))
            ),
            remedy,
        )
    once = sorted(named.other.get(_short(plain_words(name)), ()))
    if once:
        told = first_ids(f"{pwsid} {named.names[pwsid]}" for pwsid in once)
        words = _("{name!r} is an older or other name only, of {names}")
        return StoreError(words.format(name=name, names=told), remedy)
    return StoreError(_("no system is called {name!r}").format(name=name), _("give its PWSID"))
