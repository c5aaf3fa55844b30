// The panel of details, the legend, and the search.

function html(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const bytes = (n) => {
  const k = n < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(n) / 3));
  return `${k ? (n / 1000 ** k).toFixed(1) : n} ${["B", "kB", "MB", "GB", "TB"][k]}`;
};

function facts(node) {
  const derivative = node.derivative ? `of order ${node.derivative}` : "";
  const list = [
    ["name", node.name], ["package", node.provider],
    ...Object.entries(node.params || {}), ["shape", node.shape && shapeText(node.shape)],
    ["dtype", node.dtype], ["memory", node.nbytes == null ? "" : bytes(node.nbytes)],
    ["value", node.kind === "constant" ? "" : node.value], ["gradient", node.gradient], ["derivative", derivative],
    ["scope", (node.scope || []).join(" / ")], ["called at", node.site],
    ...Object.entries(node.info || {}).map(([key, value]) => [key, String(value)]),
  ];
  return list.filter(([, value]) => value !== undefined && value !== null && value !== "");
}

function showDetails(item) {
  details.hidden = !item;
  if (!item) return details.replaceChildren();
  const group = item.group === undefined ? null : model.groups[item.group];
  const node = group ? null : model.nodes[item.node];
  const kind = group ? `Group of ${count(countOf(model, item.group), "node")}` : node.kind[0].toUpperCase() + node.kind.slice(1);
  const list = html("dl");
  for (const [key, value] of node ? facts(node) : []) list.append(html("dt", {}, key), html("dd", {}, value));
  details.replaceChildren(
    html("button", { type: "button", class: "close", "aria-label": "Close the details", onclick: () => select(null) }, "✕"),
    html("h2", {}, group ? group.label : nameOf(item.node)),
    html("p", { class: "kind" }, kind),
    list, actions(item),
    ...neighbours("Inputs", near.get(item).filter((edge) => edge.b === item).map((edge) => edge.a)),
    ...neighbours("Used by", near.get(item).filter((edge) => edge.a === item).map((edge) => edge.b)),
  );
}

function actions(item) {
  const box = html("div", { class: "actions" });
  const button = (text, act) => box.append(html("button", { type: "button", onclick: act }, text));
  if (isFold(item)) button("Unfold", () => toggle(item));
  else if (near.get(item).some((edge) => edge.b === item)) button("Fold what is behind", () => toggle(item));
  if (item.node !== undefined) {
    for (let g = model.home[item.node]; g >= 0; g = model.groups[g].parent) {
      const inside = g;
      button(`Fold ${model.groups[g].label}`, () => foldGroup(inside));
    }
  }
  button("Centre", () => centre(byKey.get(String(item.key))));
  return box;
}

function neighbours(title, items) {
  if (!items.length) return [];
  const shown = items.slice(0, 50).map((item) => {
    const text = item.group === undefined ? nameOf(item.node) : item.lines.join(", ");
    return html("li", {}, html("button", { type: "button", onclick: () => select(item, true) }, text));
  });
  if (items.length > 50) shown.push(html("li", {}, `and ${items.length - 50} more`));
  return [html("h3", {}, `${title} (${items.length})`), html("ul", {}, ...shown)];
}

// -- legend: the colours in use, and what is not shown -----------------------------------------

function swatch(style, fill) {
  const shape = style === "variable"
    ? element("ellipse", { class: "shape", cx: 11, cy: 7, rx: 10, ry: 6 })
    : element("rect", { class: "shape", x: 1, y: 1, width: 20, height: 12, rx: style === "group" ? 4 : 1 });
  const made = element("svg", { class: style, "aria-hidden": "true" }, shape);
  if (fill) made.style.setProperty("--fill", fill);
  return made;
}

let legendOpen = matchMedia("(min-width: 721px)").matches;

function legend() {
  const row = (...children) => html("li", {}, ...children);
  const kinds = { variable: "Variable", function: "Function", constant: "Constant", group: "Folded" };
  const styles = new Set(view.items.map((item) => item.style));
  const rows = Object.keys(kinds).filter((kind) => styles.has(kind) && !(kind === "function" && options.legend.length)).map((kind) => row(swatch(kind), kinds[kind]));
  for (const [text, fill] of options.legend) rows.push(row(swatch("function", options.palette[fill]), text));
  rows.push(html("hr"), ...switches());
  const single = new Set(view.items.filter((item) => item.members.length === 1).map((item) => item.members[0]));
  const hidden = model.nodes.length - single.size;
  if (hidden > 0) rows.push(html("li", { class: "note", id: "hidden-count" }, `${count(hidden, "node")} not shown one by one`));
  if (options.notes.length) {
    const notes = options.notes.map((note) => html("li", { class: "note" }, note));
    rows.push(html("li", {}, html("details", {}, html("summary", {}, "Folded at first"), html("ul", {}, ...notes))));
  }
  const box = html("details", { open: legendOpen }, html("summary", {}, "Legend"), html("ul", {}, ...rows));
  box.addEventListener("toggle", () => { legendOpen = box.open; });
  $("legend").replaceChildren(box);
}

function switches() {
  const made = [];
  const has = (test) => model.nodes.some(test);
  const add = (key, text, inverted) => {
    const input = html("input", { type: "checkbox", "data-switch": key });
    input.checked = inverted ? !state[key] : state[key];
    input.addEventListener("change", () => {
      state[key] = inverted ? !input.checked : input.checked;
      rebuild(selected);
      showDetails(byKey.get(selected));
      document.querySelector(`[data-switch="${key}"]`).focus();
    });
    made.push(html("li", {}, html("label", {}, input, text)));
  };
  if (has((node) => node.kind === "constant")) add("hideConstants", "Constants as nodes", true);
  if (has((node) => node.kind === "variable" && !node.name)) add("hideIntermediates", "Unnamed intermediates", true);
  add("repeatLeaves", "Repeat shared leaves at each use", false);
  return made;
}

// -- search -------------------------------------------------------------------------------------

let texts = null;
let searched = ""; // what the matches are those of

function textOf(node) {
  const params = Object.entries(node.params || {}).flat();
  return [node.label, node.name, node.op, node.provider, node.id, node.site, ...(node.scope || []), ...params].join(" ").toLowerCase();
}

function search() {
  searched = $("query").value;
  texts = texts || model.nodes.map(textOf);
  const words = $("query").value.toLowerCase().split(/\s+/).filter(Boolean);
  hits = [];
  if (words.length) texts.forEach((text, n) => { if (words.every((word) => text.includes(word)) && !isHidden(model, state, n)) hits.push(n); });
  const exact = $("query").value.trim().toLowerCase();
  const rank = (n) => (nameOf(n).toLowerCase() === exact ? 0 : nameOf(n).toLowerCase().includes(exact) ? 1 : 2);
  hits.sort((a, b) => rank(a) - rank(b) || a - b);
  hit = -1;
  markHits();
  mark();
  if (hits.length) step(1); else tell();
}

function markHits() {
  const found = new Set(hits);
  hitKeys = new Set(view.items.filter((item) => item.members.some((n) => found.has(n))).map((item) => item.key));
}

function step(by) {
  if (!hits.length) return tell();
  hit = (hit + by + hits.length) % hits.length;
  const n = hits[hit];
  let item = byKey.get(String(n));
  if (!item) {
    reveal(model, state, n);
    rebuild();
    item = byKey.get(String(n));
  }
  if (item) { select(item); centre(item); }
  tell();
}

function tell() {
  const text = !$("query").value.trim() ? "" : hits.length ? `${hit + 1} of ${hits.length.toLocaleString("en")}` : "nothing";
  $("found").textContent = text;
  $("previous").disabled = $("next").disabled = hits.length < 1;
}
