"""Codes of e-mail addresses and phone numbers: normalized alike, told to nobody, known again."""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest

from geo.errors import SchemaError
from geo.methods.contact_codes import holds_check, make_contact_code, to_email, to_phone
from geo.methods.person_codes import to_person_code

SECRET = b"a secret of thirty-two characters"


@pytest.mark.parametrize(
    "text",
    ["ana.ruiz@example.org", " ANA.Ruiz@Example.ORG ", "mailto:ana.ruiz@example.org",
     "Ana <ana.ruiz@example.org>", "ana.ruiz @example.org", "ana.ruiz@example.org;",
     "\uff41na.ruiz@example.org",     "ana.ruiz@example.org\xa0"],
)  # fmt: skip
def test_an_address_is_one_however_it_is_written(text: str) -> None:
    assert to_email(text) == "ana.ruiz@example.org"


@pytest.mark.parametrize(
    "text",
    ["7605550123", "(760) 555-0123", "760.555.0123", "+1 760 555 0123", "1-760-555-0123", "760-555-0123 x12",
     "(760) 555-0123 ext. 4", "760 555 0123 extensión 7", "tel:+17605550123", "760\u2013555\u20130123",
     "+1 (760) 555-0123 #9"],
)  # fmt: skip
def test_a_number_is_one_however_it_is_written(text: str) -> None:
    assert to_phone(text) == "+17605550123"


@pytest.mark.parametrize(
    "text", ["", "Ana", "ana@", "@ejemplo.org", "ana@ejemplo", "a b@c d@e.org", "7605550123"]
)
def test_what_is_no_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(SchemaError) as told:
        to_email(text)
    assert not text or text not in str(told.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ana 7605550123",
        "555-0199",
        "0605550123",
        "760555012",
        "76055501234",
        "7.605550123E+09",
        "ana@x.org",
    ],
)
def test_what_is_no_number_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(SchemaError) as told:
        to_phone(text)
    assert not text or text not in str(told.value)


def test_a_code_is_the_hmac_that_anybody_with_the_secret_can_reckon() -> None:
    code = make_contact_code(SECRET, "ana@example.org")
    assert code[1:21] == hmac.new(SECRET, b"email:ana@example.org", sha256).hexdigest()[:20].upper()
    assert code != make_contact_code(SECRET + b"!", "ana@example.org")
    assert to_person_code(code.lower()) == code
    with pytest.raises(ValueError, match="less than 32"):
        make_contact_code(b"short", "ana@example.org")


def test_a_slip_in_a_code_shows() -> None:
    code = make_contact_code(SECRET, "+17605550123")
    wrong = [code[:place] + sign + code[place + 1 :] for place in range(1, 23) for sign in "05AF"]
    slips = [item for item in wrong if item != code]
    assert sum(holds_check(item) for item in slips) <= len(slips) // 20
    with pytest.raises(ValueError, match="is no code"):
        to_person_code("P" + "MARIA" * 4 + "AB")
