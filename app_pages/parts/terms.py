"""Terms explained: each indicator, the State's index, 2010 against 2020 tracts with a picture, a glossary."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from geo.language import gettext as _
from geo.tracts.indicators import INDICATORS
from wording.definitions import ABOUT_INDEX, ABOUT_TRACTS, GLOSSARY, HTC_VARIABLES, facts_of

STYLES = """<style>
.geo-terms{max-width:60rem;font-size:0.95rem;line-height:1.45}
.geo-terms h3{font-size:1.15rem;margin:1.2rem 0 0.3rem 0;padding:0}
.geo-terms dt{font-weight:650;margin-top:0.4rem}.geo-terms dd{margin:0 0 0 1rem}
.geo-terms details{border-bottom:1px solid #dde3e8;padding:0.3rem 0}
.geo-terms summary{cursor:pointer;font-weight:600}.geo-terms figcaption{font-size:0.88rem;color:#4d4d4d}
.geo-terms .list{columns:2;margin:0.2rem 0}
@media (max-width:640px){.geo-terms .list{columns:1}}
</style>"""


def terms_html() -> str:
    """Write all of it as HTML."""
    parts = [*_index(), *_tracts(), *_glossary(), *_indicators()]
    return f'{STYLES}<section class="geo-terms" aria-label="{escape(_("Terms"))}">{"".join(parts)}</section>'


def _index() -> Iterator[str]:
    yield f"<h3>{escape(_('What the hard-to-count index is'))}</h3>"
    yield from (f"<p>{escape(_(words))}</p>" for words in ABOUT_INDEX)
    items = "".join(f"<li>{escape(_(words))}</li>" for words in HTC_VARIABLES)
    yield f'<ul class="list">{items}</ul>'


def _tracts() -> Iterator[str]:
    yield f"<h3>{escape(_('2010 tracts and 2020 tracts'))}</h3><p>{escape(_(ABOUT_TRACTS))}</p>"
    told = _("Left: one tract of 2010. Right: the same ground in 2020, split in two where people moved in.")
    yield f"<figure>{_picture()}<figcaption>{escape(told)}</figcaption></figure>"


def _picture() -> str:
    """Draw a tract and the two that followed it, each with dots for its people."""
    dots = [(18, 20), (30, 60), (52, 34), (74, 22), (88, 70), (100, 44), (62, 78), (110, 84)]
    new = [(72, 48), (84, 30), (96, 60), (104, 24), (92, 88), (78, 84), (112, 64), (68, 62)]
    left = '<rect x="4" y="4" width="120" height="100" fill="#dcebf3" stroke="#0b5a7a" stroke-width="2"/>'
    right = (
        '<rect x="196" y="4" width="58" height="100" fill="#dcebf3" stroke="#0b5a7a" stroke-width="2"/>'
        '<rect x="254" y="4" width="62" height="100" fill="#fbe5cf" stroke="#a34e00" stroke-width="2"/>'
        '<path d="M140 54 H172 M164 46 L174 54 L164 62" fill="none" stroke="#1a1a1a" stroke-width="2"/>'
    )
    points = [*dots, *((192 + x, y) for x, y in (*dots, *new))]
    people = "".join(f'<circle cx="{x}" cy="{y}" r="2.4" fill="#1a1a1a"/>' for x, y in points)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 108">{left}{right}{people}</svg>'
    return f'<img alt="" width="320" height="108" src="data:image/svg+xml,{quote(svg, safe="/")}">'


def _glossary() -> Iterator[str]:
    yield f"<h3>{escape(_('Glossary'))}</h3><dl>"
    yield from (f"<dt>{escape(_(term))}</dt><dd>{escape(_(words))}</dd>" for term, words in GLOSSARY)
    yield "</dl>"


def _indicators() -> Iterator[str]:
    yield f"<h3>{escape(_('Indicators'))}</h3>"
    for key, item in INDICATORS.items():
        facts = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in facts_of(key, "")
        )
        yield f"<details><summary>{escape(_(item.title))}</summary><dl>{facts}</dl></details>"
