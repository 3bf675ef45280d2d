"""Pairs of boxes, against each box tried with each."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.methods.interpolation.intersections import meeting_boxes


def slow(first, second):
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    return np.argwhere((high > low).all(axis=2)).tolist()


def random_boxes(rng, count, whole):
    corners = rng.uniform(-50, 50, (count, 2))
    sizes = rng.exponential(rng.choice([0.5, 3, 30]), (count, 2)) + 0.01
    boxes = np.hstack([corners, corners + sizes])
    return np.round(boxes) + np.array([0, 0, 1, 1]) if whole else boxes


@pytest.mark.parametrize("seed", range(40))
def test_every_pair_is_found_once(seed):
    rng = np.random.default_rng(seed)
    first, second = (random_boxes(rng, rng.integers(1, 80), seed % 2) for _ in range(2))
    assert np.column_stack(meeting_boxes(first, second)).tolist() == slow(first, second)
    assert np.column_stack(meeting_boxes(first, first)).tolist() == slow(first, first)


def test_tiles_meet_only_themselves():
    x, y = np.divmod(np.arange(10_000.0), 100)
    tiles = shapely.bounds(shapely.box(x, y, x + 1, y + 1))
    for threads in (1, 2):
        i, j = meeting_boxes(tiles, tiles, threads)
        assert np.array_equal(i, np.arange(10_000))
        assert np.array_equal(j, i)


def test_threads_change_nothing():
    rng = np.random.default_rng(0)
    first, second = random_boxes(rng, 20_000, False), random_boxes(rng, 10_000, True)
    one, two = meeting_boxes(first, second, threads=1), meeting_boxes(first, second, threads=2)
    assert np.array_equal(one, two)


def test_no_boxes_no_pairs():
    none, some = np.empty((0, 4)), np.array([[0.0, 0.0, 1.0, 1.0]])
    for first, second in ((none, some), (some, none), (none, none)):
        assert [len(positions) for positions in meeting_boxes(first, second)] == [0, 0]
