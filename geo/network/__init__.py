"""One network for many: trees that connect chosen systems, or those worth it, with proof of how good.

``steiner_tree`` connects all terminals at least cost; ``prize_collecting_tree`` weighs prizes against cost,
or collects what a budget allows. Both give a bound that is proven.
"""

from geo.network.prize import prize_collecting_tree
from geo.network.steiner import steiner_tree
from geo.network.tree import Tree

__all__ = ["Tree", "prize_collecting_tree", "steiner_tree"]
