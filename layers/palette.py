"""Colors that color-blind people can read, and the measures by which tests hold them to it."""

from __future__ import annotations

from dataclasses import dataclass

from branca.utilities import color_brewer

from geo.language import mark as N_

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

# Sequential palettes of ColorBrewer: what a person chooses, and the name there.
PALETTES: dict[str, tuple[str, str]] = {
    "blue": (N_("Yellow to blue"), "YlGnBu"),
    "brown": (N_("Yellow to brown"), "YlOrBr"),
    "purple": (N_("Pale blue to purple"), "BuPu"),
}
USUAL = "blue"
# Joshua Stevens, Bivariate Choropleth Maps (2015): rows rise by the second figure, columns by the first.
PAIRED = (
    ("#f3f3f3", "#b4d3e1", "#509dc2"),
    ("#f3e6b3", "#b3b3b3", "#376387"),
    ("#f3b300", "#b36600", "#262626"),
)


@dataclass(frozen=True, slots=True)
class Colors:
    """How values become colors: a key of :data:`PALETTES`, whether dark is low, how dense (0 to 1)."""

    palette: str = USUAL
    reverse: bool = False
    opacity: float = 0.75

    def shades(self, count: int) -> list[str]:
        """Shades of so many classes, from low to high.

        Examples
        --------
        >>> Colors("brown").shades(3), Colors("brown", reverse=True).shades(3)[0]
        (['#fff7bc', '#fec44f', '#d95f0e'], '#d95f0e')
        """
        shades = ramp(count, self.palette)
        return shades[::-1] if self.reverse else shades


PLAIN = Colors()


def ramp(count: int, palette: str = USUAL) -> list[str]:
    """Sequential shades of a palette, light for low and dark for high.

    Examples
    --------
    >>> ramp(3)
    ['#edf8b1', '#7fcdbb', '#2c7fb8']
    >>> len(ramp(1))
    1
    """
    shades: list[str] = color_brewer(PALETTES[palette][1], n=max(count, FEWEST_SHADES))
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
