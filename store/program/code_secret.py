"""The secret that codes of people are made with: a file outside the database, which its owner alone reads.

``GEO_CODE_SECRET_FILE`` names it. It is read each time, never kept in the database, and told to nobody.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from geo.errors import StoreError
from geo.language import gettext as _
from geo.methods.contact_codes import LEAST_SECRET

FILE_VARIABLE = "GEO_CODE_SECRET_FILE"


def read_secret() -> bytes | None:
    """Read the secret; None where no file is named.

    Raises
    ------
    StoreError
        The file cannot be read, others may read or write it, or it is too short.

    Examples
    --------
    >>> read_secret() is None or len(read_secret()) >= 32
    True
    """
    named = os.environ.get(FILE_VARIABLE, "").strip()
    if not named:
        return None
    remedy = _("let whoever runs the server mend the file that {variable} names").format(
        variable=FILE_VARIABLE
    )
    path = Path(named)
    try:
        mode = path.stat().st_mode
        secret = path.read_bytes().strip()
    except OSError as error:
        raise StoreError(_("the secret for codes cannot be read"), remedy) from error
    if not stat.S_ISREG(mode) or mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise StoreError(_("the secret for codes can be read by others (chmod 600 is needed)"), remedy)
    if len(secret) < LEAST_SECRET:
        words = _("the secret for codes is shorter than {least} characters")
        raise StoreError(words.format(least=LEAST_SECRET), remedy)
    return secret
