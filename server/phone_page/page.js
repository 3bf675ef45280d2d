// Records doors on a phone with or without signal: what is saved stands in the browser's database (IndexedDB)
// before anything is said, and is sent when there is signal. Sent twice, it counts once: it carries its name.
"use strict";
const SEND_AT_ONCE = 50, SHOWN = 30, AGAIN_MS = 20000, PATIENCE_MS = 20000;
const state = { content: null, language: "en", visits: [], changing: null, chosen: {}, said: "", fault: "", busy: false };
// What is said before the words are here, which the server holds in every language.
const LOADING = "Loading. The first time this needs signal. · Cargando. La primera vez necesita señal.";
const NO_ROOM = "This browser keeps nothing: doors would be lost. Leave private browsing, or use paper. · "
  + "Este navegador no guarda nada: las puertas se perderían. Salga del modo privado o use papel.";
let database = null;

function ask(request) {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

function openDatabase() {
  // One for a region, not for a code: what waits under a code that was ended is sent under the next one.
  const region = location.pathname.split("/phones/")[1].split("/")[0];
  const request = indexedDB.open(`canvass-${region}`, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("visits", { keyPath: "id" });
    request.result.createObjectStore("kept");
  };
  return ask(request);
}

function change(store, act) {
  return new Promise((done, fail) => {
    const all = database.transaction(store, "readwrite", { durability: "strict" });
    act(all.objectStore(store));
    all.oncomplete = () => done();
    all.onerror = all.onabort = () => fail(all.error);
  });
}

function read(store, key) {
  const held = database.transaction(store).objectStore(store);
  return ask(key === undefined ? held.getAll() : held.get(key));
}

function words(key, parts = {}) {
  const all = state.content ? state.content.words : {};
  const text = (order().map((language) => all[language] || {}).find((mine) => mine[key]) || {})[key] || "";
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in parts ? String(parts[name]) : whole));
}

// Languages by which a word is looked for, the chosen one first.
function order() {
  const instead = state.content ? state.content.instead[state.language] || [] : [];
  return [state.language, ...instead, "en"];
}

function said(titles) {
  const found = order().find((language) => titles[language]);
  return found ? titles[found] : "";
}

function make(tag, fields = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...inside.filter((item) => item !== null && item !== undefined));
  return element;
}

function newName() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function today() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: state.content.timezone }).format(new Date());
}

// A visit that was changed since is not shown and not counted: the telling that edits it stands for it.
function standing() {
  const former = new Set(state.visits.map((visit) => visit.former));
  return state.visits.filter((visit) => !former.has(visit.id)).sort((a, b) => b.at - a.at);
}

function waiting() {
  const mine = state.content && state.content.volunteer;
  return state.visits.filter((visit) => visit.state === "queued" && visit.volunteer === mine);
}

function nextDoor() {
  const here = standing().filter((visit) => visit.unit === state.chosen.unit && /^\d+$/.test(visit.door));
  return String(Math.max(0, ...here.map((visit) => Number(visit.door))) + 1);
}

function chooseTurf(code) {
  const turf = state.content.turfs.find((item) => item.code === code) || state.content.turfs[0];
  state.chosen.turf = turf ? turf.code : "";
  chooseUnit(turf && turf.units.length ? turf.units[0].key : "");
}

function chooseUnit(unit) {
  state.chosen.unit = unit;
  state.chosen.door = nextDoor();
}

function questions() {
  const result = state.chosen.result;
  return state.content.script.questions.filter(
    (question) => result && (!question.after.length || question.after.includes(result)));
}

async function save() {
  const chosen = state.chosen;
  if (!chosen.result) { state.fault = words("choose"); draw(); return; }
  const asked = new Set(questions().map((question) => question.key));
  const answers = Object.fromEntries(Object.entries(chosen.answers || {}).filter(([key, text]) => asked.has(key) && text));
  const visit = {
    id: newName(), former: state.changing ? state.changing.id : "", volunteer: state.content.volunteer,
    turf: chosen.turf, unit: chosen.unit, door: (chosen.door || "").trim(), disposition: chosen.result, answers,
    today: state.changing ? state.changing.today : today(), state: "queued", at: Date.now(), words: "",
  };
  await change("visits", (store) => store.put(visit));
  state.visits.push(visit);
  state.changing = null;
  state.fault = "";
  state.said = words("saved", { door: visit.door || "–", result: words(`result.${visit.disposition}`) });
  state.chosen = { turf: chosen.turf, unit: chosen.unit, result: "", answers: {} };
  state.chosen.door = nextDoor();
  stay();
  draw();
  send();
}

function fieldsOf(visit) {
  const fields = { id: visit.id, former: visit.former, turf: visit.turf, unit: visit.unit, door: visit.door,
    disposition: visit.disposition, today: visit.today };
  for (const [key, text] of Object.entries(visit.answers || {})) fields[`q_${key}`] = text;
  return fields;
}

async function fetchSoon(address, options = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(address, { ...options, signal: stop.signal, cache: "no-store" });
    return { status: answer.status, body: await answer.json() };
  } finally {
    clearTimeout(timer);
  }
}

async function send() {
  if (state.busy || !state.content) return;
  state.busy = true;
  try {
    for (let batch = waiting().slice(0, SEND_AT_ONCE); batch.length; batch = waiting().slice(0, SEND_AT_ONCE)) {
      const options = { method: "POST", headers: { "Content-Type": "application/json", "Accept-Language": state.language },
        body: JSON.stringify({ visits: batch.map(fieldsOf) }) };
      const answer = await fetchSoon("visits", options);
      if (answer.status !== 200) { state.fault = answer.body.words || ""; break; }
      for (const visit of batch) {
        const found = answer.body.answers[visit.id];
        if (!found) continue;
        visit.state = found.outcome === "refused" ? "refused" : "sent";
        visit.words = found.words || "";
      }
      await change("visits", (store) => batch.forEach((visit) => store.put(visit)));
      if (batch.some((visit) => visit.state === "queued")) break;
      state.fault = "";
    }
  } catch (error) {
    // No signal, or none that carries: it is tried again by itself.
  } finally {
    state.busy = false;
    draw();
  }
}

async function load() {
  const mine = location.pathname;
  const kept = await read("kept", mine);
  if (kept && !state.content) take(kept);
  try {
    const answer = await fetchSoon("content.json");
    if (answer.status === 200) {
      await change("kept", (store) => store.put(answer.body, mine));
      take(answer.body);
      state.fault = "";
    } else {
      state.fault = answer.body.words || "";
    }
  } catch (error) {
    // As it was kept.
  }
  draw();
}

function take(content) {
  const first = !state.content;
  state.content = content;
  if (first) state.language = localStorage.getItem("canvass.language") || content.language;
  stay();
}

// A turf or block that is not in hand any more is left for the first one that is; not while a door of it is changed.
function stay() {
  if (!state.changing && !inHand()) chooseTurf(state.chosen.turf);
}

function inHand() {
  const turf = state.content.turfs.find((item) => item.code === state.chosen.turf);
  return turf && turf.units.some((unit) => unit.key === state.chosen.unit) ? turf : null;
}

function turnTo(language) {
  state.language = language;
  localStorage.setItem("canvass.language", language);
  state.said = "";
  draw();
}

function startChange(visit) {
  state.changing = visit;
  state.said = "";
  state.chosen = { turf: visit.turf, unit: visit.unit, door: visit.door, result: visit.disposition, answers: { ...visit.answers } };
  draw();
  document.getElementById("door").focus();
}

function drawHead() {
  const languages = Object.entries(state.content.languages).map(([key, name]) => make("button", {
    type: "button", id: `language-${key}`, lang: key, "aria-pressed": String(key === state.language), onclick: () => turnTo(key),
  }, name));
  return [
    make("header", {}, make("h1", {}, `${words("title")} · ${state.content.volunteer}`),
      make("div", { className: "languages", role: "group", "aria-label": words("language") }, ...languages)),
    state.content.invented ? make("p", { className: "note" }, words("invented")) : null,
  ];
}

function drawState() {
  const count = waiting().length;
  const told = count ? words(count === 1 ? "waiting_one" : "waiting", { count }) : words(state.visits.length ? "all_sent" : "none_yet");
  return make("div", { className: "state", id: "state" }, make("div", { role: "status" }, told),
    navigator.onLine ? null : make("div", {}, words("no_signal")),
    count ? make("button", { type: "button", id: "send", onclick: send }, words("send")) : null);
}

function drawSelect(id, label, options, value, act) {
  const items = options.map(([key, name]) => make("option", { value: key, selected: key === value }, name));
  return make("label", { className: "field" }, make("span", {}, label),
    make("select", { id, onchange: (event) => { act(event.target.value); draw(); } }, ...items));
}

function drawDoor() {
  const input = make("input", { id: "door", type: "text", inputMode: "numeric", maxLength: state.content.longest.door,
    value: state.chosen.door || "", autocomplete: "off", "aria-describedby": "door-help",
    oninput: (event) => { state.chosen.door = event.target.value; drawFoot(); } });
  const step = (by) => () => {
    const now = Number.parseInt(state.chosen.door, 10) || 0;
    state.chosen.door = String(Math.max(1, now + by));
    draw();
  };
  return make("div", { className: "field" }, make("label", { htmlFor: "door" }, make("strong", {}, words("door"))),
    make("div", { className: "door" },
      make("button", { type: "button", id: "door-before", "aria-label": words("before"), onclick: step(-1) }, "−"), input,
      make("button", { type: "button", id: "door-after", "aria-label": words("after"), onclick: step(1) }, "+")),
    make("p", { className: "soft", id: "door-help" }, words("door_help")));
}

function drawChoices(name, legend, options, chosen, several, act) {
  const items = options.map(([key, title]) => make("label", {}, make("input", {
    type: several ? "checkbox" : "radio", name, id: `${name}-${key}`, value: key, checked: chosen.includes(key),
    onchange: (event) => act(key, event.target.checked),
  }), make("span", {}, title)));
  return make("fieldset", {}, make("legend", {}, legend), make("div", { className: "choices" }, ...items));
}

function drawQuestion(question) {
  const answers = state.chosen.answers || (state.chosen.answers = {});
  const now = answers[question.key] || "", title = said(question.title), name = `q-${question.key}`;
  if (question.choices.length) {
    const several = question.kind === "several", chosen = now.split(" ").filter(Boolean);
    return drawChoices(name, title, question.choices.map((choice) => [choice.key, said(choice.title)]), chosen, several,
      (key, on) => {
        const rest = several ? (answers[question.key] || "").split(" ").filter((item) => item && item !== key) : [];
        answers[question.key] = (on ? [...rest, key] : rest).join(" ");
      });
  }
  const number = question.kind === "number";
  const fields = { id: name, value: now, oninput: (event) => { answers[question.key] = event.target.value; } };
  const input = number ? make("input", { ...fields, type: "number", inputMode: "decimal" })
    : make("textarea", { ...fields, rows: 2, maxLength: state.content.longest.answer });
  return make("label", { className: "field" }, make("span", {}, title), input);
}

function drawFoot() {
  const foot = document.getElementById("foot");
  if (!foot) return;
  const door = (state.chosen.door || "").trim();
  const told = state.fault || (state.changing ? words("changing", { door: state.changing.door || "–" }) : state.said);
  foot.querySelector("p").textContent = told;
  foot.querySelector("button").textContent = door ? words("save", { door }) : words("save_plain");
}

function drawList() {
  const names = new Map(state.content.turfs.flatMap((turf) => turf.units.map((unit) => [unit.key, unit.name])));
  const mine = standing().filter((visit) => visit.volunteer === state.content.volunteer);
  const items = mine.slice(0, SHOWN).map((visit) => {
    const how = visit.state === "refused" ? words("refused", { words: visit.words }) : words(visit.state);
    const told = `${names.get(visit.unit) || visit.unit} · ${visit.door || "–"} · ${words(`result.${visit.disposition}`)} · ${how}`;
    const label = `${words("change")}: ${visit.door || "–"}`;
    return make("li", {}, make("span", {}, told),
      make("button", { type: "button", "aria-label": label, onclick: () => startChange(visit) }, words("change")));
  });
  return items.length ? make("section", {}, make("h2", {}, words("recorded")), make("ul", { id: "recorded" }, ...items)) : null;
}

function drawForm() {
  const chosen = state.chosen, turfs = state.content.turfs;
  // A door of a turf that was given back can be changed too, where it stands.
  const there = { code: chosen.turf, units: [{ key: chosen.unit, name: chosen.unit }] };
  const turf = inHand() || (state.changing ? there : null);
  if (!turf) return [make("p", { className: "note" }, words("no_turf")), state.fault ? make("p", { className: "note" }, state.fault) : null];
  const greeting = said(state.content.script.greeting);
  const results = state.content.results.map((key) => [key, words(`result.${key}`)]);
  return [
    greeting ? make("details", { open: !state.visits.length }, make("summary", {}, words("say")), make("p", { className: "say" }, greeting)) : null,
    turfs.length > 1 && turf !== there ? drawSelect("turf", words("turf"), turfs.map((item) => [item.code, item.code]), chosen.turf, chooseTurf)
      : make("p", { className: "field" }, make("strong", {}, `${words("turf")}: `), turf.code),
    drawSelect("unit", words("block"), turf.units.map((unit) => [unit.key, unit.name]), chosen.unit, chooseUnit),
    drawDoor(),
    drawChoices("result", words("result"), results, [chosen.result], false, (key) => { chosen.result = key; state.fault = ""; draw(); }),
    ...questions().map(drawQuestion),
    make("div", { className: "foot", id: "foot" }, make("p", { role: "status" }),
      make("button", { type: "button", className: "main", id: "save", onclick: save }),
      state.changing ? make("button", { type: "button", id: "cancel", onclick: () => { state.changing = null; chooseUnit(chosen.unit); chosen.result = ""; stay(); draw(); } }, words("cancel")) : null),
  ];
}

// All is drawn anew; whoever was in a field stays there.
function draw() {
  const main = document.getElementById("main"), focused = document.activeElement && document.activeElement.id;
  if (!state.content) {
    main.replaceChildren(make("p", { className: "note" }, state.fault || LOADING));
    return;
  }
  document.documentElement.lang = state.language;
  document.title = words("title");
  const parts = [...drawHead(), drawState(), ...drawForm(), drawList()];
  main.replaceChildren(...parts.filter(Boolean));
  drawFoot();
  const again = focused && document.getElementById(focused);
  if (again) again.focus({ preventScroll: true });
}

async function start() {
  draw();
  try {
    database = await openDatabase();
    state.visits = await read("visits");
  } catch (error) {
    state.fault = NO_ROOM;
    draw();
    return;
  }
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("worker.js").catch(() => undefined);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => undefined);
  await load();
  await send();
  window.addEventListener("online", () => { draw(); load().then(send); });
  window.addEventListener("offline", draw);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") load().then(send); });
  setInterval(() => { if (waiting().length) send(); }, AGAIN_MS);
}

start();
