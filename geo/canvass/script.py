"""What is said and asked at a door: one definition for the form of ODK Collect, the phone page and paper.

What happened at a door is the same in every campaign, as progress counts it; the words of greeting and the
questions after it are the campaign's own. Without any, a door is asked what it always was: its number and
what happened there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import chain, count
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.canvass.codes import Disposition
from geo.errors import SchemaError
from geo.language import gettext as _
from geo.language import mark as N_

MOST_QUESTIONS, MOST_CHOICES = 20, 30
LONGEST_WORDS, LONGEST_GREETING, LONGEST_ANSWER, LONGEST_KEY = 300, 2_000, 500, 30
KEY = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_KEY - 1}}}")
# Where a language lacks words: who speaks P'urhépecha here reads Spanish rather than English.
INSTEAD: Mapping[str, tuple[str, ...]] = {"tsz": ("es", "en")}


class QuestionKind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    SEVERAL = "several"
    TEXT = "text"
    NUMBER = "number"


QUESTION_KIND_TITLES: Mapping[QuestionKind, str] = {
    QuestionKind.ONE: N_("one answer"),
    QuestionKind.SEVERAL: N_("several answers"),
    QuestionKind.TEXT: N_("in words"),
    QuestionKind.NUMBER: N_("a number"),
}


def _check_words(words: dict[str, str], longest: int) -> dict[str, str]:
    kept = {language: text.strip().replace("\r\n", "\n") for language, text in words.items() if text.strip()}
    for text in kept.values():
        if len(text) > longest:
            raise ValueError(_("has more than {most} signs").format(most=longest))
        if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in text):
            raise ValueError(_("holds signs that cannot be printed"))
        if "${" in text:
            raise ValueError(_("holds ${, which forms take for the name of a question"))
    return kept


def _check_title(words: dict[str, str]) -> dict[str, str]:
    kept = _check_words(words, LONGEST_WORDS)
    if not kept.get("en"):
        raise ValueError(_("lacks its words in English"))
    return kept


def _check_greeting(words: dict[str, str]) -> dict[str, str]:
    return _check_words(words, LONGEST_GREETING)


def _check_key(key: str) -> str:
    if not KEY.fullmatch(key):
        raise ValueError(_("{key} is no key of a question").format(key=repr(key)))
    return key


Title = Annotated[dict[str, str], AfterValidator(_check_title)]
Key = Annotated[str, AfterValidator(_check_key)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Choice(_Part):
    """One answer that can be chosen; ``title`` by language (ISO 639), English always."""

    key: Key
    title: Title


class Question(_Part):
    """One question; it is asked after the results of ``after``, at every door where there are none."""

    key: Key
    title: Title
    kind: QuestionKind = QuestionKind.ONE
    choices: Annotated[tuple[Choice, ...], Field(max_length=MOST_CHOICES)] = ()
    after: tuple[Disposition, ...] = (Disposition.SPOKE,)

    @model_validator(mode="after")
    def check_choices(self) -> Question:
        """Refuse a question that cannot be answered."""
        if self.kind in (QuestionKind.ONE, QuestionKind.SEVERAL) and len(self.choices) < 2:
            raise ValueError(_("needs two answers to choose from"))
        _require_apart([choice.key for choice in self.choices])
        return self


class Script(_Part):
    """What is said at a door, by language, and what is asked, in order.

    Examples
    --------
    >>> Script().questions
    ()
    """

    greeting: Annotated[dict[str, str], AfterValidator(_check_greeting)] = Field(default_factory=dict)
    questions: Annotated[tuple[Question, ...], Field(max_length=MOST_QUESTIONS)] = ()

    @model_validator(mode="after")
    def check_keys(self) -> Script:
        """Refuse two questions with one key."""
        _require_apart([question.key for question in self.questions])
        return self

    def languages(self) -> list[str]:
        """Return the languages (ISO 639) that any of its words are in, English and Spanish first.

        Examples
        --------
        >>> Script(greeting={"tsz": "Nari erandi"}).languages()
        ['en', 'es', 'tsz']
        """
        titles = [words for question in self.questions for words in (question.title, *_titles(question))]
        found = {language for words in (self.greeting, *titles) for language in words}
        return ["en", "es", *sorted(found - {"en", "es"})]


def _titles(question: Question) -> list[dict[str, str]]:
    return [choice.title for choice in question.choices]


def _require_apart(keys: list[str]) -> None:
    twice = sorted(key for key, count in Counter(keys).items() if count > 1)
    if twice:
        raise ValueError(_("{keys} stands there twice").format(keys=", ".join(twice)))


def say(words: Mapping[str, str], language: str) -> str:
    """Return words in a language, or in the one that stands in for it; empty where there are none.

    Examples
    --------
    >>> say({"en": "Hello", "es": "Hola"}, "tsz"), say({"en": "Hello"}, "es"), say({}, "en")
    ('Hola', 'Hello', '')
    """
    order = (language, *INSTEAD.get(language, ()), "en", *words)
    return next((words[item] for item in order if words.get(item)), "")


def make_key(title: str, taken: Iterable[str] = ()) -> str:
    """Make the key of a question or an answer from its English words, other than those that are taken.

    Examples
    --------
    >>> make_key("Has internet at home?"), make_key("Yes!", ["yes"]), make_key("¿?")
    ('has_internet_at_home', 'yes_2', 'item')
    """
    plain = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")[: LONGEST_KEY - 4].strip("_")
    plain = plain if KEY.fullmatch(plain) else f"item_{plain}".rstrip("_")
    plain = plain[: LONGEST_KEY - 4].rstrip("_")
    used = set(taken)
    numbered = (f"{plain}_{number}" for number in count(2))
    return next(key for key in chain([plain], numbered) if key not in used)


def read_choices(text: str, before: Iterable[Choice] = ()) -> tuple[Choice, ...]:
    r"""Read answers as a person types them: one a line, English | Spanish | P'urhépecha.

    Parameters
    ----------
    before
        Answers as they stood: one with the same English words keeps its key.

    Raises
    ------
    SchemaError
        One has no English words, or too many, or signs that cannot be printed.

    Examples
    --------
    >>> [(choice.key, choice.title["es"]) for choice in read_choices("Yes | Sí\nNo | No")]
    [('yes', 'Sí'), ('no', 'No')]
    """
    known = {choice.title["en"]: choice.key for choice in before}
    found: list[Choice] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        title = dict(zip(("en", "es", "tsz"), map(str.strip, line.split("|")), strict=False))
        taken = [*known.values(), *(choice.key for choice in found)]
        key = known.get(title["en"]) or make_key(title["en"], taken)
        try:
            found.append(Choice(key=key, title=title))
        except ValidationError as error:
            raise SchemaError(
                _("the answer {line}: {why}").format(line=repr(line), why=_reason(error)),
                _("write it in English first, then | and Spanish, then | and P'urhépecha"),
            ) from error
    return tuple(found)


def _reason(error: ValidationError) -> str:
    return "; ".join(str(item.get("ctx", {}).get("error", item["msg"])) for item in error.errors())


def write_choices(choices: Iterable[Choice]) -> str:
    """Write answers as :func:`read_choices` reads them.

    Examples
    --------
    >>> write_choices(read_choices("Yes | Sí"))
    'Yes | Sí'
    """
    rows = ([choice.title.get(name, "") for name in ("en", "es", "tsz")] for choice in choices)
    return "\n".join(" | ".join(row).rstrip(" |") for row in rows)


def read_answers(given: Mapping[str, Any]) -> dict[str, str]:
    """Return answers as they may be kept: what is empty is no answer, what is too long is cut.

    Keys that the script has no more are kept: a phone may have been given its form before.

    Examples
    --------
    >>> read_answers({"internet": " yes ", "note": "", "No key": "x"})
    {'internet': 'yes'}
    """
    kept = {key: str(value).strip()[:LONGEST_ANSWER] for key, value in given.items() if KEY.fullmatch(key)}
    return dict(list({key: value for key, value in kept.items() if value}.items())[:MOST_QUESTIONS])


def count_answers(script: Script, answers: Iterable[Mapping[str, str]], language: str) -> pd.DataFrame:
    r"""Count the doors by question and answer, in the order of the script.

    Parameters
    ----------
    answers
        Those of a door each, by the question's key; of several answers the keys stand beside one another.
    language
        In which questions and answers are named.

    Returns
    -------
    pandas.DataFrame
        ``question``, ``answer`` (empty for words and numbers, which are only counted), ``doors``.

    Examples
    --------
    >>> script = Script(questions=(Question(key="net", title={"en": "Internet?"},
    ...     choices=read_choices("Yes | Sí\nNo | No")),))
    >>> count_answers(script, [{"net": "yes"}, {"net": "yes"}, {}], "en").values.tolist()
    [['Internet?', 'Yes', 2], ['Internet?', 'No', 0]]
    """
    told = list(answers)
    rows: list[tuple[str, str, int]] = []
    for question in script.questions:
        given = [item[question.key] for item in told if question.key in item]
        title = say(question.title, language)
        counts = Counter(key for text in given for key in text.split())
        rows += [(title, say(choice.title, language), counts[choice.key]) for choice in question.choices]
        if not question.choices:
            rows.append((title, "", len(given)))
    return pd.DataFrame(rows, columns=["question", "answer", "doors"])
