"""How compact a shape is: Polsby-Popper and Reock, 1 for a circle."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import require_projected


def polsby_popper(shapes: gpd.GeoSeries) -> pd.Series[float]:
    """Area over that of the circle with the same perimeter: 4 pi A / P^2.

    Needs a projected CRS (m). A missing or empty geometry gives NA. Source: Polsby and Popper
    (1991), "The Third Criterion", Yale Law and Policy Review 9.

    Raises
    ------
    CRSError
        The CRS is missing or not projected.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> polsby_popper(gpd.GeoSeries([box(0, 0, 2, 2)], crs="EPSG:3310")).round(4).tolist()
    [0.7854]
    """
    require_projected(shapes)
    outline = shapes.length.where(shapes.length > 0)
    return pd.Series(4.0 * np.pi * shapes.area / outline**2, index=shapes.index, name="polsby_popper")


def reock(shapes: gpd.GeoSeries) -> pd.Series[float]:
    """Area over that of the smallest circle around the shape.

    Needs a projected CRS (m). A missing or empty geometry gives NA. Source: Reock (1961),
    "Measuring Compactness as a Requirement of Legislative Apportionment", Midwest Journal of
    Political Science 5.

    Raises
    ------
    CRSError
        The CRS is missing or not projected.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> reock(gpd.GeoSeries([box(0, 0, 2, 2)], crs="EPSG:3310")).round(4).tolist()
    [0.6366]
    """
    require_projected(shapes)
    radius = shapely.minimum_bounding_radius(np.asarray(shapes.array, dtype=object))
    circle = pd.Series(np.pi * radius**2, index=shapes.index)
    return (shapes.area / circle.where(circle > 0)).rename("reock")
