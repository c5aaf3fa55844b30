// The step page: which step is shown, what of the picture is seen then, and what keys do.

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const last = data.steps.length;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const [slider, play] = [$("slider"), $("play")];
let step = 0;
let timer = 0;

function show(n) {
  step = Math.min(last, Math.max(0, n));
  slider.value = step;
  for (const [id, from] of Object.entries(data.nodes)) $(id).classList.toggle("later", step < from);
  for (const kind of ["values", "gradients"]) {
    for (const text of document.querySelectorAll(`text.${kind.slice(0, -1)}[data-of]`)) {
      const from = data[kind][text.dataset.of];
      text.classList.toggle("hidden", step < from || (kind === "gradients" && !from));
    }
  }
  for (const [id, [from, back]] of Object.entries(data.wires)) wire($(id), from, back);
  for (const stub of document.querySelectorAll("path.edge[id$='-out']")) {
    const of = stub.id.slice(0, -4);
    wire(stub, data.values[of], data.gradients[of]);
  }
  for (const marked of document.querySelectorAll(".now")) marked.classList.remove("now");
  say();
}

function wire(path, from, back) {
  path.classList.toggle("later", step < from);
  path.classList.toggle("plain", !back || step < back);
  const core = path.nextElementSibling;
  if (core?.classList.contains("core")) core.classList.toggle("hidden", !back || step < back);
}

function say() {
  const now = data.steps[step - 1];
  const phase = !now ? "" : step <= data.forward ? "forward" : "backward";
  if (now) $(now.at)?.classList.add("now");
  $("head").textContent = now ? now.head : "start";
  $("head").className = phase;
  $("title").textContent = now ? now.title : "";
  const lines = now ? now.lines : [last > data.forward ? "→ steps forward through the values, then back through the gradients." : "No gradients were recorded: run it inside tinypt_viz.record()."];
  $("lines").textContent = lines.join("\n");
  slider.setAttribute("aria-valuetext", now ? `${now.head}: ${now.title}` : "start");
  $("back").disabled = step === 0;
  $("next").disabled = step === last;
  history.replaceState(null, "", step ? `#step=${step}` : "#");
}

function halt() {
  clearInterval(timer);
  timer = 0;
  play.textContent = "▶";
  play.setAttribute("aria-label", "Play");
}

function toggle() {
  if (timer) return halt();
  if (step === last) show(0);
  play.textContent = "❚❚";
  play.setAttribute("aria-label", "Pause");
  timer = setInterval(() => { show(step + 1); if (step === last) halt(); }, still.matches ? 1600 : 900);
}

const go = (n) => { halt(); show(n); };
const KEYS = {
  ArrowRight: () => go(step + 1), ArrowDown: () => go(step + 1), ArrowLeft: () => go(step - 1), ArrowUp: () => go(step - 1),
  PageDown: () => go(step + 5), PageUp: () => go(step - 5), Home: () => go(0), End: () => go(last), " ": toggle,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  if (event.key === " " && event.target.tagName === "BUTTON") return; // presses the button
  event.preventDefault();
  KEYS[event.key]();
});
slider.max = last;
slider.addEventListener("input", () => go(Number(slider.value)));
$("back").addEventListener("click", () => go(step - 1));
$("next").addEventListener("click", () => go(step + 1));
play.addEventListener("click", toggle);
window.addEventListener("hashchange", () => go(asked()));
const asked = () => Number(/^#step=(\d+)$/.exec(location.hash)?.[1] || 0);
show(asked());
