"""How large a file may be, and what reading it may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: sizes in bytes, times in seconds.

    Attributes
    ----------
    input_bytes, unpacked_bytes, text_bytes, output_bytes
        The file as it comes, what a zip in it may unpack to, the texts of a sheet written out, and what may
        be made of it.
    memory_bytes
        Memory beside what the warm process holds.
    cpu_s, wall_s
        Seconds of a processor, and by the clock.
    cells
        Cells of a table, empty ones within it included.
    """

    input_bytes: int
    unpacked_bytes: int
    text_bytes: int
    output_bytes: int
    memory_bytes: int
    cpu_s: int
    wall_s: int
    cells: int


# Whoever opens the page.
PERSON = Limits(
    input_bytes=20_000_000,
    unpacked_bytes=200_000_000,
    text_bytes=50_000_000,
    output_bytes=400_000_000,
    memory_bytes=1_000_000_000,
    cpu_s=20,
    wall_s=60,
    cells=500_000,
)
# Whoever has the machine, at its command line: a state's blocks, unpacked, have several hundred MB.
PUBLISHER = Limits(
    input_bytes=4 << 30,
    unpacked_bytes=4 << 30,
    text_bytes=1 << 30,
    output_bytes=8 << 30,
    memory_bytes=8 << 30,
    cpu_s=600,
    wall_s=900,
    cells=2_000_000,
)
