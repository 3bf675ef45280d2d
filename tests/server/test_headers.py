"""What goes along with every answer, and that shapes lie where pages look for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.settings import static_dir
from tests.server.test_doors import ask
from tests.server.visitor import Visitor
from tests.serving import Server

pytestmark = pytest.mark.slow
PATHS = (
    "/",
    "/water",
    "/public/water",
    "/_stcore/health",
    "/static/nothing.js",
    "/media/nothing.pdf",
    "/component/streamlit_folium.st_folium/index.html",
    "/app/static/nothing.json",
    "/signed-in/nothing",
)


def policy_of(server: Server, path: str) -> dict[str, list[str]]:
    text = ask(server, path).headers["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in text.split(";")}


def test_every_answer_has_them_refusals_too(server: Server) -> None:
    answers = [ask(server, path) for path in PATHS]
    answers += [ask(server, Host="evil.example.org"), ask(server, "/water", "POST")]
    for answer in answers:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert not [name for name in answer.headers if name.casefold().startswith("access-control")]


def test_the_policy_lets_nothing_be_loaded_from_elsewhere_but_tiles(server: Server) -> None:
    for path in PATHS:
        policy = policy_of(server, path)
        outside = {value for name, values in policy.items() for value in values if "//" in value}
        assert outside <= {"https://tile.openstreetmap.org", "https://city.example.org"}, path
    assert "'unsafe-inline'" not in policy_of(server, "/")["script-src"]
    assert "'unsafe-eval'" not in policy_of(server, "/")["script-src"]


def test_only_the_public_view_may_be_framed_and_only_by_sites_that_are_named(server: Server) -> None:
    for path in ("/", "/water", "/_stcore/health"):
        assert policy_of(server, path)["frame-ancestors"] == ["'none'"]
        assert ask(server, path).headers["X-Frame-Options"] == "DENY"
    assert policy_of(server, "/public/water")["frame-ancestors"] == ["https://city.example.org"]
    assert policy_of(server, "/public/component/x/index.html")["frame-ancestors"] == [
        "'self'",
        "https://city.example.org",
    ]
    assert policy_of(server, "/component/x/index.html")["frame-ancestors"] == ["'self'"]


def test_a_map_s_frame_listens_to_the_page_around_it_alone(server: Server) -> None:
    """The guard stands before every script of the frame, and no browser keeps a page without it."""
    # The first page with a map makes its frames known to the server.
    Visitor(server.address, "water").close()
    for path in (
        "/component/streamlit_folium.st_folium/index.html",
        "/public/component/streamlit_folium.st_folium/index.html?streamlitUrl=x",
    ):
        answer = ask(server, path, **{"If-None-Match": "*", "Accept-Encoding": "gzip", "Range": "bytes=0-9"})
        page = answer.words  # type: ignore[attr-defined]
        first = page.index("<script")
        assert "event.source !== parent" in page[first : page.index("</script>", first)], path
        assert "main." in page[page.index("</script>", first) :]
        assert answer.headers["Cache-Control"] == "no-cache"
        assert not {"ETag", "Last-Modified"} & set(answer.headers)


def test_no_site_may_steer_the_page_by_messages(server: Server) -> None:
    assert '"allowedOrigins":[]' in ask(server, "/_stcore/host-config").words.replace(" ", "")  # type: ignore[attr-defined]


def test_shapes_of_a_folder_elsewhere_are_served_where_pages_look(server: Server) -> None:
    """The tests' own folder is not the one beside the script: that was all that was served."""
    folder = static_dir()
    assert folder != Path(__file__).parents[2] / "static"
    shape = next((folder / "shapes" / "demo").glob("*.json"))
    answer = ask(server, f"/app/static/{shape.relative_to(folder).as_posix()}")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.words == shape.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    for path in (
        "/app/static/../data/store.db",
        "/app/static/%2e%2e/data/store.db",
        "/app/static//etc/passwd",
    ):
        assert ask(server, path).status in {400, 404}, path
