// The card of steps to try, in chapters, with ticks for those that are done.

import { button, el, icon, marksMore } from "./draw.js";
import { forReader, go, groupMessages, placeName, state } from "./store.js";

const $ = (id) => document.getElementById(id);
let shown = "";
/** The chapter that is open; null before the card is drawn, "" if the person has closed it. */
let open = null;
/** The chapter that was open last and has steps left: the person is in the middle of it. */
let last = sessionStorage.getItem("chapter");
/** How many steps were done when the card was drawn last. */
let doneBefore = 0;
/** The step of each chapter whose hint the person has asked for. */
const asked = new Map();

const isDone = (steps) => steps.every((step) => step.done);
/** The step of a chapter that is next: the one that was asked for, or the one after the last that is done. Time may have overtaken
 * an earlier one: it comes when the others are done. */
function nextOf(steps) {
  const open = steps.filter((step) => !step.done);
  const last = steps.findLastIndex((step) => step.done);
  return open.find((step) => step.title === asked.get(step.chapter)) ?? open.find((step) => steps.indexOf(step) > last) ?? open[0];
}
/** The steps of each chapter by its name. */
function chaptersOf(steps) {
  const chapters = new Map();
  for (const step of steps) chapters.set(step.chapter, [...(chapters.get(step.chapter) ?? []), step]);
  return chapters;
}
/** The chapter that is next, by its name, with its steps: the one that was open last, or the first that is not done. */
function nextChapter() {
  const ahead = [...chaptersOf(state.steps ?? [])].filter(([, own]) => !isDone(own));
  return ahead.find(([name]) => name === last) ?? ahead[0];
}
/** What the folded card says of the step that is next. */
const nextInWords = () => `: ${nextOf(nextChapter()[1]).title}`;
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
  const sign = JSON.stringify([state.as, steps, state.channels.map((one) => one.name)]);
  if (sign === shown) return;
  const first = !shown;
  shown = sign;
  const chapters = chaptersOf(steps);
  const next = nextChapter();
  const was = $("steps").querySelector("details")?.open;
  // A chapter that is done makes room for the next one.
  if (open === null || (chapters.has(open) && isDone(chapters.get(open)))) open = next?.[0] ?? "";
  const words = next ? el("b", "", "Try this", el("span", "title", nextInWords())) : el("b", "", "You have tried it all");
  const named = chapters.size > 1;
  const parts = [...chapters].map(([name, own]) => (named ? chapter(name, own) : list(own)));
  const kept = sessionStorage.getItem("card");
  // A newcomer reads what this is where the card is folded.
  const isNew = kept === null && !steps.some((step) => step.done);
  const told = next ? isNew && state.about : state.afterwards;
  const intro = told ? el("small", "intro", told) : "";
  const card = el("details", "card", el("summary", "", words, el("span", "count", count(steps)), intro), ...parts);
  // A wide page has room for it, until there is nothing left to do. A narrow one needs the room when a step is done.
  const done = steps.filter((step) => step.done).length;
  const isWide = innerWidth > 720;
  const folds = !isWide && done > doneBefore;
  doneBefore = done;
  card.open = Boolean(next) && !folds && (first ? (kept ? kept === "open" : isWide) : was);
  card.querySelector("summary").addEventListener("click", () => {
    sessionStorage.setItem("card", card.open ? "closed" : "open");
    if (next) card.querySelector(".intro")?.remove();
  });
  const close = button("plain square", icon("close"), () => putAway(true), "Put this card away");
  $("steps").replaceChildren(card, close);
  marksMore(card);
  // It is drawn open or folded already when the browser says that it has become so.
  let isOpen = card.open;
  card.addEventListener("toggle", () => {
    if (card.open !== isOpen) showNext();
    isOpen = card.open;
  });
  showNext();
}

/** Pixels of the card's lower edge that fade while there is more below. */
const FADE_PX = 36;
/** Brings the next step of the open chapter into sight, its hint to the end. */
function showNext() {
  const card = $("steps").querySelector(".card");
  const at = card.querySelector(".chapter[open] li.next, .card > ol li.next");
  if (!card.open || !at) return;
  const lowest = at.offsetTop + at.offsetHeight + FADE_PX + 8 - card.clientHeight;
  const highest = at.offsetTop - card.querySelector("summary").offsetHeight;
  card.scrollTop = Math.min(Math.max(card.scrollTop, lowest), highest);
}

/** Whether a hint is for the channels that a form names, so far as both name any, and a press in a channel for the open one. */
function isForChannels(hint, view) {
  const ids = [...JSON.stringify(view.blocks).matchAll(/<#(\w+)/g)].map(([, id]) => id);
  const names = state.channels.filter((one) => ids.includes(one.id)).map((one) => `#${one.name}`);
  const wanted = hint.match(/#[\w-]+/g) ?? [];
  const [, pressed] = /^In (#[\w-]+), press/.exec(hint) ?? [];
  if (pressed && !names.length) names.push($("place").textContent);
  return !names.length || !wanted.length || wanted.some((name) => names.includes(name));
}

/** On a narrow page a form covers the card, and so says itself what to do in it, if the next step of a chapter is about it. */
export function hintAtModal(dialog) {
  const view = state.modals.at(-1);
  const next = [...chaptersOf(isPutAway() ? [] : state.steps ?? []).values()].map(nextOf);
  const isAbout = (step) => step?.forms.includes(view?.title?.text) && isForChannels(step.hint, view);
  const hint = forReader(next.find(isAbout)?.hint ?? "");
  // How one gets to the form is done.
  const within = /\(a form opens: (.)(.*)\)/.exec(hint);
  dialog.dataset.hint = within ? `${within[1].toUpperCase()}${within[2]}` : hint;
}

function chapter(name, steps) {
  const done = isDone(steps);
  const node = el("details", `chapter${done ? " done" : ""}`, el("summary", "", el("b", "", name), el("span", "count", done ? "✓" : count(steps))), list(steps));
  if (done) node.querySelector(".count").setAttribute("aria-label", "done");
  node.name = "chapter";
  node.open = name === open;
  node.addEventListener("toggle", () => {
    if (!node.open) { if (open === name) open = ""; return; }
    const isDrawnSo = open === name;
    open = name;
    if (!done) goesOnIn(name);
    if (!isDrawnSo) showNext();
  });
  return node;
}

/** Has the folded card name a step of this chapter. */
function goesOnIn(name) {
  last = name;
  sessionStorage.setItem("chapter", name);
  const title = $("steps").querySelector(".card > summary .title");
  if (title) title.textContent = nextInWords();
}

function list(steps) {
  const next = nextOf(steps);
  const title = (step) => (step.done || step === next ? el("b", "", step.title) : picks(step));
  return el("ol", "", ...steps.map((step) => {
    const row = el("li", step.done ? "done" : step === next ? "next" : "",
      el("span", "tick", step.done ? "✓" : ""),
      el("div", "", title(step), el("span", "hidden", step.done ? " (done)" : ""), step === next ? el("small", "", ...linked(forReader(step.hint))) : null));
    if (step === next) row.tabIndex = -1;
    return row;
  }));
}

/** The title of a step that shows its hint when it is pressed, so that steps can be tried in any order. */
function picks(step) {
  const node = button("pick", step.title, () => {
    asked.set(step.chapter, step.title);
    shown = "";
    drawSteps();
    const next = $("steps").querySelector(".chapter[open] li.next, .card > ol li.next");
    (next?.querySelector("button") ?? next)?.focus();
  });
  node.title = "Show how";
  return node;
}

/** Whether the open card lies over the conversation. */
const liesOver = () => getComputedStyle($("steps")).position === "absolute";

/** What a hint calls the newest of them. */
const GROUPS = "Group messages";
/** A hint whose channels and apps open, and whose command is written into the message box. */
function linked(hint) {
  const places = new Map(state.channels.filter((one) => one.kind.endsWith("channel")).map((one) => [placeName(one), one.id]));
  for (const one of state.people.filter((person) => person.is_bot)) places.set(one.shown, one.id);
  if (groupMessages().length) places.set(GROUPS, "");
  const there = [...places].find(([name]) => hint.startsWith(`In ${name}, `))?.[1];
  const typed = /(?<=type: )\/[^(]*[^(\s]|(?<=^Type )\/\w+/.exec(hint)?.[0];
  const names = [...places.keys(), ...(typed ? [typed] : [])].sort((one, other) => other.length - one.length).map((name) => name.replace(/[^\w\s]/g, "\\$&"));
  const visit = (place) => {
    if (liesOver()) $("steps").querySelector(".card").open = false;
    return go({ channel: place, thread: null, tab: null });
  };
  const part = (words) => {
    if (words === typed) return button("link command", words, async () => { if (there) await visit(there); write(words); }, `Write ${words}`);
    return places.has(words) ? button("link", words, () => visit(places.get(words) || groupMessages()[0].id), `Open ${words}`) : words;
  };
  return hint.split(new RegExp(`(${names.join("|")})(?![\\w-])`)).filter(Boolean).map(part);
}

/** Writes into the message box, as if it was typed there. */
function write(words) {
  $("text-main").value = words;
  $("text-main").focus();
  $("text-main").dispatchEvent(new Event("input", { bubbles: true }));
}
