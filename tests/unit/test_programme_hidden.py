"""What others are not to see of a programme: no small count can be had by subtracting what they see."""

from __future__ import annotations

import pandas as pd

from geo.programme_tables import elsewhere_shown, enrolment_shown


def test_a_small_rest_is_not_given_away_by_the_tracts() -> None:
    """60 and 40 beside a measure of 104 would tell the four who live elsewhere."""
    table = pd.DataFrame({"enrolled": [60, 40], "share": 0.5, "share_moe": 0.1})
    found = enrolment_shown(table, full=False, elsewhere=4)
    assert found["enrolled"].tolist() == [60, pd.NA]
    assert found["share"].isna().tolist() == [False, True]
    assert elsewhere_shown(table, 4, full=False) is None
    assert elsewhere_shown(table, 4, full=True) == 4
