// The conversation that is open: its days, what is new in it, older messages on demand, and a thread beside it.

import { button, el, icon } from "./draw.js";
import { dayName, today } from "./dates.js";
import { drawMessage, forget, openThread } from "./message.js";
import { oneStop } from "./roving.js";
import { bringOlder, closeThread, go, here, openPlace, placeName, post, state, talk } from "./store.js";
import { useTools } from "./tools.js";
import { isTouch } from "./touch.js";

const $ = (id) => document.getElementById(id);
/** Messages of one author within this time share one head. */
const TOGETHER_S = 300;
/** Pixels from the end of the list that count as being there. */
const NEAR_PX = 80;
/** Messages that are kept while the newest ones are in view. */
const MOST_KEPT = 250;
/** Shortest time between two reports of how far a person has read. */
const READ_EVERY_MS = 500;

/** Puts `nodes` into `list` in their order and keeps those that are there already. */
function arrange(list, nodes) {
  const active = document.activeElement;
  const held = list.contains(active) ? active.closest("article")?.dataset.ts : null;
  const caret = held && active.id ? [active.selectionStart, active.selectionEnd] : null;
  const staying = new Set(nodes);
  for (const node of [...list.children]) if (!staying.has(node)) node.remove();
  let next = list.firstElementChild;
  for (const node of nodes) {
    if (node === next) next = next.nextElementSibling;
    else list.insertBefore(node, next);
  }
  // A message that was drawn again keeps the focus; one that was replaced by another leaves it to the newest.
  if (!held || list.contains(document.activeElement)) return;
  const field = active.id ? list.querySelector(`[id="${CSS.escape(active.id)}"]`) : null;
  (field ?? list.querySelector(`[data-ts="${held}"]`) ?? [...list.querySelectorAll("article")].at(-1))?.focus({ preventScroll: true });
  if (typeof caret?.[0] === "number") field?.setSelectionRange(...caret);
}

/** Within this time it is one day everywhere: no zone changes its day at another minute. */
const SAME_DAY_S = 15 * 60;
const wrote = new Map();
let drawnOn = "";
/** The day of a message in words. Making them takes long, and every message is asked for its day at each drawing. */
function dayOf(ts) {
  const at = Math.floor(Number(ts) / SAME_DAY_S);
  if (!wrote.has(at)) wrote.set(at, dayName(Number(ts) * 1000));
  return wrote.get(at);
}
const days = new Map();
function dayLine(ts) {
  const words = dayOf(ts);
  if (!days.has(words)) days.set(words, el("h2", "day", words));
  return days.get(words);
}

const fresh = el("div", "fresh", "New");
const older = button("plain older", "Show older messages", () => showOlder());
const empty = el("p", "empty", "Nothing has been said here yet.");

function follows(one, before) {
  return before && !before.deleted && !one.deleted && !one.ephemeral && !before.ephemeral && one.author === before.author
    && one.simulated === before.simulated && !one.blocks.length && !before.blocks.length
    && Number(one.ts) - Number(before.ts) < TOGETHER_S && dayOf(one.ts) === dayOf(before.ts);
}

const nearEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
let unseen = false;
/** Whether the person has seen where what is new begins, or has written since. */
let known = false;

/** Keeps the end of a list in sight while it is there, through every change of its size. `scrolled` follows each scrolling. */
function holdEnd(list, scrolled) {
  const held = { atEnd: true };
  let size = "";
  const measure = () => `${list.clientWidth} ${list.clientHeight}`;
  held.toEnd = () => {
    held.atEnd = true;
    list.scrollTop = list.scrollHeight;
    size = measure();
  };
  const stay = () => { if (held.atEnd) held.toEnd(); };
  list.addEventListener("scroll", () => {
    // What grew beside the list has made it lower: the person didn't scroll.
    if (measure() !== size) stay();
    held.atEnd = nearEnd(list);
    scrolled();
  }, { passive: true });
  // A field that grows, a window that is turned or shrinks, a picture that has come: none pushes the end out of sight.
  new ResizeObserver(stay).observe(list);
  list.addEventListener("load", stay, true);
  return held;
}

let end = null;
let endOfThread = null;
let stops = null;
let stopsOfThread = null;
/** The message that a search has led to, until it is in sight. */
let sought = null;
/** The thread that a search has opened. Leaving it leads to its first message. */
let ledInto = null;
/** Whether a search has led away from the newest messages. */
let away = false;

/** Brings the end of the conversation into sight, and keeps it there. */
export const toEnd = () => end.toEnd();

/** Draws the conversation and its thread. */
export function drawTalk(moved) {
  if (moved) { forget(); unseen = false; away = false; ledInto = null; known = false; end.atEnd = true; stops.forget(); stopsOfThread.forget(); }
  if (moved || drawnOn !== today()) { days.clear(); wrote.clear(); drawnOn = today(); }
  const list = $("messages");
  if (saidSomething()) {
    end.atEnd = true;
    known ||= !moved;
  }
  if (moved && sought?.channel !== state.channel) sought = null;
  if (sought) end.atEnd = false;
  if (end.atEnd) letGo();
  const roots = [...talk.messages.values()].filter((one) => one.in_channel && one.ts >= talk.oldest);
  const nodes = [];
  let before = null;
  let marked = !talk.lastRead;
  if (talk.older) nodes.push(older);
  for (const one of roots) {
    const newDay = !before || dayOf(one.ts) !== dayOf(before.ts);
    if (newDay) nodes.push(dayLine(one.ts));
    const isNew = !marked && one.ts > talk.lastRead && one.ts <= talk.opened && one.author !== state.as && !one.ephemeral;
    if (isNew) { nodes.push(fresh); marked = true; }
    nodes.push(drawMessage(one, "talk", !isNew && Boolean(follows(one, before))));
    before = one;
  }
  if (!roots.length) nodes.push(empty);
  // One that is drawn again, since it has a reply, is not new.
  const added = !moved && nodes.at(-1).dataset.ts > (list.lastElementChild?.dataset.ts ?? "");
  arrange(list, nodes);
  stops.settle();
  if (end.atEnd) toEnd();
  else unseen ||= added;
  showJump();
  drawThread();
  if (sought) seek();
  else if (ledInto && here.get("thread") !== ledInto) leaveFoundThread();
  read();
}

/** Opens the conversation of a message that was found, and marks the message there. */
export function leadTo(hit) {
  sought = { ...hit, key: "" };
  ledInto = null;
  return go({ channel: hit.channel, thread: null, tab: null });
}

/** Loads messages back to the one that is sought, and brings it into sight: in its thread if the channel doesn't show it. */
async function seek() {
  const { channel, ts, in_channel: inChannel, thread_ts: thread } = sought;
  if (state.channel !== channel || sought.key === talk.key) return;
  sought.key = talk.key;
  while (sought && talk.older && talk.oldest > (inChannel ? ts : thread)) await bringOlder();
  if (sought?.ts !== ts) return;
  if (!inChannel && here.get("thread") !== thread) await openThread(thread);
  sought = null;
  drawTalk(false);
  for (const old of document.querySelectorAll("article.found")) old.classList.remove("found");
  away = true;
  if (!inChannel) {
    ledInto = thread;
    showFound($("messages"), end, thread);
  }
  showFound(...(inChannel ? [$("messages"), end] : [$("replies"), endOfThread]), ts)?.focus({ preventScroll: true });
  showJump();
}

/** Marks a message that was found, and brings it into sight. */
function showFound(list, held, ts) {
  const found = list.querySelector(`[data-ts="${ts}"]`);
  found?.classList.add("found");
  found?.scrollIntoView({ block: "center" });
  held.atEnd = nearEnd(list);
  return found;
}

/** Shows the first message of the thread that a search had opened, unless another thread is open now. */
function leaveFoundThread() {
  if (!here.has("thread")) showFound($("messages"), end, ledInto)?.focus({ preventScroll: true });
  ledInto = null;
  showJump();
}

let newest = "";
/** Whether the newest message is the person's own and new. */
function saidSomething() {
  const last = [...talk.messages.values()].at(-1);
  const own = last && last.ts > newest && last.author === state.as && last.in_channel;
  newest = last?.ts ?? "";
  return own;
}

/** Drops the oldest messages while the newest are read, so that a day's stream does not fill the page. */
function letGo() {
  const extra = talk.messages.size - MOST_KEPT;
  if (extra <= 0) return;
  const [oldest] = [...talk.messages.keys()].slice(extra);
  const thread = here.get("thread");
  for (const [ts, one] of talk.messages) if (ts < oldest && ts !== thread && one.thread_ts !== thread) talk.messages.delete(ts);
  Object.assign(talk, { oldest, older: true });
}

function showJump() {
  if (end.atEnd) unseen = away = false;
  $("jump").hidden = !unseen && !away;
  const words = unseen ? "↓ New messages" : "↓ Newest messages";
  if ($("jump").textContent !== words) $("jump").textContent = words;
  const edge = $("messages").getBoundingClientRect().top;
  const isAbove = fresh.isConnected && fresh.nextElementSibling.getBoundingClientRect().top < edge;
  // Once the person has been there, they know.
  if (fresh.isConnected && !isAbove) known = true;
  offerToNew(!known && isAbove);
}

/** Shows or hides the way to where what is new begins. What is read stays where it is. */
function offerToNew(on) {
  if ($("to-new").hidden !== on) return;
  const list = $("messages");
  const top = list.getBoundingClientRect().top;
  $("to-new").hidden = !on;
  if (!end.atEnd) list.scrollTop += list.getBoundingClientRect().top - top;
}

/** Goes to where what is new begins. */
function toNew() {
  end.atEnd = false;
  fresh.scrollIntoView({ block: "start" });
  $("messages").focus({ preventScroll: true });
}

async function showOlder() {
  const list = $("messages");
  const below = list.scrollHeight - list.scrollTop;
  older.disabled = true;
  try { await bringOlder(); } finally { older.disabled = false; }
  drawTalk(false);
  list.scrollTop = list.scrollHeight - below;
}

function drawThread() {
  const ts = here.get("thread");
  const root = ts && talk.messages.get(ts);
  const opens = $("thread").hidden && Boolean(root);
  if (ts && !root && !talk.asked?.has(ts)) { (talk.asked ??= new Set()).add(ts); openThread(ts); }
  $("thread").hidden = !root;
  document.body.classList.toggle("beside", Boolean(root));
  if (!root) { $("replies").replaceChildren(); return; }
  $("thread-place").textContent = placeName(openPlace());
  const list = $("replies");
  if (opens) { endOfThread.atEnd = true; stopsOfThread.forget(); }
  const replies = [...talk.messages.values()].filter((one) => one.thread_ts === ts && one.ts !== ts);
  const count = replies.filter((one) => !one.ephemeral).length;
  const line = el("div", "day", `${count} ${count === 1 ? "reply" : "replies"}`);
  const drawn = replies.map((one, at) => drawMessage(one, "thread", Boolean(follows(one, replies[at - 1]))));
  arrange(list, [drawMessage(root, "thread", false), ...(count ? [line] : []), ...drawn]);
  stopsOfThread.settle();
  if (endOfThread.atEnd) endOfThread.toEnd();
  if (opens && !sought) $(isTouch() ? "thread" : "text-thread").focus();
}

let telling = null;
/** Reports how far the person has read: the conversation, or else the thread beside it. */
function read() {
  const place = openPlace();
  if (telling || !place?.unread || document.hidden) return;
  const root = here.get("thread");
  const reply = root && endOfThread.atEnd ? [...talk.messages.values()].findLast((one) => one.thread_ts === root) : null;
  if (end.atEnd && !$("messages").hidden) tell(place.latest, { channel: place.id, ts: place.latest });
  else if (reply && !$("thread").hidden) tell(reply.ts, { channel: place.id, thread_ts: root, ts: reply.ts });
}

let toldUntil = "";
function tell(ts, body) {
  const key = `${state.as} ${body.channel} ${body.thread_ts} ${ts}`;
  if (toldUntil === key) return;
  toldUntil = key;
  // What comes meanwhile is reported after it.
  telling = setTimeout(() => { telling = null; read(); }, READ_EVERY_MS);
  post("read", body);
}

/** Closes the thread, and goes on in the conversation. */
export function leaveThread() {
  // At once: a conversation that the thread covers takes no focus.
  $("thread").hidden = true;
  document.body.classList.remove("beside");
  closeThread();
  $(isTouch() ? "messages" : "text-main").focus();
}

/** Makes the panes work. */
export function useTalk() {
  const list = $("messages");
  end = holdEnd(list, () => {
    if (list.scrollTop < NEAR_PX && talk.older && !older.disabled) showOlder();
    showJump();
    read();
  });
  endOfThread = holdEnd($("replies"), read);
  const byTime = (pane) => oneStop(pane, "article, .older", (one) => one.dataset.ts ?? "older", (all) => all.at(-1));
  stops = byTime(list);
  stopsOfThread = byTime($("replies"));
  for (const pane of [list, $("replies")]) useTools(pane);
  // A person who reads on beside a thread that was found stays there when it closes.
  for (const event of ["wheel", "pointerdown", "keydown"]) list.addEventListener(event, () => { ledInto = null; }, { passive: true });
  $("jump").addEventListener("click", toEnd);
  $("to-new").addEventListener("click", toNew);
  $("thread-close").append(icon("back"), icon("close"));
  $("thread-close").addEventListener("click", leaveThread);
  $("thread").addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) leaveThread(); });
  document.addEventListener("visibilitychange", read);
}
