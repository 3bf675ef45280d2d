"""XML of a person's file, element by element, once it is seen that it defines no entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any
from xml.etree import ElementTree as ET

from defusedxml.ElementTree import iterparse as parse_guarded


def root_tag(stream: IO[bytes]) -> str:
    r"""Return the tag of the outermost element, and go back to the beginning.

    A definition of entities stands before that element or nowhere, so what passes here has none.

    Raises
    ------
    defusedxml.DefusedXmlException
        There is a document type, which alone can define entities.
    xml.etree.ElementTree.ParseError
        It is no XML.

    Examples
    --------
    >>> import io
    >>> root_tag(io.BytesIO(b"<kml/>"))
    'kml'
    >>> root_tag(io.BytesIO(b"<!DOCTYPE kml [<!ENTITY a 'b'>]><kml/>"))
    Traceback (most recent call last):
    defusedxml.common.DTDForbidden: DTDForbidden(name='kml', system_id=None, public_id=None)
    """
    found = next(parse_guarded(stream, events=("start",), forbid_dtd=True), None)
    stream.seek(0)
    return "" if found is None else str(found[1].tag)


def walk_elements(stream: IO[bytes], *, ends_only: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield the start and the end of each element, or its end alone; who has seen its end clears it.

    Raises
    ------
    defusedxml.DefusedXmlException
        There is a document type.
    xml.etree.ElementTree.ParseError
        It is no XML.
    """
    root_tag(stream)
    # The guarded parser is written in Python, ten times as slow; without a document type both read alike.
    yield from ET.iterparse(stream, events=("end",) if ends_only else ("start", "end"))  # noqa: S314


def read_tree(stream: IO[bytes]) -> Any:
    r"""Read all of a small part.

    Raises
    ------
    defusedxml.DefusedXmlException
        There is a document type.
    xml.etree.ElementTree.ParseError
        It is no XML.

    Examples
    --------
    >>> import io
    >>> [child.tag for child in read_tree(io.BytesIO(b"<kml><Document/></kml>"))]
    ['Document']
    """
    root_tag(stream)
    return ET.parse(stream).getroot()  # noqa: S314
