"""A person's spreadsheet as grids of text: merged cells, dates and percentages as they are meant."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from geo.errors import SchemaError
from geo.intake.reader import READER, Order
from geo.intake.sheets import own_name, unreadable
from geo.language import gettext as _

# What Excel on Windows writes as "CSV" where nobody chose UTF-8.
OLD_ENCODING = "cp1252"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as text, row by row from the first; all rows are equally long.

    ``merged`` counts the ranges of merged cells, each filled with what it shows; ``encoding`` says how a CSV
    was written; ``hidden``, ``hidden_rows`` (from 1) and ``hidden_columns`` (from 0) are what the person does
    not see in a workbook.
    """

    title: str
    cells: tuple[tuple[str, ...], ...]
    merged: int = 0
    encoding: str = ""
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def read_grids(content: bytes, name: str) -> list[Grid]:
    r"""Read every sheet of a workbook (XLSX, or XLS of Excel before 2007), or a CSV file as one sheet.

    A date is written YYYY-MM-DD, a number without needless decimals, a cell shown as a percentage with its
    sign; empty cells are empty text. CSV may be UTF-8, UTF-16 or Windows-1252, with comma, semicolon, tab
    or bar. A formula that nothing has computed yet stands as it is written, from its sign of equality.

    Raises
    ------
    SchemaError
        It is neither, holds no cells, or is larger than a person's sheet may be.

    Examples
    --------
    >>> read_grids(b"Our board;\nPWSID;Stage\nCA3310001;planning\n", "board.csv")[0].cells[1]
    ('PWSID', 'Stage')
    """
    file = own_name(name)
    made = READER.read(Order("grids", name, {file: content}, {"name": name, "file": file})).made
    try:
        grids = [_grid(item) for item in json.loads(made)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unreadable(name) from error
    filled = [grid for grid in grids if grid.cells]
    if not filled:
        raise SchemaError(_("{name} has no rows").format(name=name), _("nothing was written"))
    return filled


def _grid(item: Any) -> Grid:
    cells = tuple(tuple(row) for row in item["cells"])
    if len({len(row) for row in cells}) > 1:
        raise TypeError("rows of several lengths")
    if not all(isinstance(text, str) for row in cells for text in row):
        raise TypeError("a cell that is no text")
    hidden_rows = frozenset(int(row) for row in item["hidden_rows"])
    title, encoding = str(item["title"]), str(item["encoding"])
    hidden = (bool(item["hidden"]), hidden_rows, frozenset(map(int, item["hidden_columns"])))
    return Grid(title, cells, int(item["merged"]), encoding, *hidden)
