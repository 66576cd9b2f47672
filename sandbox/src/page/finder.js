// A field that chooses among many by typing: people, conversations, an app's options. What is chosen stands in it.

import { button, el, icon, placeAt } from "./draw.js";

/** Rows that are shown at once; typing finds the others. */
const MOST_ROWS = 60;
/** Milliseconds to wait for more typing before options are asked for. */
const TYPING_MS = 250;

/** Whether each typed word begins a word of the text. */
function finds(typed, text) {
  const parts = text.toLowerCase().split(/[\s.,@#()_-]+/);
  return typed.every((word) => parts.some((part) => part.startsWith(word)));
}

/**
 * The field: its options are in groups, each `[label, [{ value, text, about?, sign? }]]`, where `sign` makes a picture. `ask` looks
 * up groups for what is typed, from `least` letters on. `chosen` are values or options. At most `most` can be chosen. A `single`
 * choice is replaced by the next one, and taken back if it is `optional`. `none` is what is said where nothing fits.
 */
export function finder(groups, chosen, { most = Infinity, single = false, optional = true, placeholder, ask = null, least = 0, none = "Nothing is called that." }) {
  const all = groups.flatMap(([, options]) => options);
  const known = (values) => values.map((one) => (one?.value ? one : all.find(({ value }) => value === one))).filter(Boolean);
  const isHeld = (one) => held.some(({ value }) => value === one.value);
  const picked = el("span", "picked");
  const input = Object.assign(el("input"), { type: "text", autocomplete: "off", dir: "auto" });
  const offers = el("div", "menu offers");
  const node = el("div", "finder", picked, input, offers);
  let held = known(chosen);
  let rows = [];
  let at = 0;
  let asked = 0;
  let waiting = null;
  /** Whether the first option is taken once those are there that were asked for. */
  let takesFirst = false;
  offers.popover = "manual";
  offers.setAttribute("role", "listbox");
  // A list that scrolls would take the focus of the next Tab, and lose it as it closes.
  offers.tabIndex = -1;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list" })) input.setAttribute(name, value);
  if (!single) offers.setAttribute("aria-multiselectable", "true");

  const isOpen = () => offers.matches(":popover-open");
  const changed = () => { drawPicked(); node.dispatchEvent(new Event("change", { bubbles: true })); };
  const drop = (one) => { held = held.filter((other) => other.value !== one.value); changed(); };
  function drawPicked() {
    input.placeholder = held.length ? "" : placeholder;
    picked.replaceChildren(...held.map((one) => {
      const away = single && !optional ? null : button("", icon("close"), () => { drop(one); input.focus(); }, `Remove ${one.text}`);
      return el("span", "chip", one.sign?.() ?? null, el("span", "", one.text), away);
    }));
  }
  function take(one) {
    const had = isHeld(one);
    if (!had && !single && held.length >= most) return;
    input.value = "";
    close();
    if (had && !single) { drop(one); return; }
    held = single ? [one] : [...held, one];
    changed();
  }

  function close() {
    clearTimeout(waiting);
    takesFirst = false;
    asked += 1;
    if (isOpen()) offers.hidePopover();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function show() {
    if (ask) { look(); return; }
    const typed = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const named = (one) => Number(!finds(typed, one.text));
    draw(groups.map(([label, options]) => [label, options.filter((one) => finds(typed, `${one.text} ${one.about ?? ""}`)).sort((one, other) => named(one) - named(other))]));
  }
  /** Asks for the options once the person has typed on. */
  function look() {
    const typed = input.value.trim();
    clearTimeout(waiting);
    takesFirst = false;
    asked += 1;
    const mine = asked;
    const isShort = typed.length < least;
    draw([], isShort ? `Type ${least} ${least === 1 ? "letter" : "letters"} or more.` : "…");
    if (isShort) return;
    waiting = setTimeout(async () => {
      const found = await ask(typed);
      if (mine !== asked) return;
      waiting = null;
      draw(found);
      if (takesFirst && rows.length) take(rows[at][1]);
    }, typed ? TYPING_MS : 0);
  }
  /** Shows the options that fit, or a note in their place. */
  function draw(fit, instead = none) {
    const full = !single && held.length >= most;
    rows = [];
    at = 0;
    const parts = fit.flatMap(([label, options]) => (options.length ? [label ? el("b", "group", label) : null, ...options.slice(0, MOST_ROWS - rows.length).map((one) => drawRow(one, full))] : []));
    // A press of Enter on what was typed takes one that isn't chosen yet.
    if (!single && input.value) at = Math.max(0, rows.findIndex(([, one]) => !isHeld(one)));
    const count = fit.reduce((sum, [, options]) => sum + options.length, 0);
    const note = full ? `You can choose ${most}.` : count === 0 ? instead : count > rows.length ? `${count - rows.length} more: type to find them.` : null;
    offers.replaceChildren(...[...parts, note && el("p", "note", note)].filter(Boolean));
    if (!isOpen()) offers.showPopover();
    offers.style.width = `${Math.max(node.offsetWidth, 240)}px`;
    placeAt(node, offers);
    input.setAttribute("aria-expanded", "true");
    mark();
  }
  function drawRow(one, full) {
    const is = isHeld(one);
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
    if (!rows[at]) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", rows[at][0].id);
    rows[at][0].scrollIntoView({ block: "nearest" });
  }

  // A press on the label focuses the field, too, and closes the list by the way.
  input.addEventListener("mousedown", show);
  input.addEventListener("input", show);
  input.addEventListener("blur", () => { input.value = ""; close(); });
  // What is typed is no choice.
  input.addEventListener("change", (event) => event.stopPropagation());
  node.addEventListener("mousedown", (event) => { if (event.target === node || event.target === picked) { event.preventDefault(); input.focus(); } });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if ((step || event.key === "Enter") && !isOpen()) { event.preventDefault(); show(); }
    else if (step) { event.preventDefault(); if (rows.length) { at = (at + step + rows.length) % rows.length; mark(); } }
    else if (event.key === "Enter") { event.preventDefault(); if (rows[at]) take(rows[at][1]); else takesFirst = waiting !== null; }
    else if (event.key === "Tab") close();
    else if (event.key === "Escape" && isOpen()) { event.preventDefault(); event.stopPropagation(); close(); }
    else if (event.key === "Backspace" && !input.value && held.length && (!single || optional)) drop(held.at(-1));
  });
  drawPicked();
  return {
    node,
    field: input,
    value: () => (single ? (held[0]?.value ?? "") : held.map((one) => one.value)),
    chosen: () => held,
    set(values) { held = known([values].flat()); drawPicked(); },
  };
}
