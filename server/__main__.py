"""``python -m server``: serve the dashboard."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from geo.errors import GeoError
from geo.language import gettext as _
from geo.settings import certificate, listen_address, page_address
from server.app import SCRIPT, check_address, make_app
from server.doors import is_loopback

PORT = 8501
PURPOSE = (
    "Serve the dashboard: at this machine alone, unless GEO_LISTEN names another address "
    "and there is a member."
)


def check_certificate(file: str, key: str) -> None:
    """Refuse a certificate without its key, or one that is not there.

    Raises
    ------
    GeoError
        One of the two settings is missing, or names no file.

    Examples
    --------
    >>> check_certificate("", "")
    """
    missing = [path for path in (file, key) if path and not Path(path).is_file()]
    if bool(file) != bool(key) or missing:
        raise GeoError(
            _("the certificate cannot be used: {fault}").format(
                fault=", ".join(missing) or _("one of its two files is not named")
            ),
            _("set GEO_CERTIFICATE and GEO_CERTIFICATE_KEY to the PEM files of both, or neither"),
        )


def main(arguments: list[str] | None = None) -> int:
    """Serve until somebody ends it; return 1 where the address is refused."""
    parser = argparse.ArgumentParser(prog="python -m server", description=PURPOSE)
    parser.add_argument("--port", type=int, default=PORT, help=f"port to listen on (default {PORT})")
    port = parser.parse_args(arguments).port
    address = listen_address()
    files = certificate()
    try:
        check_address(address)
        check_certificate(*files)
    except GeoError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    host = "localhost" if is_loopback(address) else address
    scheme = "https" if files[0] else "http"
    words = _("The dashboard is at {address}").format(address=page_address() or f"{scheme}://{host}:{port}")
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
    config: dict[str, object] = {
        "server.address": address,
        "server.port": port,
        "logger.hideWelcomeMessage": True,
    }
    if files[0]:
        config |= {"server.sslCertFile": files[0], "server.sslKeyFile": files[1]}
    # Streamlit looks for its configuration beside the script that is named here.
    sys.argv = [str(SCRIPT)]
    make_app().run(config=config)
    return 0


if __name__ == "__main__":
    sys.exit(main())
