// Draws one message, and what can be done with it.

import { acted, editing } from "./acts.js";
import { attachment } from "./attached.js";
import { drawBlocks } from "./blocks.js";
import { ask } from "./confirm.js";
import { today, whenSaid } from "./dates.js";
import { avatar, button, el, growToText, icon, openMenu, simulatedTag } from "./draw.js";
import { emoji } from "./emoji.js";
import { pickEmoji } from "./emoji_picker.js";
import { mrkdwn } from "./mrkdwn.js";
import { go, look, names, namesVersion, person, post, redraw, state, takeIn, talk, time } from "./store.js";
import { gather, using } from "./using.js";

const drawn = new Map();
/** The values of fields in messages, which stay when they are drawn again. */
const filled = new Map();

/** Forgets the drawn messages, for another person or conversation. */
export function forget() { drawn.clear(); filled.clear(); }

/** The message as it is now; the same node as before while nothing of it changed. `pane` is "talk" or "thread". */
export function drawMessage(message, pane, compact) {
  const key = `${pane} ${message.ts}`;
  const old = drawn.get(key);
  // "tomorrow" is another day after midnight.
  const version = `${today()} ${namesVersion}`;
  if (old && old.message === message && old.version === version && old.compact === compact) return old.node;
  const node = message.deleted ? gone(message) : article(message, pane, compact);
  if (pane === "talk" && message.replies) (node.querySelector(".body") ?? node).append(threadLink(message));
  drawn.set(key, { message, version, compact, node });
  return node;
}

function gone() {
  return el("article", "gone", el("span", "avatar none"), el("div", "body", "This message was deleted."));
}

function article(message, pane, compact) {
  const author = person(message.author);
  const name = author?.shown ?? message.author;
  const ms = Number(message.ts) * 1000;
  const hour = time(ms, { hour: "2-digit", minute: "2-digit" });
  const when = el("time", "", hour);
  when.dateTime = new Date(ms).toISOString();
  when.title = time(ms, { dateStyle: "full", timeStyle: "medium" });
  const face = compact ? el("span", "gutter", when) : avatar(author);
  const body = el("div", "body");
  if (!compact) body.append(el("div", "head", el("b", "", name), author?.is_bot ? el("span", "badge", "APP") : null, when, message.simulated ? simulatedTag() : null));
  if (message.pinned) body.append(el("p", "whispered", icon("pin"), "Pinned"));
  if (message.ephemeral) body.append(el("p", "whispered", icon("eye"), "Only visible to you"));
  const said = content(message, pane);
  if (message.edited) said[0].append(el("span", "edited", " (edited)"));
  body.append(...said);
  for (const file of message.files) body.append(drawFile(file));
  if (message.reactions.length) body.append(drawReactions(message));
  const node = el("article", `${message.ephemeral ? "whisper" : ""}${compact ? " compact" : ""}`, face, body, tools(message, pane));
  node.tabIndex = -1;
  node.dataset.ts = message.ts;
  node.setAttribute("aria-label", `${name}${message.simulated ? ", simulated" : ""}, ${hour}`);
  return node;
}

/** The content of a message with its blocks, attachments and reactions. */
function content(message, pane) {
  const place = `${pane}-${message.ts}-`;
  const before = gather(filled.get(place) ?? []);
  const context = { ...using({ channel: message.channel, ts: message.ts }), place, before };
  if (message.app_id) filled.set(place, context.fields);
  const words = message.blocks.length ? drawBlocks(message.blocks, context) : mrkdwn(message.text, names);
  return [words, ...(message.attachments ?? []).map((one) => attachment(one, context))];
}

function drawFile(file) {
  if (file.mode === "tombstone") return el("div", "picture", icon("trash"), "This file was deleted.");
  if (!file.mimetype.startsWith("image/")) return el("div", "picture", icon("picture"), file.title || file.name);
  const image = el("img", "shared");
  image.src = `files/${file.id}`;
  image.alt = file.alt_txt || file.title || file.name;
  return image;
}

function react(message, name, remove) {
  return acted(post("react", { channel: message.channel, ts: message.ts, name, remove }));
}

function pick(message, anchor) {
  const mine = (name) => message.reactions.some((one) => one.name === name && one.users.includes(state.as));
  pickEmoji(anchor, (name) => react(message, name, mine(name)));
}

function drawReactions(message) {
  const row = message.reactions.map((one) => {
    const mine = one.users.includes(state.as);
    const called = (id) => `${names.person(id)}${one.simulated.includes(id) ? " (simulated)" : ""}`;
    const who = `${one.users.map(called).join(", ")} with :${one.name}:`;
    const node = button("", `${emoji(one.name)} ${one.users.length}`, () => react(message, one.name, mine), who);
    node.setAttribute("aria-pressed", String(mine));
    return node;
  });
  const more = button("add", icon("smile"), () => pick(message, more), "Add another emoji");
  return el("div", "reactions", ...row, message.ephemeral ? null : more);
}

function threadLink(message) {
  const { count, latest, users } = message.replies;
  const words = `${count} ${count === 1 ? "reply" : "replies"}`;
  const when = whenSaid(Number(latest) * 1000);
  const faces = users.slice(0, 3).map((id) => avatar(person(id), true));
  return button("threaded", el("span", "row", ...faces, el("b", "", words), el("small", "", `Last reply ${when}`)), () => openThread(message.ts), `${words}, the last one ${when}: open the thread`);
}

/** Opens a thread beside the conversation. */
export async function openThread(ts) {
  const key = talk.key;
  const thread = await look("messages", { channel: state.channel, thread: ts });
  if (key === talk.key) takeIn(thread.messages);
  go({ thread: ts });
}

function tools(message, pane) {
  if (message.ephemeral) return null;
  const smile = button("", icon("smile"), () => pick(message, smile), "Put an emoji on it");
  const reply = pane === "talk" ? button("", icon("reply"), () => openThread(message.thread_ts ?? message.ts), "Reply in thread") : null;
  const more = choices(message);
  const menu = more.length ? button("", icon("more"), () => openMenu(menu, "More actions", more), "More actions") : null;
  menu?.setAttribute("aria-haspopup", "menu");
  return el("div", "reach", el("div", "tools", smile, reply, menu));
}

/** What the menu of a message offers: the apps' shortcuts, and changing one's own message. */
function choices(message) {
  const about = { channel: message.channel, ts: message.ts };
  const offered = state.shortcuts.filter((one) => one.on_message).map((one) => (
    { text: one.name, act: () => acted(post("shortcut", { ...about, callback_id: one.callback_id })) }));
  if (message.author !== state.as || message.app_id) return offered;
  const remove = async () => {
    const sure = await ask({ title: "Delete message", text: "Are you sure you want to delete this message? This cannot be undone.", confirm: "Delete", deny: "Cancel", style: "danger" });
    if (sure) acted(post("delete", about));
  };
  return [...offered, { text: "Edit message", act: () => edit(message) }, { text: "Delete message", act: remove }];
}

/** Opens the person's newest message of a pane for editing, if there is one. `back` follows. */
export function editLast(thread, back) {
  const isThere = (one) => (thread ? one.thread_ts === thread : one.in_channel);
  const own = [...talk.messages.values()].findLast((one) => one.author === state.as && !one.app_id && !one.ephemeral && !one.deleted && !one.simulated && isThere(one));
  if (own) edit(own, back);
  return Boolean(own);
}

/** Puts the message's text into a field in its place. */
function edit(message, back) {
  // The first message of a thread is in both panes, of which the thread may cover the other.
  const old = [...document.querySelectorAll(`article[data-ts="${message.ts}"] .body`)].find((one) => one.checkVisibility({ visibilityProperty: true }));
  if (!old) return;
  const field = el("textarea", "editor");
  field.value = message.plain;
  field.dir = "auto";
  field.setAttribute("aria-label", "Edit message");
  const done = () => { editing.delete(message.ts); drawn.clear(); redraw(); back?.(); };
  const save = async () => { if (field.value.trim()) await acted(post("edit", { channel: message.channel, ts: message.ts, text: field.value.trim() })); done(); };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); done(); }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(); }
  });
  field.addEventListener("input", () => growToText(field));
  editing.add(message.ts);
  old.replaceChildren(field, el("div", "actions", button("button", "Cancel", done), button("button primary", "Save", save)));
  growToText(field);
  field.focus();
  old.lastElementChild.scrollIntoView({ block: "nearest" });
}
