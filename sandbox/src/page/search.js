// The search: conversations and people by their names, and the messages that the person may see by their words.

import { whenSaid } from "./dates.js";
import { avatar, el, icon } from "./draw.js";
import { mrkdwn } from "./mrkdwn.js";
import { go, look, names, person, placeName, placeOf, state } from "./store.js";
import { leadTo } from "./talk.js";

const $ = (id) => document.getElementById(id);
/** How long typing rests before it is searched for. */
const CALM_MS = 120;
/** Conversations and people that are offered at once. */
const MOST_PLACES = 5;
/** How a search of Slack names who wrote a message, or where. */
const FILTER = /(^|\s)(from|in):/i;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

let offers = [];
let chosen = 0;
let calm = null;
/** The number of the newest question: an older one may be answered later. */
let asked = 0;

/** Marks the words in what a result shows. */
function marked(node, words) {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const all = [];
  while (texts.nextNode()) all.push(texts.currentNode);
  for (const text of all) {
    // The sign of what is left out would fold into three.
    const folded = fold(text.data.replaceAll("…", "."));
    const hits = words.map((word) => [folded.indexOf(word), word.length]).filter(([at]) => at >= 0).sort(([one], [other]) => one - other);
    // Letters that fold into several are not marked: their places differ.
    if (!hits.length || folded.length !== text.data.length) continue;
    const [at, length] = hits[0];
    const hit = text.splitText(at);
    hit.splitText(length);
    hit.replaceWith(el("mark", "", hit.data));
  }
  return node;
}

/** Returns what is found by its name: channels and people, then groups, which have their members' names. */
function places(words) {
  const fits = (name) => words.every((word) => fold(name).includes(word));
  const rooms = state.channels.filter((place) => !place.archived && fits(placeName(place))).sort((one, other) => (other.latest ?? "").localeCompare(one.latest ?? ""));
  const met = new Set(state.channels.filter((place) => place.kind === "im").map((place) => place.others[0]));
  const people = state.people.filter((one) => !one.deleted && one.id !== state.as && one.id !== "USLACKBOT" && !met.has(one.id) && fits(one.shown));
  const row = (open, sign, name) => ({ node: el("div", "hit place-hit", sign, el("b", "", name)), open: () => go({ channel: open, thread: null, tab: null }) });
  const sign = (place) => (place.kind === "im" ? avatar(person(place.others[0]), true) : el("span", "sign", place.kind === "public_channel" ? "#" : icon(place.others ? "people" : "lock")));
  const name = (place) => placeName(place).replace(/^#/, "");
  const rowOf = (place) => row(place.id, sign(place), name(place));
  const isGroup = (place) => place.kind === "mpim";
  return [...rooms.filter((place) => !isGroup(place)).map(rowOf), ...people.map((one) => row(one.id, avatar(one, true), one.shown)), ...rooms.filter(isGroup).map(rowOf)].slice(0, MOST_PLACES);
}

function message(hit, words) {
  const author = person(hit.author);
  const where = `${placeName(placeOf(hit.channel))}${hit.in_channel ? "" : ", in a thread"}`;
  const head = el("div", "head", el("b", "", author?.shown ?? hit.author), el("small", "", `${where} · ${whenSaid(Number(hit.ts) * 1000)}`));
  const said = marked(mrkdwn(hit.text, names), words);
  for (const link of said.querySelectorAll("a")) link.tabIndex = -1;
  return { node: el("div", "hit", avatar(author, true), el("div", "body", head, said)), open: () => leadTo(hit) };
}

function show(found, words) {
  offers = found;
  chosen = 0;
  $("search-results").replaceChildren(...found.map(({ node }, at) => {
    node.id = `hit-${at}`;
    node.setAttribute("role", "option");
    // The field keeps the focus, and no link in a message is followed.
    node.addEventListener("mousedown", (event) => event.preventDefault());
    node.addEventListener("click", (event) => { event.preventDefault(); take(at); });
    // A mouse that rests where a row comes to lie chooses nothing.
    node.addEventListener("mousemove", (event) => { if (at !== chosen && (event.movementX || event.movementY)) choose(at, false); });
    return node;
  }));
  $("search-results").hidden = !found.length;
  $("search-status").textContent = words;
  choose(0);
}

function choose(at, brings = true) {
  if (!offers.length) { $("search-text").removeAttribute("aria-activedescendant"); return; }
  chosen = (at + offers.length) % offers.length;
  offers.forEach(({ node }, number) => node.setAttribute("aria-selected", String(number === chosen)));
  $("search-text").setAttribute("aria-activedescendant", `hit-${chosen}`);
  if (brings) offers[chosen].node.scrollIntoView({ block: "nearest" });
}

function take(at) {
  const offer = offers[at];
  if (!offer) return;
  $("search").close();
  offer.open();
}

async function find() {
  const typed = $("search-text").value.trim();
  const words = fold(typed).split(/\s+/).filter(Boolean);
  asked += 1;
  const number = asked;
  if (!words.length) { show([], "Type words of a message, or a name. You find what you may read."); return; }
  const { results, more } = await look("search", { find: typed });
  if (number !== asked) return;
  const hits = results.filter((hit) => placeOf(hit.channel)).map((hit) => message(hit, words));
  const count = `${hits.length}${more ? " newest" : ""} ${hits.length === 1 ? "message" : "messages"}${more ? "; more words find fewer" : ""}`;
  const none = FILTER.test(typed) ? "The search looks for words only." : `No message has ${words.length > 1 ? "all of these words" : `“${typed}”`}.`;
  show([...places(words), ...hits], hits.length ? count : none);
}

function open() {
  if (document.querySelector("dialog[open]") || !state) return;
  $("search").showModal();
  $("search-text").select();
  find();
}

/** Makes the search work, from its button and by Slack's keys. */
export function useSearch() {
  const keys = /Mac|iP/.test(navigator.platform) ? "⌘G" : "Ctrl+G";
  $("find").prepend(icon("search"));
  $("find").title = `Search (${keys})`;
  $("find").addEventListener("click", open);
  $("search-close").append(icon("close"));
  $("search-close").addEventListener("click", () => $("search").close());
  $("search-text").addEventListener("input", () => { clearTimeout(calm); calm = setTimeout(find, CALM_MS); });
  $("search").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // A field for a search would be emptied first.
    if (event.key === "Escape" && !event.isComposing) { event.preventDefault(); $("search").close(); }
    if (event.isComposing || event.target !== $("search-text")) return;
    if (step) { event.preventDefault(); choose(chosen + step); }
    if (event.key === "Enter") { event.preventDefault(); take(chosen); }
  });
  // What lies beside the dialog closes it.
  $("search").addEventListener("mousedown", (event) => { if (event.target === $("search")) $("search").close(); });
  document.addEventListener("keydown", (event) => {
    const asks = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && ["g", "k"].includes(event.key.toLowerCase());
    if (asks) { event.preventDefault(); open(); }
  });
}
