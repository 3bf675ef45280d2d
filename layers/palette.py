"""Colors that color-blind people can read, and the measures by which tests hold them to it."""

from __future__ import annotations

from branca.utilities import color_brewer

NO_DATA = "#d9d9d9"
OUTLINE = "#5a5a5a"
INK = "#1a1a1a"
FEWEST_SHADES = 3

# Okabe and Ito, Color Universal Design (2008).
ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
BLUISH_GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
REDDISH_PURPLE = "#CC79A7"
GRAY = "#999999"


def ramp(count: int) -> list[str]:
    """Sequential shades of ColorBrewer's YlGnBu, light for low and dark for high.

    Examples
    --------
    >>> ramp(3)
    ['#edf8b1', '#7fcdbb', '#2c7fb8']
    >>> len(ramp(1))
    1
    """
    shades: list[str] = color_brewer("YlGnBu", n=max(count, FEWEST_SHADES))
    return shades[:count]


def luminance(color: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1 (WCAG 2.2).

    Examples
    --------
    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    red, green, blue = (_linear(int(color[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colors, 1 to 21 (WCAG 2.2).

    Examples
    --------
    >>> contrast("#000000", "#ffffff")
    21.0
    """
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
