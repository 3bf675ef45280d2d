"""What should become of each row of a task force's tracker, written by hand before any code read it.

The tracker (shared/cases/tracker.xlsx) has invented stages and money. By its own number of each row: what is
taken as stage, its day, money and water bill, where a person says on the page what is in :data:`HEADINGS`,
taken as stage, its day, money and water bill, where a person says on the page what is in :data:`HEADINGS`,
row does not tell.
"""

from __future__ import annotations

HEADINGS = {"Where are we at?": "stage"}
WORDS = {
    "Tied in!": "connected",
    "Connected - meter set": "connected",
    "Under const.": "under_construction",
    "funded - SAFER": "funded",
    "Has $$": "funded",
    "90% design": "design",
    "In design": "design",
    "not started yet": "not_started",
    "won't connect (too far)": "not_feasible",
}
# Words that are no stage, and stay words: "On hold", "waiting on County", "??".
EMPTY = {"funding_status": "awarded", "rate_on": "2026"}
ASKED, LEFT = "asked", "left"

LEFT_OUT, DESIGN, BUILT = "-", "design", "under_construction"
YEAR_25 = "2024-07/2025-06"
ROWS: dict[int, tuple[str, str, str, str] | str] = {
    1: ASKED,  # connected here, in design in row 41
    2: ("connected", "2025-06-17", "1250000 DWSRF construction", "38.5"),
    3: (BUILT, "2025-06", "1350000 USDA RD", "52"),
    4: (BUILT, "2025-06-17", "950000 Prop 1", ""),
    5: ("funded", "2025-06-17", LEFT_OUT, ""),  # no amount
    6: ("funded", YEAR_25, LEFT_OUT, LEFT_OUT),  # the money of nine parks; 45-60
    7: (DESIGN, "2025", LEFT_OUT, "45"),
    8: (DESIGN, "", LEFT_OUT, "38.5"),  # pending
    9: ("planning", "2024-10-03", LEFT_OUT, "52"),  # 0
    10: ("feasibility", "2025-06-21", LEFT_OUT, ""),  # nobody named who pays
    11: ("not_started", "", "500000 SAFER", ""),
    12: (LEFT_OUT, LEFT_OUT, "1200000 DWSRF construction", LEFT_OUT),
    13: ASKED,  # the name is another system's
    14: (LEFT_OUT, LEFT_OUT, "1350000 Prop 1", "38.5"),
    15: ("connected", "2025-05-06", "950000 ARPA (County)", "52"),
    16: (LEFT_OUT, LEFT_OUT, LEFT_OUT, ""),
    17: ("connected", "2025-06-17", LEFT_OUT, ""),
    18: ("connected", "2025-06-17", LEFT_OUT, LEFT_OUT),
    19: (BUILT, "2025-06", LEFT_OUT, "45"),
    20: (BUILT, "2025-06-17", LEFT_OUT, "38.5"),
    21: ("funded", "2025-06-17", "2700000 SAFER", "52"),
    22: ("funded", YEAR_25, "500000 DWSRF construction", ""),
    23: (DESIGN, "2025", "1200000 USDA RD", ""),  # found by name
    24: (DESIGN, "", "1250000 Prop 1", LEFT_OUT),
    25: ("planning", "2024-10-03", "1350000 ARPA (County)", "45"),
    26: ("feasibility", "2025-06-21", "950000 Community Project Funding FY23", "38.5"),
    27: ("not_started", "", LEFT_OUT, "52"),
    28: (LEFT_OUT, LEFT_OUT, LEFT_OUT, ""),
    29: ("not_feasible", "2025-02-13", "", ""),
    30: (LEFT_OUT, LEFT_OUT, LEFT_OUT, LEFT_OUT),
    31: ASKED,  # the name of one system, the number of another
    32: (LEFT_OUT, LEFT_OUT, "2700000 DWSRF construction", "38.5"),
    33: ("connected", "2025-06-17", "500000 USDA RD", "52"),
    34: ASKED,  # a letter O in the number, which then is that of row 35
    35: ASKED,
    36: (BUILT, "2025-06-17", "1350000 Community Project Funding FY23", LEFT_OUT),
    37: ("funded", "2025-06-17", "950000 IRWM", "45"),
    38: ASKED,  # the number of row 31
    39: (DESIGN, "2025", LEFT_OUT, "52"),
    40: (DESIGN, "", "", ""),
    41: ASKED,
    42: LEFT,  # on no list
    43: LEFT,  # a row of totals
}
# What a person answers, by the row that asks, and what is taken then; of rows 34 and 13 nothing.
ANSWERS = {1: "row 6", 31: "CA3303066", 34: "", 13: ""}
AFTERWARDS: dict[int, tuple[str, str, str, str]] = {
    1: ("connected", "2025-06-17", "1200000 SAFER", "45"),
    31: ("connected", "2025-05-06", LEFT_OUT, "45"),
    35: (BUILT, "2025-06", "1250000 ARPA (County)", ""),
    38: ("funded", YEAR_25, LEFT_OUT, "38.5"),
}


def row_of(number: int) -> int:
    """The row of the spreadsheet that bears a number; 42 and 43 are the two without one."""
    return number + 5 + (number > 15) + (number > 28)
