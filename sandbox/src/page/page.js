// The page: what one person sees of the workspace, and what they do in it.

import { drawBlocks } from "./blocks.js";
import { el, emoji, icon, mrkdwn } from "./mrkdwn.js";
import { drawModal } from "./modal.js";
import { drawTime, useTime } from "./time.js";

const $ = (id) => document.getElementById(id);
const here = new URLSearchParams(location.hash.slice(1));
const drawn = new Map();
let state = null;
let thread = null;
let tab = here.get("tab") ?? "messages";
let fetchedAt = 0;

async function post(action, body) {
  const answer = await fetch(`sandbox/${action}`, { method: "POST", body: JSON.stringify({ as: state.as, ...body }) });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}`);
  return answer.json();
}

const person = (id) => state.people.find((one) => one.id === id);
const names = {
  person: (id) => person(id)?.shown || person(id)?.name,
  channel: (id) => state.channels.find((one) => one.id === id)?.name,
  group: (id) => { const group = state.groups.find((one) => one.id === id); return group && `@${group.handle}`; },
};

function go(change) {
  for (const [key, value] of Object.entries(change)) value === null ? here.delete(key) : here.set(key, value);
  history.replaceState(null, "", `#${here}`);
  return refresh(true);
}

let again = false;
let busy = false;
async function refresh(moved = false) {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const query = new URLSearchParams({ as: here.get("as") ?? "", channel: here.get("channel") ?? "general" });
    state = await (await fetch(`sandbox/state?${query}`)).json();
    fetchedAt = Date.now();
    draw(moved);
  } catch (error) {
    notice(`The sandbox cannot be reached: ${error.message}`);
  } finally { busy = false; }
  if (again) { again = false; await refresh(); }
}

function avatar(one, small) {
  const words = (one?.shown || one?.name || "?").split(/[\s._-]+/);
  const initials = words.length > 1 ? words[0][0] + words.at(-1)[0] : words[0].slice(0, 2);
  const node = el("span", `avatar${small ? " small" : ""}${one?.is_bot ? " app" : ""}`, initials.toUpperCase());
  let hue = 7;
  for (const letter of one?.id ?? "") hue = (hue * 31 + letter.codePointAt(0)) % 360;
  node.style.background = `hsl(${hue} 42% 36%)`;
  node.setAttribute("aria-hidden", "true");
  return node;
}

function draw(moved) {
  document.title = `${state.team} sandbox`;
  $("team").textContent = state.team;
  drawYou();
  drawSide();
  drawPlace();
  drawMessages(moved);
  drawHome();
  drawModal($("modal"), state, { names, post, refresh });
  drawTime(state, time);
  tick();
}

function drawYou() {
  const sign = JSON.stringify([state.as, state.people.map((one) => [one.id, one.shown, one.deleted])]);
  if ($("you").dataset.sign === sign) return;
  $("you").dataset.sign = sign;
  const people = state.people.filter((one) => !one.is_bot && !one.deleted && one.id !== "USLACKBOT");
  people.sort((one, other) => one.shown.localeCompare(other.shown));
  $("you").replaceChildren(...people.map((one) => new Option(one.shown, one.id, false, one.id === state.as)));
}

const seen = new Map();
function drawSide() {
  const row = (key, current, sign, name, channel, latest) => {
    const button = el("button", "", sign, el("span", "name", name));
    button.type = "button";
    if (current) { button.setAttribute("aria-current", "page"); if (channel) seen.set(`${state.as} ${channel}`, latest); }
    else if (latest && (seen.get(`${state.as} ${channel}`) ?? "") < latest && seen.has(state.as)) button.classList.add("new");
    button.addEventListener("click", () => { $("side").classList.remove("open"); $("menu").setAttribute("aria-expanded", "false"); thread = null; go({ channel: key }); });
    return el("li", "", button);
  };
  const sign = (text) => { const node = el("span", "sign", text); node.setAttribute("aria-hidden", "true"); return node; };
  const rooms = state.channels.filter((one) => one.kind.endsWith("channel") && !one.archived);
  const groups = state.channels.filter((one) => one.kind === "mpim" && one.others?.length);
  const directs = state.channels.filter((one) => one.kind === "im");
  const ofPerson = (id) => directs.find((one) => one.others[0] === id);
  const bots = state.people.filter((one) => one.is_bot);
  const partners = directs.map((one) => person(one.others[0])).filter((one) => one && !one.is_bot);
  const direct = (one) => { const place = ofPerson(one.id); return row(place?.id ?? one.id, place && place.id === state.channel, avatar(one, true), one.shown, place?.id, place?.latest); };
  if (!seen.has(state.as)) {
    for (const one of state.channels) seen.set(`${state.as} ${one.id}`, one.latest ?? "");
    seen.set(state.as, "");
  }
  const part = (title, rows) => rows.length ? [el("h2", "", title), el("ul", "", ...rows)] : [];
  $("side").replaceChildren(
    ...part("Channels", rooms.map((one) => row(one.id, one.id === state.channel, sign(one.kind === "public_channel" ? "#" : icon("lock")), one.name, one.id, one.latest))),
    ...part("Apps", bots.map(direct)),
    ...part("Groups", groups.map((one) => row(one.id, one.id === state.channel, sign(icon("people")), placeName(one), one.id, one.latest))),
    ...part("Direct messages", partners.map(direct)),
  );
}

function placeName(place) {
  if (!place) return "Nowhere";
  if (place.others) return place.others.filter((id) => place.kind === "im" || !person(id)?.is_bot).map(names.person).join(", ") || "You";
  return `${place.kind === "public_channel" ? "#" : ""}${place.name}`;
}

function homeApp(place) {
  return place?.kind === "im" ? state.apps.find((app) => app.bot_user === place.others[0]) : null;
}

function drawPlace() {
  const place = state.channels.find((one) => one.id === state.channel);
  $("place").textContent = placeName(place);
  const app = homeApp(place);
  const count = place ? `${place.members} ${place.members === 1 ? "member" : "members"}` : "";
  $("about").textContent = app ? (app.sockets ? `App, ${app.sockets} ${app.sockets === 1 ? "socket" : "sockets"} open` : "App") : [count, place?.topic].filter(Boolean).join(" · ");
  const tabs = app?.home ? ["messages", "home"] : [];
  if (!app?.home) tab = "messages";
  $("tabs").replaceChildren(...tabs.map((one) => {
    const button = el("button", "plain", one === "home" ? "Home" : "Messages");
    button.type = "button";
    button.setAttribute("aria-pressed", String(tab === one));
    button.addEventListener("click", async () => { tab = one; here.set("tab", one); if (one === "home") await post("home", {}); go({}); });
    return button;
  }));
  if (place && !place.member && place.kind === "public_channel") {
    const join = el("button", "button primary", "Join");
    join.type = "button";
    join.addEventListener("click", () => post("join", { channel: place.id }));
    $("tabs").append(join);
  }
  $("messages").hidden = tab !== "messages";
  $("composer").hidden = tab !== "messages";
  $("home").hidden = tab !== "home";
  $("text").placeholder = `Message ${placeName(place)}`;
  $("thread").hidden = !thread;
}

const zone = () => person(state.as)?.zone || undefined;
const time = (ms, style) => new Date(ms).toLocaleString(undefined, { timeZone: zone(), ...style });

function drawMessages(moved) {
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const nodes = [];
  let day = "";
  const all = state.messages ?? [];
  const roots = all.filter((one) => !one.thread_ts || one.thread_ts === one.ts || !all.some((root) => root.ts === one.thread_ts));
  for (const root of roots) {
    const on = time(Number(root.ts) * 1000, { weekday: "long", day: "numeric", month: "long" });
    if (on !== day) nodes.push(el("div", "day", on));
    day = on;
    nodes.push(drawMessage(root, false));
    for (const reply of all.filter((one) => one.thread_ts === root.ts && one !== root)) nodes.push(drawMessage(reply, true));
  }
  if (!nodes.length) nodes.push(el("p", "empty", "Nothing has been said here yet."));
  const same = nodes.length === list.children.length && nodes.every((node, at) => node === list.children[at]);
  if (!same) list.replaceChildren(...nodes);
  if (moved || atEnd) list.scrollTop = list.scrollHeight;
}

function drawMessage(message, isReply) {
  const key = `${state.as} ${message.channel} ${message.ts}`;
  const sign = JSON.stringify([message, isReply, person(message.author)]);
  const old = drawn.get(key);
  if (old?.sign === sign) return old.node;
  const author = person(message.author);
  const when = el("time", "", time(Number(message.ts) * 1000, { hour: "2-digit", minute: "2-digit" }));
  const head = el("div", "head", el("b", "", author?.shown ?? message.author), author?.is_bot ? el("span", "badge", "APP") : null, when);
  if (message.edited) head.append(el("span", "edited", "(edited)"));
  const body = el("div", "body", head);
  if (message.ephemeral) body.append(el("p", "whispered", icon("eye"), "Only visible to you"));
  const use = (block, item, value) => acted(post("click", { channel: message.channel, ts: message.ts, block_id: block.block_id, action_id: item.action_id, value }));
  if (message.blocks.length) body.append(drawBlocks(message.blocks, { names, use, people: state.people, channels: state.channels }));
  else body.append(mrkdwn(message.text, names));
  for (const file of message.files) body.append(drawFile(file));
  body.append(drawReactions(message));
  const node = el("article", `${message.ephemeral ? "whisper" : ""}${isReply ? " reply" : ""}`, avatar(author), body, tools(message));
  drawn.set(key, { sign, node });
  return node;
}

function drawFile(file) {
  if (!file.mimetype.startsWith("image/")) return el("div", "picture", icon("picture"), file.title || file.name);
  const image = el("img", "shared");
  image.src = `files/${file.id}`;
  image.alt = file.alt_txt || file.title || file.name;
  return image;
}

function drawReactions(message) {
  return el("div", "reactions", ...message.reactions.map((one) => {
    const mine = one.users.includes(state.as);
    const button = el("button", "", `${emoji(one.name)} ${one.users.length}`);
    button.type = "button";
    button.setAttribute("aria-pressed", String(mine));
    button.title = `${one.users.map(names.person).join(", ")} with :${one.name}:`;
    button.addEventListener("click", () => post("react", { channel: message.channel, ts: message.ts, name: one.name, remove: mine }));
    return button;
  }));
}

function tools(message) {
  const tool = (text, title, act) => {
    const button = el("button", "", text);
    button.type = "button";
    button.title = title;
    button.setAttribute("aria-label", title);
    button.addEventListener("click", act);
    return button;
  };
  if (message.ephemeral) return null;
  const react = (name) => tool(emoji(name), `React with :${name}:`, () => post("react", { channel: message.channel, ts: message.ts, name }));
  const shortcuts = state.shortcuts.filter((one) => one.on_message).map((one) =>
    tool(one.name, `Shortcut: ${one.name}`, () => acted(post("shortcut", { channel: message.channel, ts: message.ts, callback_id: one.callback_id }))));
  return el("div", "tools", ...["taco", "+1", "tada"].map(react), tool(icon("reply"), "Reply in thread", () => replyTo(message)), ...shortcuts);
}

function replyTo(message) {
  thread = message ? (message.thread_ts ?? message.ts) : null;
  const stop = el("button", "plain", "Stop replying");
  stop.type = "button";
  stop.addEventListener("click", () => replyTo(null));
  $("thread").replaceChildren(`Replying to ${message ? names.person(message.author) : ""}`, stop);
  $("thread").hidden = !thread;
  $("text").focus();
}

function drawHome() {
  if (tab !== "home") return;
  const sign = JSON.stringify([state.as, state.home]);
  if ($("home").dataset.sign === sign) return;
  $("home").dataset.sign = sign;
  const use = (block, item, value) => acted(post("click", { view: "home", block_id: block.block_id, action_id: item.action_id, value }));
  const context = { names, use, people: state.people, channels: state.channels };
  $("home").replaceChildren(state.home ? drawBlocks(state.home.blocks, context) : el("p", "empty", "The app has published no Home for you yet."));
}

function notice(text) { $("notice").textContent = text ?? ""; }

/** Says what went wrong with something that was done, if anything did. */
async function acted(answering) {
  notice("");
  try {
    const answer = await answering;
    if (answer.status === "no_answer") notice("The app did not answer within three seconds (operation_timeout).");
    if (answer.status === "failed") notice(answer.text && answer.text !== answer.error ? answer.text : `That did not work: ${answer.error}.`);
    return answer;
  } catch (error) {
    notice(error.message);
    return { status: "failed" };
  }
}

async function send() {
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  hint();
  const where = { where: state.channel, text, ...(thread && !text.startsWith("/") ? { thread_ts: thread } : {}) };
  const answer = await acted(post("say", where));
  if (answer.status === "failed" && answer.error !== "unknown_command" && !$("text").value) $("text").value = text;
}

/** Offers commands after a slash and names after an at sign. */
function hint() {
  const before = $("text").value.slice(0, $("text").selectionStart);
  const word = before.match(/(?:^|\s)([@#][\w.-]*)$/)?.[1] ?? before.match(/^\/\S*$/)?.[0] ?? "";
  let offers = [];
  if (word.startsWith("/")) offers = state.commands.map((one) => [one.name, `${one.hint} ${one.description}`.trim()]);
  if (word.startsWith("#")) offers = state.channels.filter((one) => one.name && one.kind.endsWith("channel")).map((one) => [`#${one.name}`, one.topic]);
  if (word.startsWith("@")) {
    offers = [...state.people.filter((one) => !one.deleted).map((one) => [`@${one.name}`, one.shown]), ...state.groups.map((one) => [`@${one.handle}`, one.name])];
  }
  const matching = offers.filter(([name, about]) => name !== word && (name.startsWith(word) || about.toLowerCase().startsWith(word.slice(1).toLowerCase() || "\0"))).slice(0, 8);
  $("hints").hidden = !word || !matching.length;
  $("hints").replaceChildren(...matching.map(([name, about]) => {
    const button = el("button", "", el("b", "", name), el("small", "", about ?? ""));
    button.type = "button";
    button.addEventListener("click", () => {
      const rest = $("text").value.slice(before.length);
      $("text").value = `${before.slice(0, before.length - word.length)}${name} ${rest.trimStart()}`;
      $("text").focus();
      hint();
    });
    return el("li", "", button);
  }));
}

function tick() {
  if (!state) return;
  const now = state.now_ms + (state.clock_runs ? Date.now() - fetchedAt : 0);
  $("clock").textContent = time(now, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  // What was ahead has come by itself: something else is next now.
  if (state.journey?.next?.at_ms < now && Date.now() - fetchedAt > 3000) refresh();
}

$("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  if (event.key === "Tab" && !event.shiftKey && !$("hints").hidden) { event.preventDefault(); $("hints").querySelector("button").click(); }
  if (event.key === "Escape") { $("hints").hidden = true; if (thread) replyTo(null); }
});
$("text").addEventListener("input", () => { hint(); $("text").style.height = "auto"; $("text").style.height = `${$("text").scrollHeight}px`; });
$("you").addEventListener("change", () => {
  // A direct conversation is not the other person's: they start where everyone is.
  const place = state.channels.find((one) => one.id === state.channel);
  go({ as: $("you").value, ...(place?.kind === "im" || place?.kind === "mpim" ? { channel: null } : {}) });
});
$("menu").addEventListener("click", () => { const open = $("side").classList.toggle("open"); $("menu").setAttribute("aria-expanded", String(open)); });
useTime({ post, notice, draw: () => drawTime(state, time) });
new EventSource("sandbox/events").addEventListener("changed", () => refresh());
setInterval(tick, 1000);
refresh(true);
