"""``python -m server``: serve the dashboard."""

from __future__ import annotations

import argparse
import sys

from geo.errors import GeoError
from geo.language import gettext as _
from geo.settings import listen_address, page_address
from server.app import SCRIPT, check_address, make_app
from server.doors import is_loopback

PORT = 8501
PURPOSE = (
    "Serve the dashboard: at this machine alone, unless GEO_LISTEN names another address "
    "and there is a member."
)


def main(arguments: list[str] | None = None) -> int:
    """Serve until somebody ends it; return 1 where the address is refused."""
    parser = argparse.ArgumentParser(prog="python -m server", description=PURPOSE)
    parser.add_argument("--port", type=int, default=PORT, help=f"port to listen on (default {PORT})")
    port = parser.parse_args(arguments).port
    address = listen_address()
    try:
        check_address(address)
    except GeoError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    host = "localhost" if is_loopback(address) else address
    sys.stdout.write(
        _("The dashboard is at {address}").format(address=page_address() or f"http://{host}:{port}") + "\n"
    )
    sys.stdout.flush()
    # Streamlit looks for its configuration beside the script that is named here.
    sys.argv = [str(SCRIPT)]
    make_app().run(config={"server.address": address, "server.port": port, "logger.hideWelcomeMessage": True})
    return 0


if __name__ == "__main__":
    sys.exit(main())
