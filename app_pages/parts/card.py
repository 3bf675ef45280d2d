"""The profile card: what is known of one place, as HTML that a screen reader can read; all of it escaped."""

from __future__ import annotations

from html import escape

from geo.language import gettext as _
from geo.tracts.profile import Figure, Profile

FIRST = 7
STYLES = """<style>
.geo-card{border:1px solid #c5ced6;border-radius:8px;padding:0.8rem 1rem;font-size:0.92rem;line-height:1.4}
.geo-card h3{margin:0;padding:0;font-size:1.15rem}.geo-card .sub{color:#4d4d4d;margin:0 0 0.5rem 0}
.geo-card dl{margin:0;padding:0}.geo-card dt{font-weight:400;color:#333;margin:0.35rem 0 0 0;padding:0}
.geo-card dd{margin:0;padding:0}.geo-card .value{font-weight:650;font-size:1.02rem}
.geo-card .first dt{font-weight:650}.geo-card .first .value{font-size:1.4rem}
.geo-card .doubt{background:#fff3d6;border-radius:4px;padding:0 0.3rem;margin-left:0.4rem}
.geo-card .place{color:#4d4d4d;display:block;font-size:0.84rem}
.geo-card h4{margin:0.8rem 0 0.2rem 0;padding:0;font-size:0.95rem}
.geo-card ul,.geo-card ol{margin:0;padding-left:1.3rem;font-size:0.84rem}.geo-card sup{color:#4d4d4d}
.geo-card summary{cursor:pointer;margin-top:0.5rem}
</style>"""


def card_html(profile: Profile, first: int = FIRST) -> str:
    """Write a profile as a card; numbers in brackets point to its sources.

    Parameters
    ----------
    first
        How many figures are open; the others stand behind "all figures".
    """
    sources = list(
        dict.fromkeys([*(item.source for item in profile.figures if item.source), *profile.credits])
    )
    terms = [_figure(item, sources) for item in profile.figures]
    head = f'<h3>{escape(profile.title)}</h3><p class="sub">{escape(profile.subtitle)}</p>'
    shown = f'<dl class="first">{"".join(terms[:1])}</dl><dl>{"".join(terms[1:first])}</dl>'
    further, wrong = _further(terms[first:]), _wrong(profile)
    return (
        f'{STYLES}<section class="geo-card" aria-label="{escape(profile.title)}">'
        f"{head}{shown}{further}{wrong}{_sources(sources)}</section>"
    )


def _figure(figure: Figure, sources: list[str]) -> str:
    mark = f"<sup>[{sources.index(figure.source) + 1}]</sup>" if figure.source else ""
    doubt = f'<span class="doubt">{escape(figure.doubt)}</span>' if figure.doubt else ""
    place = f'<span class="place">{escape(figure.place)}</span>' if figure.place else ""
    value = f'<span class="value">{escape(figure.words)}</span>'
    return f"<dt>{escape(figure.title)} {mark}</dt><dd>{value}{doubt}{place}</dd>"


def _further(terms: list[str]) -> str:
    if not terms:
        return ""
    words = escape(_("All figures ({count} more)").format(count=len(terms)))
    return f"<details><summary>{words}</summary><dl>{''.join(terms)}</dl></details>"


def _wrong(profile: Profile) -> str:
    if profile.wrong is None:
        return ""
    words = profile.wrong or (_("Our checks found nothing that names this one."),)
    items = "".join(f"<li>{escape(line)}</li>" for line in words)
    return f"<h4>{escape(_('Known to be wrong or doubtful'))}</h4><ul>{items}</ul>"


def _sources(lines: list[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h4>{escape(_('Sources'))}</h4><ol>{items}</ol>" if lines else ""
