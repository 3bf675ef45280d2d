"""Which counts can be shown so that no hidden one follows from them by adding and subtracting.

People are counted in *cells* that overlap nowhere (who came to these sessions and no others); every figure
adds up some of the cells. A figure follows from shown ones where it is a sum of multiples of them. Of a shown
count of zero it is known besides that each of its cells is empty. A *secret* is a count from 1 to 9, also one
that nobody shows: where one group lies within another, those in the other alone are a count as well.

The rule is complementary suppression by linear auditing (Federal Committee on Statistical Methodology,
*Statistical Policy Working Paper 22*, 2005, chapter IV): figures are offered one after the other, the most
useful first, and one from which a secret would follow is not shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from geo.methods.disclosure.small_counts import LEAST, is_small

Cells = NDArray[np.float64]
# Counts are sums of whole cells: what is left of one that does not follow is far longer than rounding.
NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Figure:
    """A count: its name, its value, and how often it counts each cell.

    It is ``guarded`` where it is a secret whatever its value.
    """

    name: Hashable
    value: int
    cells: Cells
    guarded: bool = False

    @property
    def secret(self) -> bool:
        """Whether nobody is to learn it who is not shown it."""
        return self.guarded or is_small(self.value)


def choose_shown(
    offered: Sequence[Figure], secrets: Sequence[Figure] = (), given: Sequence[Figure] = ()
) -> frozenset[Hashable]:
    """Choose the figures that can be shown together; what follows from them is chosen too.

    Parameters
    ----------
    offered
        Counts of the same cells, the most useful first. Small ones, and small differences of one group within
        another, are secrets.
    secrets
        Further counts that are not offered.
    given
        What is shown in any case.

    Examples
    --------
    Forty came to the first of two sessions, and thirty-five of them were all who came to the second: that
    they came back would tell of five who did not.

    >>> first, second = np.array([1.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0])
    >>> both = Figure("both", 35, np.array([0.0, 0.0, 1.0]))
    >>> sorted(choose_shown([Figure("first", 40, first), Figure("second", 35, second), both]))
    ['first', 'second']
    """
    if not offered:
        return frozenset()
    start = _Known.begin(_watched([*offered, *secrets, *given]), len(offered[0].cells))
    for figure in given:
        start = start.learn(figure.cells)
    known, shown = start, list[Figure]()
    for figure in offered:
        further = known.learn(figure.cells)
        if (further.told <= known.told).all() and not (figure.secret and figure.value):
            known = further
            shown.append(figure)
    return frozenset(figure.name for figure in _without_narrowing(start, given, shown))


def _without_narrowing(start: _Known, given: Sequence[Figure], shown: list[Figure]) -> list[Figure]:
    """Leave out figures until no secret follows from them even for those who know that no cell is negative.

    Seldom any: the first with which one would follow is found by halving, and left out.
    """
    told = start.told | _told(start, given)
    while (_told(start, [*given, *shown]) > told).any():
        low, high = 0, len(shown)
        while high - low > 1:
            half = (low + high) // 2
            low, high = (low, half) if (_told(start, [*given, *shown[:half]]) > told).any() else (half, high)
        shown = shown[: high - 1] + shown[high:]
    return shown


def _told(known: _Known, figures: Sequence[Figure]) -> NDArray[np.bool_]:
    """Which secrets follow from figures, also by way of cells that must be empty."""
    if not figures:
        return np.zeros(len(known.watched), dtype=bool)
    rows = np.array([figure.cells for figure in figures])
    live = _may_hold(rows, np.array([float(figure.value) for figure in figures]))
    basis = _span(rows * live)
    beside = _lengths(known.watched * live) - _lengths(known.watched @ basis.T)
    return (beside <= NOTHING) & known.secret


def _may_hold(rows: Cells, values: Cells) -> NDArray[np.bool_]:
    """Which cells may hold anybody where the rows' sums are these and no cell is negative.

    A linear program: of all solutions, scaled by at least one, that with the most cells of at least one.
    """
    size = rows.shape[1]
    sums = np.hstack([rows, rows, -values[:, None]])
    bounds = [(0, None)] * size + [(0, 1)] * size + [(1, None)]
    aim = np.repeat([0.0, -1.0, 0.0], [size, size, 1])
    found = linprog(aim, A_eq=sums, b_eq=np.zeros(len(rows)), bounds=bounds, method="highs")
    if found.x is None:
        return np.ones(size, dtype=bool)
    return np.asarray(found.x[size : 2 * size] > 0.5)


def _watched(figures: Sequence[Figure]) -> list[Figure]:
    """Keep what is a secret, or empty, of the figures and of their differences; each once."""
    found = {figure.cells.tobytes(): figure for figure in figures if figure.secret or figure.value == 0}
    if figures:
        for rest in _differences(figures):
            found.setdefault(rest.cells.tobytes(), rest)
    return list(found.values())


def _differences(figures: Sequence[Figure]) -> list[Figure]:
    """Return who is in one group alone, of every group within another, where they are fewer than ten."""
    values = np.array([figure.value for figure in figures])
    cells = np.array([figure.cells for figure in figures])
    found = []
    for inner, value in enumerate(values):
        near = np.flatnonzero((values >= value) & (values - value < LEAST))
        rest = cells[near] - cells[inner]
        within = (rest >= 0).all(axis=1) & rest.any(axis=1)
        found += [
            Figure(None, int(values[outer] - value), row)
            for outer, row in zip(near[within], rest[within], strict=True)
        ]
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What follows from the figures that were learned.

    ``basis`` is one of their span, over the cells not known to be empty (``live``); ``beside`` is how much of
    each watched count, its length squared, lies beside that span.
    """

    watched: Cells
    secret: NDArray[np.bool_]
    live: NDArray[np.bool_]
    learned: tuple[Cells, ...]
    basis: Cells
    beside: Cells

    @classmethod
    def begin(cls, watched: Sequence[Figure], size: int) -> _Known:
        """Know nothing yet."""
        cells = np.array([figure.cells for figure in watched]).reshape(-1, size)
        secret = np.array([figure.secret for figure in watched], dtype=bool)
        return cls(cells, secret, np.ones(size, dtype=bool), (), np.zeros((0, size)), _lengths(cells))

    @property
    def follows(self) -> NDArray[np.bool_]:
        """Which watched counts follow from what was learned."""
        return self.beside <= NOTHING

    @property
    def told(self) -> NDArray[np.bool_]:
        """Which secrets follow."""
        return self.follows & self.secret

    def learn(self, cells: Cells) -> _Known:
        """Learn one more count."""
        return self._with(cells)._without_empty()

    def _with(self, cells: Cells) -> _Known:
        learned, row = (*self.learned, cells), _beside(cells * self.live, self.basis)
        if row is None:
            return self
        beside = self.beside - (self.watched @ row) ** 2
        return replace(self, learned=learned, basis=np.vstack([self.basis, row]), beside=beside)

    def _without_empty(self) -> _Known:
        """Leave out the cells of what follows and is zero, until no more are found."""
        empty = self.watched[self.follows & ~self.secret].any(axis=0) & self.live
        if not empty.any():
            return self
        live = self.live & ~empty
        basis = _span(np.array(self.learned) * live)
        beside = _lengths(self.watched * live) - _lengths(self.watched @ basis.T)
        return replace(self, live=live, basis=basis, beside=beside)._without_empty()


def _span(rows: Cells) -> Cells:
    """Return an orthonormal basis of what the rows span."""
    basis = np.zeros((0, rows.shape[1]))
    for row in rows:
        found = _beside(row, basis)
        if found is not None:
            basis = np.vstack([basis, found])
    return basis


def _beside(row: Cells, basis: Cells) -> Cells | None:
    """Return the direction in which a row leaves a basis; None where it follows from it."""
    for _again in range(2):
        row = row - (basis @ row) @ basis
    size = float(row @ row)
    return None if size <= NOTHING else row / size**0.5


def _lengths(cells: Cells) -> Cells:
    return np.asarray(np.einsum("ij,ij->i", cells, cells), dtype=float)
