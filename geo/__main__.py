"""The command line: ``python -m geo COMMAND``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from geo import commands
from geo.errors import GeoError

# As shells tell of a command that Ctrl-C ended.
STOPPED = 130


def command_names() -> list[str]:
    """Every command: the modules of ``geo.commands``.

    Examples
    --------
    >>> "build" in command_names()
    True
    """
    return sorted(module.name for module in iter_modules(commands.__path__))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 a fault that a person can mend, 2 usage.

    130 is for a command that was stopped (Ctrl-C).
    """
    parser = argparse.ArgumentParser(
        prog="python -m geo", description="Sources, datasets and what is wrong with them."
    )
    parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Only the command that is asked for is imported: a build with nothing to do stays quick.
    for name in [name for name in command_names() if name in given[:1]] or command_names():
        module = import_module(f"geo.commands.{name}")
        summary = (module.__doc__ or "").strip().splitlines()[0]
        subparser = parsers.add_parser(name, help=summary, description=module.__doc__)
        module.add_arguments(subparser)
        subparser.set_defaults(run=module.run)
    options = parser.parse_args(given)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
    except GeoError as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return leave_quietly()
    except KeyboardInterrupt:
        print(
            f"{options.command}: stopped; what is whole is kept, the next run takes up there", file=sys.stderr
        )
        return STOPPED
    return code


def leave_quietly() -> int:
    """End without a word where the reader has gone, as with ``python -m geo check | head``."""
    # What is still to be written would fail once more when Python closes the stream.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
