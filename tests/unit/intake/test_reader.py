"""The process that reads: confined, limited, started anew when it has gone; others notice nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from geo.errors import CRSError, GeoError, SchemaError
from geo.intake.confine import landlock_version
from geo.intake.limits import PERSON
from geo.intake.reader import BROKEN, DONE, ENVIRONMENT, Answer, Heard, Order, Reader, judge, take_made
from geo.intake.vectors import read_layer, read_vectors
from geo.language import use_language
from geo.settings import ROOT
from tests.unit.intake.hostile_shapes import Prey, collection, frame, vrt
from tests.unit.intake.hostile_sheets import workbook

TABLE = b"pwsid,stage\nCA3310001,planning\n"


@pytest.fixture
def reader() -> Iterator[Reader]:
    """A warm process of its own, ended after the test."""
    made = Reader()
    yield made
    made.stop()


def table(content: bytes = TABLE, name: str = "sheet.csv", **limits: int) -> Order:
    return Order("table", name, {name: content}, {"name": name, "file": name}, replace(PERSON, **limits))


def wait_until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.01)


def pid_of(reader: Reader) -> int:
    assert reader.pid is not None
    return reader.pid


def test_one_process_serves_many_files_and_keeps_one_thread(reader: Reader) -> None:
    first = reader.read(table()).made
    pid = pid_of(reader)
    assert [reader.read(table()).made for _time in range(5)] == [first] * 5
    assert pid_of(reader) == pid
    assert psutil.Process(pid).num_threads() == 1
    assert psutil.Process(pid).children() == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_has_gone_is_started_anew(reader: Reader, number: int) -> None:
    reader.read(table())
    pid = pid_of(reader)
    os.kill(pid, number)
    wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    assert b"CA3310001" in reader.read(table()).made
    assert pid_of(reader) != pid


def test_a_process_that_goes_under_a_file_is_started_anew_for_it(reader: Reader) -> None:
    reader.read(table())
    answers: list[Answer] = []
    slow = table(b"a,b\n" + b"1,2\n" * 200_000)
    thread = threading.Thread(target=lambda: answers.append(reader.read(slow)))
    pid = pid_of(reader)
    thread.start()
    wait_until(lambda: psutil.Process(pid).children() or answers)
    os.kill(pid, signal.SIGKILL)
    thread.join()
    assert len(answers[0].made) > 100_000


def test_what_a_file_costs_ends_with_its_own_reader(reader: Reader) -> None:
    """Time and memory: each refused in its own words, and the process that is warm stays."""
    reader.read(table())
    pid = pid_of(reader)
    many = workbook(**{f"{letter}{row}": 1 for letter in "ABCDEFGH" for row in range(3, 4_000)})
    with pytest.raises(SchemaError, match=r"big.xlsx takes longer to read than a file may \(0 seconds\)"):
        reader.read(table(many, "big.xlsx", cpu_s=0))
    with pytest.raises(SchemaError, match="takes longer"):
        reader.read(table(many, "big.xlsx", wall_s=0))
    with pytest.raises(SchemaError, match=r"takes more memory to read than a file may \(1 MB\)"):
        reader.read(table(many, "big.xlsx", memory_bytes=1_000_000))
    with pytest.raises(SchemaError, match=r"big.xlsx is larger than 0 MB"):
        reader.read(table(many, "big.xlsx", input_bytes=1_000))
    assert pid_of(reader) == pid
    assert b"CA3310001" in reader.read(table()).made


def test_threads_of_several_people_read_at_once(reader: Reader) -> None:
    read: dict[int, bytes] = {}

    def ask(number: int) -> None:
        read[number] = reader.read(table(f"pwsid\nCA{number:07}\n".encode())).made

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number for number, made in read.items() if f"CA{number:07}".encode() in made} == set(range(12))


def test_the_process_ends_with_the_one_that_started_it() -> None:
    code = (
        "from geo.intake.reader import READER; from geo.intake.sheets import read_rows; import os;"
        "read_rows(b'a,b\\n1,2\\n', 'a.csv'); print(READER.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    pid = int(run.stdout)
    wait_until(lambda: not psutil.pid_exists(pid))


def test_the_process_knows_no_setting_of_ours(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_STORE_URL", "postgresql://somebody:secret@nowhere/db")
    reader.read(table())
    held = psutil.Process(pid_of(reader)).environ()
    assert {name for name in held if name not in ENVIRONMENT} <= {"LC_CTYPE"}


def test_a_refusal_is_in_the_language_of_who_asks(reader: Reader) -> None:
    use_language("es")
    try:
        with pytest.raises(SchemaError, match="no se puede leer como tabla"):
            reader.read(table(b"\x00"))
    finally:
        use_language("en")


@pytest.mark.parametrize(
    "said",
    [
        Heard(BROKEN),
        Heard(DONE),
        Heard(DONE, ("no json",)),
        Heard(DONE, ("[]",)),
        Heard(DONE, ('{"answer": 1}',)),
        Heard(DONE, ("[" * 100_000,)),
        Heard(DONE, ('{"answer": {}}', '{"answer": {}}')),
        Heard(DONE, ('{"error": "first_ids", "fault": "x"}',)),
        Heard(DONE, ('{"error": "__doc__"}',)),
    ],
)
def test_whatever_a_reader_says_is_an_answer_or_a_fault(said: Heard) -> None:
    with pytest.raises(SchemaError):
        judge(said, table())


def test_a_fault_keeps_its_class() -> None:
    with pytest.raises(CRSError, match="a: b"):
        judge(Heard(DONE, ('{"error": "CRSError", "fault": "a", "remedy": "b"}',)), table())


def test_what_is_made_is_a_plain_file_in_its_folder(tmp_path: Path, prey: Prey) -> None:
    (tmp_path / "link").symlink_to(prey.file)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 1_000)
    limits = replace(PERSON, output_bytes=10)
    assert take_made(tmp_path / "link", limits) == b""
    assert take_made(tmp_path / "pipe", limits) == b""
    assert take_made(tmp_path / "none", limits) == b""
    assert take_made(tmp_path / "large", limits) == b"x" * 10


CONFINED = """
import socket, sys, os
from pathlib import Path
from geo.intake.confine import confine
from geo.intake.limits import PERSON
confine(Path(sys.argv[1]), PERSON)
def tell(what, do):
    try: do(); print(what, "yes")
    except OSError as error: print(what, "no")
tell("own", lambda: Path("made").write_bytes(b"x"))
tell("code", lambda: Path(os.__file__).read_bytes())
tell("users", lambda: Path("/etc/passwd").read_bytes())
tell("store", lambda: Path(sys.argv[2]).read_bytes())
tell("list", lambda: os.listdir(Path(sys.argv[2]).parent))
tell("beside", lambda: Path(sys.argv[1]).parent.joinpath("x").write_bytes(b""))
tell("code written", lambda: Path(os.__file__).open("ab"))
tell("program", lambda: os.execv("/bin/true", ["true"]))
tell("web", lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3]))))
"""


@pytest.mark.skipif(landlock_version() < 4, reason="this system has no Landlock with TCP")
def test_a_confined_process_reaches_its_folder_and_nothing_else(tmp_path: Path, prey: Prey) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    port = prey.address.rpartition(":")[2]
    run = subprocess.run(
        [sys.executable, "-c", CONFINED, str(folder), str(prey.store), port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = dict(line.rsplit(" ", 1) for line in run.stdout.splitlines())
    assert {what for what, reached in told.items() if reached == "yes"} == {"own", "code"}
    assert len(told) == 9


ONE_DRIVER = """
import sys
from pathlib import Path
from geo.intake.shapes import use_one_driver
import pyogrio
for driver in ("GeoJSON", "GPKG", "LIBKML", "ESRI Shapefile"):
    use_one_driver(driver)
    try: print(pyogrio.list_layers(Path(sys.argv[1])))
    except pyogrio.errors.DataSourceError: print("refused by", driver)
"""


def test_one_driver_opens_no_other_format_whatever_was_checked_before(tmp_path: Path, prey: Prey) -> None:
    """Each fence holds alone: without a look into the file, and without a shut folder."""
    path = tmp_path / "area.geojson"
    path.write_bytes(vrt(str(prey.store), "SELECT body AS name, 'POINT (0 0)' AS w FROM journal"))
    run = subprocess.run(
        [sys.executable, "-c", ONE_DRIVER, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    drivers = ("GeoJSON", "GPKG", "LIBKML", "ESRI Shapefile")
    assert run.stdout.splitlines() == [f"refused by {driver}" for driver in drivers]


def test_a_layer_of_this_machine_comes_as_it_is(tmp_path: Path) -> None:
    """In its own CRS, from a zip or from parts with suffixes in capitals."""
    made = frame().to_crs("EPSG:2230")
    made.to_file(tmp_path / "area.shp")
    for end in (".dbf", ".prj"):
        (tmp_path / f"area{end}").rename(tmp_path / f"area{end.upper()}")
    read = read_layer(tmp_path / "area.shp")
    assert read.crs == made.crs
    assert read.geom_equals(made.geometry).all()
    (tmp_path / "area.DBF").unlink()
    with pytest.raises(SchemaError, match=r"the shapefile area.shp lacks its .dbf"):
        read_layer(tmp_path / "area.shp")
    with pytest.raises(SchemaError, match="no file of shapes"):
        read_layer(tmp_path / "area.vrt")


def test_shapes_of_several_kinds_and_columns_come_whole() -> None:
    one = read_vectors(collection(), "a.geojson").frame
    assert one.columns.tolist() == ["name", "geometry"]
    assert (one.crs, one.loc[0, "name"]) == ("EPSG:4326", "A")
    with pytest.raises(GeoError, match="no file of shapes"):
        read_vectors(collection(), "a.vrt")
