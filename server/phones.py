"""The door for phones: ODK Collect by OpenRosa, and a page of ours that works without signal.

OpenRosa 1.0 as https://docs.getodk.org/openrosa publishes it: a list of forms
(https://docs.getodk.org/openrosa-form-list), the form, and its submission by HEAD and POST
(https://docs.getodk.org/openrosa-form-submission), every answer with ``X-OpenRosa-Version``. A phone is known
by the code in its address, of which the store has a checksum alone; it sees and sends what its volunteer has
in hand. Collect takes 201 as received and shows the message of any other answer; it sends again whatever was
not received.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from hashlib import md5
from math import ceil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Message

from geo.canvass.returns import MOST_SUBMISSION_BYTES, read_submission, to_submission
from geo.canvass.script import INSTEAD, Script
from geo.days import day_in, now
from geo.errors import GeoError, SchemaError
from geo.language import LANGUAGES, current_language, use_language
from geo.language import gettext as _
from geo.language import mark as N_
from geo.region import Region, read_region, region_keys
from geo.settings import page_address
from server.doors import PHONES, client_address, is_public, named_host
from server.headers import is_secure
from server.phone_inbox import FullError, Inbox
from server.uploads import at_most
from store.canvass.book import CanvassBook
from store.canvass.phones import Answer, Outcome, Phones, Sent, Standing, take_sent, to_checksum
from store.sign_in_limits import FREE_ADDRESS, Counts
from wording.phone_page import page_content

FOLDER = Path(__file__).parent / "phone_page"
FILES = {"page.js": "text/javascript", "worker.js": "text/javascript", "page.css": "text/css"}
MOST_BYTES = 10_000_000
MOST_PARTS, MOST_FROM_PAGE = 150, 200
# So many doors a code may add on a day: five times what anybody knocks on.
MOST_A_DAY = 1_500
MOST_OPEN, LONGEST_S, LONGEST_CODE = 120, 120.0, 64
RETRY_S = 15
FULL = N_("Too many phones are sending at this moment. Try again in a minute.")
MANY = N_("This phone has sent more doors today than anybody knocks on. Ask your lead.")
ENDED = N_("This phone may not send any more. Ask your lead for a new code; nothing is lost from the phone.")
COLLECT, PAGE = "ODK Collect", "phone page"
Handler = Callable[["Caller", Request], Awaitable[Response]]


def phone_routes() -> list[Route]:
    """Return the routes below ``/phones``.

    Examples
    --------
    >>> [route.path.rpartition("}")[2] for route in phone_routes()][:3]
    ['/formList', '/form.xml', '/submission']
    """
    base = f"{PHONES}{{region}}/{{code}}"
    return [
        Route(f"{base}/formList", for_phone(list_forms), methods=["GET"]),
        Route(f"{base}/form.xml", for_phone(give_form), methods=["GET"]),
        Route(f"{base}/submission", for_phone(take_form), methods=["HEAD", "POST"]),
        Route(f"{base}/content.json", for_phone(give_content), methods=["GET"]),
        Route(f"{base}/visits", for_phone(take_visits), methods=["POST"]),
        Route(f"{base}/", give_page, methods=["GET"]),
        Route(base, to_page, methods=["GET"]),
        Route(f"{base}/{{file}}", give_file, methods=["GET"]),
    ]


@dataclass(frozen=True)
class Caller:
    """Whose phone it is."""

    region: Region
    book: CanvassBook
    volunteer: str
    checksum: str


class TooLargeError(Exception):
    """A body has more bytes than are taken."""


_UNKNOWN = Counts(FREE_ADDRESS)
_OPEN = asyncio.Semaphore(MOST_OPEN)
_NEW_TODAY: Counter[tuple[str, str]] = Counter()


def for_phone(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Let a request in whose code is valid, and say in a sentence why not."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        use_language(_asked_language(request))
        if _OPEN.locked():
            return refuse(request, 503, _(FULL))
        async with _OPEN:
            try:
                found = await _find(request)
                return found if isinstance(found, Response) else await handler(found, request)
            except (FullError, TimeoutError):
                return refuse(request, 503, _(FULL))
            except SchemaError as error:
                return refuse(request, 400, str(error))
            except GeoError as error:
                return refuse(request, 503, str(error))

    return answer


async def _find(request: Request) -> Caller | Response:
    """Return whose phone asks; codes that nobody ever had count as tries of an address."""
    region, code = request.path_params["region"], request.path_params["code"]
    if is_public(request.scope) or region not in region_keys() or len(code) > LONGEST_CODE:
        return refuse(request, 404, _("There is nothing here."))
    standing, found = await run_in_threadpool(_look_up, region, code)
    if found is not None:
        return found
    if standing is Standing.ENDED:
        return refuse(request, 403, _(ENDED))
    address = client_address(request.scope)
    left = _UNKNOWN.left(address, now()).total_seconds()
    if left > 0:
        answer = refuse(request, 429, _("Too many tries from here. Try again later."))
        answer.headers["Retry-After"] = str(ceil(left))
        return answer
    _UNKNOWN.note(address, now())
    return refuse(request, 403, _("This code is not known here. Ask your lead for a new one."))


def _look_up(region: str, code: str) -> tuple[Standing, Caller | None]:
    book = _open(region)
    standing, volunteer = Phones(book).find(code)
    if standing is not Standing.VALID:
        return standing, None
    return standing, Caller(read_region(region), book, volunteer, to_checksum(code))


def _open(region: str) -> CanvassBook:
    # Not on top: what pages are made of is imported by the first visit.
    from app_pages.parts.canvass.book import open_canvass

    return open_canvass(read_region(region))


def _write(region: str, sent: Sequence[Sent]) -> list[Answer]:
    return take_sent(_open(region), sent, day_in(read_region(region).timezone))


INBOX = Inbox(_write)


def refuse(request: Request, status: int, words: str) -> Response:
    """Answer with a sentence: as OpenRosa's message to Collect, else as JSON."""
    if request.url.path.endswith(("/content.json", "/visits")):
        return JSONResponse({"words": words}, status, _headers())
    answer = open_rosa(words, "error", status)
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_S)
    return answer


def _headers() -> dict[str, str]:
    return {
        "X-OpenRosa-Version": "1.0",
        "X-OpenRosa-Accept-Content-Length": str(MOST_BYTES),
        "Content-Language": current_language(),
        "Cache-Control": "no-store",
    }


def open_rosa(words: str, nature: str, status: int) -> Response:
    """Write a message as OpenRosa defines it (https://docs.getodk.org/openrosa-http).

    Examples
    --------
    >>> open_rosa("1 < 2", "submit_success", 201).body.decode()
    '<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message nature="submit_success">1 &lt; 2</message></OpenRosaResponse>'
    """  # noqa: E501
    message = f'<message nature="{nature}">{escape(words)}</message>'
    text = f'<OpenRosaResponse xmlns="http://openrosa.org/http/response">{message}</OpenRosaResponse>'
    return _xml(text.encode(), status)


def _xml(content: bytes, status: int = 200) -> Response:
    return Response(content, status, _headers(), "text/xml")


def outside_base(request: Request) -> str:
    """Return the address of a phone's door as the phone knows it, without a slash at its end."""
    place = PHONES + "/".join((request.path_params["region"], request.path_params["code"]))
    ours, host = page_address().rstrip("/"), request.headers.get("host", "")
    if ours and urlsplit(ours).hostname == named_host(Headers(scope=request.scope)):
        return ours + place
    scheme = "https" if is_secure(request.scope) else "http"
    return f"{scheme}://{host}{request.scope.get('root_path', '')}{place}"


def _asked_language(request: Request) -> str:
    asked = re.split(r"[-,;]", request.headers.get("accept-language", ""))[0].strip().casefold()
    return next((name for name in (asked, *INSTEAD.get(asked, ())) if name in LANGUAGES), "en")


async def list_forms(caller: Caller, request: Request) -> Response:
    """List the one form that holds a volunteer's turfs; none while they have none in hand."""
    form = await run_in_threadpool(form_of, caller)
    if form is None:
        return _xml(b'<xforms xmlns="http://openrosa.org/xforms/xformsList"/>')
    fields = {
        "formID": form.key,
        "name": form.title,
        "version": form.version,
        "hash": f"md5:{md5(form.content, usedforsecurity=False).hexdigest()}",
        "downloadUrl": f"{outside_base(request)}/form.xml",
    }
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in fields.items())
    text = f'<xforms xmlns="http://openrosa.org/xforms/xformsList"><xform>{inside}</xform></xforms>'
    return _xml(text.encode())


async def give_form(caller: Caller, request: Request) -> Response:
    """Give the form."""
    form = await run_in_threadpool(form_of, caller)
    return refuse(request, 404, _("You have no turf in hand.")) if form is None else _xml(form.content)


def _in_hand(caller: Caller) -> dict[str, tuple[str, ...]]:
    """Return the blocks of each turf that a volunteer has in hand."""
    return {turf.code: turf.units for turf in Phones(caller.book).turfs(caller.volunteer)}


@dataclass(frozen=True, slots=True)
class Form:
    """A form as phones get it."""

    key: str
    title: str
    version: str
    content: bytes


def form_of(caller: Caller) -> Form | None:
    """Return a volunteer's form; None while they have no turf in hand."""
    turfs = _in_hand(caller)
    if not turfs:
        return None
    return _form(json.dumps(turfs), caller.book.script().model_dump_json(), caller.region.invented)


@lru_cache(maxsize=128)
def _form(turfs: str, script: str, invented: bool) -> Form:
    # Not on top: it takes seconds to import, and a server without phones starts without it.
    from reports.phone_files import FORM_ID, FORM_TITLE, INVENTED_TITLE, make_xform

    use_language("en")
    version, content = make_xform(json.loads(turfs), Script.model_validate_json(script), invented=invented)
    return Form(FORM_ID, INVENTED_TITLE if invented else FORM_TITLE, version, content)


async def take_form(caller: Caller, request: Request) -> Response:
    """Say where to send (HEAD), or take one filled form (POST)."""
    if request.method == "HEAD":
        where = {**_headers(), "Location": f"{outside_base(request)}/submission"}
        return Response(None, 204, where)
    use_language(await run_in_threadpool(Phones(caller.book).language, caller.volunteer))
    if _too_many(caller):
        return refuse(request, 429, _(MANY))
    try:
        async with asyncio.timeout(LONGEST_S):
            content, pictures = await read_parts(request)
    except TooLargeError:
        return refuse(request, 413, _("This is larger than 10 MB."))
    submission = read_submission(content)
    sent = Sent(submission, caller.volunteer, COLLECT, current_language())
    (answer,) = await INBOX.put(caller.region.key, [sent])
    _count(caller, [answer])
    if answer.outcome is Outcome.REFUSED:
        return refuse(request, 400, answer.words)
    words = _("Recorded.") if answer.outcome is not Outcome.SAME else _("It was here already.")
    if pictures:
        words += " " + _("Pictures and recordings are not kept here.")
    return open_rosa(words, "submit_success", 201)


async def read_parts(request: Request) -> tuple[bytes, int]:
    """Read the XML of a submission, and count the files beside it, which are not kept.

    Raises
    ------
    TooLargeError
        The body is larger than 10 MB.
    SchemaError
        It is not what OpenRosa sends.
    """
    size = request.headers.get("content-length", "")
    if size.isdecimal() and int(size) > MOST_BYTES:
        raise TooLargeError
    limited = Request(request.scope, at_most(request.receive, MOST_BYTES, _too_large))
    try:
        async with limited.form(max_files=MOST_PARTS, max_fields=MOST_PARTS) as form:
            file = form.get("xml_submission_file")
            others = sum(isinstance(item, UploadFile) for item in form.values())
            if isinstance(file, UploadFile):
                return await file.read(MOST_SUBMISSION_BYTES + 1), others - 1
            if isinstance(file, str):
                return file.encode(), others
    except (HTTPException, ClientDisconnect) as error:
        raise SchemaError(_("this is no filled form")) from error
    raise SchemaError(_("this is no filled form"))


def _too_large() -> Message:
    raise TooLargeError


def _too_many(caller: Caller) -> bool:
    return _NEW_TODAY[(caller.checksum, _day(caller))] >= MOST_A_DAY


def _count(caller: Caller, answers: Sequence[Answer]) -> None:
    day = _day(caller)
    for key in [key for key in _NEW_TODAY if key[1] < day]:
        del _NEW_TODAY[key]
    _NEW_TODAY[(caller.checksum, day)] += sum(answer.outcome is Outcome.NEW for answer in answers)


def _day(caller: Caller) -> str:
    return day_in(caller.region.timezone).isoformat()


async def to_page(request: Request) -> Response:
    """Lead to the page of a code: what it is made of stands beside it."""
    return RedirectResponse(f"{outside_base(request)}/", 308)


async def give_page(request: Request) -> Response:
    """Give the page for a phone's browser; it is the same for all, and shows what ``content.json`` holds."""
    if is_public(request.scope):
        return refuse(request, 404, _("There is nothing here."))
    return FileResponse(FOLDER / "page.html", headers={"Cache-Control": "no-cache"}, media_type="text/html")


async def give_file(request: Request) -> Response:
    """Give a script or the look of that page."""
    kind = FILES.get(request.path_params["file"])
    if kind is None or is_public(request.scope):
        return refuse(request, 404, _("There is nothing here."))
    path = FOLDER / request.path_params["file"]
    return FileResponse(path, headers={"Cache-Control": "no-cache"}, media_type=kind)


async def give_content(caller: Caller, _request: Request) -> Response:
    """Give what the page shows: a volunteer's turfs, the script, and all words in every language."""
    content = await run_in_threadpool(_content, caller)
    return JSONResponse(content, headers=_headers())


def _content(caller: Caller) -> Mapping[str, Any]:
    first = Phones(caller.book).language(caller.volunteer)
    return page_content(_in_hand(caller), caller.book.script(), caller.volunteer, caller.region, first)


async def take_visits(caller: Caller, request: Request) -> Response:
    """Take visits that the page has kept; each is answered by its name."""
    try:
        async with asyncio.timeout(LONGEST_S):
            body = await Request(request.scope, at_most(request.receive, MOST_BYTES // 10, _too_large)).body()
            told = json.loads(body)["visits"]
    except TooLargeError:
        return refuse(request, 413, _("This is larger than 1 MB."))
    except (ValueError, KeyError, TypeError, RecursionError):
        return refuse(request, 400, _("this is no filled form"))
    if not isinstance(told, list) or len(told) > MOST_FROM_PAGE or not all(isinstance(x, dict) for x in told):
        return refuse(request, 400, _("this is no filled form"))
    if _too_many(caller):
        return refuse(request, 429, _(MANY))
    answers: dict[str, dict[str, str]] = {}
    sent: list[Sent] = []
    for fields in told:
        try:
            sent.append(Sent(to_submission(fields), caller.volunteer, PAGE, current_language()))
        except SchemaError as error:
            answers[str(fields.get("id", ""))[:LONGEST_CODE]] = {"outcome": "refused", "words": str(error)}
    found = await INBOX.put(caller.region.key, sent) if sent else []
    _count(caller, found)
    for item, answer in zip(sent, found, strict=True):
        answers[item.submission.id] = {"outcome": str(answer.outcome), "words": answer.words}
    return JSONResponse({"answers": answers}, headers=_headers())
