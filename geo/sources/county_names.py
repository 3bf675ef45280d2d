"""Names of California's counties, as the State's own layers write them in place of a GEOID."""

from __future__ import annotations

from geo.errors import FetchError, first_ids
from geo.language import gettext as _

STATE = "06"
# In the order of their codes, which are the odd numbers from 001 to 115.
CALIFORNIA = (
    "Alameda", "Alpine", "Amador", "Butte", "Calaveras", "Colusa", "Contra Costa", "Del Norte",
    "El Dorado", "Fresno", "Glenn", "Humboldt", "Imperial", "Inyo", "Kern", "Kings", "Lake", "Lassen",
    "Los Angeles", "Madera", "Marin", "Mariposa", "Mendocino", "Merced", "Modoc", "Mono", "Monterey",
    "Napa", "Nevada", "Orange", "Placer", "Plumas", "Riverside", "Sacramento", "San Benito",
    "San Bernardino", "San Diego", "San Francisco", "San Joaquin", "San Luis Obispo", "San Mateo",
    "Santa Barbara", "Santa Clara", "Santa Cruz", "Shasta", "Sierra", "Siskiyou", "Solano", "Sonoma",
    "Stanislaus", "Sutter", "Tehama", "Trinity", "Tulare", "Tuolumne", "Ventura", "Yolo", "Yuba",
)  # fmt: skip
NAMES = {f"{STATE}{2 * place + 1:03}": name for place, name in enumerate(CALIFORNIA)}


def county_name(geoid: str) -> str:
    """Name of a county of California, by its five-digit GEOID.

    Raises
    ------
    FetchError
        It is of another state, or there is none.

    Examples
    --------
    >>> county_name("06065"), county_name("06025"), county_name("06115")
    ('Riverside', 'Imperial', 'Yuba')
    """
    if geoid not in NAMES:
        raise FetchError(
            _("there is no county {county} in California").format(county=geoid),
            _("use one of {known}").format(known=first_ids(NAMES)),
        )
    return NAMES[geoid]


def where_in_county(column: str, geoid: str) -> str:
    """Restrict the rows of a layer to a county, whose name is written in capitals or not.

    Examples
    --------
    >>> where_in_county("COUNTY", "06065")
    "COUNTY IN ('RIVERSIDE','Riverside')"
    """
    name = county_name(geoid)
    return f"{column} IN ('{name.upper()}','{name}')"
