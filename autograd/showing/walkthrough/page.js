"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const element = (id) => document.getElementById(id);
const svg = document.querySelector("#picture svg");
const last = data.steps.length - 1;
const naturalWidth = svg.viewBox.baseVal.width * 4 / 3; // points in CSS pixels
const naturalHeight = svg.viewBox.baseVal.height * 4 / 3;

let step = 0;
let pinned = null; // whose ledger is shown; null for the node of the step
let timer = null;

// Names come from whoever built the graph: they only ever become text, never markup.
function make(tag, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function table(headings, rows) {
  const made = make("table");
  const head = made.createTHead().insertRow();
  for (const heading of headings) {
    const cell = make("th", heading);
    cell.scope = "col";
    head.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of row) line.insertCell().textContent = text;
  }
  const box = make("div", undefined, "scroll");
  box.append(made);
  return box;
}

// Every box of the picture ends in its value and its gradient, every arrow has the local
// derivative, the upstream factor and their product.
function prepare() {
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", document.title);
  const marker = document.createElementNS(svg.namespaceURI, "marker");
  for (const [key, value] of Object.entries({
    id: "arrowhead", viewBox: "0 0 10 10", refX: 10, refY: 5, markerWidth: 9, markerHeight: 9,
    markerUnits: "userSpaceOnUse", orient: "auto-start-reverse",
  })) marker.setAttribute(key, value);
  const triangle = document.createElementNS(svg.namespaceURI, "path");
  triangle.setAttribute("d", "M0,0 L10,5 L0,10 z");
  marker.append(triangle);
  svg.prepend(marker);
  data.nodes.forEach((node, index) => {
    node.group = element(`node-${index}`);
    const texts = node.group.querySelectorAll("text");
    node.field = texts[texts.length - 1];
    node.field.classList.add("gradient");
    texts[texts.length - 2].classList.add("value");
    node.group.querySelector("title").textContent = node.label;
    node.group.addEventListener("click", () => pin(index));
    element("node").append(new Option(node.label, String(index)));
  });
  for (const edge of data.edges) {
    edge.group = element(edge.id);
    const [local, ...carried] = edge.group.querySelectorAll("text");
    local.classList.add("local");
    for (const text of carried) text.classList.add("carried");
    edge.group.querySelector("title").textContent = "";
  }
  document.documentElement.classList.add("stepping");
  // A picture that runs from left to right takes the width, and what is said stands below it.
  document.body.classList.toggle("wide", naturalWidth > 1.6 * naturalHeight);
  document.body.classList.toggle("many", data.edges.length > 150);
  element("slider").max = last;
  element("unscripted").hidden = true;
  element("controls").hidden = false;
  document.querySelector("aside").hidden = false;
  document.querySelector("#whole details").open = false;
}

function show(wanted) {
  step = Math.max(0, Math.min(last, wanted));
  showPicture();
  showStep();
  showLedger();
  element("slider").value = step;
  element("slider").setAttribute("aria-valuetext", `${step} of ${last}: ${data.steps[step].title}`);
  element("count").value = `step ${step} of ${last} · ${data.steps[step].phase}`;
  element("first").disabled = element("back").disabled = step === 0;
  element("last").disabled = element("next").disabled = step === last;
  if (step === last) pause();
}

function showPicture() {
  const touched = new Set();
  data.edges.forEach((edge) => {
    const [, tail] = edge.id.split("-");
    const now = edge.made === step || edge.passed === step;
    if (now) touched.add(Number(tail));
    edge.group.classList.toggle("unmade", edge.made > step);
    edge.group.classList.toggle("unpassed", edge.passed > step);
    edge.group.classList.toggle("back", edge.passed <= step);
    edge.group.classList.toggle("now", now);
  });
  data.nodes.forEach((node, index) => {
    const sums = node.sums.filter(([from]) => from <= step);
    if (sums.length) node.field.textContent = sums[sums.length - 1][1];
    node.group.classList.toggle("unmade", node.made > step);
    node.group.classList.toggle("ungraded", !sums.length);
    node.group.classList.toggle("now", step > 0 && data.steps[step].node === index);
    node.group.classList.toggle("touched", touched.has(index));
  });
  if (step > 0) bringIntoView(data.nodes[data.steps[step].node].group);
}

function bringIntoView(group) {
  const frame = element("picture").getBoundingClientRect();
  const box = group.getBoundingClientRect();
  if (box.left >= frame.left && box.right <= frame.right
    && box.top >= frame.top && box.bottom <= frame.bottom) return;
  element("picture").scrollBy({
    left: (box.left + box.right - frame.left - frame.right) / 2,
    top: (box.top + box.bottom - frame.top - frame.bottom) / 2,
  });
}

function showStep() {
  const now = data.steps[step];
  const place = element("step");
  place.className = now.phase;
  place.replaceChildren(make("h2", now.title), ...now.lines.map((line) => make("p", line)));
  if (now.rows.length) place.append(table(now.headings, now.rows));
}

// The ledger keeps to what has happened: what is still to come can be guessed first.
function showLedger() {
  if (pinned === null && step === 0) {
    for (const node of data.nodes) node.group.classList.remove("chosen");
    element("node").value = "";
    element("entries").replaceChildren(make("p", "Nothing is computed yet.", "hint"));
    return;
  }
  const index = pinned ?? data.steps[step].node;
  const node = data.nodes[index];
  data.nodes.forEach((other, place) => other.group.classList.toggle("chosen", place === pinned));
  element("node").value = pinned === null ? "" : String(pinned);
  const shares = node.shares.filter(([from]) => from <= step);
  const missing = node.shares.length - shares.length;
  const parts = [make("p", node.computed ? `${node.label} = ${node.computed}` : `${node.label} is given`),
    make("p", node.made <= step ? `value ${node.value}` : "not computed yet")];
  if (shares.length) parts.push(make("p", "gradient, share by share:"), list(shares));
  if (missing) parts.push(make("p", `${missing} of ${node.shares.length} shares to come`, "hint"));
  element("entries").replaceChildren(...parts);
}

function list(shares) {
  const made = make("ol");
  for (const [, row] of shares) {
    const [, by, local, upstream, amount, sum] =
      Array.from(element("backward").tBodies[0].rows[row].cells, (cell) => cell.textContent);
    const item = make("li");
    const second = upstream.startsWith("-") ? `(${upstream})` : upstream;
    const factors = local ? `${local} × ${second} = ${amount}` : amount;
    item.append(make("div", `by way of ${by}: ${factors}`), make("div", `sum: ${sum}`));
    made.append(item);
  }
  return made;
}

function pin(index) {
  pinned = index === pinned ? null : index;
  showLedger();
}

function play() {
  if (step === last) show(0);
  element("play").textContent = "⏸ pause";
  timer = setInterval(() => show(step + 1), Number(element("speed").value));
}

function pause() {
  clearInterval(timer);
  timer = null;
  element("play").textContent = "▶ play";
}

function toggle() {
  if (timer === null) play(); else pause();
}

function go(wanted) {
  pause();
  show(wanted);
}

let scale = 1;

function resize(wanted) {
  scale = Math.max(0.1, Math.min(4, wanted));
  svg.style.width = `${naturalWidth * scale}px`;
  svg.style.height = `${naturalHeight * scale}px`;
}

// As large as the window allows; what would be too small to be recognised then scrolls.
function fit() {
  const frame = element("picture");
  const height = parseFloat(getComputedStyle(frame).maxHeight);
  const whole = Math.min((frame.clientWidth - 2) / naturalWidth, (height - 2) / naturalHeight);
  resize(Math.max(0.3, Math.min(1.5, whole)));
}

let fitted = "";

// When the window has another size, or the picture has any for the first time: notebooks lay out
// what is in a frame only when it comes into view.
function fitAnew() {
  const size = `${window.innerWidth} ${window.innerHeight} ${element("picture").clientWidth > 0}`;
  if (size !== fitted) fit();
  fitted = size;
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const onControl = /^(SELECT|INPUT|SUMMARY)$/.test(event.target.tagName);
  const onButton = event.target.tagName === "BUTTON";
  const actions = {
    ArrowRight: () => go(step + 1), ArrowLeft: () => go(step - 1),
    Home: () => go(0), End: () => go(last),
    "+": () => resize(scale * 1.2), "-": () => resize(scale / 1.2), 0: fit,
  };
  if (!onButton) actions[" "] = toggle;
  if (onControl || !Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
}

function connect() {
  const actions = {
    first: () => go(0), back: () => go(step - 1), play: toggle, next: () => go(step + 1),
    last: () => go(last), smaller: () => resize(scale / 1.2), fit, larger: () => resize(scale * 1.2),
    theme: () => {
      const style = document.documentElement.style;
      const dark = style.colorScheme
        ? style.colorScheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      style.colorScheme = dark ? "light" : "dark";
    },
  };
  for (const [id, action] of Object.entries(actions)) element(id).addEventListener("click", action);
  element("slider").addEventListener("input", () => go(Number(element("slider").value)));
  element("node").addEventListener("change", () => {
    pin(element("node").value === "" ? pinned : Number(element("node").value));
  });
  element("speed").addEventListener("change", () => { if (timer !== null) { pause(); play(); } });
  document.addEventListener("keydown", key);
  window.addEventListener("resize", fitAnew);
  new ResizeObserver(fitAnew).observe(document.documentElement);
  let before = 0;
  window.addEventListener("beforeprint", () => {
    before = step;
    document.querySelector("#whole details").open = true;
    show(last);
  });
  window.addEventListener("afterprint", () => show(before));
}

prepare();
connect();
fitAnew();
show(Number(location.hash.slice(1)) || 0);
