"""Colors hold for color-blind people and in print: measured, not judged by eye."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from geo.methods.classify import FEWEST, MOST
from layers import palette
from layers.registry import CONTEXT, LAYERS
from layers.water import STATUSES

# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB.
BLIND = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
WHITE = np.array([0.9505, 1.0, 1.089])
TOLD_APART = 8.0  # CIE76; 2.3 is just noticeable side by side


def to_lab(color: str, kind: str | None = None) -> np.ndarray:
    """CIE Lab of a color as somebody sees it."""
    channels = np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    if kind:
        linear = np.clip(np.array(BLIND[kind]) @ linear, 0, 1)
    ratio = (np.array(TO_XYZ) @ linear) / WHITE
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def apart(first: str, second: str, kind: str | None) -> float:
    return float(np.linalg.norm(to_lab(first, kind) - to_lab(second, kind)))


@pytest.mark.parametrize("kind", [None, *BLIND])
@pytest.mark.parametrize("count", range(FEWEST, MOST + 1))
@pytest.mark.parametrize("name", list(palette.PALETTES))
def test_shades_get_darker_and_can_be_told_apart(name: str, count: int, kind: str | None) -> None:
    shades = palette.ramp(count, name)
    light = [to_lab(shade, kind)[0] for shade in shades]
    assert light == sorted(light, reverse=True)
    assert min(apart(*pair, kind) for pair in combinations(shades, 2)) > TOLD_APART


@pytest.mark.parametrize("kind", [None, *BLIND])
@pytest.mark.parametrize("count", range(FEWEST, MOST + 1))
def test_no_data_is_no_shade(count: int, kind: str | None) -> None:
    shades = [shade for name in palette.PALETTES for shade in palette.ramp(count, name)]
    assert min(apart(palette.NO_DATA, shade, kind) for shade in shades) > TOLD_APART


@pytest.mark.parametrize("kind", [None, *BLIND])
def test_the_nine_colors_of_a_map_of_two_can_be_told_apart(kind: str | None) -> None:
    shades = [shade for row in palette.PAIRED for shade in row]
    assert min(apart(*pair, kind) for pair in combinations(shades, 2)) > TOLD_APART
    assert min(apart(palette.NO_DATA, shade, kind) for shade in shades) > TOLD_APART


def test_no_mark_of_a_system_is_as_blue_as_the_shades_below_it() -> None:
    for _title, color in STATUSES.values():
        _light, a, b = to_lab(color)
        hue = np.degrees(np.arctan2(b, a)) % 360
        assert np.hypot(a, b) < 10 or not 170 < hue < 310, color


@pytest.mark.parametrize("kind", [None, *BLIND])
def test_statuses_can_be_told_apart(kind: str | None) -> None:
    colors = [color for _, color in STATUSES.values()]
    assert min(apart(*pair, kind) for pair in combinations(colors, 2)) > TOLD_APART


def test_symbols_stand_out_from_every_shade_by_their_outline() -> None:
    for layer in (LAYERS["systems"], LAYERS["mobile_home_parks"]):
        assert layer in CONTEXT
    assert palette.contrast(palette.INK, "#ffffff") > 4.5
    for shade in (palette.NO_DATA, *palette.ramp(5)[:3]):
        assert palette.contrast(palette.INK, shade) > 3
