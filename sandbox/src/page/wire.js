// The wire: all calls of the app and deliveries to it, newest first, and the switches for faults.

import { button, el, icon, simulatedTag } from "./draw.js";
import { here, keepAddress, look, onEveryNews, post, state, time } from "./store.js";

const $ = (id) => document.getElementById(id);
/** How long changes are collected, so that a stream of them is drawn in batches. */
const CALM_MS = 150;
const SHOW = { all: "All", calls: "Calls", deliveries: "Deliveries", refusals: "Refusals" };
/** Faults that stay until they are switched off, and those that happen once. */
const LASTING = { slow: ["Slow", "Every call takes two seconds longer"], duplicate: ["Duplicates", "Everything is delivered twice"], down: ["Down", "Slack answers 503 to everything"] };
const ONCE = { limited: ["429", "The next call is refused as one too many"], broken: ["500", "The next call fails, and nothing is done"], lost: ["Lost answer", "The next call is done, and its answer is lost"], dropped: ["Cut sockets", "Every open socket is cut"], none: ["All well", "Everything works again; bots come back within half a minute"] };

let show = "all";
let find = "";
const open = new Map();
const drawn = new Map();

const isOpen = () => here.get("wire") === "open";

/** Marks the second of two deliveries of the same thing. */
function againTag() {
  const node = el("span", "badge again", "again");
  node.title = "Everything is delivered twice: this is the second time";
  return node;
}

/** The result, in two words. */
function result(row) {
  if (row.kind === "call") return row.error ? `${row.status === 200 ? "" : `${row.status} `}${row.error}` : "ok";
  return row.outcome;
}

function drawRow(row) {
  // Each person reads times in their own zone.
  const sign = `${state.as} ${row.outcome} ${open.get(row.number) ?? ""}`;
  const old = drawn.get(row.number);
  if (old?.sign === sign) return old.node;
  const call = row.kind === "call";
  const head = el("summary", "",
    el("time", "", time(row.at_ms, { weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" })),
    el("span", "way", call ? "→ Slack" : "→ app"), el("b", "", row.name), el("span", "about", row.simulated ? simulatedTag() : null, row.again ? againTag() : null, " ", row.about),
    el("span", row.ok ? "result" : "result bad", result(row)));
  const node = el("details", row.ok ? "" : "bad", head, row.why ? el("p", "why", row.why) : null);
  node.append(el("pre", "", open.get(row.number) ?? "…"));
  node.open = open.has(row.number);
  node.addEventListener("toggle", () => {
    if (!node.open) { open.delete(row.number); return; }
    look("wire", { number: row.number }).then(({ row: whole }) => {
      open.set(row.number, JSON.stringify(whole, null, 2));
      node.querySelector("pre").textContent = open.get(row.number);
    });
  });
  drawn.set(row.number, { sign, node });
  return node;
}

function drawFaults(faults) {
  const node = (name, [words, about], pressed) => {
    const made = button("plain", words, () => post("fault", { name, on: !pressed }), undefined);
    made.title = about;
    if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
    return made;
  };
  const waiting = faults.planned.map((one) => `${one.times} × ${one.what}`).join(", ");
  const focused = [...$("faults").children].indexOf(document.activeElement);
  $("faults").replaceChildren(
    ...Object.entries(LASTING).map(([name, words]) => node(name, words, faults[name])),
    ...Object.entries(ONCE).map(([name, words]) => node(name, words)),
    ...(waiting ? [el("span", "waiting", `waiting: ${waiting}`)] : []),
  );
  $("faults").children[focused]?.focus();
}

let calm = null;
/** Asks for the newest rows, not too often. */
function ask() {
  if (!isOpen() || calm || !state) return;
  calm = setTimeout(async () => {
    calm = null;
    const { rows, faults } = await look("wire", { show, find });
    const nodes = rows.map(drawRow);
    const kept = new Set(rows.map((row) => row.number));
    for (const number of drawn.keys()) if (!kept.has(number)) drawn.delete(number);
    $("rows").replaceChildren(...(nodes.length ? nodes : [el("p", "empty", "Nothing of that kind yet.")]));
    drawFaults(faults);
  }, CALM_MS);
}

function toggle(to) {
  here.set("wire", to ? "open" : "");
  if (!to) here.delete("wire");
  keepAddress();
  $("wire").hidden = !to;
  $("wire-open").setAttribute("aria-pressed", String(to));
  ask();
}

/** Makes the drawer work. */
export function useWire() {
  $("wire-open").addEventListener("click", () => toggle(!isOpen()));
  $("wire-close").append(icon("close"));
  $("wire-close").addEventListener("click", () => { toggle(false); $("wire-open").focus(); });
  $("wire-show").append(...Object.entries(SHOW).map(([value, words]) => new Option(words, value)));
  $("wire-show").addEventListener("change", () => { show = $("wire-show").value; ask(); });
  $("wire-find").addEventListener("input", () => { find = $("wire-find").value; ask(); });
  $("wire").addEventListener("keydown", (event) => { if (event.key === "Escape") { toggle(false); $("wire-open").focus(); } });
  onEveryNews(ask);
  toggle(isOpen());
}
