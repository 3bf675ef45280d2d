"""Two columns of figures and a sentence on each difference, as HTML for everybody; all of it escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from geo.language import gettext as _
from geo.tracts.comparison import Contrast, Quantity
from geo.tracts.comparison_words import doubts_of, sentence, title_of, value_of

STYLES = """<style>
.geo-compare{font-size:0.92rem;line-height:1.4}
.geo-compare table{border-collapse:collapse;width:100%;margin:0}
.geo-compare caption{text-align:left;font-weight:650;padding:0 0 0.3rem 0;color:inherit}
.geo-compare th,.geo-compare td{border:0;border-bottom:1px solid #c5ced6;padding:0.45rem 0.9rem 0.45rem 0;
 vertical-align:top;text-align:left;font-weight:400}
.geo-compare thead th{font-weight:650;border-bottom:2px solid #5a5a5a}
.geo-compare tbody th{width:22%}.geo-compare td{width:22%}.geo-compare td.says{width:34%}
.geo-compare .value{font-weight:650;font-size:1.05rem;white-space:nowrap}
.geo-compare .doubt{display:block;color:#4d4d4d;font-size:0.82rem}
.geo-compare .who{display:none}
.geo-compare .different .says{border-left:4px solid #1a1a1a;padding-left:0.7rem;font-weight:650}
.geo-compare .alike .says,.geo-compare .equal .says{border-left:4px double #5a5a5a;padding-left:0.7rem}
.geo-compare .unknown .says{border-left:4px dotted #5a5a5a;padding-left:0.7rem;color:#4d4d4d}
.geo-compare ol{margin:0.3rem 0 0 0;padding-left:1.3rem;font-size:0.84rem}.geo-compare sup{color:#4d4d4d}
@media (max-width:640px){
.geo-compare thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.geo-compare tr,.geo-compare tbody th,.geo-compare td,.geo-compare td.says{display:block;width:auto}
.geo-compare tbody th{font-weight:650;border:0;padding-bottom:0}
.geo-compare td{border:0;padding:0.15rem 0}
.geo-compare tr{border-bottom:1px solid #c5ced6;padding-bottom:0.4rem}
.geo-compare .who{display:block;font-size:0.82rem}}
</style>"""
MARKS = {"different": "different", "alike": "alike", "equal": "equal"}


def compare_html(
    found: Sequence[Contrast], names: tuple[str, str], credits: Mapping[str, str], titles: str = ""
) -> str:
    """Write contrasts as a table; numbers in brackets point to the sources below it.

    Parameters
    ----------
    names
        What the two columns are called.
    credits
        By key of a source: publisher, title and vintage.
    titles
        What stands in the first column of each row; the figure's own title where it is empty.
    """
    used = [item.source for pair in found for item in (pair.first, pair.second) if item.source in credits]
    sources = list(dict.fromkeys(used))
    rows = "".join(_row(pair, names, sources, titles) for pair in found)
    heads = (_("Figure"), *names, _("Is the difference real?"))
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    caption = escape(_("Side by side, with margins of error (90 %)"))
    table = f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    items = "".join(f"<li>{escape(credits[key])}</li>" for key in sources)
    listed = f"<h4>{escape(_('Sources'))}</h4><ol>{items}</ol>" if items else ""
    return f'{STYLES}<section class="geo-compare">{table}{listed}</section>'


def _row(pair: Contrast, names: tuple[str, str], sources: Sequence[str], titles: str) -> str:
    cells = "".join(
        _cell(item, name, sources) for item, name in zip((pair.first, pair.second), names, strict=True)
    )
    words = escape(sentence(pair, *names))
    title = escape(titles or title_of(pair.first.key))
    mark = MARKS.get(pair.verdict, "unknown")
    return f'<tr class="{mark}"><th scope="row">{title}</th>{cells}<td class="says">{words}</td></tr>'


def _cell(item: Quantity, name: str, sources: Sequence[str]) -> str:
    number = f"<sup>[{sources.index(item.source) + 1}]</sup>" if item.source in sources else ""
    doubts = "".join(_doubts(item))
    who = f'<span class="who">{escape(name)}</span>'
    return f'<td>{who}<span class="value">{escape(value_of(item))}</span> {number}{doubts}</td>'


def _doubts(item: Quantity) -> Iterator[str]:
    return (f'<span class="doubt">{escape(words)}</span>' for words in doubts_of(item))
