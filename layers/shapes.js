/*
 * Draws shapes that the browser keeps with values that come with every click.
 *
 * Shapes are heavy and change seldom: they are fetched once by an address made from their content and
 * stay on this window. Values are light: a drawing brings, by identifier, a style and a few words.
 *
 * A drawing: key, order, shapes (an address, or GeoJSON), styles, rows ({id: [style, line, ...]}, or null
 * for "all, in the first style, by the title"), title (of the second line), selected, interactive, mentioned (its name
 * stands in the tooltip of what is pointed at inside), labeled (its names are written on the map), until (the
 * closest zoom at which it is drawn), failure.
 */
window.geoShapes = window.geoShapes || (function () {
  "use strict";

  const MENTIONED = 6; // how many names of what lies around stand in a tooltip
  const SERVED = "../../app/static/";
  const SELECTED = { weight: 4, color: "#111111", opacity: 1, dashArray: null };
  const collections = new Map(); // address -> promise of GeoJSON
  const arrived = new Map(); // address -> GeoJSON
  const paths = new Map(); // key of the layer and address -> Map(id -> path)
  const drawn = new Map(); // key of the layer -> {group, drawing}
  const patterns = {};
  let clicks = 0;
  let lastView = null;

  // A press gives the map the keyboard. Without this the page would scroll to all of the map between the press
  // and its release, and the click would take another shape than the one that was pressed.
  L.Map.addInitHook(function () {
    const container = this.getContainer(), focus = container.focus;
    container.focus = function () { focus.call(container, { preventScroll: true }); };
  });

  /* ---- a canvas that also knows hatches, symbols, and areas too small to be seen ---- */

  const Renderer = L.Canvas.extend({
    _fillStroke: function (ctx, path) {
      L.Canvas.prototype._fillStroke.call(this, ctx, path);
      const hatch = path.options.hatch;
      if (!hatch) return;
      ctx.globalAlpha = 1;
      ctx.fillStyle = patternOf(ctx, hatch);
      ctx.fill("evenodd");
    },
    _onClick: function (event) {
      // A press that draws or measures chooses nothing.
      if (window.geoTools && window.geoTools.isBusy()) this._fireEvent(false, event);
      else L.Canvas.prototype._onClick.call(this, event);
    },
    _updatePoly: function (path, closed) {
      const options = path.options;
      if (isTooClose(this._map, path)) return;
      if (this._drawing && isBelow(path, options.smallest)) {
        this._drawSymbol(path, path._pxBounds.getCenter(), options.smallest / 2, "square");
      } else if (isOutline(path)) {
        // Large areas keep what lies below them visible: a dark casing, and the fill's color as a line.
        this._drawLine(path, { color: options.color, weight: options.weight + 3.4, dashArray: null });
        this._drawLine(path, { color: options.fillColor, weight: options.weight + 1.4 });
      } else {
        L.Canvas.prototype._updatePoly.call(this, path, closed);
      }
    },
    _drawLine: function (path, style) {
      const options = path.options;
      path.options = Object.assign({}, options, { fill: false }, style, style.dashArray === null ? { _dashArray: [] } : {});
      L.Canvas.prototype._updatePoly.call(this, path, true);
      path.options = options;
    },
    _updateSymbol: function (path) {
      if (!this._drawing || path._empty() || isTooClose(this._map, path)) return;
      this._drawSymbol(path, path._point, path._radius, path.options.symbol || "circle");
    },
    _drawSymbol: function (path, at, radius, symbol) {
      const ctx = this._ctx;
      ctx.beginPath();
      if (symbol === "circle") {
        ctx.arc(at.x, at.y, radius, 0, Math.PI * 2, false);
      } else {
        corners(symbol, radius).forEach(function (corner, index) {
          ctx[index ? "lineTo" : "moveTo"](at.x + corner[0], at.y + corner[1]);
        });
        ctx.closePath();
      }
      this._fillStroke(ctx, path);
    },
  });

  const Mark = L.CircleMarker.extend({
    _updatePath: function () {
      this._renderer._updateSymbol(this);
    },
  });

  function corners(symbol, r) {
    const shapes = {
      square: [[-r, -r], [r, -r], [r, r], [-r, r]],
      diamond: [[0, -1.3 * r], [1.3 * r, 0], [0, 1.3 * r], [-1.3 * r, 0]],
      triangle: [[0, -1.3 * r], [1.2 * r, r], [-1.2 * r, r]],
    };
    return shapes[symbol] || shapes.square;
  }

  function isBelow(path, pixels) {
    if (!pixels || !path._pxBounds || !path._parts || !path._parts.length) return false;
    const size = path._pxBounds.getSize();
    return Math.max(size.x, size.y) - 2 * (path.options.weight || 0) < pixels;
  }

  // What is only a rough stand-in is not drawn where the eye would take it for the thing itself.
  function isTooClose(map, path) {
    return path.geoUntil !== null && path.geoUntil !== undefined && map.getZoom() > path.geoUntil;
  }

  function isOutline(path) {
    return Boolean(path.options.outlineFrom && path._parts) && !isBelow(path, path.options.outlineFrom);
  }

  function patternOf(ctx, hatch) {
    if (!patterns[hatch]) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = hatch === "dots" ? 14 : 8;
      const pen = tile.getContext("2d");
      (hatch === "dots" ? paintDots : paintLines)(pen);
      patterns[hatch] = ctx.createPattern(tile, "repeat");
    }
    return patterns[hatch];
  }

  function paintLines(pen) {
    [["#ffffff", 2.6], ["#1a1a1a", 1.1]].forEach(function (stroke) {
      pen.strokeStyle = stroke[0];
      pen.lineWidth = stroke[1];
      pen.beginPath();
      [-8, 0, 8].forEach(function (shift) {
        pen.moveTo(shift - 1, 9);
        pen.lineTo(shift + 9, -1);
      });
      pen.stroke();
    });
  }

  function paintDots(pen) {
    // A light ring keeps a dot visible on dark shades, in black and white too.
    [["rgba(255, 255, 255, 0.7)", 1.5], ["#1a1a1a", 0.8]].forEach(function (dot) {
      pen.fillStyle = dot[0];
      [[3.5, 3.5], [10.5, 10.5]].forEach(function (at) {
        pen.beginPath();
        pen.arc(at[0], at[1], dot[1], 0, Math.PI * 2);
        pen.fill();
      });
    });
  }

  /* ---- names on the map, the largest first, none over another ---- */

  const Names = L.Layer.extend({
    onAdd: function (map) {
      this._canvas = L.DomUtil.create("canvas", "geo-names leaflet-zoom-hide", map.getPane("overlayPane"));
      map.on("moveend zoomend resize", this.redraw, this);
      this.redraw();
    },
    onRemove: function (map) {
      L.DomUtil.remove(this._canvas);
      map.off("moveend zoomend resize", this.redraw, this);
    },
    redraw: function () {
      const map = this._map, size = map.getSize(), scale = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._canvas, map.containerPointToLayerPoint([0, 0]));
      this._canvas.width = size.x * scale;
      this._canvas.height = size.y * scale;
      this._canvas.style.width = size.x + "px";
      this._canvas.style.height = size.y + "px";
      const pen = this._canvas.getContext("2d");
      pen.scale(scale, scale);
      const taken = [];
      named(map).forEach(function (path) { write(pen, map, path, taken); });
      this._canvas.parentNode.appendChild(this._canvas);
    },
  });

  function named(map) {
    const found = [];
    drawn.forEach(function (item) {
      if (!item.drawing.labeled || !map.hasLayer(item.group)) return;
      item.group.eachLayer(function (path) {
        if (path._pxBounds && !isTooClose(map, path)) found.push(path);
      });
    });
    return found.sort(function (a, b) { return isPoint(b) - isPoint(a) || extent(b) - extent(a); });
  }

  function isPoint(path) {
    return path.getBounds ? 0 : 1;
  }

  function extent(path) {
    const size = path._pxBounds.getSize();
    return size.x * size.y;
  }

  // Along a line its name stands in the middle of it, the number of a highway in a shield, not all too often.
  function middleOf(path) {
    const part = [].concat(path.getLatLngs()).flat(2);
    return part[Math.floor(part.length / 2)];
  }

  function shieldOf(text) {
    const found = /^(I|US|CA|SR|State|United States)[- ]+(?:(?:Hwy|Highway|Route|Rte)\s+)?(\d+)\b/i.exec(text);
    return found ? found[2] : "";
  }

  function write(pen, map, path, taken) {
    const point = isPoint(path), line = !point && !path.options.fill, shield = line ? shieldOf(path.geoLines[0]) : "";
    const text = shield || path.geoLines[0];
    const at = map.latLngToContainerPoint(point ? path.getLatLng() : line ? middleOf(path) : path.getBounds().getCenter());
    if (point) at.y -= path.options.radius + 9;
    if (line && (path.geoUnnamed || extent(path) < 900)) return;
    if (line && taken.some(function (other) { return other.text === text && Math.hypot(other[0] - at.x, other[1] - at.y) < 260; })) return;
    pen.font = "600 12px 'Source Sans', 'Source Sans Pro', sans-serif";
    const half = pen.measureText(text).width / 2 + 3;
    const box = [at.x - half, at.y - 8, at.x + half, at.y + 8];
    const overlaps = taken.some(function (other) {
      return box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1];
    });
    if (overlaps) return;
    box.text = text;
    taken.push(box);
    if (shield) return drawShield(pen, at, text, half);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = "rgba(255, 255, 255, 0.9)";
    pen.strokeText(text, at.x, at.y);
    pen.fillStyle = "#1a1a1a";
    pen.fillText(text, at.x, at.y);
  }

  function drawShield(pen, at, text, half) {
    pen.fillStyle = "#ffffff";
    pen.strokeStyle = "#7a3b00";
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.roundRect(at.x - half - 2, at.y - 8, 2 * half + 4, 16, 5);
    pen.fill();
    pen.stroke();
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = "#1a1a1a";
    pen.fillText(text, at.x, at.y + 0.5);
  }

  function rendererOf(map) {
    map.geoRenderer = map.geoRenderer || new Renderer({ padding: 0.3, tolerance: 2 }).addTo(map);
    return map.geoRenderer;
  }

  /* ---- shapes: fetched once ---- */

  function load(shapes) {
    if (typeof shapes !== "string") return Promise.resolve(shapes);
    if (!collections.has(shapes)) {
      const address = new URL(SERVED + shapes, window.location.href);
      const promise = fetch(address).then(function (response) {
        if (!response.ok) throw new Error(response.status + " " + address.pathname);
        return response.json();
      });
      promise.then(
        function (collection) { arrived.set(shapes, collection); },
        function () { collections.delete(shapes); }
      );
      collections.set(shapes, promise);
    }
    return collections.get(shapes);
  }

  function pathsOf(map, drawing, collection) {
    const name = drawing.key + " " + drawing.shapes;
    if (typeof drawing.shapes === "string" && paths.has(name)) return paths.get(name);
    const made = new Map();
    L.geoJSON(collection, {
      renderer: rendererOf(map),
      interactive: drawing.interactive,
      bubblingMouseEvents: false,
      pointToLayer: function (feature, at, options) {
        return new Mark(at, { renderer: rendererOf(map), interactive: drawing.interactive });
      },
    }).eachLayer(function (path) {
      made.set(String(path.feature.id), prepare(path, drawing));
    });
    if (typeof drawing.shapes === "string") paths.set(name, made);
    return made;
  }

  function prepare(path, drawing) {
    const inside = path._containsPoint, onEdge = L.Polyline.prototype._containsPoint;
    path.geoContains = function (point) {
      return isOutline(path) ? inside.call(path, point) : path._containsPoint(point);
    };
    const report = { layer: drawing.key, id: String(path.feature.id) };
    path.geoReport = report;
    path.toGeoJSON = function () {
      return { type: "Feature", geometry: null, properties: {
        layer: report.layer, id: report.id, click: clicks, pick: Boolean(window.geoTools && window.geoTools.isPicking()),
      } };
    };
    if (inside) {
      path._containsPoint = function (point) {
        if (isBelow(this, this.options.smallest)) {
          return this._pxBounds.getCenter().distanceTo(point) <= this.options.smallest / 2 + 2;
        }
        return isOutline(this) ? onEdge.call(this, point, true) : inside.call(this, point);
      };
    }
    return path;
  }

  /* ---- a drawing on the map ---- */

  function add(map, group, drawing) {
    const before = drawn.get(drawing.key);
    if (before) before.group.clearLayers();
    drawn.set(drawing.key, { group: group, drawing: drawing, count: 0 });
    const here = arrived.get(drawing.shapes);
    if (here) {
      // The group joins the map after this script: its shapes go in with it.
      fill(map, group, drawing, here);
      setTimeout(function () { settle(map); }, 0);
      return;
    }
    load(drawing.shapes).then(
      function (collection) {
        if (drawn.get(drawing.key).group !== group || !map.hasLayer(group)) return;
        fill(map, group, drawing, collection);
        settle(map);
      },
      function () { say(map, drawing.failure); }
    );
  }

  function fill(map, group, drawing, collection) {
    const rows = drawing.rows;
    pathsOf(map, drawing, collection).forEach(function (path, id) {
      const row = rows ? rows[id] : [0, drawing.title];
      if (!row) return;
      path.geoLines = row.slice(1);
      path.geoUntil = drawing.until;
      path.geoUnnamed = !rows || row[1] === row[2];
      path.geoPlain = null;
      L.setOptions(path, Object.assign({ hatch: null, dashArray: null }, drawing.styles[row[0]]));
      if (path.setRadius && path.options.radius) path._radius = path.options.radius;
      if (id === drawing.selected) L.setOptions(path, SELECTED);
      group.addLayer(path);
      drawn.get(drawing.key).count += 1;
    });
    if (drawing.interactive) listen(map, group, drawing);
  }

  function settle(map) {
    const shown = Array.from(drawn.values()).filter(function (item) { return map.hasLayer(item.group); });
    shown.sort(function (a, b) { return a.drawing.order - b.drawing.order; });
    shown.forEach(function (item) { item.group.eachLayer(function (path) { path.bringToFront(); }); });
    shown.forEach(function (item) {
      if (!item.drawing.selected) return;
      item.group.eachLayer(function (path) {
        if (path.geoReport.id === item.drawing.selected) path.bringToFront();
      });
    });
    map.geoNames = map.geoNames || new Names().addTo(map);
    map.geoNames.redraw();
    map.getContainer().setAttribute("data-drawn", shown.map(function (item) {
      return item.drawing.key + ":" + item.count;
    }).join(" "));
  }

  /* ---- pointing and clicking ---- */

  function listen(map, group, drawing) {
    group.on("mouseover mousemove", function (event) { point(map, event, drawing); });
    group.on("mouseover", function (event) { lift(event.propagatedFrom || event.layer); });
    group.on("mouseout", function (event) {
      if (map.geoTooltip) map.closeTooltip(map.geoTooltip);
      lower(event.propagatedFrom || event.layer);
    });
    group.on("preclick", function () { clicks += 1; });
  }

  function point(map, event, drawing) {
    const path = event.propagatedFrom || event.layer;
    if (!path || !path.geoLines || !path.geoLines.length) return;
    map.geoTooltip = map.geoTooltip || L.tooltip({ direction: "auto", offset: [12, 0], className: "geo-tooltip" });
    const lines = path.geoLines.map(function (line, index) {
      return index === 1 && drawing.title ? drawing.title + ": " + line : line;
    });
    map.geoTooltip.setContent(words(lines, mentions(map, event.latlng))).setLatLng(event.latlng);
    map.openTooltip(map.geoTooltip);
  }

  // What is pointed at has a heavier edge, in the browser alone.
  function lift(path) {
    if (!path || path.geoPlain || !path.setStyle) return;
    path.geoPlain = { weight: path.options.weight, color: path.options.color, dashArray: path.options.dashArray || null };
    path.setStyle({ weight: path.options.weight + 2, color: "#111111", dashArray: null });
  }

  function lower(path) {
    if (!path || !path.geoPlain) return;
    path.setStyle(path.geoPlain);
    path.geoPlain = null;
  }

  function mentions(map, at) {
    const spot = map.latLngToLayerPoint(at), found = [];
    drawn.forEach(function (item) {
      if (!item.drawing.mentioned || !map.hasLayer(item.group)) return;
      item.group.eachLayer(function (path) {
        const beneath = !item.drawing.interactive || isOutline(path);
        if (beneath && !isTooClose(map, path) && path.geoLines.length && path._pxBounds && path.geoContains(spot)) {
          found.push(path.geoLines.slice(0, 2).filter(Boolean).join(", "));
        }
      });
    });
    const each = Array.from(new Set(found));
    return each.length > MENTIONED ? each.slice(0, MENTIONED).concat("…") : each;
  }

  function words(lines, further) {
    const box = document.createElement("div");
    lines.filter(Boolean).forEach(function (line, index) {
      const row = document.createElement(index ? "div" : "strong");
      row.textContent = line;
      box.appendChild(row);
    });
    further.forEach(function (line) {
      const row = document.createElement("div");
      row.className = "geo-further";
      row.textContent = line;
      box.appendChild(row);
    });
    return box;
  }

  function say(map, text) {
    if (map.geoNotice) return;
    map.geoNotice = L.control({ position: "bottomleft" });
    map.geoNotice.onAdd = function () {
      const box = L.DomUtil.create("div", "geo-notice");
      box.setAttribute("role", "status");
      box.textContent = text;
      return box;
    };
    map.geoNotice.addTo(map);
  }

  /* ---- the part of the world that is shown ---- */

  // A map that is new looks where the address says, if it does; later it moves to what is chosen.
  function view(map, token, bounds, at, always, home) {
    homeward(map, home);
    map.geoWanted = token;
    if (token === lastView) return;
    map.invalidateSize({ animate: false, pan: false });
    if (!map.getSize().x || !map.getSize().y) {
      // A frame may have no height yet: nothing fits into it but the whole world.
      const watch = new ResizeObserver(function () {
        if (!map.getContainer().clientHeight) return;
        watch.disconnect();
        if (map.geoWanted === token) view(map, token, bounds, at, always, home);
      });
      watch.observe(map.getContainer());
      return;
    }
    const place = (always || lastView === null) && window.geoTools ? window.geoTools.readPlace(at) : null;
    lastView = token;
    if (place) {
      map.setView([place[0], place[1]], place[2], { animate: false });
      return;
    }
    // What is looked at lies beside the tools and the legend, where the map is wide enough for both.
    fit(map, bounds);
  }

  function fit(map, bounds) {
    const room = window.geoTools ? window.geoTools.covered(map) : [0, 0];
    map.fitBounds(bounds, { animate: false, maxZoom: 15, paddingTopLeft: [room[0], 0], paddingBottomRight: [room[1], 0] });
  }

  // A button that leads back to where the map opens, whatever was looked at since.
  function homeward(map, home) {
    map.geoHomeBounds = home.bounds;
    if (map.geoHome) return;
    map.geoHome = L.control({ position: "topleft" });
    map.geoHome.onAdd = function () {
      const box = L.DomUtil.create("div", "leaflet-bar geo-bar");
      const button = L.DomUtil.create("button", "geo-tool geo-home", box);
      button.type = "button";
      button.title = home.title;
      button.setAttribute("aria-label", home.title);
      button.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 11 12 4l9 7M6 9v11h12V9"/></svg>';
      L.DomEvent.on(button, "click", function () { fit(map, map.geoHomeBounds); });
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    map.geoHome.addTo(map);
  }

  // The wheel scrolls the page until somebody presses the map or comes to it by keyboard, and again once the
  // pointer has left it: nobody gets stuck on a map on the way down a page.
  function calm(map) {
    const container = map.getContainer();
    map.scrollWheelZoom.disable();
    ["mousedown", "touchstart", "focusin"].forEach(function (event) {
      container.addEventListener(event, function () { map.scrollWheelZoom.enable(); }, true);
    });
    container.addEventListener("mouseleave", function () { map.scrollWheelZoom.disable(); });
  }

  function name(map, label) {
    calm(map);
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", label);
  }

  return { add: add, view: view, name: name, drawn: drawn, rendererOf: rendererOf };
})();
