// Mouse, touch and keys.

function wire() {
  wireSearch();
  wirePointer();
  document.addEventListener("keydown", onKey);
  const buttons = {
    "zoom-in": () => zoomAt(1.25), "zoom-out": () => zoomAt(0.8), "zoom-level": () => zoomAt(1 / camera.scale),
    fit: () => fly(fitted()), "fold-all": foldAll, "unfold-all": unfoldAll, help: () => $("keys").showModal(),
  };
  for (const [id, act] of Object.entries(buttons)) $(id).addEventListener("click", act);
  const foldable = model.groups.length > 0;
  $("fold-all").hidden = $("unfold-all").hidden = !foldable;
  new ResizeObserver(() => { moved(); refresh(); }).observe(canvas);
}

function wireSearch() {
  let pause = 0;
  $("query").addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(search, model.nodes.length > 5000 ? 200 : 60); });
  const go = (by) => {
    clearTimeout(pause);
    if (searched !== $("query").value) search(); else step(by);
  };
  $("search").addEventListener("submit", (event) => { event.preventDefault(); go(1); });
  $("query").addEventListener("keydown", (event) => { // a disabled button would swallow Enter
    if (event.key === "Enter") { event.preventDefault(); go(event.shiftKey ? -1 : 1); }
    if (event.key === "Escape") { $("query").value = ""; search(); canvas.focus(); event.stopPropagation(); }
  });
  $("previous").addEventListener("click", () => step(-1));
}

function itemAt(event) {
  const g = event.target.closest("[data-key]");
  if (g) return byKey.get(g.getAttribute("data-key"));
  if (!far) return null;
  const box = canvas.getBoundingClientRect();
  const x = camera.x + (event.clientX - box.left - box.width / 2) / camera.scale;
  const y = camera.y + (event.clientY - box.top - box.height / 2) / camera.scale;
  return view.items.find((item) => overlaps(item, { left: x, right: x, top: y, bottom: y })) || null;
}

function wirePointer() {
  const down = new Map(); // pointers on the canvas
  let travelled = 0, pressed = null;
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoomAt(Math.exp(-Math.max(-240, Math.min(240, event.deltaY * lines)) * 0.0016), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    cancelAnimationFrame(flight);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    travelled = 0;
    pressed = itemAt(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = down.get(event.pointerId);
    if (!last) return;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    travelled += Math.abs(dx) + Math.abs(dy);
    if (travelled > 4) { canvas.setPointerCapture(event.pointerId); canvas.classList.add("moving"); }
    if (down.size === 2) pinch(down, event);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size > 1 || travelled <= 4) return;
    camera.x -= dx / camera.scale;
    camera.y -= dy / camera.scale;
    moved();
  });
  const up = (event) => {
    canvas.classList.remove("moving");
    if (!down.delete(event.pointerId) || travelled > 4 || event.type === "pointercancel") return;
    select(pressed, Boolean(pressed));
    if (pressed && event.target.closest(".badge")) toggle(pressed);
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("dblclick", (event) => { const item = itemAt(event); if (item) toggle(item); });
  canvas.addEventListener("focusin", (event) => {
    const item = event.target.matches(":focus-visible") && byKey.get(event.target.getAttribute("data-key"));
    $("stage").scrollTo(0, 0);
    if (item && String(item.key) !== selected) { selected = String(item.key); mark(); centreIfOut(item); }
  });
  canvas.addEventListener("click", (event) => { // a screen reader's press has no pointer before it
    const item = event.detail === 0 && itemAt(event);
    if (item) select(item, true);
  });
}

function pinch(down, event) {
  const other = [...down].find(([id]) => id !== event.pointerId)[1];
  const last = down.get(event.pointerId);
  const apart = (p) => Math.hypot(p.x - other.x, p.y - other.y) || 1;
  const box = canvas.getBoundingClientRect();
  const now = { x: event.clientX, y: event.clientY };
  zoomAt(apart(now) / apart(last), (now.x + other.x) / 2 - box.left, (now.y + other.y) / 2 - box.top);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event) {
  const typing = event.target.closest("input, dialog");
  if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
  const item = byKey.get(event.target.closest("[data-key]")?.getAttribute("data-key"));
  const act = item && !event.shiftKey && ARROWS[event.key] ? () => walk(item, ARROWS[event.key])
    : event.target.closest("#details, #legend") && ARROWS[event.key] ? null
    : ARROWS[event.key] ? () => pan(...ARROWS[event.key].map((d) => d * 90))
    : item && (event.key === "Enter" || event.key === " ") ? () => press(item)
    : KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

const KEYS = {
  "+": () => zoomAt(1.25), "=": () => zoomAt(1.25), "-": () => zoomAt(0.8), _: () => zoomAt(0.8),
  0: () => fly(fitted()), 1: () => zoomAt(1 / camera.scale),
  "/": () => $("query").focus(), "?": () => $("keys").showModal(),
  f: () => { const item = byKey.get(selected); if (item) toggle(item); },
  Escape: () => { select(null); canvas.focus(); },
};

// Enter shows the details; on a folded group it unfolds.
function press(item) {
  if (String(item.key) === selected && !details.hidden && item.group !== undefined) return toggle(item);
  select(item, true);
  say(`Details: ${spoken(item)}`);
}

// To the nearest neighbour along the edges, or beside it in the same layer.
function walk(item, [dx, dy]) {
  const ahead = (other) => (other.x - item.x) * dx + (other.y - item.y) * dy;
  const aside = (other) => Math.abs((other.x - item.x) * dy) + Math.abs((other.y - item.y) * dx);
  const along = sideways ? dx : dy;
  const linked = near.get(item).map(({ a, b }) => (a === item ? b : a));
  const pool = along ? linked : view.items.filter((other) => other !== item && aside(other) < item.h);
  const found = pool.filter((other) => ahead(other) > 0).sort((p, q) => (along ? aside(p) - aside(q) : ahead(p) - ahead(q)))[0];
  if (found) select(found, true);
}

wire();
rebuild();
camera = home();
moved();
refresh();
tell();
requestAnimationFrame(() => setTimeout(() => performance.mark("first-paint")));
