// A field that chooses among many by typing: people, conversations, an app's options. What is chosen stands in it.

import { button, el, icon, placeAt } from "./draw.js";

/** Rows that are shown at once; typing finds the others. */
const MOST_ROWS = 60;

/** Whether each typed word begins a word of the text. */
function finds(typed, text) {
  const parts = text.toLowerCase().split(/[\s.,@#()_-]+/);
  return typed.every((word) => parts.some((part) => part.startsWith(word)));
}

/**
 * The field: its options are in groups, each `[label, [{ value, text, about?, sign? }]]`, where `sign` makes a picture.
 * At most `most` can be chosen. A `single` choice is replaced by the next one, and taken back if it is `optional`.
 */
export function finder(groups, chosen, { most = Infinity, single = false, optional = true, placeholder }) {
  const all = groups.flatMap(([, options]) => options);
  const known = (values) => values.map((value) => all.find((one) => one.value === value)).filter(Boolean);
  const picked = el("span", "picked");
  const input = Object.assign(el("input"), { type: "text", autocomplete: "off" });
  const offers = el("div", "menu offers");
  const node = el("div", "finder", picked, input, offers);
  let held = known(chosen);
  let rows = [];
  let at = 0;
  offers.popover = "manual";
  offers.setAttribute("role", "listbox");
  // A list that scrolls would take the focus of the next Tab, and lose it as it closes.
  offers.tabIndex = -1;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list" })) input.setAttribute(name, value);
  if (!single) offers.setAttribute("aria-multiselectable", "true");

  const changed = () => { drawPicked(); node.dispatchEvent(new Event("change", { bubbles: true })); };
  const drop = (one) => { held = held.filter((other) => other !== one); changed(); };
  function drawPicked() {
    input.placeholder = held.length ? "" : placeholder;
    picked.replaceChildren(...held.map((one) => {
      const away = single && !optional ? null : button("", icon("close"), () => { drop(one); input.focus(); }, `Remove ${one.text}`);
      return el("span", "chip", one.sign?.() ?? null, el("span", "", one.text), away);
    }));
  }
  function take(one) {
    const had = held.includes(one);
    if (single) held = [one];
    else if (had) held = held.filter((other) => other !== one);
    else if (held.length < most) held = [...held, one];
    input.value = "";
    changed();
    if (single) close();
    else show();
  }

  function close() {
    if (offers.matches(":popover-open")) offers.hidePopover();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function show() {
    const typed = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const named = (one) => Number(!finds(typed, one.text));
    const fit = groups.map(([label, options]) => [label, options.filter((one) => finds(typed, `${one.text} ${one.about ?? ""}`)).sort((one, other) => named(one) - named(other))]);
    const full = !single && held.length >= most;
    rows = [];
    at = 0;
    const parts = fit.flatMap(([label, options]) => (options.length ? [label ? el("b", "group", label) : null, ...options.slice(0, MOST_ROWS - rows.length).map((one) => drawRow(one, full))] : []));
    const count = fit.reduce((sum, [, options]) => sum + options.length, 0);
    const note = full ? `You can choose ${most}.` : count === 0 ? "Nothing is called that." : count > rows.length ? `${count - rows.length} more: type to find them.` : null;
    offers.replaceChildren(...[...parts, note && el("p", "note", note)].filter(Boolean));
    if (!offers.matches(":popover-open")) offers.showPopover();
    offers.style.width = `${Math.max(node.offsetWidth, 240)}px`;
    placeAt(node, offers);
    input.setAttribute("aria-expanded", "true");
    mark();
  }
  function drawRow(one, full) {
    const is = held.includes(one);
    const row = el("div", "offer", one.sign?.() ?? null, el("b", "", one.text), one.about ? el("small", "", one.about) : null, el("span", "tick", is ? "✓" : ""));
    row.id = `${input.id || "finder"}-${rows.length}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(is));
    if (full && !is) row.setAttribute("aria-disabled", "true");
    // The field keeps the focus.
    row.addEventListener("mousedown", (event) => { event.preventDefault(); take(one); });
    rows.push([row, one]);
    return row;
  }
  function mark() {
    for (const [place, [row]] of rows.entries()) row.classList.toggle("at", place === at);
    if (rows[at]) { input.setAttribute("aria-activedescendant", rows[at][0].id); rows[at][0].scrollIntoView({ block: "nearest" }); }
  }

  input.addEventListener("click", show);
  input.addEventListener("input", show);
  input.addEventListener("blur", () => { input.value = ""; close(); });
  // What is typed is no choice.
  input.addEventListener("change", (event) => event.stopPropagation());
  node.addEventListener("mousedown", (event) => { if (event.target === node || event.target === picked) { event.preventDefault(); input.focus(); } });
  input.addEventListener("keydown", (event) => {
    const open = offers.matches(":popover-open");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !open) { event.preventDefault(); show(); }
    else if (step && rows.length) { event.preventDefault(); at = (at + step + rows.length) % rows.length; mark(); }
    else if (event.key === "Enter" && open) { event.preventDefault(); if (rows[at]) take(rows[at][1]); }
    else if (event.key === "Tab") close();
    else if (event.key === "Escape" && open) { event.preventDefault(); event.stopPropagation(); close(); }
    else if (event.key === "Backspace" && !input.value && held.length && (!single || optional)) drop(held.at(-1));
  });
  drawPicked();
  return {
    node,
    field: input,
    value: () => (single ? (held[0]?.value ?? "") : held.map((one) => one.value)),
    set(values) { held = known([values].flat()); drawPicked(); },
  };
}
