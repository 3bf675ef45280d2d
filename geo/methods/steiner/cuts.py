"""Optimal trees with proof: directed cuts over HiGHS, for small and medium problems.

The linear program says that every set of nodes with a terminal and without the root is entered by an arc;
cuts that are broken are found by maximum flow and added until none is. Branching is left to HiGHS, and a
branched solution that is not connected gives further cuts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from geo.methods.steiner.dual_ascent import Arborescence, arc_bounds
from geo.methods.steiner.problem import INFINITE

SCALE = 1_000_000
BROKEN = 1e-4
NESTED = 4
Array = np.ndarray


@dataclass(slots=True)
class Answer:
    """A solution of the program: its arcs' values, its cost and a bound on the best."""

    values: Array
    cost: float
    bound: float


class CutModel:
    """The program over the arcs, with the cuts that are known so far.

    Parameters
    ----------
    graph
        The directed form.
    cuts
        Cuts to begin with.
    budget
        Arc costs and their limit, where edge costs are limited rather than minimized.

    Examples
    --------
    >>> from geo.methods.steiner.dual_ascent import to_arborescence
    >>> from geo.methods.steiner.problem import Problem
    >>> star = Problem(4, [(0, 3), (1, 3), (2, 3)], [1.0, 1.0, 1.0], [INFINITE] * 3 + [0.0])
    >>> model = CutModel(to_arborescence(star))
    >>> model.close_cuts(INFINITE).cost
    3.0
    """

    def __init__(
        self,
        graph: Arborescence,
        cuts: list[list[int]] | None = None,
        budget: tuple[list[float], float] | None = None,
    ) -> None:
        self.graph = graph
        self.tails, self.heads = np.array(graph.tails), np.array(graph.heads)
        costs = np.array(graph.costs, dtype=float)
        costs[graph.entries] = 0.0
        self.costs = costs
        self.open = np.ones(len(costs), dtype=bool)
        self.edge_arcs = min([*graph.entries, *graph.detours], default=len(costs))
        self.program = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("random_seed", 0),
            ("mip_rel_gap", 0.0),
        ):
            self.program.setOptionValue(option, value)
        count = len(costs)
        none = np.array([], dtype=np.int32)
        self.program.addCols(
            count, costs, np.zeros(count), np.ones(count), 0, none, none, np.array([], dtype=float)
        )
        self._add_structure()
        if budget is not None:
            self._add_row(np.arange(count), -INFINITE, budget[1], np.array(budget[0], dtype=float))
        self.add_cuts(cuts or [])

    def _add_row(self, arcs: Array, low: float, high: float, values: Array | None = None) -> None:
        amounts = np.ones(len(arcs)) if values is None else values
        self.program.addRow(low, high, len(arcs), arcs.astype(np.int32), amounts)

    def _add_structure(self) -> None:
        """At most one arc into a node; what leaves a node that is no terminal has entered it."""
        graph = self.graph
        into = [np.array(arcs, dtype=np.int32) for arcs in graph.into]
        terminals = set(graph.terminals)
        for node, arcs in enumerate(into):
            if node != graph.root and len(arcs):
                self._add_row(arcs, float(node in terminals), 1.0)
        for arc, tail in enumerate(graph.tails):
            if tail in terminals or tail == graph.root:
                continue
            others = into[tail][self.tails[into[tail]] != graph.heads[arc]]
            values = np.append(np.ones(len(others)), -1.0)
            self._add_row(np.append(others, arc), 0.0, INFINITE, values)
        if graph.entries:
            self._add_row(np.array(graph.entries), 1.0, 1.0)
            for last, detour in enumerate(graph.detours, start=1):
                self._add_row(np.array([*graph.entries[:last], detour]), 1.0, INFINITE)

    def add_cuts(self, cuts: list[list[int]]) -> None:
        """Add rows that say: at least one of these arcs.

        Examples
        --------
        >>> from geo.methods.steiner.dual_ascent import to_arborescence
        >>> from geo.methods.steiner.problem import Problem
        >>> graph = to_arborescence(Problem(2, [(0, 1)], [4.0], [INFINITE] * 2))
        >>> CutModel(graph).add_cuts([[0]])
        """
        if not cuts:
            return
        starts = np.cumsum([0, *(len(cut) for cut in cuts[:-1])]).astype(np.int32)
        arcs = np.concatenate([np.array(cut, dtype=np.int32) for cut in cuts])
        count = len(cuts)
        self.program.addRows(
            count, np.ones(count), np.full(count, INFINITE), len(arcs), starts, arcs, np.ones(len(arcs))
        )

    def close_cuts(self, deadline: float, limit: float = INFINITE) -> Answer | None:
        """Add cuts to the linear program until none is broken, or the clock passes ``deadline``.

        Returns the last optimal solution, whose cost is a bound (infinite where nothing under ``limit`` is
        left); None where there is none.

        Examples
        --------
        >>> from geo.methods.steiner.dual_ascent import to_arborescence
        >>> from geo.methods.steiner.problem import Problem
        >>> graph = to_arborescence(Problem(2, [(0, 1)], [4.0], [INFINITE] * 2))
        >>> CutModel(graph).close_cuts(INFINITE).bound
        4.0
        """
        answer = None
        while True:
            found = self._run(deadline)
            if found is None:
                return answer
            answer = found
            if answer.cost >= limit or time.monotonic() >= deadline:
                return answer
            cuts = self.broken_cuts(answer.values)
            if not cuts:
                return answer
            self._leave_out(answer, limit)
            self.add_cuts(cuts)

    def _leave_out(self, answer: Answer, limit: float) -> None:
        """Close the arcs that are in no solution under ``limit``, by the program's reduced costs."""
        if limit == INFINITE:
            return
        reduced = np.maximum(0.0, np.array(self.program.getSolution().col_dual)).tolist()
        bounds = np.array(arc_bounds(self.graph, answer.bound, reduced))
        closed = np.flatnonzero((bounds >= limit) & (np.arange(len(bounds)) < self.edge_arcs) & self.open)
        self.open[closed] = False
        for arc in closed:
            self.program.changeColBounds(int(arc), 0.0, 0.0)

    def branch(self, deadline: float) -> tuple[Answer | None, bool]:
        """Solve in whole numbers, adding cuts until the solution is connected.

        Returns
        -------
        tuple
            The last answer and whether it is proven best.

        Examples
        --------
        >>> from geo.methods.steiner.dual_ascent import to_arborescence
        >>> from geo.methods.steiner.problem import Problem
        >>> graph = to_arborescence(Problem(2, [(0, 1)], [4.0], [INFINITE] * 2))
        >>> answer, proven = CutModel(graph).branch(INFINITE)
        >>> answer.cost, proven
        (4.0, True)
        """
        count = len(self.costs)
        kind = np.full(count, highspy.HighsVarType.kInteger)
        self.program.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kind)
        answer = None
        while time.monotonic() < deadline:
            found = self._run(deadline, whole=True)
            if found is None:
                break
            answer = found
            if answer.cost == INFINITE:
                return answer, True
            cuts = self.broken_cuts(np.round(answer.values))
            if not cuts:
                return answer, answer.bound >= answer.cost - 1e-6 * max(1.0, abs(answer.cost))
            self.add_cuts(cuts)
        return answer, False

    def _run(self, deadline: float, *, whole: bool = False) -> Answer | None:
        program = self.program
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        program.setOptionValue("time_limit", program.getRunTime() + min(left, 1e6))
        program.run()
        status, kinds = program.getModelStatus(), highspy.HighsModelStatus
        if status == kinds.kInfeasible:
            return Answer(np.zeros(len(self.costs)), INFINITE, INFINITE)
        if status != kinds.kOptimal and not (whole and status == kinds.kTimeLimit):
            return None
        info = program.getInfo()
        values = np.array(program.getSolution().col_value)
        if len(values) == 0:
            return None
        cost = float(info.objective_function_value)
        return Answer(values, cost, float(info.mip_dual_bound) if whole else cost)

    def broken_cuts(self, values: Array) -> list[list[int]]:
        """Find cuts that a solution breaks: nested ones for every terminal.

        Examples
        --------
        >>> from geo.methods.steiner.dual_ascent import to_arborescence
        >>> from geo.methods.steiner.problem import Problem
        >>> graph = to_arborescence(Problem(2, [(0, 1)], [4.0], [INFINITE] * 2))
        >>> CutModel(graph).broken_cuts(np.zeros(2))
        [[0]]
        """
        capacity = np.floor(np.clip(values, 0.0, 1.0) * SCALE + 0.5).astype(np.int32)
        found: dict[tuple[int, ...], None] = {}
        for terminal in self.graph.terminals:
            own = capacity.copy()
            for _ in range(NESTED):
                cut = self._broken_cut(own, terminal)
                if cut is None:
                    break
                found[tuple(int(arc) for arc in cut)] = None
                own[cut] = SCALE
        return [list(cut) for cut in found]

    def _broken_cut(self, capacity: Array, terminal: int) -> Array | None:
        used = np.flatnonzero(capacity)
        size = self.graph.size
        ends = (self.tails[used], self.heads[used])
        network = csr_array((capacity[used], ends), shape=(size, size), dtype=np.int32)
        network.indices, network.indptr = network.indices.astype(np.int32), network.indptr.astype(np.int32)
        result = maximum_flow(network, self.graph.root, terminal)
        if result.flow_value >= SCALE * (1 - BROKEN):
            return None
        residual = csr_array(network - result.flow)
        residual.eliminate_zeros()
        reaching = breadth_first_order(residual.T.tocsr(), terminal, return_predecessors=False)
        inside = np.zeros(size, dtype=bool)
        inside[reaching] = True
        return np.flatnonzero(inside[self.heads] & ~inside[self.tails])
