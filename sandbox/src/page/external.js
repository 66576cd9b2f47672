// Menus whose options come from the app while a person types, and file fields.

import { choices } from "./choices.js";
import { el } from "./draw.js";
import { state } from "./store.js";

/** Letters before the app is asked, unless it says how many. */
const FEW = 3;
/** Milliseconds to wait for more typing. */
const TYPING_MS = 250;

/** A field to type into; what the app offers for it, and what is chosen, can be ticked below. `ask` asks the app. */
export function external(item, start, ask) {
  const several = item.type.startsWith("multi_");
  let chosen = start;
  let waiting = null;
  let asked = 0;
  const find = Object.assign(el("input", "find"), { type: "search", placeholder: item.placeholder?.text ?? "Type to find…" });
  find.setAttribute("aria-label", item.placeholder?.text ?? "Type to find");
  const found = el("div", "found");
  const note = el("small", "hint");
  note.setAttribute("role", "status");
  const node = el("div", "external", find, note, found);
  let made = null;

  function show(options) {
    const all = [...chosen, ...options.filter((one) => !chosen.some((kept) => kept.value === one.value))];
    const rows = all.map((one) => [one.value, one.text?.text ?? one.value, one]);
    made = choices([["", rows]], several ? "checkbox" : "radio", chosen.map((one) => one.value), item.max_selected_items);
    // The choice is stored before the change event is sent.
    made.node.addEventListener("change", () => { const values = [made.value()].flat(); chosen = all.filter((one) => values.includes(one.value)); });
    found.replaceChildren(made.node);
  }

  async function look() {
    const mine = (asked += 1);
    note.textContent = "…";
    const options = await ask(find.value);
    if (mine !== asked) return;
    note.textContent = options.length ? "" : "No results.";
    show(options);
  }

  const least = item.min_query_length ?? FEW;
  find.addEventListener("change", (event) => event.stopPropagation());
  // An app that wants no letters is asked as soon as the menu is opened.
  find.addEventListener("focus", () => { if (!least && !asked) look(); });
  find.addEventListener("input", () => {
    clearTimeout(waiting);
    if (find.value.length >= least) waiting = setTimeout(look, TYPING_MS);
  });
  show([]);
  return { node, group: true, value: () => chosen, set(options) { chosen = options; show([]); } };
}

async function upload(file) {
  const answer = await fetch(`sandbox/upload?${new URLSearchParams({ as: state.as, name: file.name })}`, { method: "POST", body: file });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}`);
  return answer.json();
}

/** A file field. Files are uploaded as soon as they are chosen. */
export function files(item) {
  const node = el("input");
  node.type = "file";
  node.accept = (item.filetypes ?? []).map((kind) => `.${kind}`).join(",");
  node.multiple = item.max_files !== 1;
  let held = [];
  node.addEventListener("change", async () => {
    node.setAttribute("aria-busy", "true");
    try { held = await Promise.all([...node.files].map(upload)); } finally { node.removeAttribute("aria-busy"); }
  });
  return { node, value: () => held, set: () => {} };
}
