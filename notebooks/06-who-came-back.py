# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Who came back?
#
# "70 residents came to four consecutive sessions." A funder reads one number. It can be counted in at least
# three ways, and with the same sign-in sheets they give three different numbers. This notebook counts them
# all, shows who makes the difference, and ends with what may be printed for everybody.
#
# The sheets here are invented, so that the answer is known beforehand: six sessions, and 140 people of whom
# exactly 70 came to four sessions one after another.

# %%
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

# The checkout that this notebook lies in.
sys.path.insert(
    0, str(next(folder for folder in (Path.cwd(), *Path.cwd().parents) if (folder / "geo").is_dir()))
)

from geo.methods.disclosure.small_counts import suppress
from geo.program.regulars import Regularity, came_flags, regular_people, regulars_by_session

print("Invented sign-in sheets: invented data, whatever region is built")

# %% [markdown]
# ## The sheets
#
# One row a person and session, a code in place of a name. Each group below is written as the sessions that its
# people came to. The 30 who came to the first two and the last two sessions came to four, too, but not in a row.

# %%
GROUPS = {
    "the first four": ([1, 2, 3, 4], 25),
    "the middle four": ([2, 3, 4, 5], 20),
    "late, then every time": ([3, 4, 5, 6], 15),
    "every session": ([1, 2, 3, 4, 5, 6], 10),
    "first two and last two": ([1, 2, 5, 6], 30),
    "every second time": ([1, 3, 5], 18),
    "once": ([6], 22),
}
came, group_of = [], {}
for letter, (name, (sessions, people)) in zip("ABCDEFG", GROUPS.items(), strict=True):
    for number in range(people):
        code = f"{letter}{number:02}"
        group_of[code] = name
        came += [{"event": f"session {session}", "person": code} for session in sessions]
# A sheet that was typed in twice: nobody came twice to one session.
attendance = pd.DataFrame(came + came[:40]).sample(frac=1, random_state=0, ignore_index=True)
held = pd.DataFrame({"event": [f"session {number}" for number in range(1, 7)], "series": "Regional plan"})
print(f"{len(attendance)} lines on {len(held)} sheets, {attendance['person'].nunique()} people")

# %% [markdown]
# ## Three ways to count
#
# * **At least four sessions**: any four of the six.
# * **Four in a row**: four sessions one after another, whenever they began.
# * **The most at one session**, which is what a headcount at the door gives. It counts no person twice, but says
#   nothing of who came back.

# %%
any_four = regular_people(attendance, held, Regularity(4))
in_a_row = regular_people(attendance, held, Regularity(4, in_a_row=True))
by_session = regulars_by_session(attendance, held, Regularity(4, in_a_row=True))
pd.Series(
    {
        "at least four sessions": len(any_four),
        "four in a row": len(in_a_row),
        "most at one session": by_session["people"].max(),
    },
    name="people",
).to_frame()

# %% [markdown]
# Who is counted by the first way and not by the second:

# %%
pd.Series(sorted(any_four - in_a_row)).map(group_of).value_counts().rename("people").to_frame()

# %% [markdown]
# ## The same 70, session by session
#
# Only the third and the fourth session had all of the 70: they began at different times. Whoever reads the count
# of regulars at the last session alone would print 25.

# %%
sizes = by_session.set_index("event")
figure, axes = plt.subplots(figsize=(8, 3.5))
axes.bar(sizes.index, sizes["people"], color="0.85", label="all who came")
axes.bar(sizes.index, sizes["regular"], color="#1b5e7a", label="came to four in a row")
for place, (all_who_came, regular) in enumerate(zip(sizes["people"], sizes["regular"], strict=True)):
    axes.text(place, all_who_came + 1, all_who_came, ha="center")
    axes.text(place, regular - 6, regular, ha="center", color="white")
axes.set_ylim(0, sizes["people"].max() * 1.15)
axes.set_ylabel("people")
axes.set_title("Invented data: people at six sessions")
axes.legend(loc="upper left", ncols=2, frameon=False)
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# ## Checked the slow way
#
# A person at a time, a window of four sessions at a time.

# %%
people, flags = came_flags(attendance, held)
slow = {
    person
    for person, row in zip(people, flags, strict=True)
    if any(all(row[first : first + 4]) for first in range(len(row) - 3))
}
assert slow == in_a_row
assert len(in_a_row) == 70
assert len(any_four) == 100

# %% [markdown]
# ## What may stand on a public page
#
# Of a group of fewer than ten nothing is shown, and neither is what would give it away. If twelve people came by
# bus, five on foot and 53 by car, then of the three counts only one may be shown beside the total: with two of
# them the third would follow.

# %%
arrived = pd.Series({"by bus": 12, "on foot": 5, "by car": 53}, name="people")
pd.DataFrame({"counted": arrived, "shown": suppress(arrived)})

# %% [markdown]
# ## What to take from it
#
# * Say which rule was used, beside the figure: "70 people came to at least four sessions in a row".
# * A figure of attendance without codes (a headcount) cannot answer the question at all: add it beside, never in.
# * **A limit:** a code stands for an e-mail address or a phone number. Who signs in with another one the next
#   time is two people here, and may be missing among the 70.
