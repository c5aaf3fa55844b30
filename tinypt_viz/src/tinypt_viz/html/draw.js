// Drawing: SVG elements for what is in sight; from afar one path for each colour.

const SVG = document.getElementById("canvas").namespaceURI;
const MANY = 700; // above this, only what is in sight is drawn
const FAR = 0.3; // and below this scale, boxes without text

function element(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();

function textWidth(text, size) {
  const key = size + text;
  if (!widths.has(key)) {
    ruler.font = `${size}px 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif`;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

const clip = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const shapeText = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
const sizeText = (node) => (node.shape ? `${shapeText(node.shape)} ${node.dtype || ""}`.trim() : "");

// The lines of text on an item.
function lines(model, item, verbose) {
  if (item.group !== undefined) {
    const { label, kind } = model.groups[item.group];
    return kind === "repeat" ? [label] : [label, `${countOf(model, item.group).toLocaleString("en")} nodes`];
  }
  const node = model.nodes[item.node];
  if (node.kind !== "function") return [node.label, verbose && node.kind === "variable" ? sizeText(node) : ""].filter(Boolean);
  const params = Object.entries(node.params || {}).map(([name, value]) => `${name}=${value}`);
  const call = verbose && params.length ? `${node.label}(${params.join(", ")})` : node.label;
  return item.constants.length ? [call, item.constants.join(", ")] : [call];
}

function countOf(model, g) {
  const { members, children } = model.groups[g];
  return children.reduce((sum, child) => sum + countOf(model, child), members.length);
}

function measure(model, item, verbose) {
  item.lines = lines(model, item, verbose).map((text) => clip(text, 42));
  const group = item.group === undefined ? null : model.groups[item.group];
  const node = group ? (group.kind === "repeat" ? model.nodes[group.like] : null) : model.nodes[item.node];
  item.style = node ? node.kind : "group";
  item.fill = node && node.fill;
  item.round = item.style === "variable";
  const widest = item.lines.reduce((most, text, k) => Math.max(most, textWidth(text, k ? 10.5 : 13)), 0) * (item.style === "group" ? 1.1 : 1);
  item.w = Math.max(34, widest * (item.round ? 1.16 : 1) + 22);
  item.h = item.lines.length > 1 ? 42 : 30;
}

function outlineOf(item, shift = 0) {
  return item.round
    ? element("ellipse", { class: "shape", cx: shift, cy: shift, rx: item.w / 2, ry: item.h / 2 })
    : element("rect", { class: "shape", x: shift - item.w / 2, y: shift - item.h / 2, width: item.w, height: item.h, rx: item.style === "group" ? 9 : 4 });
}

function drawNode(item, more) {
  const g = element("g", { class: `node ${item.style}`, transform: `translate(${item.x} ${item.y})`,
    tabindex: -1, role: "button", "data-key": item.key });
  if (item.fill) g.style.setProperty("--fill", item.fill);
  if (item.group !== undefined) g.append(outlineOf(item, 4)); // a sheet beneath
  g.append(outlineOf(item));
  const top = item.lines.length > 1 ? -3 : 4.5;
  item.lines.forEach((text, k) => {
    const line = element("text", { y: top + k * 14, class: k ? "second" : "first" });
    line.textContent = text;
    g.append(line);
  });
  if (more) g.append(drawBadge(item, more));
  return g;
}

function drawBadge(item, more) {
  const width = textWidth(more, 10) + 10;
  const text = element("text", { y: 3.5 });
  text.textContent = more;
  return element("g", { class: "badge", transform: `translate(${item.w / 2} ${-item.h / 2})` },
    element("rect", { x: -width / 2, y: -8, width, height: 16, rx: 8 }), text);
}

// A smooth line through the points; it leaves and arrives along the direction of the layers.
function curve(points, sideways) {
  const at = (p) => `${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
  let d = `M${at(points[0])}`;
  for (let k = 1; k < points.length; k++) {
    const p = points[k - 1], q = points[k];
    const middle = sideways ? (p.x + q.x) / 2 : (p.y + q.y) / 2;
    const [c1, c2] = sideways ? [{ x: middle, y: p.y }, { x: middle, y: q.y }] : [{ x: p.x, y: middle }, { x: q.x, y: middle }];
    d += `C${at(c1)} ${at(c2)} ${at(q)}`;
  }
  return d;
}

function drawEdge(edge, sideways) {
  const path = element("path", { class: "edge", d: curve(edge.path, sideways), "marker-end": "url(#arrow)" });
  if (edge.count > 1) path.style.strokeWidth = Math.min(1.2 + Math.log2(edge.count) * 0.5, 5);
  return path;
}

function drawPlacedFrame({ label, depth, box: [left, top, right, bottom], at: [x, y] }) {
  const text = element("text", { x, y });
  text.textContent = label;
  const rect = element("rect", { x: left, y: top, width: right - left, height: bottom - top, rx: 12 });
  return element("g", { class: `frame placed ${depth % 2 ? "odd" : "even"}` }, rect, text);
}

// All nodes and edges as few plain paths, for a picture seen from afar.
function drawFar(items, edges) {
  const boxes = new Map();
  for (const { style, fill, x, y, w, h } of items) {
    const key = `${style}|${fill || ""}`;
    if (!boxes.has(key)) boxes.set(key, { style, fill, d: [] });
    boxes.get(key).d.push(`M${(x - w / 2).toFixed(0)} ${(y - h / 2).toFixed(0)}h${w.toFixed(0)}v${h}h${-w.toFixed(0)}z`);
  }
  const strokes = edges.map(({ path }) => `M${path.map((p) => `${p.x.toFixed(0)} ${p.y.toFixed(0)}`).join("L")}`);
  const drawn = [element("path", { class: "edge", d: strokes.join("") })];
  for (const { style, fill, d } of boxes.values()) {
    const g = element("g", { class: `node ${style}` }, element("path", { class: "shape", d: d.join("") }));
    if (fill) g.style.setProperty("--fill", fill);
    drawn.push(g);
  }
  return drawn;
}
