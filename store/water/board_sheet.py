"""The task force's own sheet: what its columns may be called, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from geo.intake.tables import Column, TableKind, Unread
from geo.intake.values import (
    Vocabulary,
    amount_cells,
    date_cells,
    each,
    in_every_language,
    past_span_cells,
    plain_words,
    share_cells,
)
from geo.language import mark as N_
from geo.water.identifiers import to_pwsid
from store.water.board_table import COSTS, FACTS, RANKS, RATES
from store.water.kinds import FUNDING_TITLES, SERVICE_TITLES, STAGE_TITLES, FundingStatus, Service, Stage
from store.water.next_in_line import OF_LIST

RANKED = (*RANKS, *COSTS, "fundable", "basis", "reason", "way")
# Words beside our own titles, in either language; what could mean two stages is not here.
STAGES = Vocabulary(
    {str(stage): title for stage, title in STAGE_TITLES.items()},
    {
        **dict.fromkeys(("construction", "in construction", "construccion"), str(Stage.UNDER_CONSTRUCTION)),
        **dict.fromkeys(("completed", "complete", "consolidated", "terminado"), str(Stage.CONNECTED)),
        **dict.fromkeys(("feasibility study", "estudio factibilidad"), str(Stage.FEASIBILITY)),
        "planeacion": str(Stage.PLANNING),
        "not begun": str(Stage.NOT_STARTED),
        "infeasible": str(Stage.NOT_FEASIBLE),
        # As workbooks of earlier versions have it.
        **dict.fromkeys(("served", "ya servido"), str(Stage.ALREADY_SERVED)),
        "no registrado": str(Stage.NOT_RECORDED),
    },
    N_("{text!r} is no stage"),
)
FUNDING_STATUSES = Vocabulary(
    {str(status): title for status, title in FUNDING_TITLES.items()},
    {
        **dict.fromkeys(("applied", "application", "pending"), str(FundingStatus.APPLIED)),
        **dict.fromkeys(("approved", "granted", "otorgado", "aprobado"), str(FundingStatus.AWARDED)),
        **dict.fromkeys(("rejected", "denied"), str(FundingStatus.DECLINED)),
    },
    N_("{text!r} does not say how far the money is"),
)
SERVICE_WORDS = {
    Service.WATER: ("water", "drinking water", "agua", "agua potable"),
    Service.WASTEWATER: (
        "wastewater", "waste water", "sewer", "sewage", "alcantarillado", "aguas residuales", "drenaje",
    ),
}  # fmt: skip
SERVICES = Vocabulary(
    {str(service): title for service, title in SERVICE_TITLES.items()},
    {word: str(service) for service, words in SERVICE_WORDS.items() for word in words},
    N_("{text!r} is no service"),
)
# What a sheet may say for each service in a column of its own, as "Water stage" beside "Sewer stage".
PER_SERVICE = ("stage", "reached_on", "lead", "note")
COLUMNS = (
    Column(
        "pwsid",
        N_("PWSID"),
        "pwsid, pws id, pws, pws id no, pwsid no, pws no, water system no, public water system no, "
        "public water system id, water system id, system no, system id, id sistema, no sistema, id "
        "sistema agua, no sistema agua, clave sistema, clave",
        each(to_pwsid),
        unread=Unread.REFUSE,
        telling=True,
    ),
    Column(
        "name",
        N_("name"),
        "name, system name, water system park name, water system name, water system, system, pws name, "
        "park, park name, mobile "
        "home park, site, community name, nombre, nombre sistema, nombre sistema agua, sistema agua, "
        "sistema, parque",
    ),
    Column(
        "service",
        N_("service"),
        "service, utility, type service, servicio, tipo servicio",
        SERVICES,
        unread=Unread.REFUSE,
    ),
    Column(
        "stage",
        N_("stage"),
        "stage, project stage, connection stage, phase, project phase, project status, connection "
        "status, status, current status, etapa, fase, estado proyecto, estado, estatus, situacion",
        STAGES,
        unless=tuple(f"stage/{service}" for service in Service),
    ),
    Column(
        "reached_on",
        N_("day reached"),
        "reached on, date reached, date last step, last step date, stage date, status date, as date, "
        "date, since, fecha etapa, fecha "
        "estado, alcanzada, fecha, desde",
        past_span_cells,
    ),
    Column(
        "lead",
        N_("lead organization"),
        "lead, lead organization, lead agency, agency, responsible, organizacion, responsable, agencia, "
        "organizacion responsable, entidad responsable",
    ),
    Column(
        "evidence",
        N_("source or evidence"),
        "evidence, source, source evidence, reference, evidencia, fuente, referencia",
    ),
    Column(
        "link",
        N_("document"),
        "link, document, url, web link, enlace, documento, liga",
    ),
    Column(
        "note",
        N_("note"),
        "note, notes, remarks, nota, notas, observaciones",
    ),
    Column(
        "why",
        N_("why"),
        "why, reason, por que, motivo, razon",
    ),
    Column(
        "funder",
        N_("funding: from whom"),
        "funder, funding source, source funding, funding agency, grantor, grant program, grant, grant "
        "source, funding from, funding program, financiador, fuente financiamiento, financiamiento, "
        "fondos, fuente "
        "fondos",
    ),
    Column(
        "amount_usd",
        N_("funding: amount"),
        "amount usd, grant usd, funding usd, award usd, amount, funding amount, grant amount, amount "
        "awarded, award amount, award, "
        "funding, funds, monto, importe, cantidad, monto financiamiento, monto fondos",
        amount_cells,
    ),
    Column(
        "funding_status",
        N_("funding: how far"),
        "funding status, grant status, status funding, award status, estado financiamiento, estado "
        "fondos, estatus financiamiento",
        FUNDING_STATUSES,
        beside="amount_usd",
        ask=N_("How far is money of which the sheet does not say it?"),
    ),
    Column(
        "funded_on",
        N_("funding: day"),
        "funding date, grant date, award date, date awarded, date funding, fecha financiamiento, fecha "
        "fondos, fecha otorgamiento",
        past_span_cells,
    ),
    Column(
        "milestone",
        N_("milestone"),
        "milestone, next milestone, next step, hito, proximo hito, siguiente paso",
    ),
    Column(
        "planned_for",
        N_("milestone: planned for"),
        "planned for, milestone planned, milestone due, target date, due, due date, milestone planned "
        "for, fecha prevista, previsto, previsto para, fecha hito",
        date_cells,
    ),
    Column(
        "milestone_on",
        N_("milestone: day reached"),
        "milestone reached, milestone date, milestone reached on, milestone completed, hito alcanzado, "
        "fecha alcanzado",
        past_span_cells,
    ),
    Column(
        "comment",
        N_("comment"),
        "comment, comments, comments next steps, comentario, comentarios",
    ),
    Column(
        "rate_usd_per_month",
        N_("water costs: dollars a month"),
        "rate usd per month, water rate, monthly rate, rate, monthly bill, monthly water bill, water bill, "
        "average monthly bill, monthly cost, tarifa, tarifa mensual, tarifa agua, recibo mensual, costo "
        "mensual",
        amount_cells,
    ),
    Column(
        "share_of_income",
        N_("water costs: share of income"),
        "share income, share household income, percent income, percent mhi, mhi percent, bill as "
        "percent mhi, rate percent mhi, affordability, water bill as percent income, porcentaje "
        "ingreso, parte ingreso, percent ingreso, asequibilidad",
        share_cells,
    ),
    Column(
        "rate_on",
        N_("water costs: day"),
        "rate date, date rate, affordability date, rate as, fecha tarifa",
        past_span_cells,
        beside="rate_usd_per_month",
        ask=N_("Of when are water bills of which the sheet does not say it? (a day, month or year)"),
    ),
    Column(
        "rate_source",
        N_("water costs: source"),
        "rate source, source rate, affordability source, fuente tarifa",
    ),
)


def _per_service() -> Iterator[Column]:
    titles = {
        ("stage", Service.WATER): N_("stage (water)"),
        ("stage", Service.WASTEWATER): N_("stage (wastewater)"),
        ("reached_on", Service.WATER): N_("day reached (water)"),
        ("reached_on", Service.WASTEWATER): N_("day reached (wastewater)"),
        ("lead", Service.WATER): N_("lead organization (water)"),
        ("lead", Service.WASTEWATER): N_("lead organization (wastewater)"),
        ("note", Service.WATER): N_("note (water)"),
        ("note", Service.WASTEWATER): N_("note (wastewater)"),
    }
    for column in COLUMNS:
        for service in Service if column.key in PER_SERVICE else ():
            words = [
                (name, heading) for name in SERVICE_WORDS[service] for heading in column.headings.split(", ")
            ]
            headings = [
                text for name, heading in words for text in (f"{name} {heading}", f"{heading} {name}")
            ]
            title = titles[column.key, service]
            yield replace(
                column, key=f"{column.key}/{service}", title=title, headings=", ".join(headings), unless=()
            )


# What heads the columns of our own workbook; what can be taken in bears the title that it is found by.
HEADINGS: dict[str, str] = {
    "pwsid": N_("PWSID"),
    "name": N_("name"),
    "community": N_("Community"),
    "safer_status": N_("SAFER status"),
    "population": N_("People"),
    "population_estimated": N_("People are an estimate"),
    "connections": N_("Connections"),
    "system_class": N_("Kind of system"),
    "economic_status": N_("Income class"),
    "violations_count": N_("Violations on record"),
    "location_quality": N_("How well its place is known"),
    "is_receiver": N_("Is the district itself"),
    "reported": N_("Reported in the news, to confirm"),
    "water_stage": N_("stage (water)"),
    "water_reached_on": N_("day reached (water)"),
    "water_number": N_("number of the record (water)"),
    "water_funding_usd": N_("money secured, dollars (water)"),
    "water_rate_usd_per_month": N_("household pays, dollars a month (water)"),
    "water_share_of_income": N_("household pays, share of income (water)"),
    "water_rate_on": N_("household pays, as of (water)"),
    "water_rate_source": N_("household pays, source (water)"),
    "wastewater_stage": N_("stage (wastewater)"),
    "wastewater_reached_on": N_("day reached (wastewater)"),
    "wastewater_number": N_("number of the record (wastewater)"),
    "wastewater_funding_usd": N_("money secured, dollars (wastewater)"),
    "wastewater_rate_usd_per_month": N_("household pays, dollars a month (wastewater)"),
    "wastewater_share_of_income": N_("household pays, share of income (wastewater)"),
    "wastewater_rate_on": N_("household pays, as of (wastewater)"),
    "wastewater_rate_source": N_("household pays, source (wastewater)"),
    "score": N_("Score of need"),
    "known": N_("Part of the score that rests on data"),
    "rank": N_("Rank"),
    "rank_low": N_("Rank, likely from"),
    "rank_high": N_("Rank, likely to"),
    "rank_least": N_("Rank if one factor counts half or double, from"),
    "rank_most": N_("Rank if one factor counts half or double, to"),
    "share_first": N_("How often in the first ten"),
    "rank_best": N_("Best rank with any weights"),
    "rank_worst": N_("Worst rank with any weights"),
    "stands": N_("In the first ten with any weights"),
    "listing": N_("Where it stands in who is next"),
    "why_not_next": N_("Why it is not next"),
    "to_learn": N_("What is not known of it yet"),
    "total_cost_usd": N_("Cost alone, dollars"),
    "low_cost_usd": N_("Cost alone, from, dollars"),
    "high_cost_usd": N_("Cost alone, to, dollars"),
    "cost_per_connection_usd": N_("Cost for each connection, dollars"),
    "fundable": N_("Within the State's funding limit"),
    "basis": N_("How the pipe was measured"),
    "reason": N_("Why there is no cost"),
    "way": N_("What the cost rests on"),
    "at": N_("When (UTC)"),
    "who": N_("Who"),
    "service": N_("Service"),
    "kind": N_("What"),
    "was": N_("From"),
    "now": N_("To"),
    "why": N_("Why"),
    "source": N_("Source"),
    "on_record": N_("On record"),
    "year": N_("Year"),
    "systems": N_("Systems"),
    "people": N_("People"),
    "people_unknown": N_("Systems whose people are not known"),
    "funding_usd": N_("Money secured, dollars"),
}
# What our own workbook of the board holds beside what can be taken in.
EXPORTED = (
    *FACTS,
    *OF_LIST,
    "reported",
    *RANKED,
    *(f"{service}_{name}" for service in Service for name in ("number", "funding_usd", *RATES)),
)
PASSED = frozenset(map(plain_words, EXPORTED)) | frozenset(
    words for name in EXPORTED for words in in_every_language(((name, HEADINGS[name]),))
)
BOARD_SHEET = TableKind(
    key="board",
    columns=(*COLUMNS, *_per_service()),
    needs=(
        ("pwsid", "name"),
        tuple(column.key for column in COLUMNS if column.key not in ("pwsid", "name", "service"))
        + tuple(f"{key}/{service}" for key in PER_SERVICE for service in Service),
    ),
    remedy=N_(
        "give one row with a column PWSID (or name of the system) and one of stage, funding, milestone, "
        "comment or water rate"
    ),
    note="note",
    passed=PASSED,
)
# What a blank sheet asks for.
BLANK = (
    "pwsid", "name", "service", "stage", "reached_on", "lead", "evidence", "note", "funder", "amount_usd",
    "funding_status", "funded_on", "milestone", "planned_for", "comment", "rate_usd_per_month", "rate_on",
    "rate_source",
)  # fmt: skip
