// Picks an emoji out of all: by a word, by its category, or among those that were used last.

import { button, el, floatAt } from "./draw.js";
import { ALL, CATEGORIES, COMMON, findEmoji } from "./emoji.js";
import { isTouch } from "./touch.js";

/** How many of those used last are kept: two rows, which are shorter on a narrow page. */
const mostLast = () => (innerWidth > 480 ? 18 : 16);
/** How often a category is brought to the top: what is above it gets its true height as it comes near. */
const MOST_LOOKS = 8;
const LAST = "emoji";

const byName = new Map(ALL.flatMap((one) => one.names.map((name) => [name, one])));

function usedLast() {
  const kept = (localStorage.getItem(LAST) ?? "").split(" ").filter(Boolean);
  return [...new Set([...kept, ...COMMON])].slice(0, mostLast());
}

/** Opens the picker at `anchor`; `take` gets the name that is picked. */
export function pickEmoji(anchor, take) {
  const find = Object.assign(el("input", "find"), { type: "search", placeholder: "Find an emoji" });
  find.setAttribute("aria-label", "Find an emoji");
  const grid = el("div", "grid");
  const caption = el("p", "caption", "");
  const root = el("div", "menu emojis", find, tabs(grid), grid, caption);
  root.popover = "auto";
  root.tabIndex = -1;
  root.setAttribute("role", "dialog");
  root.setAttribute("aria-label", "Emoji");

  const choose = (one) => {
    localStorage.setItem(LAST, [one.names[0], ...usedLast().filter((name) => name !== one.names[0])].slice(0, mostLast()).join(" "));
    root.hidePopover();
    take(one.names[0]);
  };
  const cell = (one) => {
    const node = button("", one.sign, () => choose(one), `:${one.names[0]}:`);
    node.tabIndex = -1;
    return node;
  };
  const part = (title, all) => {
    const node = el("section", "", el("h3", "", title), el("div", "cells", ...all.map(cell)));
    node.dataset.part = title;
    return node;
  };
  const show = () => {
    const typed = find.value.trim();
    const found = typed ? findEmoji(typed) : [];
    root.classList.toggle("found", Boolean(typed));
    if (!typed) grid.replaceChildren(part("Frequently used", usedLast().map((name) => byName.get(name)).filter(Boolean)), ...shownCategories().map(({ name, emoji }) => part(name, emoji)));
    else grid.replaceChildren(found.length ? part(`${found.length} found`, found) : el("p", "empty", `Nothing is called “${typed}”.`));
    grid.scrollTop = 0;
    // What Enter takes.
    caption.textContent = grid.querySelector("button")?.title ?? "";
  };
  find.addEventListener("input", show);
  grid.addEventListener("pointerover", (event) => { caption.textContent = event.target.closest("button")?.title ?? caption.textContent; });
  grid.addEventListener("focusin", (event) => { caption.textContent = event.target.title; });
  root.addEventListener("keydown", (event) => {
    // A search field would only be emptied by it.
    if (event.key === "Escape") { event.preventDefault(); root.hidePopover(); } else walk(event, { find, grid });
  });
  show();
  floatAt(anchor, root);
  (isTouch() ? root : find).focus();
}

const shownCategories = () => CATEGORIES.filter(({ emoji }) => ALL.includes(emoji[0]));

function tabs(grid) {
  const bring = (part, looks) => {
    const top = grid.scrollTop;
    part.scrollIntoView({ block: "start" });
    if (looks && grid.scrollTop !== top) requestAnimationFrame(() => bring(part, looks - 1));
  };
  const tab = ({ name, emoji }) => button("", emoji[0].sign, () => {
    const part = grid.querySelector(`[data-part="${CSS.escape(name)}"]`);
    if (part) bring(part, MOST_LOOKS);
  }, name);
  return el("div", "tabs", ...shownCategories().map(tab));
}

/** The arrows go through the cells, Enter in the field takes the first one. */
function walk(event, { find, grid }) {
  const cells = [...grid.querySelectorAll("button")];
  const at = cells.indexOf(document.activeElement);
  if (event.key === "Enter" && event.target === find) { event.preventDefault(); cells[0]?.click(); return; }
  if (at < 0) {
    if (event.key === "ArrowDown" && event.target === find) { event.preventDefault(); cells[0]?.focus(); }
    return;
  }
  const sideways = { ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
  const to = sideways === undefined ? upOrDown(event.key, cells, at) : cells[sideways];
  if (to === undefined) return;
  event.preventDefault();
  (to ?? find).focus();
}

/** Returns the nearest cell of the row above or below; nothing for another key, null above the first row. */
function upOrDown(key, cells, at) {
  if (!["ArrowUp", "ArrowDown"].includes(key)) return undefined;
  const here = cells[at].getBoundingClientRect();
  const before = key === "ArrowUp";
  const others = before ? cells.slice(0, at).reverse() : cells.slice(at + 1);
  const beyond = others.filter((one) => (before ? one.getBoundingClientRect().top < here.top - 2 : one.getBoundingClientRect().top > here.top + 2));
  if (!beyond.length) return before ? null : cells[at];
  const top = beyond[0].getBoundingClientRect().top;
  const row = beyond.filter((one) => Math.abs(one.getBoundingClientRect().top - top) < 2);
  return row.reduce((best, one) => (Math.abs(one.getBoundingClientRect().left - here.left) < Math.abs(best.getBoundingClientRect().left - here.left) ? one : best));
}
