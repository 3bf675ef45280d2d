"""A page that shows a text in every place where Streamlit shows one; run by ``test_typed_text``."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import altair as alt
import pandas as pd

from app_pages.parts import screen as st
from app_pages.parts.markup import bold, bullets, fill, heading, paragraphs

FIELDS = ("text_input", "text_area", "number_input", "date_input", "time_input", "checkbox", "toggle")


def places(text: str) -> dict[str, Callable[[], object]]:
    """By name: what shows a text at one place."""
    frame = pd.DataFrame({text: [text]}, index=pd.Index([text], name=text))
    bodies = ("markdown", "caption", "subheader", "info", "warning", "error", "success", "text")
    found: dict[str, Callable[[], object]] = {name: partial(getattr(st, name), text) for name in bodies}
    for name in (*FIELDS, "button", "download_button", "file_uploader"):
        more = {"data": "x"} if name == "download_button" else {}
        found[name] = partial(getattr(st, name), text, key=f"the {name}", help=text, **more)
    found |= {
        "form": lambda: st.form("a form").form_submit_button(text, help=text),
        "link_button": lambda: st.link_button(text, "/data", help=text),
        "radio": lambda: st.radio(text, [text, "other"], captions=[text, text], help=text, key="the radio"),
        "pills": lambda: st.pills(text, [text, "other"], help=text, key="the pills"),
        "selectbox": lambda: st.selectbox(text, [text, "other"], help=text, key="the selectbox"),
        "multiselect": lambda: st.multiselect(text, [text, "x"], [text], help=text, key="the multiselect"),
        "slider": lambda: st.slider(text, 0, 9, key="the slider", help=text),
        "select_slider": lambda: st.select_slider(text, [text, "other"], key="the select_slider", help=text),
        "metric": lambda: st.metric(text, text, text, delta_description=text, help=text),
        "expander": lambda: st.expander(text, expanded=True).text("inside"),
        "tabs": lambda: st.tabs([text, "other"])[0].text("inside"),
        "progress": lambda: st.progress(0.5, text),
        "table": lambda: st.table(frame),
        "titled": lambda: st.info("words", title=text),
        "bold": lambda: st.markdown(bold(text)),
        "heading": lambda: st.markdown(heading(text)),
        "bullets": lambda: st.markdown(bullets([text, "other"])),
        "filled": lambda: st.caption(fill("Of **{name}**: {name}", name=text)),
        "paragraphs": lambda: st.error(paragraphs(text, fill("**Do:** {what}", what=text))),
        "html": lambda: st.html(f"<p>{text}</p>"),
        "column": lambda: st.columns(2)[0].button(text, key="in a column"),
        "dataframe": lambda: st.dataframe(
            frame,
            hide_index=True,
            column_config={text: st.column_config.TextColumn(text, help=text)},
            key="the dataframe",
        ),
        "data_editor": lambda: st.data_editor(
            frame,
            hide_index=True,
            column_config={text: st.column_config.TextColumn(text, help=text)},
            key="the editor",
        ),
        "altair_chart": lambda: st.altair_chart(
            alt.Chart(pd.DataFrame({"name": [text], "count": [1]}))
            .mark_bar()
            .encode(x=alt.X("name:N", title=text), y="count:Q", tooltip=[alt.Tooltip("name:N", title=text)])
        ),
    }
    return found


def main() -> None:
    """Show what the address asks for: one text at every place, or all texts at one place."""
    texts: list[str] = json.loads(Path(os.environ["TYPED_TEXTS"]).read_text(encoding="utf-8"))
    number, place = st.query_params.get("text"), st.query_params.get("place", "")
    for at, text in enumerate(texts) if number is None else [(int(number), texts[int(number)])]:
        for name, show in places(text).items():
            if place in ("", name):
                with st.container(key=f"shown-{at}-{name}"):
                    show()


if __name__ == "__main__":
    main()
