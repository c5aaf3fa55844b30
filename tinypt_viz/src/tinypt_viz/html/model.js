// The embedded graph, and its projection: what is drawn while some groups are folded.
// A drawn thing is an item: one node, a folded group, or one copy of a shared leaf.

const CHUNKS = 12; // a large group opens as this many smaller ones
const LIMIT = 300; // items that a group may show at once

function readModel(doc) {
  const nodes = doc.nodes;
  for (const node of nodes) node.label = printable(node.label);
  const index = new Map(nodes.map((node, i) => [node.id, i]));
  const ins = nodes.map(() => []);
  const outs = nodes.map(() => []);
  for (const { source, target } of doc.edges) {
    const s = index.get(source), t = index.get(target);
    ins[t].push(s);
    outs[s].push(t);
  }
  for (const [id, fill] of Object.entries(doc.view.fill)) nodes[index.get(id)].fill = doc.view.palette[fill];
  const isOutput = new Uint8Array(nodes.length);
  for (const id of doc.outputs) isOutput[index.get(id)] = 1;
  const model = { nodes, ins, outs, isOutput, groups: [], home: new Int32Array(nodes.length).fill(-1) };
  const byId = new Map();
  for (const g of doc.view.groups) { // parents come before their children
    byId.set(g.id, model.groups.length);
    const parent = g.parent == null ? -1 : byId.get(g.parent);
    addGroup(model, { ...g, like: index.get(g.like), parent, open: Boolean(g.open) }, g.members.map((id) => index.get(id)));
  }
  model.depth = depths(model);
  return model;
}

// Control characters as their pictures, half of a surrogate pair as the replacement character.
function printable(text) {
  if (!/[\0-\x1f\x7f\ud800-\udfff]/.test(text)) return text;
  const seen = text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (c) => String.fromCharCode(c === "\x7f" ? 0x2421 : 0x2400 + c.charCodeAt(0)));
  return seen.toWellFormed ? seen.toWellFormed() : seen;
}

function addGroup(model, group, members) {
  const g = model.groups.length;
  model.groups.push({ ...group, label: printable(group.label), members, id: group.id || `g${g}`, children: [], size: members.length });
  for (const n of members) model.home[n] = g;
  if (group.parent >= 0) model.groups[group.parent].children.push(g);
  return g;
}

// In which step each node is needed: the last one is the output's, an input comes right before
// its first use.
function depths({ nodes, ins, outs }) {
  const before = new Int32Array(nodes.length); // the longest way to the end
  const waiting = Int32Array.from(outs, (list) => list.length);
  const ready = [];
  nodes.forEach((_, n) => waiting[n] || ready.push(n));
  let most = 0;
  for (const n of ready) { // grows while it is read
    most = Math.max(most, before[n]);
    for (const m of ins[n]) {
      before[m] = Math.max(before[m], before[n] + 1);
      if (--waiting[m] === 0) ready.push(m);
    }
  }
  return before.map((distance) => most - distance);
}

// A node that the switches leave out of the picture; edges pass through it.
function isHidden(model, state, n) {
  const node = model.nodes[n];
  if (node.kind === "constant") return state.hideConstants;
  return state.hideIntermediates && node.kind === "variable" && !node.name &&
    model.ins[n].length === 1 && model.outs[n].length > 0 && !model.isOutput[n];
}

// Which item stands for each node: its outermost folded group, what it was folded into, or itself.
function representatives(model, state) {
  const count = model.nodes.length;
  const closed = [];
  model.groups.forEach((group, g) => {
    const above = group.parent >= 0 ? closed[group.parent] : -1;
    closed.push(above >= 0 ? above : group.open ? -1 : count + g);
  });
  const rep = Int32Array.from(model.home, (g, n) => (g >= 0 && closed[g] >= 0 ? closed[g] : n));
  for (const fold of state.folds) {
    const root = rep[fold.root];
    for (const n of fold.members) rep[n] = root;
  }
  return rep;
}

// The items and edges to draw.
function project(model, state) {
  const { nodes, ins } = model;
  const rep = representatives(model, state);
  const items = new Map();
  const hidden = Uint8Array.from(nodes, (_, n) => (rep[n] === n && isHidden(model, state, n) ? 1 : 0));
  nodes.forEach((_, n) => {
    if (hidden[n]) return;
    const item = items.get(rep[n]) || newItem(model, rep[n]);
    items.set(rep[n], item);
    item.members.push(n);
  });
  const edges = [];
  const seen = new Map();
  nodes.forEach((_, t) => {
    if (hidden[t]) return;
    const target = items.get(rep[t]);
    ins[t].forEach((s) => {
      while (s >= 0 && hidden[s]) {
        if (nodes[s].kind === "constant") target.node === t && target.constants.push(nodes[s].label);
        s = ins[s].length ? ins[s][0] : -1;
      }
      if (s < 0 || rep[s] === rep[t]) return;
      link(items.get(rep[s]), target, edges, seen);
    });
  });
  const all = [...items.values()];
  return state.repeatLeaves ? repeatLeaves(model, all, edges) : { items: all, edges, rep };
}

function newItem(model, r) {
  const count = model.nodes.length;
  const base = { members: [], constants: [], key: r };
  return r >= count ? { ...base, group: r - count } : { ...base, node: r };
}

// Both edges of x * x are drawn; those of a folded thing are joined into one.
function link(a, b, edges, seen) {
  const plain = a.members.length === 1 && b.members.length === 1;
  const key = `${a.key}-${b.key}`;
  const before = seen.get(key);
  if (before && !plain) { before.count += 1; return; }
  const edge = { a, b, count: 1 };
  seen.set(key, edge);
  edges.push(edge);
}

// A leaf with more than two uses gets a copy at each: the crossing lines go away.
function repeatLeaves(model, items, edges) {
  const uses = new Map();
  for (const edge of edges) {
    const { node } = edge.a;
    if (node === undefined || model.ins[node].length || edge.a.members.length > 1) continue;
    if (!uses.has(edge.a)) uses.set(edge.a, []);
    uses.get(edge.a).push(edge);
  }
  const copies = [];
  for (const [item, list] of uses) {
    if (new Set(list.map((edge) => edge.b)).size < 3) continue;
    const at = new Map();
    for (const edge of list) {
      if (!at.has(edge.b)) at.set(edge.b, at.size ? { ...item, key: `${item.key}@${edge.b.key}`, copy: true } : item);
      edge.a = at.get(edge.b);
    }
    copies.push(...[...at.values()].slice(1));
  }
  return { items: items.concat(copies), edges };
}

// Everything drawn that only `item` needs: what folding it hides.
function behind(model, view, item) {
  const uses = new Map(), feeds = new Map();
  for (const { a, b } of view.edges) {
    uses.set(a, (uses.get(a) || 0) + 1);
    if (feeds.has(b)) feeds.get(b).push(a); else feeds.set(b, [a]);
  }
  const absorbed = [];
  const left = new Map(uses);
  const work = [item];
  for (const next of work) {
    for (const source of feeds.get(next) || []) {
      left.set(source, left.get(source) - 1);
      if (left.get(source) || source.members.some((n) => model.isOutput[n])) continue;
      absorbed.push(source);
      work.push(source);
    }
  }
  return absorbed;
}

// Open a group, and with it the other groups of its loop. One that would show too much opens as
// smaller groups by distance from the inputs.
function openGroup(model, g) {
  const { block } = model.groups[g];
  const parts = block === undefined ? [g] : model.groups.map((_, k) => k).filter((k) => model.groups[k].block === block);
  for (const k of parts) model.groups[k].open = true;
  const members = parts.flatMap((k) => model.groups[k].members);
  if (members.length <= LIMIT) return;
  members.sort((a, b) => model.depth[a] - model.depth[b] || a - b);
  for (const k of parts) { model.groups[k].whole = model.groups[k].members; model.groups[k].members = []; }
  for (const chunk of cut(model, members)) {
    const low = model.depth[chunk[0]], high = model.depth[chunk[chunk.length - 1]];
    const label = low === high ? `step ${low}` : `steps ${low} to ${high}`;
    addGroup(model, { label, kind: "depth", parent: g, open: false, cut: true }, chunk);
  }
}

// Fold a group, and with it the other groups of its loop; what it was cut into is one again.
function closeGroup(model, g) {
  const { block } = model.groups[g];
  model.groups.forEach((group, k) => {
    if (k !== g && (block === undefined || group.block !== block)) return;
    group.open = false;
    if (!group.whole) return;
    group.members = group.whole;
    group.whole = null;
    for (const n of group.members) model.home[n] = k;
    for (const c of group.children) if (model.groups[c].cut) empty(model, c);
    group.children = group.children.filter((c) => !model.groups[c].cut);
  });
}

function empty(model, g) {
  model.groups[g].members = [];
  for (const c of model.groups[g].children) empty(model, c);
}

// Cut into about equal parts, between two depths where possible.
function cut({ depth }, members) {
  const size = Math.ceil(members.length / CHUNKS);
  const flat = depth[members[0]] === depth[members[members.length - 1]];
  const chunks = [[]];
  for (const n of members) {
    const last = chunks[chunks.length - 1];
    const full = last.length >= size && (flat || depth[last[last.length - 1]] !== depth[n]);
    if (full) chunks.push([n]); else last.push(n);
  }
  return chunks;
}

// Make a node visible: open every group around it and undo the folds that hold it.
function reveal(model, state, n) {
  state.folds = state.folds.filter((fold) => !fold.members.includes(n));
  for (let g = outermost(model, n); g >= 0; g = outermost(model, n)) openGroup(model, g);
}

function outermost(model, n) {
  let found = -1;
  for (let g = model.home[n]; g >= 0; g = model.groups[g].parent) if (!model.groups[g].open) found = g;
  return found;
}
