"""A comparison taken away as a table: what is missing stays empty, and the two sides stay apart."""

from __future__ import annotations

import io

import pandas as pd

from geo.tracts.comparison import Quantity, contrast
from reports.export import Notes, to_csv
from wording.comparison import comparison_table


def test_missing_stays_empty_and_shares_are_percent() -> None:
    pairs = [
        contrast(
            Quantity("share_poverty", 0.125, 0.02, "share", 1.0, 0.4), Quantity("x", None, None, "share")
        ),
        contrast(Quantity("population", 900.0, 90.0, "people"), Quantity("x", 1_000.0, 50.0, "people")),
    ]
    table = comparison_table(pairs, ("Oasis", "Mecca"), {})
    assert table["Oasis"].tolist() == [12.5, 900.0]
    assert table["Oasis: modeled from partial tracts, percent"].iloc[0] == 40.0
    assert table.loc[0, ["Mecca", "Mecca: margin of error (90 %)", "Difference"]].isna().all()
    assert table["Unit"].tolist() == ["percent", "people"]
    assert table["Margin of error of the difference (90 %)"].iloc[1] == round((90**2 + 50**2) ** 0.5, 6)
    read = pd.read_csv(io.BytesIO(to_csv(table, Notes("Compare", ("Bureau, 2018",), invented=True))))
    assert pd.isna(read.loc[0, "Mecca"])
    assert read["sources"].eq("Bureau, 2018").all()
    assert read["warning"].str.contains("INVENTED").all()


def test_two_areas_of_one_name_are_told_apart() -> None:
    pair = contrast(Quantity("population", 1.0, 1.0, "people"), Quantity("population", 9.0, 1.0, "people"))
    table = comparison_table([pair], ("Mecca", "Mecca"), {})
    assert (table["Mecca (1)"].item(), table["Mecca (2)"].item()) == (1.0, 9.0)
    assert (
        table["Statistically different?"].item() == "Statistically different: Mecca (2) is higher by 8 ± 1."
    )
