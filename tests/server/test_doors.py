"""Who is let in: on every way of starting, by the address, the host and the origin that a request names."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus

from server.doors import MOST_OF_ONE, MOST_SESSIONS, OWN_PLACES, Doors, wanted_only
from store.members import Members, Role
from tests.server.visitor import Visitor
from tests.serving import OURS, ROOT, STREAMLIT, Server, free_port, serving

pytestmark = pytest.mark.slow
T = TypeVar("T")
WORDS = "nine brown dogs at the well"
# Notes each address that is looked up or connected to, and lets it be.
WATCH = """
import sys
def note(event, arguments):
    if event == "socket.getaddrinfo":
        address = str(arguments[0])
    elif event == "socket.connect":
        address = str(arguments[1][0]) if isinstance(arguments[1], tuple) else "127.0.0.1"
    else:
        return
    if address not in ("127.0.0.1", "::1", "localhost", "None"):
        with open(WHERE, "a") as out:
            out.write(event + " " + address + "\\n")
sys.addaudithook(note)
"""


def ask(server: Server, path: str = "/", method: str = "GET", **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    named = {"Host": f"localhost:{server.port}"}
    named.update({name.replace("_", "-"): value for name, value in headers.items()})
    for name, value in named.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.words = answer.read().decode(errors="replace")  # type: ignore[attr-defined]
    connection.close()
    return answer


def listening(process: subprocess.Popen[bytes]) -> set[str]:
    """Addresses on which a process and its children accept connections."""
    everyone = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return {
        item.laddr.ip
        for one in everyone
        for item in one.net_connections("inet")
        if item.status == psutil.CONN_LISTEN
    }


@pytest.mark.parametrize("how", [OURS, STREAMLIT], ids=["python -m server", "streamlit run"])
def test_it_listens_on_this_machine_alone_and_asks_nobody_for_its_address(
    how: tuple[str, ...], store: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    (tmp_path / "sitecustomize.py").write_text(WATCH.replace("WHERE", repr(str(outside))))
    with serving(tmp_path / "log.txt", how=how, PYTHONPATH=str(tmp_path)) as server:
        assert listening(server.process) == {"127.0.0.1"}
        visitor = Visitor(server.address, "data")
        assert "nobody signs in here" not in visitor.words()
        visitor.close()
        answer = ask(server)
        assert answer.headers["Content-Security-Policy"]
        assert ask(server, Host="evil.example.org").status == 421
    assert not outside.exists(), outside.read_text()


def test_the_makefile_and_readme_start_it_no_other_way() -> None:
    for name in ("Makefile", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "server.address" not in text, name
    assert "-m server --port" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert 'address = "127.0.0.1"' in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("how", "options", "settings"),
    [
        (OURS, (), {"GEO_LISTEN": "0.0.0.0"}),
        (STREAMLIT, ("--server.address", "0.0.0.0"), {"GEO_LISTEN": "0.0.0.0"}),
        (STREAMLIT, (), {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "GEO_LISTEN": "0.0.0.0"}),
    ],
)
def test_another_address_is_refused_while_there_is_no_member(
    how: tuple[str, ...], options: tuple[str, ...], settings: dict[str, str], store: str
) -> None:
    done = start_in_vain(how, options, settings)
    assert done.returncode == 1
    assert "Add a first member there: python -m store.members add NAME" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_of_streamlits_own_option_is_refused_where_no_setting_names_it(store: str) -> None:
    done = start_in_vain(STREAMLIT, ("--server.address", "0.0.0.0"), {})
    assert done.returncode == 1
    assert "set GEO_LISTEN=0.0.0.0" in done.stderr


def start_in_vain(
    how: tuple[str, ...], options: tuple[str, ...], settings: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    port = ("--server.port" if "streamlit" in how else "--port", str(free_port()))
    return subprocess.run(
        [sys.executable, *how, *port, *options],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_name_that_a_stranger_points_here_is_not_answered(server: Server) -> None:
    for host in (
        "evil.example.org",
        f"evil.example.org:{server.port}",
        "10.0.0.7",
        "localhost.evil.example.org",
        "",
    ):
        assert ask(server, Host=host).status == 421, host
    for host in ("localhost", f"127.0.0.1:{server.port}", "[::1]:8501"):
        assert ask(server, Host=host).status == 200, host
    with pytest.raises(InvalidStatus, match="403"):
        Visitor(server.address, host="evil.example.org")


def test_pages_of_other_sites_open_no_session_and_load_nothing(server: Server) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        Visitor(server.address, Origin="https://evil.example.org")
    with pytest.raises(InvalidStatus, match="403"):
        Visitor(server.address, Origin="http://localhost:1")
    across = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
    assert ask(server, "/app/static/x.json", **across).status == 403
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert ask(server, "/water", **link).status == 200


def test_what_nobody_needs_is_shut(server: Server) -> None:
    assert ask(server, "/_stcore/metrics").status == 404
    assert ask(server, "/_stcore/agent/interact", "POST").status == 404
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(server, "/water", method).status == 405, method


def test_others_are_let_in_only_while_there_is_a_member(server: Server, members: Members) -> None:
    """Through a proxy on this machine; a proxy that names no host of ours is seen by what it adds."""
    public = {"Host": "maps.example.org", "X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}
    for headers in (public, {"Host": "maps.example.org"}, {"X_Forwarded_For": "203.0.113.9"}):
        answer = ask(server, **headers)
        assert answer.status == 403
        assert "store.members add" in answer.words  # type: ignore[attr-defined]
    assert ask(server).status == 200
    members.add("Ana", Role.COORDINATOR, WORDS, by="Ana")
    wait_until(lambda: ask(server, **public).status == 200)
    answer = ask(server, **public)
    assert answer.headers["Strict-Transport-Security"]
    session = Visitor(server.address, "water", host="maps.example.org")
    assert "signed.passphrase" in session.words()
    members.remove("Ana", by="Ana", reopen=True)
    session.run("water")
    said = session.words()
    assert "This is the public view" in said
    assert "signed.passphrase" not in said
    assert "to record changes" not in said
    wait_until(lambda: ask(server, **public).status == 403)
    session.close()


def test_what_a_browser_says_of_its_view_is_thrown_away(server: Server) -> None:
    for said in ("here", "elsewhere"):
        visitor = Visitor(f"{server.address}/public", "water", X_Geo_View=said)
        assert "This is the public view" in visitor.words()
        visitor.close()


def test_no_more_than_so_many_sessions_are_served() -> None:
    async def wait(scope: object, receive: object, send: object) -> None:
        raise AssertionError("it was let in")

    said: list[object] = []

    async def send(message: object) -> None:
        said.append(message)

    scope = {
        "type": "websocket",
        "path": "/_stcore/stream",
        "server": ("127.0.0.1", 1),
        "headers": [(b"host", b"localhost")],
    }
    run_apart(Doors(wait, most_sessions=0)(scope, None, send))  # type: ignore[arg-type]
    assert said == [{"type": "websocket.close", "code": 1008, "reason": ""}]


def test_one_address_takes_no_more_than_its_share_and_this_machine_gets_in_when_strangers_fill_it() -> None:
    stay = asyncio.Event()
    let_in: list[str] = []

    async def wait(scope: dict[str, Any], receive: object, send: object) -> None:
        let_in.append(scope["client"][0])
        await stay.wait()

    async def ignore(message: object) -> None:
        return None

    def coming(client: str) -> Coroutine[object, object, None]:
        scope = {
            "type": "websocket",
            "path": "/_stcore/stream",
            "server": ("10.0.0.1", 8501),
            "client": (client, 50_000),
            "headers": [(b"host", b"10.0.0.1")],
        }
        return doors(scope, None, ignore)  # type: ignore[arg-type]

    doors = Doors(wait, closed=lambda: True)  # type: ignore[arg-type]

    async def come() -> None:
        named = [f"10.0.0.{number}" for number in (7, 8, 9, 10) for _try in range(MOST_OF_ONE + 20)]
        visits = []
        for client in [*named, "127.0.0.1"]:
            visits.append(asyncio.ensure_future(coming(client)))
            await asyncio.sleep(0)
        await until(lambda: len(let_in) >= MOST_SESSIONS - OWN_PLACES + 1)
        stay.set()
        await asyncio.gather(*visits)

    async def until(state: Callable[[], bool]) -> None:
        while not state():
            await asyncio.sleep(0.01)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEO_LISTEN", "10.0.0.1")
        run_apart(come())
    of_others = dict.fromkeys(["10.0.0.7", "10.0.0.8", "10.0.0.9"], MOST_OF_ONE)
    assert Counter(let_in) == {**of_others, "127.0.0.1": 1}
    assert sum(of_others.values()) == MOST_SESSIONS - OWN_PLACES


def run_apart(work: Coroutine[object, object, T]) -> T:
    """Run to its end in a thread of its own: one that drives a browser has a loop that runs already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def wait_until(state: Callable[[], bool]) -> None:
    for _ in range(120):
        if state():
            return
        time.sleep(0.25)
    pytest.fail("it did not come to that within half a minute")


@pytest.mark.parametrize("base", ["", "/public"])
def test_old_links_lead_to_the_page_by_its_name_of_today(server: Server, base: str) -> None:
    answer = ask(server, f"{base}/programme?region=demo&programme=civic_forums")
    assert answer.status == 308
    assert answer.headers["Location"] == f"{base}/program?region=demo&programme=civic_forums"
    assert ask(server, f"{base}/programmes").headers["Location"] == f"{base}/programs"
    assert ask(server, f"{base}/program").status == 200


def test_a_visitor_cannot_have_done_what_only_a_developer_wants() -> None:
    """Streamlit would empty everybody's memory, tell of the repository or write files for anybody."""
    unwanted = [
        BackMsg(clear_cache=True),
        BackMsg(set_run_on_save=True),
        BackMsg(load_git_info=True),
        BackMsg(debug_disconnect_websocket=True),
        BackMsg(debug_shutdown_runtime=True),
        BackMsg(),
    ]
    skills = BackMsg()
    skills.backend_operation_request.install_skills.SetInParent()
    wanted = BackMsg(stop_script=True)
    sent = [message.SerializeToString() for message in (*unwanted, skills, wanted)]
    messages = [{"type": "websocket.receive", "bytes": data} for data in [b"\xff", *sent]]
    messages += [{"type": "websocket.receive", "text": "hello"}, {"type": "websocket.disconnect"}]
    waiting = iter(messages)

    async def receive() -> dict[str, object]:
        return next(waiting)

    async def passed_on() -> list[object]:
        take = wanted_only(receive)
        return [await take(), await take()]

    first, second = run_apart(passed_on())
    assert first == {"type": "websocket.receive", "bytes": sent[-1]}
    assert second == {"type": "websocket.disconnect"}
