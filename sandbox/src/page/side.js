// The sidebar: the conversations, and what is unread in them.

import { hasDraft } from "./drafts.js";
import { avatar, button, el, icon } from "./draw.js";
import { isPutAway, putAway } from "./steps.js";
import { go, isSimulated, person, placeName, state } from "./store.js";

const $ = (id) => document.getElementById(id);
let shown = "";

/** Draws the sidebar when something of it changed. */
export function drawSide() {
  const sign = JSON.stringify([state.as, state.channel, state.channels.map(({ latest, read, topic, ...rest }) => [rest, rest.kind === "mpim" ? latest : "", hasShownDraft(rest)]), state.people.map((one) => [one.id, one.shown, one.deleted]), state.colleagues, isPutAway()]);
  if (sign === shown) return;
  shown = sign;
  const focused = document.activeElement?.closest?.("#side button")?.dataset.place;
  const of = (...kinds) => state.channels.filter((one) => kinds.includes(one.kind));
  const rooms = of("public_channel", "private_channel").filter((one) => !one.archived);
  const directs = of("im");
  const directWith = (one) => row(one.shown, avatar(one, true), directs.find((place) => place.others[0] === one.id), one.id);
  const partners = directs.map((place) => person(place.others[0])).filter((one) => one && !one.is_bot);
  const groups = of("mpim").filter((one) => one.others?.length).sort((one, other) => (other.latest ?? "").localeCompare(one.latest ?? ""));
  const part = (title, rows) => (rows.length ? [el("h2", "", title), el("ul", "", ...rows)] : []);
  $("side").replaceChildren(
    ...part("Channels", rooms.map((one) => row(one.name, mark(one.kind === "public_channel" ? "#" : icon("lock")), one))),
    ...part("Apps", state.people.filter((one) => one.is_bot).map(directWith)),
    ...part("Group messages", groups.map((one) => row(placeName(one), countMark(one), one))),
    el("h2", "", "Direct messages"), el("ul", "", ...partners.map(directWith), el("li", "", newMessage(partners))),
    ...(state.colleagues?.on ? [el("p", "", "The others are simulated. You act for yourself.")] : []),
    ...(isPutAway() ? [button("start bring", "Try this", () => putAway(false))] : []),
  );
  $("side").querySelector(`[data-place="${focused}"]`)?.focus();
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

function row(name, sign, place, key = place.id) {
  const node = button("", el("span", "name", name), () => {
    $("side").classList.remove("open");
    $("menu").setAttribute("aria-expanded", "false");
    go({ channel: place?.id ?? key, thread: null });
  });
  node.prepend(sign);
  node.dataset.place = place?.id ?? key;
  node.title = isSimulated(key) ? `${name} (simulated)` : name;
  if (place && place.id === state.channel) node.setAttribute("aria-current", "page");
  if (place?.unread) {
    node.classList.add("new");
    const count = place.unread >= 100 ? "99+" : String(place.mentions);
    if (place.mentions) node.append(el("span", "count", count));
    node.append(el("span", "hidden", place.mentions ? "unread messages for you" : "unread messages"));
  }
  if (place && hasShownDraft(place)) node.append(icon("pencil"), el("span", "hidden", "draft"));
  if (place && !place.member) node.classList.add("outside");
  return el("li", "", node);
}

/** Starts a conversation with a person who has none yet. */
function newMessage(partners) {
  const choice = el("select", "start");
  choice.setAttribute("aria-label", "Write to a colleague");
  const others = state.people.filter((one) => !one.is_bot && !one.deleted && one.id !== state.as && one.id !== "USLACKBOT" && !partners.includes(one));
  others.sort((one, other) => one.shown.localeCompare(other.shown));
  choice.append(new Option("Write to a colleague…", ""), ...others.map((one) => new Option(one.shown, one.id)));
  choice.addEventListener("change", () => go({ channel: choice.value, thread: null }));
  return choice;
}
