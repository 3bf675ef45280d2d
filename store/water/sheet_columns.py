"""What the columns of the task force's own sheet may be called, in English and Spanish."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from geo.language import mark as N_
from store.water.kinds import Service

FIELD_TITLES: Mapping[str, str] = {
    "pwsid": N_("PWSID"),
    "name": N_("name"),
    "service": N_("service"),
    "stage": N_("stage"),
    "reached_on": N_("day reached"),
    "lead": N_("lead organisation"),
    "evidence": N_("source or evidence"),
    "link": N_("document"),
    "note": N_("note"),
    "why": N_("why"),
    "funder": N_("funding: from whom"),
    "amount_usd": N_("funding: amount"),
    "funding_status": N_("funding: how far"),
    "funded_on": N_("funding: day"),
    "milestone": N_("milestone"),
    "planned_for": N_("milestone: planned for"),
    "milestone_on": N_("milestone: day reached"),
    "comment": N_("comment"),
    "rate_usd_per_month": N_("water costs: dollars a month"),
    "share_of_income": N_("water costs: share of income"),
    "rate_on": N_("water costs: day"),
    "rate_source": N_("water costs: source"),
}
# In the order in which they are preferred where a sheet has several.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "pwsid": (
        "pwsid", "pws id", "pws", "pws id no", "pwsid no", "pws no", "water system no",
        "public water system no", "public water system id", "water system id", "system no", "system id",
        "id sistema", "no sistema", "id sistema agua", "no sistema agua", "clave sistema", "clave",
    ),
    "name": (
        "name", "system name", "water system name", "water system", "system", "pws name", "park", "park name",
        "mobile home park", "site", "community name", "nombre", "nombre sistema", "nombre sistema agua",
        "sistema agua", "sistema", "parque",
    ),
    "service": ("service", "utility", "type service", "servicio", "tipo servicio"),
    "stage": (
        "stage", "project stage", "connection stage", "phase", "project phase", "project status",
        "connection status", "status", "current status", "etapa", "fase", "estado proyecto", "estado",
        "estatus", "situacion",
    ),
    "reached_on": (
        "reached on", "date reached", "stage date", "status date", "as date", "date", "since", "fecha etapa",
        "fecha estado", "alcanzada", "fecha", "desde",
    ),
    "lead": (
        "lead", "lead organisation", "lead agency", "agency", "responsible", "organizacion", "responsable",
        "agencia", "organizacion responsable", "entidad responsable",
    ),
    "evidence": ("evidence", "source", "source evidence", "reference", "evidencia", "fuente", "referencia"),
    "link": ("link", "document", "url", "web link", "enlace", "documento", "liga"),
    "note": ("note", "notes", "remarks", "nota", "notas", "observaciones"),
    "why": ("why", "reason", "por que", "motivo", "razon"),
    "funder": (
        "funder", "funding source", "source funding", "funding agency", "grantor", "grant", "grant source",
        "funding from", "funding program", "financiador", "fuente financiamiento", "financiamiento",
        "fondos", "fuente fondos",
    ),
    "amount_usd": (
        "amount usd", "amount", "funding amount", "grant amount", "amount awarded", "award amount", "award",
        "funding", "funds", "monto", "importe", "cantidad", "monto financiamiento", "monto fondos",
    ),
    "funding_status": (
        "funding status", "grant status", "status funding", "award status", "estado financiamiento",
        "estado fondos", "estatus financiamiento",
    ),
    "funded_on": (
        "funding date", "grant date", "award date", "date awarded", "date funding", "fecha financiamiento",
        "fecha fondos", "fecha otorgamiento",
    ),
    "milestone": ("milestone", "next milestone", "next step", "hito", "proximo hito", "siguiente paso"),
    "planned_for": (
        "planned for", "milestone planned", "milestone due", "target date", "due", "due date",
        "milestone planned for", "fecha prevista", "previsto", "previsto para", "fecha hito",
    ),
    "milestone_on": (
        "milestone reached", "milestone date", "milestone reached on", "milestone completed",
        "hito alcanzado", "fecha alcanzado",
    ),
    "comment": ("comment", "comments", "comentario", "comentarios"),
    "rate_usd_per_month": (
        "rate usd per month", "water rate", "monthly rate", "rate", "monthly bill", "water bill",
        "average monthly bill", "monthly cost", "tarifa", "tarifa mensual", "tarifa agua", "recibo mensual",
        "costo mensual",
    ),
    "share_of_income": (
        "share income", "share household income", "percent income", "percent mhi", "mhi percent",
        "bill as percent mhi", "rate percent mhi", "affordability", "water bill as percent income",
        "porcentaje ingreso", "parte ingreso", "percent ingreso", "asequibilidad",
    ),
    "rate_on": ("rate date", "date rate", "affordability date", "rate as", "fecha tarifa"),
    "rate_source": ("rate source", "source rate", "affordability source", "fuente tarifa"),
}  # fmt: skip
# What a sheet may say for each service in a column of its own, as "Water stage" beside "Sewer stage".
PER_SERVICE = ("stage", "reached_on", "lead", "note")
SERVICE_WORDS: Mapping[Service, tuple[str, ...]] = {
    Service.WATER: ("water", "drinking water", "agua", "agua potable"),
    Service.WASTEWATER: (
        "wastewater", "waste water", "sewer", "sewage", "alcantarillado", "aguas residuales", "drenaje",
    ),
}  # fmt: skip
_SMALL_WORDS = {"the", "of", "for", "del", "de", "la", "el", "los", "las", "y", "and"}
_SAME_WORDS = {
    "number": "no",
    "num": "no",
    "numero": "no",
    "nro": "no",
    "identifier": "id",
    "identificador": "id",
    "identificacion": "id",
    "organization": "organisation",
    "porciento": "percent",
    "pct": "percent",
}


def plain_words(text: str) -> str:
    """Write a heading or a name plainly: lower case, no accents, no signs, no small words.

    Examples
    --------
    >>> plain_words("Número del Sistema"), plain_words("PWS_ID #"), plain_words("% of MHI")
    ('no sistema', 'pws id no', 'percent mhi')
    """
    text = text.replace("%", " percent ").replace("#", " no ").replace("n°", " no ").replace("º", " no ")
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    words = (_SAME_WORDS.get(word, word) for word in re.findall(r"[^\W_]+", bare))
    return " ".join(word for word in words if word not in _SMALL_WORDS)


def _plain(aliases: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for field, words in aliases.items():
        for place, alias in enumerate(words):
            found.setdefault(plain_words(alias), (field, place))
    return found


_FIELDS = _plain(ALIASES)


def field_of(heading: str, above: str = "") -> tuple[str, Service | None, int] | None:
    """Tell what a column holds: its field, the service that it is of, and how preferred its heading is.

    Parameters
    ----------
    above
        What stands above the heading, as "Funding" over "Source", "Amount" and "Status".

    Examples
    --------
    >>> field_of("PWS ID"), field_of("Sewer stage")
    (('pwsid', None, 1), ('stage', <Service.WASTEWATER: 'wastewater'>, 0))
    >>> field_of("Status", above="Funding"), field_of("Height")
    (('funding_status', None, 0), None)
    """
    own, over = plain_words(heading), plain_words(above)
    for words in (f"{over} {own}", own) if over and over != own else (own,):
        found = _FIELDS.get(words)
        if found:
            return found[0], None, found[1]
        of_service = _of_service(words)
        if of_service:
            return of_service
    return None


def _of_service(words: str) -> tuple[str, Service, int] | None:
    for service, names in SERVICE_WORDS.items():
        for name in names:
            rest = words.removeprefix(f"{name} ")
            rest = words.removesuffix(f" {name}") if rest == words else rest
            field, place = _FIELDS.get(rest, ("", 0))
            if rest != words and field in PER_SERVICE:
                return field, service, place
    return None
