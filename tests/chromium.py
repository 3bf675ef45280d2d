"""Find Chromium or Chrome, or install one the way the platform offers.

Run as a script it installs what is missing; imported, it only looks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# How each platform's package manager installs one, tried in this order.
INSTALLERS = (
    (("apt-get", "update"), ("apt-get", "install", "-y", "--no-install-recommends", "chromium")),
    (("dnf", "install", "-y", "chromium"),),
    (("apk", "add", "chromium"),),
    (("brew", "install", "--cask", "chromium"),),
)


def find_chromium() -> str | None:
    """Path of a browser that tests can drive; ``CHROMIUM`` in the environment wins."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen
    found = (shutil.which(name) for name in NAMES)
    mac = MAC if os.access(MAC, os.X_OK) else None
    return next((path for path in found if path), mac)


def install_chromium() -> None:
    """Install Chromium with the first package manager that is here, as root or through sudo."""
    ahead = () if os.geteuid() == 0 or not shutil.which("sudo") else ("sudo", "--non-interactive")
    for steps in INSTALLERS:
        if shutil.which(steps[0][0]):
            prefix = () if steps[0][0] == "brew" else ahead
            for step in steps:
                subprocess.run(
                    [*prefix, *step], check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
                )
            return


def main() -> int:
    """Make sure that there is a browser; say so where there can be none."""
    if not find_chromium():
        install_chromium()
    path = find_chromium()
    if path:
        print(f"Browser: {path}")
        return 0
    print(
        "No Chromium or Chrome was found and none could be installed: the browser tests need one. "
        "Install it, or name it in CHROMIUM.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
