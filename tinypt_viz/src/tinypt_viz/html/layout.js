// Layered layout: ranks by the longest way, barycentre sweeps against crossings, then for each
// layer the least-squares positions that keep its order (pool adjacent violators).

const GAP = 26, LAYER_GAP = 38, LANE = 14, MOST_LANES = 40000;

// nodes: [{w, h}], edges: [{a, b}] of nodes; sets node.x, node.y (centres) and edge.path (points).
function layout(nodes, edges, sideways) {
  nodes.forEach((node, i) => { node.i = i; });
  const breadth = sideways ? "h" : "w", height = sideways ? "w" : "h";
  const links = acyclic(nodes, edges);
  const rank = ranks(nodes, links);
  const { units, chains } = lanes(nodes, links, rank, breadth, height);
  const count = rank.reduce((most, r) => Math.max(most, r + 1), 0);
  const layers = order(units, count);
  place(layers);
  const levels = levelsOf(layers);
  units.forEach((unit) => { unit.y = levels[unit.rank]; });
  nodes.forEach((node, i) => {
    [node.x, node.y] = sideways ? [units[i].y, units[i].x] : [units[i].x, units[i].y];
  });
  route(nodes, links, chains, sideways);
}

// Put everything where Python has put it; false if something is not as it was there.
function putWhere(nodes, edges, placed, doc, model) {
  const ways = new Map();
  doc.edges.forEach(({ source, target }, k) => {
    const key = `${source} ${target}`;
    ways.set(key, [...(ways.get(key) || []), placed.edges[k]]);
  });
  if (nodes.some(({ node }) => node === undefined)) return false;
  for (const item of nodes) [item.x, item.y] = placed.nodes[model.nodes[item.node].id];
  for (const edge of edges) {
    const way = ways.get(`${model.nodes[edge.a.node].id} ${model.nodes[edge.b.node].id}`).shift();
    edge.path = way.map(([x, y]) => ({ x, y }));
  }
  return true;
}

// Edges that all point one way: one that closes a cycle is turned round for the layout.
function acyclic(nodes, edges) {
  const out = nodes.map(() => []);
  edges.forEach((edge) => out[edge.a.i].push(edge));
  const mark = new Uint8Array(nodes.length); // 1: on the path, 2: done
  const turned = new Set();
  for (let start = 0; start < nodes.length; start++) {
    if (mark[start]) continue;
    const path = [[start, 0]];
    mark[start] = 1;
    while (path.length) {
      const top = path[path.length - 1];
      const edge = out[top[0]][top[1]++];
      if (!edge) { mark[top[0]] = 2; path.pop(); continue; }
      const next = edge.b.i;
      if (mark[next] === 1) turned.add(edge);
      if (!mark[next]) { mark[next] = 1; path.push([next, 0]); }
    }
  }
  return edges.map((edge) => turned.has(edge) ? { edge, from: edge.b.i, to: edge.a.i } : { edge, from: edge.a.i, to: edge.b.i });
}

function ranks(nodes, links) {
  const rank = new Int32Array(nodes.length), waiting = new Int32Array(nodes.length);
  const out = nodes.map(() => []);
  for (const { from, to } of links) { out[from].push(to); waiting[to] += 1; }
  const sources = nodes.map((_, i) => i).filter((i) => !waiting[i]);
  const ready = sources.slice();
  for (const i of ready) {
    for (const j of out[i]) {
      rank[j] = Math.max(rank[j], rank[i] + 1);
      if (--waiting[j] === 0) ready.push(j);
    }
  }
  for (const i of sources) { // an input stands right before its first use
    if (out[i].length) rank[i] = out[i].reduce((least, j) => Math.min(least, rank[j]), Infinity) - 1;
  }
  return rank;
}

// One unit for each node, and one in every layer that an edge crosses.
function lanes(nodes, links, rank, breadth, height) {
  const units = nodes.map((node, i) => ({ rank: rank[i], w: node[breadth], thick: node[height], up: [], down: [] }));
  const long = links.reduce((sum, { from, to }) => sum + Math.max(0, rank[to] - rank[from] - 1), 0);
  const chains = links.map(({ from, to }) => {
    const chain = [];
    let last = units[from];
    for (let r = rank[from] + 1; r < rank[to] && long < MOST_LANES; r++) {
      const unit = { rank: r, w: LANE, thick: 0, up: [], down: [], lane: true };
      units.push(unit);
      chain.push(unit);
      join(last, unit);
      last = unit;
    }
    join(last, units[to]);
    return chain;
  });
  return { units, chains };
}

function join(a, b) {
  a.down.push(b);
  b.up.push(a);
}

function order(units, count) {
  const layers = Array.from({ length: count }, () => []);
  const seen = new Set();
  for (const root of units) { // neighbours start near each other: walk depth first
    const work = [root];
    while (work.length) {
      const unit = work.pop();
      if (seen.has(unit)) continue;
      seen.add(unit);
      layers[unit.rank].push(unit);
      for (let k = unit.up.length; k--;) work.push(unit.up[k]);
      for (let k = unit.down.length; k--;) work.push(unit.down[k]);
    }
  }
  number(layers);
  const small = units.length < 4000;
  let best = small ? crossings(layers) : 0, kept = layers.map((layer) => layer.slice());
  for (let sweep = 0; sweep < (small ? 16 : 4); sweep++) {
    barycentres(layers, sweep % 2 === 0);
    if (!small) continue;
    const now = crossings(layers);
    if (now < best) { best = now; kept = layers.map((layer) => layer.slice()); }
  }
  if (small) { layers.splice(0, count, ...kept); number(layers); }
  return layers;
}

function number(layers) {
  for (const layer of layers) layer.forEach((unit, k) => { unit.k = k; });
}

function barycentres(layers, downwards) {
  const way = downwards ? "up" : "down";
  const sequence = downwards ? layers : layers.slice().reverse();
  for (const layer of sequence) {
    for (const unit of layer) {
      const near = unit[way];
      unit.sort = near.length ? near.reduce((sum, other) => sum + other.k, 0) / near.length : unit.k;
    }
    layer.sort((a, b) => a.sort - b.sort || a.k - b.k);
    layer.forEach((unit, k) => { unit.k = k; });
  }
}

// How many pairs of edges cross between neighbouring layers (a Fenwick tree for each).
function crossings(layers) {
  let total = 0;
  for (const layer of layers) {
    const ends = [];
    for (const unit of layer) ends.push(...unit.up.map((other) => other.k).sort((a, b) => a - b));
    const tree = new Int32Array(Math.max(0, ...ends) + 2);
    ends.forEach((k, n) => {
      let before = 0;
      for (let j = k + 1; j > 0; j -= j & -j) before += tree[j];
      total += n - before;
      for (let j = k + 1; j < tree.length; j += j & -j) tree[j] += 1;
    });
  }
  return total;
}

function place(layers) {
  for (const layer of layers) {
    let x = 0;
    for (const unit of layer) { unit.x = x + unit.w / 2; x += unit.w + GAP; }
    for (const unit of layer) unit.x -= (x - GAP) / 2;
  }
  const sweeps = layers.length < 400 ? 24 : 10;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? layers : layers.slice().reverse()) {
      settle(layer, sweep > sweeps - 3 ? ["up", "down"] : [down ? "up" : "down"]);
    }
  }
}

// Move a layer as near as its order allows to the mean of its neighbours.
function settle(layer, ways) {
  const blocks = [];
  let offset = 0;
  layer.forEach((unit, k) => {
    if (k) offset += (layer[k - 1].w + unit.w) / 2 + gap(layer[k - 1], unit);
    unit.offset = offset;
    let sum = 0, weight = 0;
    for (const way of ways) {
      for (const other of unit[way]) {
        const pull = unit.lane && other.lane ? 8 : unit.lane || other.lane ? 2 : 1;
        sum += pull * other.x;
        weight += pull;
      }
    }
    const block = weight ? { sum: sum - offset * weight, weight, n: 1 } : { sum: (unit.x - offset) * 0.05, weight: 0.05, n: 1 };
    blocks.push(block);
    while (blocks.length > 1 && mean(blocks[blocks.length - 2]) > mean(blocks[blocks.length - 1])) {
      const last = blocks.pop(), into = blocks[blocks.length - 1];
      into.sum += last.sum;
      into.weight += last.weight;
      into.n += last.n;
    }
  });
  let k = 0;
  for (const block of blocks) {
    for (let end = k + block.n; k < end; k++) layer[k].x = mean(block) + layer[k].offset;
  }
}

const mean = (block) => block.sum / block.weight;
const gap = (a, b) => (a.lane && b.lane ? 4 : a.lane || b.lane ? 12 : GAP);

// The middle of each layer along the way of the edges.
function levelsOf(layers) {
  let y = 0;
  return layers.map((layer) => {
    const thick = layer.reduce((most, unit) => Math.max(most, unit.thick), 0);
    const middle = y + thick / 2;
    y += thick + LAYER_GAP;
    return middle;
  });
}

// The points of each edge: from border to border, the ends side by side along the border.
function route(nodes, links, chains, sideways) {
  const along = sideways ? "y" : "x";
  const tails = nodes.map(() => []), heads = nodes.map(() => []);
  links.forEach((link, k) => {
    link.lane = chains[k].map((unit) => (sideways ? { x: unit.y, y: unit.x } : { x: unit.x, y: unit.y }));
    tails[link.from].push(link);
    heads[link.to].push(link);
  });
  nodes.forEach((node, i) => {
    const next = (link) => (link.lane[0] || nodes[link.to])[along];
    const last = (link) => (link.lane[link.lane.length - 1] || nodes[link.from])[along];
    ports(node, tails[i], next, sideways).forEach(([link, point]) => { link.start = point(1); });
    ports(node, heads[i], last, sideways).forEach(([link, point]) => { link.end = point(-1); });
  });
  for (const { edge, from, start, lane, end } of links) {
    edge.path = [start, ...lane, end];
    if (nodes[from] !== edge.a) edge.path.reverse();
  }
}

function ports(node, links, where, sideways) {
  const sorted = links.slice().sort((a, b) => where(a) - where(b));
  const breadth = sideways ? node.h : node.w;
  const step = Math.min(12, (breadth * 0.7) / Math.max(1, links.length - 1));
  return sorted.map((link, k) => {
    const d = (k - (links.length - 1) / 2) * step;
    return [link, (side) => border(node, d, side, sideways)];
  });
}

// The point of the border at distance d from the middle, before (-1) or behind (1) the node.
function border(node, d, side, sideways) {
  const [half, reach] = sideways ? [node.h / 2, node.w / 2] : [node.w / 2, node.h / 2];
  const bulge = node.round ? Math.sqrt(Math.max(0, 1 - (d / half) ** 2)) : 1;
  const off = side * reach * bulge;
  return sideways ? { x: node.x + off, y: node.y + d } : { x: node.x + d, y: node.y + off };
}
