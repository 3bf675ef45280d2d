"""Text whose marks are meant, and all other text with its marks made harmless.

Streamlit reads labels, captions, tooltips and messages as Markdown: ``![](http://...)`` in a partner's name
would make every visitor's browser fetch that address. ``as_typed`` lets a text show exactly as it was typed;
only what this module marks is Markdown, and ``parts.screen`` lets nothing else through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# A styled span with nothing in it. Streamlit looks for addresses, arrows and icons in what is already
# unescaped: a text that is split there holds none. The span neither shows nor is copied.
SPLIT = ":small[]"
# Where a text is split; what is a mark; the number of a list's item; what names a directive or an entity.
MARKS = re.compile(
    r"""(?P<split>(?<=[<>=~-])(?=[<>=~-])|(?<=/)(?=/)|(?<=ww)(?=w\.)|(?<=[\w.+-])(?=@[\w-])
        |(?<=:)(?=material_|streamlit:))
    |(?P<escaped>[\\`*\[\]<~|$]|_(?![^\W_])|(?<![^\W_])_|^[\#>+=-])
    |(?P<listed>^\d{1,9}(?=[.)](?:\s|\Z)))
    |(?P<named>:(?=[^\W\d]|[:+_-]|\d[\w+-]*:)|&(?=\#?\w+;))""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


class Markup(str):
    """Text that is Markdown: its marks are ours."""

    __slots__ = ()


def as_typed(text: object) -> Markup:
    r"""Return the Markdown that shows a text as it was typed; what is Markdown already stays.

    Lines stay lines; spaces around a line go. A colon before a space and an underscore within a word mean
    nothing to Streamlit and stay as they are.

    Examples
    --------
    >>> print(as_typed("![](http://calls.home) *now* #1"))
    !\[\](http:/:small[]/calls.home) \*now\* #1
    >>> as_typed("Starts at 10:30, geo_id 1")
    'Starts at 10:30, geo_id 1'
    """
    if isinstance(text, Markup):
        return text
    shown = _inert("\n".join(line.strip() for line in str(text).splitlines()))
    # A backslash before the end of a line keeps it; an empty line parts paragraphs as it is.
    return Markup(re.sub(r"(?<!\n)\n(?!\n|\Z)", "\\\\\n", shown))


def whole(text: object, *, lines: bool = True) -> Markup:
    r"""Return the Markdown of a whole label or message: one dollar sign alone stays, it opens no formula.

    Examples
    --------
    >>> whole("Price ($)"), whole("$5 or $6")
    ('Price ($)', '\\$5 or \\$6')
    """
    shown = as_typed(text) if lines else in_line(text)
    return Markup(shown.replace(r"\$", "$")) if shown.count("$") == 1 else shown


def in_line(text: object) -> Markup:
    r"""Return the Markdown that shows a text within a line of our own, as it was typed; lines become one.

    Examples
    --------
    >>> in_line("two\nlines"), in_line("$5")
    ('two lines', '\\$5')
    """
    return text if isinstance(text, Markup) else Markup(_inert(" ".join(str(text).split())))


def fill(template: str, **gaps: object) -> Markup:
    r"""Return our own Markdown with its gaps filled in: what fills one shows as it was typed.

    Examples
    --------
    >>> print(fill("**{name}** has it", name="a*b"))
    **a\*b** has it
    """
    return Markup(template.format(**{name: in_line(text) for name, text in gaps.items()}))


def bold(text: object) -> Markup:
    """Return a text in bold.

    Examples
    --------
    >>> bold("Theirs")
    '**Theirs**'
    """
    return fill("**{text}**", text=text)


def heading(text: object) -> Markup:
    """Return a text as the heading of a part of a page.

    Examples
    --------
    >>> heading("Scenarios")
    '#### Scenarios'
    """
    return fill("#### {text}", text=text)


def bullets(texts: Iterable[object]) -> Markup:
    """Return texts as a list.

    Examples
    --------
    >>> print(bullets(["one", "two"]))
    - one
    - two
    """
    return Markup("\n".join(fill("- {text}", text=text) for text in texts))


def paragraphs(*texts: object) -> Markup:
    r"""Return texts as paragraphs of one message.

    Examples
    --------
    >>> paragraphs("This is wrong.", bold("Do this"))
    'This is wrong.\n\n**Do this**'
    """
    return Markup("\n\n".join(map(as_typed, texts)))


def _inert(text: str) -> str:
    return MARKS.sub(_inert_mark, text)


def _inert_mark(found: re.Match[str]) -> str:
    kind, text = str(found.lastgroup), found[0]
    if kind == "named":
        return f"&#{ord(text)};"
    return {"split": SPLIT, "escaped": f"\\{text}", "listed": f"{text}\\"}[kind]
