"""Links of before lead to the program that they named."""

from __future__ import annotations

import pytest

from tests.app.test_programs import open_page


@pytest.mark.parametrize(
    ("named", "opened"),
    [("civic_forums", "civic_forums"), ("health_enrolment", "health_enrollment")],
)
def test_a_link_of_before_opens_its_program(demo_built: str, named: str, opened: str) -> None:
    app = open_page("program", demo_built, programme=named).run()
    assert not app.exception
    assert app.selectbox(key="program.key").value == opened
    assert app.query_params["program"] in (opened, [opened])
    assert "programme" not in app.query_params


def test_the_name_of_now_counts_where_both_stand(demo_built: str) -> None:
    app = open_page("program", demo_built, programme="civic_forums", program="census_2020").run()
    assert app.selectbox(key="program.key").value == "census_2020"
