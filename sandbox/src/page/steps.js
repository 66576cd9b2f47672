// The card of steps to try, in chapters, with ticks for those that are done.

import { button, el, icon } from "./draw.js";
import { go, placeName, state } from "./store.js";

const $ = (id) => document.getElementById(id);
let shown = "";
/** The chapter that is open; null before the card is drawn, "" if the person has closed it. */
let open = null;

const isDone = (steps) => steps.every((step) => step.done);
const count = (steps) => `${steps.filter((step) => step.done).length} of ${steps.length}`;

/** Whether there is a card, and the person has put it away. */
export const isPutAway = () => Boolean(state.steps?.length) && sessionStorage.getItem("steps") === "away";

/** Puts the card away, or brings it back. The page draws itself anew. */
export function putAway(away) {
  sessionStorage.setItem("steps", away ? "away" : "");
  if (!away) shown = "";
  dispatchEvent(new Event("card"));
  document.querySelector(away ? "#side .bring" : "#steps summary")?.focus();
}

/** Draws the card when something of it changed. */
export function drawSteps() {
  const steps = state.steps ?? [];
  $("steps").hidden = isPutAway() || !steps.length;
  const sign = JSON.stringify([steps, state.channels.map((one) => one.name)]);
  if (sign === shown) return;
  const first = !shown;
  shown = sign;
  const chapters = new Map();
  for (const step of steps) chapters.set(step.chapter, [...(chapters.get(step.chapter) ?? []), step]);
  const next = [...chapters].find(([, own]) => !isDone(own));
  const was = $("steps").querySelector("details")?.open;
  // A chapter that is done makes room for the next one.
  if (open === null || (chapters.has(open) && isDone(chapters.get(open)))) open = next?.[0] ?? "";
  const words = next ? el("b", "", "Try this", el("span", "title", `: ${next[1].find((step) => !step.done).title}`)) : el("b", "", "You have tried it all");
  const named = chapters.size > 1;
  const parts = [...chapters].map(([name, own]) => (named ? chapter(name, own) : list(own)));
  const card = el("details", "card", el("summary", "", words, el("span", "count", count(steps))), ...parts);
  // A wide page has room for it, until there is nothing left to do.
  card.open = Boolean(next) && (first ? innerWidth > 1100 : was);
  const close = button("plain square", icon("close"), () => putAway(true), "Put this card away");
  $("steps").replaceChildren(card, close);
  // The step that is next is in sight, its hint to the end.
  const at = card.querySelector(".chapter[open] li.next, .card > ol li.next");
  if (at) card.scrollTop = Math.max(0, at.offsetTop + at.offsetHeight + 12 - card.clientHeight);
  // A form covers the card on a telephone.
  $("modal").dataset.hint = next ? next[1].find((step) => !step.done).hint : "";
}

function chapter(name, steps) {
  const done = isDone(steps);
  const node = el("details", `chapter${done ? " done" : ""}`, el("summary", "", el("b", "", name), el("span", "count", done ? "✓" : count(steps))), list(steps));
  if (done) node.querySelector(".count").setAttribute("aria-label", "done");
  node.name = "chapter";
  node.open = name === open;
  node.addEventListener("toggle", () => { if (node.open) open = name; else if (open === name) open = ""; });
  return node;
}

function list(steps) {
  const next = steps.find((step) => !step.done);
  return el("ol", "", ...steps.map((step) => el("li", step.done ? "done" : step === next ? "next" : "",
    el("span", "tick", step.done ? "✓" : ""),
    el("div", "", el("b", "", step.title), el("span", "hidden", step.done ? " (done)" : ""), step === next ? el("small", "", ...linked(step.hint)) : null))));
}

/** A hint whose channels and apps open, and whose command is written into the message box. */
function linked(hint) {
  const places = new Map(state.channels.filter((one) => one.kind.endsWith("channel")).map((one) => [placeName(one), one.id]));
  for (const one of state.people.filter((person) => person.is_bot)) places.set(one.shown, one.id);
  const there = [...places].find(([name]) => hint.startsWith(`In ${name}, `))?.[1];
  const typed = /(?<=type: )\/[^(]*[^(\s]/.exec(hint)?.[0];
  const names = [...places.keys(), ...(typed ? [typed] : [])].sort((one, other) => other.length - one.length).map((name) => name.replace(/[^\w\s]/g, "\\$&"));
  const visit = (place) => go({ channel: place, thread: null, tab: null });
  const part = (words) => {
    if (words === typed) return button("link command", words, async () => { if (there) await visit(there); write(words); }, `Write ${words}`);
    return places.has(words) ? button("link", words, () => visit(places.get(words)), `Open ${words}`) : words;
  };
  return hint.split(new RegExp(`(${names.join("|")})(?![\\w-])`)).filter(Boolean).map(part);
}

/** Writes into the message box, as if it was typed there. */
function write(words) {
  $("text-main").value = words;
  $("text-main").focus();
  $("text-main").dispatchEvent(new Event("input", { bubbles: true }));
}
