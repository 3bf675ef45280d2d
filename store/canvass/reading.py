"""Reading a canvass: turfs, volunteers, visits and paper totals as they stand, as records and as frames."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

import pandas as pd

from geo.canvass.codes import Disposition, TurfStatus
from store.canvass.kinds import Cut, Tally, Turf, Visit, Volunteer
from store.journal import Journal
from store.records import Kept, Record, to_kept

R = TypeVar("R", bound=Record)
SheetKey = tuple[str, str, str]
VISIT_COLUMNS = ["id", "turf", "unit", "door", "on", "disposition"]
TALLY_COLUMNS = ["turf", "on", "sheet", *map(str, Disposition), "apart"]
TURF_COLUMNS = [
    "code",
    "doors",
    "households",
    "population",
    "hours",
    "units",
    "status",
    "volunteer",
    "language",
    "out_on",
    "note",
]
VOLUNTEER_COLUMNS = ["pseudonym", "languages", "area", "hours_a_week", "has_car"]


class CanvassReading:
    """What is recorded of the canvass of one region."""

    def __init__(self, journal: Journal, region: str) -> None:
        self.journal = journal
        self.region = region

    def kept(self, kind: type[R]) -> dict[str, Kept[R]]:
        """Return the records of a kind as they stand, by key."""
        found = self.journal.latest(self.region, kind.kind)
        return {entry.key: to_kept(kind, entry) for entry in found}

    def next_cut(self) -> int:
        """Return the number of the cut that is kept next."""
        return len(self.journal.latest(self.region, Cut.kind))

    def turfs(self) -> pd.DataFrame:
        """Return the turfs as they stand, by code; ``units`` a tuple."""
        rows = [kept.record.model_dump(include=set(TURF_COLUMNS)) for kept in self.kept(Turf).values()]
        frame = pd.DataFrame(rows, columns=TURF_COLUMNS).set_index("code")
        return frame.assign(status=frame["status"].astype(str), out_on=pd.to_datetime(frame["out_on"]))

    def turf_numbers(self) -> dict[str, int]:
        """Return the number of every turf's newest entry by code: what whoever changes it has seen."""
        return {code: kept.number for code, kept in self.kept(Turf).items()}

    def volunteers(self) -> pd.DataFrame:
        """Return the volunteers by pseudonym, with ``hours_taken``, the hours of turfs that they have out."""
        rows = [kept.record.model_dump(include=set(VOLUNTEER_COLUMNS)) for kept in self._people()]
        frame = pd.DataFrame(rows, columns=VOLUNTEER_COLUMNS).set_index("pseudonym")
        turfs = self.turfs()
        out = turfs[turfs["status"] == TurfStatus.OUT]
        taken = out["hours"].astype("float64").groupby(out["volunteer"].str.casefold()).sum()
        hours = [float(taken.get(str(name).casefold(), 0.0)) for name in frame.index]
        return frame.assign(hours_taken=pd.Series(hours, frame.index, dtype="float64"))

    def _people(self) -> list[Kept[Volunteer]]:
        return list(self.kept(Volunteer).values())

    def units_of(self) -> Mapping[str, tuple[str, ...]]:
        """Units of every turf that stands, by code."""
        return {code: kept.record.units for code, kept in self.kept(Turf).items()}

    def former_codes(self) -> set[str]:
        """Codes of turfs that were cut again since."""
        entries = self.journal.history(self.region, Turf.kind)
        return {entry.key for entry in entries if entry.body is None} - set(self.units_of())

    def codes_now(self, code: str) -> list[str]:
        """Return the turfs that hold the blocks of a turf that was cut again, with most of them first."""
        past = self.journal.history(self.region, Turf.kind, code)
        units = {str(unit) for entry in past[-2:] if entry.body for unit in entry.body["units"]}
        shared = {now: len(units & set(members)) for now, members in self.units_of().items()}
        return sorted((now for now, count in shared.items() if count), key=lambda now: -shared[now])

    def in_hand(self) -> set[str]:
        """Return the units of turfs that are no longer merely ready, or have returns."""
        told = {*self.visits()["turf"], *self.tallies()["turf"]}
        records = [kept.record for kept in self.kept(Turf).values()]
        busy = [turf for turf in records if turf.status is not TurfStatus.READY or turf.code in told]
        return {unit for turf in busy for unit in turf.units}

    def visit_ids(self) -> set[str]:
        """Return the identifiers of all visits that ever came in, those taken back among them."""
        return {entry.key for entry in self.journal.history(self.region, Visit.kind)}

    def visits(self) -> pd.DataFrame:
        """Return the visits as they stand, one row each."""
        rows = [kept.record.model_dump(include=set(VISIT_COLUMNS)) for kept in self.kept(Visit).values()]
        frame = pd.DataFrame(rows, columns=VISIT_COLUMNS)
        return frame.assign(on=pd.to_datetime(frame["on"]), disposition=frame["disposition"].astype(str))

    def tallies(self) -> pd.DataFrame:
        """Return the paper totals as they stand, one row a sheet; ``apart``: its doors are others."""
        rows = [kept.record.model_dump(include=set(TALLY_COLUMNS)) for kept in self.kept(Tally).values()]
        frame = pd.DataFrame(rows, columns=TALLY_COLUMNS)
        return frame.assign(on=pd.to_datetime(frame["on"]), apart=frame["apart"].eq(True))

    def visit_days(self) -> dict[str, list[date]]:
        """Return the day of every visit, by the turf that its unit lies in now."""
        now = {unit: code for code, units in self.units_of().items() for unit in units}
        days: dict[str, list[date]] = {}
        for kept in self.kept(Visit).values():
            days.setdefault(now.get(kept.record.unit, kept.record.turf), []).append(kept.record.on)
        return days

    def sheets_taken_back(self) -> set[SheetKey]:
        """Return turf, day (ISO 8601) and sheet of the paper sheets that were taken back."""
        entries = {entry.key: entry for entry in self.journal.history(self.region, Tally.kind)}
        gone = [key.split("/", 2) for key, entry in entries.items() if entry.body is None]
        return {(turf, day, sheet) for turf, day, sheet in gone}

    def sheets_apart(self) -> set[SheetKey]:
        """Return turf, day and sheet of those whose doors no other return holds, as somebody said."""
        records = [kept.record for kept in self.kept(Tally).values()]
        return {(tally.turf, tally.on.isoformat(), tally.sheet) for tally in records if tally.apart}

    def tally_counts(self) -> dict[SheetKey, dict[str, int]]:
        """Return the counts of every paper sheet by turf, day (ISO 8601) and sheet."""
        records = [kept.record for kept in self.kept(Tally).values()]
        return {
            (tally.turf, tally.on.isoformat(), tally.sheet): {
                str(item): int(getattr(tally, str(item))) for item in Disposition
            }
            for tally in records
        }
