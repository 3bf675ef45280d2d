"""Files that the browser gets and keeps: scripts and shapes of ``GEO_STATIC_DIR``, named by their content."""

from __future__ import annotations

import re

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from geo.settings import static_dir

SERVED = "/app/static"
# A folder of scripts and a file of shapes are named by a checksum: another content has another name.
BY_CONTENT = re.compile(r"^(vendor/[0-9a-f]{16}/|shapes/[^/]+/[0-9a-f]{16,}\.json$)")
FOR_GOOD = "public, max-age=31536000, immutable"


class KeptFiles(StaticFiles):
    """Files of which a browser keeps those that are named by their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, and say whether it may be kept."""
        response = await super().get_response(path, scope)
        kept = BY_CONTENT.match(path.replace("\\", "/"))
        response.headers["Cache-Control"] = FOR_GOOD if kept else "no-cache"
        return response


def static_route() -> Mount:
    """Return the route over the folder that the setting names, wherever it lies.

    Examples
    --------
    >>> static_route().path
    '/app/static'
    """
    folder = static_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return Mount(SERVED, KeptFiles(directory=folder), name="app-static")
