"""Take a copy of all that people wrote, and put one back; make the secret for codes of people."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from geo.errors import GeoError
from geo.settings import store_url
from store.backup import Account, restore_backup, write_backup
from store.program.code_secret import FILE_VARIABLE, make_secret

PURPOSE = (
    "Take a copy of all that people wrote, or put one back; make the secret that codes of people are made "
    "with. Copies while the dashboard runs, for SQLite and PostgreSQL (GEO_STORE_URL names the database); a "
    "copy of the one can be put into the other."
)
PRIVATE = (
    "It holds what members and volunteers are called and hashes of passphrases: keep it as you keep those."
)


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked for; return 0, or 1 where it was refused.

    Examples
    --------
    >>> main(["restore", "no-such-file.backup"])
    1
    """
    asked = _parser().parse_args(arguments)
    try:
        sys.stdout.write(_do(asked) + "\n")
    except GeoError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m store", description=PURPOSE)
    does = parser.add_subparsers(dest="does", required=True)
    backup = does.add_parser("backup", help="write a copy to a file, checked after it was written")
    backup.add_argument("--overwrite", action="store_true", help="replace a file of that name")
    restore = does.add_parser("restore", help="put a copy in place of what the database holds")
    restore.add_argument(
        "--replace", action="store_true", help="also where it holds something, which is kept as a copy"
    )
    secret = does.add_parser("secret", help="make the secret that codes of people are made with")
    for part in (backup, restore, secret):
        part.add_argument("file", type=Path)
    return parser


def _do(asked: argparse.Namespace) -> str:
    if asked.does == "backup":
        account = write_backup(store_url(), asked.file, overwrite=asked.overwrite)
        return f"{asked.file}: {_tell(account)}, read back and the same. {PRIVATE}"
    if asked.does == "secret":
        make_secret(asked.file)
        return (
            f"{asked.file}: made, for you alone to read. Start the server with {FILE_VARIABLE}={asked.file}, "
            "and keep a copy apart from the backups: with another one the same people get other codes."
        )
    done = restore_backup(store_url(), asked.file, instead=asked.replace)
    kept = f" What stood there is kept in {done.kept}." if done.kept else ""
    return f"restored from {asked.file}: {_tell(done.account)}.{kept}"


def _tell(account: Account) -> str:
    rows = ", ".join(f"{count:,} rows of {name}" for name, count in account.rows.items())
    return f"{rows} as of {account.made} UTC"


if __name__ == "__main__":
    sys.exit(main())
