// The page: what is folded, selected and found, where the picture stands, and what keys do.

const $ = (id) => document.getElementById(id);
const doc = JSON.parse($("graph").textContent);
const model = readModel(doc);
const options = doc.view;
const sideways = options.rankdir === "LR" || options.rankdir === "RL";
const backwards = options.rankdir === "BT" || options.rankdir === "RL";
const state = { hideConstants: false, hideIntermediates: false, repeatLeaves: false, ...options.state, folds: [] };
const still = matchMedia("(prefers-reduced-motion: reduce)");
const [canvas, world, details] = [$("canvas"), $("world"), $("details")];

let view = { items: [], edges: [] };
let placed = false; // whether nothing is folded and all lies where Python has put it
let byKey = new Map();
let near = new Map(); // item -> its edges
let selected = null; // key of an item
let hits = [], hit = -1; // nodes that the search found
let hitKeys = new Set();
let camera = { x: 0, y: 0, scale: 1 }; // the point of the picture at the centre of the window
let drawn = new Map(); // item or edge -> element
let far = false;

// -- the picture --------------------------------------------------------------------------------

function rebuild(anchor) {
  const before = anchor && byKey.get(String(anchor));
  const at = before && { x: before.x, y: before.y };
  view = project(model, state);
  for (const item of view.items) measure(model, item, options.verbose);
  placed = isWhole() && putWhere(view.items, view.edges, options.placed, doc, model);
  if (!placed) layout(view.items, view.edges, sideways);
  if (!placed && backwards) turn();
  byKey = new Map(view.items.map((item) => [String(item.key), item]));
  near = new Map(view.items.map((item) => [item, []]));
  for (const edge of view.edges) { near.get(edge.a).push(edge); near.get(edge.b).push(edge); }
  if (!byKey.has(selected)) selected = null;
  const now = anchor && byKey.get(String(anchor));
  if (at && now) { camera.x += now.x - at.x; camera.y += now.y - at.y; }
  $("edges").replaceChildren();
  $("nodes").replaceChildren();
  drawn = new Map();
  markHits();
  frames();
  refresh();
  legend();
  canvas.setAttribute("aria-label", `Graph of ${count(model.nodes.length, "node")}, ${view.items.length} shown`);
}

function isWhole() {
  const { hideConstants, hideIntermediates, repeatLeaves, folds } = state;
  const folded = hideConstants || hideIntermediates || repeatLeaves || folds.length;
  return Boolean(options.placed) && !folded && model.groups.every((group) => group.open);
}

function turn() {
  const along = sideways ? "x" : "y";
  for (const item of view.items) item[along] = -item[along];
  for (const edge of view.edges) edge.path = edge.path.map((p) => ({ ...p, [along]: -p[along] }));
}

const count = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
const outputItem = () => view.items.find((item) => item.members.some((n) => model.isOutput[n]));

// A dashed frame around an open group, where nothing else lies inside.
function frames() {
  if (placed) return $("frames").replaceChildren(...options.placed.frames.map(drawPlacedFrame));
  const inside = new Map(), level = new Map();
  for (const item of view.items) {
    const around = groupsOf(item).filter((g) => model.groups[g].open && model.groups[g].kind === "frame");
    around.forEach((g, k) => {
      if (!inside.has(g)) inside.set(g, []);
      inside.get(g).push(item);
      level.set(g, Math.max(level.get(g) || 0, k));
    });
  }
  const made = [];
  for (const [g, items] of inside) {
    if (inside.size * view.items.length > 4e6) break;
    const own = new Set(items), margin = 11 + 5 * level.get(g);
    const core = items.filter((item) => near.get(item).some((edge) => edge.b === item)); // without leaves
    for (const part of [items, core]) {
      const box = bounds(part, margin);
      if (part.length && view.items.every((item) => own.has(item) || !overlaps(item, box))) {
        made.push(drawFrame(model.groups[g].label, box, level.get(g) % 2));
        break;
      }
    }
  }
  $("frames").replaceChildren(...made);
}

// The groups around an item, the innermost first.
function groupsOf(item) {
  const around = [];
  let g = item.group === undefined ? model.home[item.node] : model.groups[item.group].parent;
  for (; g >= 0; g = model.groups[g].parent) around.push(g);
  return around;
}

function drawFrame(label, { left, top, right, bottom }, atEnd) {
  const text = element("text", { x: atEnd ? right - 5 : left + 5, y: top - 4, "text-anchor": atEnd ? "end" : "start" });
  text.textContent = label;
  return element("g", { class: "frame" }, element("rect", { x: left, y: top, width: right - left, height: bottom - top, rx: 10 }), text);
}

function overlaps({ x, y, w, h }, { left, top, right, bottom }) {
  return x + w / 2 > left && x - w / 2 < right && y + h / 2 > top && y - h / 2 < bottom;
}

function bounds(items, margin) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y, w, h } of items) {
    box.left = Math.min(box.left, x - w / 2 - margin);
    box.right = Math.max(box.right, x + w / 2 + margin);
    box.top = Math.min(box.top, y - h / 2 - margin);
    box.bottom = Math.max(box.bottom, y + h / 2 + margin);
  }
  return box;
}

// -- what is in sight ---------------------------------------------------------------------------

let waiting = 0;

function moved() {
  const { clientWidth: w, clientHeight: h } = canvas;
  const { x, y, scale } = camera;
  world.setAttribute("transform", `translate(${w / 2 - x * scale} ${h / 2 - y * scale}) scale(${scale})`);
  $("zoom-level").textContent = `${Math.round(scale * 100)}%`;
  if (view.items.length > MANY && !waiting) waiting = requestAnimationFrame(refresh);
}

function refresh() {
  waiting = 0;
  const many = view.items.length > MANY;
  const wasFar = far;
  far = many && camera.scale < FAR;
  if (far !== wasFar) { $("edges").replaceChildren(); $("nodes").replaceChildren(); drawn.clear(); }
  if (far) return drawnFar();
  const sight = many ? inSight() : null;
  const wanted = new Set();
  for (const item of view.items) if (!sight || overlaps(item, sight)) wanted.add(item);
  for (const edge of view.edges) if (!sight || crosses(edge, sight)) wanted.add(edge);
  for (const [thing, made] of drawn) if (!wanted.has(thing)) { made.remove(); drawn.delete(thing); }
  for (const thing of wanted) if (!drawn.has(thing)) draw(thing);
  mark();
}

function drawnFar() {
  if (!drawn.size) {
    const [edges, ...boxes] = drawFar(view.items, view.edges);
    $("edges").append(edges);
    $("nodes").append(...boxes);
    drawn.set("far", edges);
  }
}

function inSight() {
  const { clientWidth: w, clientHeight: h } = canvas;
  const [dx, dy] = [w / 2 / camera.scale + 150, h / 2 / camera.scale + 150];
  return { left: camera.x - dx, right: camera.x + dx, top: camera.y - dy, bottom: camera.y + dy };
}

function crosses(edge, { left, top, right, bottom }) {
  const path = edge.path;
  for (let k = 1; k < path.length; k++) {
    const p = path[k - 1], q = path[k];
    if (Math.max(p.x, q.x) > left && Math.min(p.x, q.x) < right && Math.max(p.y, q.y) > top && Math.min(p.y, q.y) < bottom) return true;
  }
  return false;
}

function draw(thing) {
  if (thing.a) {
    drawn.set(thing, drawEdge(thing, sideways));
    $("edges").append(drawn.get(thing));
    return;
  }
  const made = drawNode(thing, badge(thing));
  made.setAttribute("aria-label", spoken(thing));
  if (isFold(thing)) made.setAttribute("aria-expanded", "false");
  const tip = element("title");
  tip.textContent = spoken(thing);
  made.prepend(tip);
  drawn.set(thing, made);
  $("nodes").append(made);
}

const foldAt = (item) => state.folds.find((fold) => fold.root === item.node);
const isFold = (item) => item.group !== undefined || Boolean(foldAt(item));

function badge(item) {
  if (item.group !== undefined) return "+";
  const hiddenHere = item.members.length - 1;
  return foldAt(item) ? `+${hiddenHere.toLocaleString("en")}` : "";
}

function nameOf(n) {
  const node = model.nodes[n];
  if (node.kind === "variable") return node.label || `unnamed ${sizeText(node)}`.trim();
  return node.label;
}

function spoken(item) {
  if (item.group !== undefined) return `Group ${item.lines.join(", ")}, folded`;
  const node = model.nodes[item.node];
  const what = { variable: "Variable", function: "Function", constant: "Constant" }[node.kind] || "Node";
  const parts = [`${what} ${nameOf(item.node)}`];
  if (node.kind === "variable" && node.label && sizeText(node)) parts.push(sizeText(node));
  if (item.constants.length) parts.push(`with ${item.constants.join(", ")}`);
  if (node.derivative) parts.push(`derivative ${node.derivative}`);
  if (node.provider) parts.push(node.provider);
  if (foldAt(item)) parts.push(`${count(item.members.length - 1, "node")} folded behind it`);
  return parts.join(", ");
}

function mark() {
  const chosen = byKey.get(selected);
  const close = new Set(chosen ? near.get(chosen) : []);
  const entry = chosen || outputItem() || view.items[0];
  for (const [thing, made] of drawn) {
    if (!made.classList || thing === "far") continue;
    if (thing.a) { made.classList.toggle("near", close.has(thing)); continue; }
    made.classList.toggle("selected", thing === chosen);
    made.classList.toggle("hit", hitKeys.has(thing.key));
    made.setAttribute("tabindex", thing === entry ? 0 : -1);
    if (thing === chosen) made.setAttribute("aria-current", "true"); else made.removeAttribute("aria-current");
  }
}

// -- moving -------------------------------------------------------------------------------------

let flight = 0;

function fly(to) {
  cancelAnimationFrame(flight);
  const from = { ...camera }, start = performance.now();
  const step = (now) => {
    const t = still.matches ? 1 : Math.min(1, (now - start) / 220);
    const ease = t * (2 - t);
    for (const key of ["x", "y", "scale"]) camera[key] = from[key] + (to[key] - from[key]) * ease;
    moved();
    if (t < 1) flight = requestAnimationFrame(step);
  };
  if (still.matches) step(start); else flight = requestAnimationFrame(step);
}

function fitted() {
  const box = bounds(view.items, 24);
  const { clientWidth: w, clientHeight: h } = canvas;
  const scale = Math.min(w / (box.right - box.left), h / (box.bottom - box.top), 1.5);
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale: Math.max(scale, 0.002) };
}

// The whole graph if its labels can be read so; else where it begins.
function home() {
  const all = fitted();
  if (all.scale >= 0.4) return all;
  const { clientWidth: w, clientHeight: h } = canvas;
  const along = sideways ? "x" : "y", back = backwards ? -1 : 1;
  const first = view.items.reduce((best, item) => (back * item[along] < back * best[along] ? item : best), view.items[0]);
  const scale = 0.75; // the beginning near the edge of the window
  return { x: first.x + (sideways ? (back * (w / 2 - 120)) / scale : 0), y: first.y + (sideways ? 0 : (back * (h / 2 - 90)) / scale), scale };
}

function zoomAt(factor, px = canvas.clientWidth / 2, py = canvas.clientHeight / 2) {
  cancelAnimationFrame(flight);
  const least = Math.min(0.05, fitted().scale / 2);
  const scale = Math.min(6, Math.max(least, camera.scale * factor));
  const k = 1 / camera.scale - 1 / scale;
  camera = { x: camera.x + (px - canvas.clientWidth / 2) * k, y: camera.y + (py - canvas.clientHeight / 2) * k, scale };
  moved();
}

function pan(dx, dy) {
  fly({ x: camera.x + dx / camera.scale, y: camera.y + dy / camera.scale, scale: camera.scale });
}

const centre = (item) => fly({ x: item.x, y: item.y, scale: Math.max(camera.scale, 0.6) });

function centreIfOut(item) {
  const [w, h] = [canvas.clientWidth / 2 - 40, canvas.clientHeight / 2 - 40];
  const out = Math.abs(item.x - camera.x) * camera.scale > w || Math.abs(item.y - camera.y) * camera.scale > h;
  if (out || camera.scale < FAR) centre(item);
}

// -- choosing and folding -----------------------------------------------------------------------

function select(item, focus) {
  selected = item ? String(item.key) : null;
  mark();
  showDetails(item);
  if (!item || !focus) return;
  centreIfOut(item);
  refresh();
  const made = drawn.get(item);
  if (made) made.focus({ preventScroll: true });
}

function toggle(item) {
  const fold = foldAt(item);
  const hadFocus = document.activeElement && document.activeElement.closest("#nodes");
  if (item.group !== undefined) {
    openGroup(model, item.group);
    state.folds = state.folds.filter((other) => other !== fold);
    const first = model.groups[item.group];
    after(item, `${first.label} unfolded`, hadFocus, true);
  } else if (fold) {
    state.folds = state.folds.filter((other) => other !== fold);
    after(item, `${count(fold.members.length, "node")} unfolded`, hadFocus);
  } else {
    const members = behind(model, view, item).flatMap((other) => other.members);
    if (!members.length) return say("Nothing lies behind this node alone");
    state.folds.push({ root: item.node, members });
    after(item, `${count(members.length, "node")} folded`, hadFocus);
  }
}

function after(item, message, hadFocus, opened) {
  const inside = opened ? new Set(item.members) : null;
  rebuild(item.key);
  const next = byKey.get(String(item.key)) || (inside && view.items.find((other) => other.members.some((n) => inside.has(n))));
  if (opened && next) { camera.x = next.x; camera.y = next.y; moved(); refresh(); }
  select(next, hadFocus);
  say(message);
}

function foldGroup(g) {
  closeGroup(model, g);
  selected = null;
  rebuild();
  const item = view.items.find((other) => other.group === g) || view.items.find((other) => groupsOf(other).includes(g));
  if (item) { centre(item); select(item); }
  say(`${model.groups[g].label} folded`);
}

function foldAll() {
  model.groups.forEach((_, g) => closeGroup(model, g));
  state.folds = [];
  rebuild();
  fly(home());
  select(null);
  say(`${count(view.items.length, "item")} shown`);
}

function unfoldAll() {
  for (const group of model.groups) group.open = true;
  state.folds = [];
  rebuild();
  fly(fitted());
  select(null);
  say(`${count(view.items.length, "item")} shown`);
}

function say(text) {
  $("status").textContent = text;
}
