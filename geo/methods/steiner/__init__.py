"""One network for many: trees that connect chosen systems, or those worth it, with proof of how good.

``steiner_tree`` connects all terminals at least cost; ``prize_collecting_tree`` weighs prizes against cost,
or collects what a budget allows. Both give a bound that is proven.
"""

from geo.methods.steiner.problem import Tree
from geo.methods.steiner.trees import prize_collecting_tree, steiner_tree

__all__ = ["Tree", "prize_collecting_tree", "steiner_tree"]
