/*
 * What lies on the map beside its shapes: the legend, and tools that work in the browser alone.
 *
 * Nothing here asks the page for anything, but a drawing that is finished: where the map looks stands in the
 * page's address at once, so that a link that is copied and a file that is made show what is seen.
 */
window.geoTools = window.geoTools || (function () {
  "use strict";

  const NARROW = 520; // pixels: the legend of a phone opens by a tap
  const MILE = 1609.344;
  const COLOR = "#8a1c00";
  const ICONS = {
    fullscreen: '<path d="M3 9V3h6M15 3h6v6M21 15v6h-6M9 21H3v-6"/>',
    locate: '<circle cx="12" cy="12" r="5"/><path d="M12 1v6M12 17v6M1 12h6M17 12h6"/>',
    measure: '<path d="M2 17 17 2l5 5L7 22zM6 13l2 2M10 9l3 3M14 5l2 2"/>',
    copy: '<path d="M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1-1"/>',
    polygon: '<path d="M12 3 21 10 17 21H7L3 10z"/>',
    circle: '<circle cx="12" cy="12" r="9"/>',
    corridor: '<path d="M3 16 10 9l5 4 6-9M3 22l7-7 5 4 6-9"/>',
    pick: '<path d="M5 3l14 8-6 2-2 6z"/>',
  };
  const state = { words: null, legend: null, open: null, mode: "", handler: null, busy: false, drawings: 0, loading: null };

  /* ---- controls ---- */

  function setup(map, words) {
    if (!map.geoListens) {
      map.geoListens = true;
      map.on("moveend", function () { remember(map); });
      setInterval(function () { restate(map); }, 1000);
    }
    setTimeout(function () { map.invalidateSize(); remember(map); }, 300);
    if (JSON.stringify(words) === JSON.stringify(state.words)) return;
    state.words = words;
    if (map.geoBar) map.removeControl(map.geoBar);
    map.geoBar = bar(map, words).addTo(map);
    if (!map.geoNorth) map.geoNorth = north(words).addTo(map);
  }

  function bar(map, words) {
    const control = L.control({ position: "topleft" });
    control.onAdd = function () {
      const box = L.DomUtil.create("div", "leaflet-bar geo-bar");
      box.setAttribute("role", "toolbar");
      box.setAttribute("aria-label", words.tools);
      Object.keys(ICONS).forEach(function (name) {
        if (!words[name]) return;
        const button = L.DomUtil.create("button", "geo-tool", box);
        button.type = "button";
        button.title = words[name];
        button.dataset.tool = name;
        button.setAttribute("aria-label", words[name]);
        button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true">' + ICONS[name] + "</svg>";
        L.DomEvent.on(button, "click", function () { use(map, name); });
      });
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    return control;
  }

  function north(words) {
    const control = L.control({ position: "bottomright" });
    control.onAdd = function () {
      const box = L.DomUtil.create("div", "geo-north");
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", words.north);
      box.innerHTML = '<svg viewBox="0 0 20 30" aria-hidden="true"><path d="M10 1 17 20 10 15 3 20z"/></svg><b>N</b>';
      return box;
    };
    return control;
  }

  function use(map, name) {
    const before = state.mode;
    stop(map);
    if (name === "fullscreen") return toggleFullscreen();
    if (name === "locate") return locate(map);
    if (name === "copy") return copy(map);
    if (name === before) return undefined;
    begin(map, name);
    if (name === "measure") return measure(map);
    if (name === "pick") return say(map, state.words.pickHow);
    return draw(map, name);
  }

  function begin(map, name) {
    state.mode = name;
    state.busy = name !== "pick";
    const pressed = document.querySelector("[data-tool='" + name + "']");
    if (pressed) pressed.setAttribute("aria-pressed", "true");
    L.DomUtil.addClass(map.getContainer(), "geo-drawing");
  }

  function stop(map) {
    const handler = state.handler;
    state.handler = null;
    if (handler && handler.disable) handler.disable();
    if (state.mode === "measure" && map.geoMeasure) map.geoMeasure.end();
    state.mode = "";
    document.querySelectorAll(".geo-tool[aria-pressed]").forEach(function (item) { item.removeAttribute("aria-pressed"); });
    L.DomUtil.removeClass(map.getContainer(), "geo-drawing");
    say(map, "");
    // The press that ends a drawing is no click on what lies below it.
    setTimeout(function () { state.busy = Boolean(state.mode) && state.mode !== "pick"; }, 250);
  }

  function toggleFullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen();
  }

  function locate(map) {
    map.once("locationfound", function (event) {
      if (map.geoHere) map.removeLayer(map.geoHere);
      map.geoHere = L.circle(event.latlng, { radius: event.accuracy, color: COLOR, interactive: false, renderer: L.svg() }).addTo(map);
      say(map, "");
    });
    map.once("locationerror", function () { say(map, state.words.notFound); });
    map.locate({ setView: true, maxZoom: 14, timeout: 15000 });
  }

  function copy(map) {
    remember(map);
    const address = window.parent.location.href;
    const told = function () { say(map, state.words.copied); setTimeout(function () { say(map, ""); }, 4000); };
    const byHand = function () {
      const field = document.body.appendChild(document.createElement("textarea"));
      field.value = address;
      field.select();
      if (document.execCommand("copy")) told();
      else say(map, address);
      field.remove();
    };
    if (!navigator.clipboard || !window.isSecureContext) return byHand();
    return navigator.clipboard.writeText(address).then(told, byHand);
  }

  /* ---- measuring ---- */

  function measure(map) {
    const points = [], line = L.polyline([], { color: COLOR, weight: 3, interactive: false, renderer: L.svg() }).addTo(map);
    const add = function (event) {
      points.push(event.latlng);
      line.setLatLngs(points);
      let meters = 0;
      points.slice(1).forEach(function (point, index) { meters += map.distance(points[index], point); });
      say(map, state.words.measured.replace("{miles}", number(meters / MILE)).replace("{km}", number(meters / 1000)));
    };
    map.doubleClickZoom.disable();
    map.on("click", add);
    say(map, state.words.measureHow);
    map.geoMeasure = {
      end: function () { map.off("click", add); map.removeLayer(line); map.doubleClickZoom.enable(); },
    };
  }

  function number(value) {
    return value.toLocaleString(state.words.locale, { maximumFractionDigits: value < 10 ? 2 : 1 });
  }

  /* ---- drawing, by Leaflet.draw, which is fetched when it is first needed ---- */

  function draw(map, name) {
    say(map, state.words[name + "How"]);
    loadDraw().then(function () {
      if (state.mode !== name) return;
      speak(name);
      // A canvas of its own would lie over ours and take all that is pressed.
      map.geoSketch = map.geoSketch || L.svg();
      const look = { color: COLOR, weight: 3, fillOpacity: 0.1, renderer: map.geoSketch };
      const tools = { polygon: "Polygon", circle: "Circle", corridor: "Polyline" };
      state.handler = new L.Draw[tools[name]](map, { shapeOptions: look, allowIntersection: name === "corridor", repeatMode: false });
      state.handler.enable();
      if (map.geoDraws) return;
      map.geoDraws = true;
      // Ours is called before the one that tells the page: it says how a drawing is written.
      map._events["draw:created"].unshift({ fn: written, ctx: map });
      map.on("draw:drawstop", function () { setTimeout(function () { stop(map); }, 0); });
    }, function () {
      if (state.mode !== name) return;
      stop(map);
      say(map, state.words.drawFailed);
    });
  }

  function written(event) {
    const layer = event.layer, plain = layer.toGeoJSON(), tool = state.mode;
    state.drawings += 1;
    layer.toGeoJSON = function () {
      const radius = event.layerType === "circle" ? layer.getRadius() : null;
      return { type: "Feature", properties: { tool: tool, radius: radius, click: "d" + state.drawings }, geometry: plain.geometry };
    };
  }

  function loadDraw() {
    if (state.loading) return state.loading;
    const ours = Array.from(document.scripts).find(function (item) { return /map_tools\.js$/.test(item.src); });
    const base = ours.src.replace(/map_tools\.js$/, "draw/leaflet.draw");
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = base + ".css";
    document.head.appendChild(style);
    state.loading = new Promise(function (done, failed) {
      const script = document.createElement("script");
      script.src = base + ".js";
      script.onload = done;
      script.onerror = function () { state.loading = null; failed(); };
      document.body.appendChild(script);
    });
    return state.loading;
  }

  function speak(name) {
    const how = state.words[name + "How"], local = L.drawLocal.draw.handlers;
    [local.polygon, local.polyline].forEach(function (part) {
      part.tooltip.start = part.tooltip.cont = part.tooltip.end = how;
    });
    local.circle.tooltip.start = how;
    local.simpleshape.tooltip.end = how;
    local.circle.radius = state.words.radius;
    local.polyline.error = state.words.crossed;
  }

  /* ---- the legend ---- */

  function legend(map, given) {
    if (state.legend === given.html + given.title) return;
    state.legend = given.html + given.title;
    if (map.geoLegend) map.removeControl(map.geoLegend);
    map.geoLegend = L.control({ position: "topright" });
    map.geoLegend.onAdd = function () {
      const box = L.DomUtil.create("details", "geo-legend-box");
      if (state.open === null) state.open = map.getSize().x > NARROW;
      box.open = state.open;
      box.innerHTML = given.html;
      const head = document.createElement("summary");
      head.textContent = given.title;
      box.insertBefore(head, box.firstChild);
      L.DomEvent.on(box, "toggle", function () { state.open = box.open; });
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
      return box;
    };
    map.geoLegend.addTo(map);
  }

  function covered(map) {
    if (!map.geoBar || !map.geoLegend || map.getSize().x < 600) return [0, 0];
    const box = map.geoLegend.getContainer();
    // The style sheet may not be here yet: without it the legend is as wide as the map.
    return [45, box.open ? Math.min(box.offsetWidth + 10, 250) : 0];
  }

  function say(map, text) {
    if (!map.geoSaid) {
      map.geoSaid = L.control({ position: "bottomleft" });
      map.geoSaid.onAdd = function () {
        const box = L.DomUtil.create("div", "geo-notice geo-said");
        box.setAttribute("role", "status");
        return box;
      };
      map.geoSaid.addTo(map);
    }
    const box = map.geoSaid.getContainer();
    box.textContent = text;
    box.hidden = !text;
  }

  /* ---- where the map looks, in the page's address ---- */

  function placeOf(map) {
    const center = map.getCenter();
    const size = map.getSize();
    return [center.lat.toFixed(4), center.lng.toFixed(4), map.getZoom(), size.x + "x" + size.y].join("_");
  }

  function readPlace(text) {
    const parts = (text || "").split("_"), place = parts.slice(0, 3).map(Number);
    return place.length === 3 && place.every(isFinite) ? place.concat(parts[3]) : null;
  }

  function remember(map) {
    const page = window.parent, address = new URL(page.location.href), before = readPlace(address.searchParams.get("at"));
    if (before && before[2] === map.getZoom() && placeOf(map).endsWith("_" + before[3])) {
      const far = map.latLngToContainerPoint([before[0], before[1]]).distanceTo(map.getSize().divideBy(2));
      if (far < 3) return;
    }
    map.geoPlace = placeOf(map);
    address.searchParams.set("at", map.geoPlace);
    page.history.replaceState(page.history.state, "", address);
  }

  // The page writes its address when it has answered, which may be after a move that it does not know of.
  function restate(map) {
    const there = new URL(window.parent.location.href).searchParams.get("at");
    if (map.geoPlace && there !== map.geoPlace) remember(map);
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && state.mode && window.map) stop(window.map);
  });

  return {
    setup: setup, legend: legend, readPlace: readPlace, covered: covered,
    isBusy: function () { return state.busy; },
    isPicking: function () { return state.mode === "pick"; },
  };
})();
