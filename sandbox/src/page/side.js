// The sidebar: the conversations, and what is unread in them.

import { hasDraft } from "./drafts.js";
import { avatar, button, el, icon } from "./draw.js";
import { oneStop } from "./roving.js";
import { isPutAway, putAway } from "./steps.js";
import { go, groupMessages, isSimulated, person, placeName, state } from "./store.js";

const $ = (id) => document.getElementById(id);
/** Group messages that are listed while older ones are folded. */
const MOST_GROUPS = 5;
let shown = "";
/** The conversation that was open at the last drawing. */
let opened = "";
/** Whether the older group messages are listed, too. */
let unfolded = false;
let stops = null;

/** Makes the sidebar one Tab stop. */
export function useSide() {
  const usual = (all) => all.find((one) => one.ariaCurrent === "page") ?? all[0];
  stops = oneStop($("side"), "button:not(.below)", (one) => one.dataset.place, usual);
  $("side").append(below);
  $("places").addEventListener("scroll", showBelow, { passive: true });
  new ResizeObserver(showBelow).observe($("places"));
}

/** Leads to what is unread under the lower edge. Screen readers need none: they read the list itself. */
const below = button("below", "↓ Unread below", () => unreadBelow()?.scrollIntoView({ block: "center" }));
below.tabIndex = -1;
below.setAttribute("aria-hidden", "true");

function unreadBelow() {
  const edge = $("places").getBoundingClientRect().bottom;
  return [...$("side").querySelectorAll("button.new")].find((one) => one.getBoundingClientRect().top > edge - 8);
}

function showBelow() {
  below.hidden = !unreadBelow();
  const list = $("places");
  list.classList.toggle("cut", list.scrollHeight - list.scrollTop - list.clientHeight > 2);
}

/** Draws the sidebar when something of it changed. */
export function drawSide() {
  const sign = JSON.stringify([state.as, state.channel, state.channels.map(({ latest, read, topic, ...rest }) => [rest, rest.kind === "mpim" ? latest : "", hasShownDraft(rest)]), state.people.map((one) => [one.id, one.shown, one.deleted]), state.colleagues, isPutAway(), unfolded]);
  if (sign === shown) return;
  shown = sign;
  const focused = document.activeElement?.closest?.("#side button")?.dataset.place;
  const of = (...kinds) => state.channels.filter((one) => kinds.includes(one.kind));
  const rooms = of("public_channel", "private_channel").filter((one) => !one.archived);
  const directs = of("im");
  const directWith = (one) => row(one.shown, avatar(one, true), directs.find((place) => place.others[0] === one.id), one.id);
  const partners = directs.map((place) => person(place.others[0])).filter((one) => one && !one.is_bot);
  const groups = groupMessages();
  const part = (title, rows) => (rows.length ? [el("h2", "", title), el("ul", "", ...rows)] : []);
  $("places").replaceChildren(
    ...part("Channels", rooms.map((one) => row(one.name, mark(one.kind === "public_channel" ? "#" : icon("lock")), one))),
    ...part("Apps", state.people.filter((one) => one.is_bot).map(directWith)),
    ...part("Group messages", groupRows(groups)),
    el("h2", "", "Direct messages"), el("ul", "", ...partners.map(directWith), el("li", "", newMessage(partners))),
    ...(state.colleagues?.on ? [el("p", "", "The others are simulated. You act for yourself.")] : []),
    ...(isPutAway() ? [bring()] : []),
  );
  stops.settle();
  if (focused) $("side").querySelector(`[data-place="${focused}"]`)?.focus();
  if (opened !== state.channel) $("side").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  opened = state.channel;
  showBelow();
}

/** The newest group messages, with the one that is open and those with a draft; the others are folded. */
function groupRows(groups) {
  const stays = (one, at) => at < MOST_GROUPS || one.id === state.channel || hasDraft(one.id);
  const folded = groups.filter((one, at) => !stays(one, at));
  const rows = groups.filter((one) => unfolded || !folded.includes(one)).map((one) => row(placeName(one), countMark(one), one));
  if (!folded.length) return rows;
  const more = button("more", el("span", "name", unfolded ? "Show fewer" : `Show ${folded.length} more`), () => { unfolded = !unfolded; drawSide(); });
  if (!unfolded) markUnread(more, { unread: folded.some((one) => one.unread), mentions: folded.reduce((sum, one) => sum + one.mentions, 0) });
  more.dataset.place = "more";
  more.setAttribute("aria-expanded", String(unfolded));
  return [...rows, el("li", "", more)];
}

/** The name of a conversation. Where there is little room the apps at its end go first, and then the end of the last name. */
function nameOf(name, place) {
  const apps = place?.kind === "mpim" ? place.others.map(person).filter((one) => one?.is_bot).map((one) => `, ${one.shown}`).join("") : "";
  if (!apps || !name.endsWith(apps)) return el("span", "name", name);
  return el("span", "name", el("span", "people", name.slice(0, -apps.length)), el("span", "", apps));
}

function bring() {
  const node = button("start bring", "Try this", () => { closeDrawer(); putAway(false); });
  node.dataset.place = "card";
  return node;
}

function mark(sign) {
  const node = el("span", "sign", sign);
  node.setAttribute("aria-hidden", "true");
  return node;
}

/** The picture of a group: how many others are in it. */
function countMark(place) {
  const node = el("span", "sign others", String(place.others.length));
  node.title = `You and ${placeName(place)}`;
  return node;
}

const hasShownDraft = (place) => place.id !== state.channel && hasDraft(place.id);

/** On a telephone the sidebar makes room for what is opened. */
function closeDrawer() {
  $("side").classList.remove("open");
  $("menu").setAttribute("aria-expanded", "false");
}

/** Opens a conversation, or one with this person. */
function visit(channel) {
  closeDrawer();
  go({ channel, thread: null });
}

function row(name, sign, place, key = place.id) {
  const node = button("", nameOf(name, place), () => visit(place?.id ?? key));
  node.prepend(sign);
  node.dataset.place = place?.id ?? key;
  node.title = isSimulated(key) ? `${name} (simulated)` : name;
  if (place && place.id === state.channel) node.setAttribute("aria-current", "page");
  if (place) markUnread(node, place);
  if (place && hasShownDraft(place)) node.append(icon("pencil"), el("span", "hidden", "draft"));
  if (place && !place.member) node.classList.add("outside");
  return el("li", "", node);
}

function markUnread(node, { unread, mentions }) {
  if (!unread) return;
  node.classList.add("new");
  if (mentions) node.append(el("span", "count", mentions >= 100 || unread >= 100 ? "99+" : String(mentions)));
  const many = (mentions || unread) === 1 ? "unread message" : "unread messages";
  node.append(el("span", "hidden", mentions ? `${many} for you` : many));
}

/** Starts a conversation with a person who has none yet. */
function newMessage(partners) {
  const choice = el("select", "start");
  choice.setAttribute("aria-label", "Write to a colleague");
  const others = state.people.filter((one) => !one.is_bot && !one.deleted && one.id !== state.as && one.id !== "USLACKBOT" && !partners.includes(one));
  others.sort((one, other) => one.shown.localeCompare(other.shown));
  choice.append(new Option("Write to a colleague…", ""), ...others.map((one) => new Option(one.shown, one.id)));
  choice.addEventListener("change", () => visit(choice.value));
  return choice;
}
