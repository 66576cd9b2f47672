// The page: who looks at what, and drawing it when the sandbox reports a change.

import { acted, editing, notice } from "./acts.js";
import { drawBlocks } from "./blocks.js";
import { useComposer } from "./composer.js";
import { today } from "./dates.js";
import { avatar, button, el, icon } from "./draw.js";
import { drawModal, useModal } from "./modal.js";
import { useSearch } from "./search.js";
import { drawSide, useSide } from "./side.js";
import { drawSteps, hintAtModal } from "./steps.js";
import { follow, go, here, isSimulated, onNews, openPlace, person, placeName, post, refresh, Silence, state, time, toldAt } from "./store.js";
import { drawTalk, leaveThread, useTalk } from "./talk.js";
import { drawTime, useTime } from "./time.js";
import { using } from "./using.js";
import { useWire } from "./wire.js";

const $ = (id) => document.getElementById(id);
/** How often the sandbox is told that the person is still there. */
const STILL_HERE_MS = 60000;
/** How soon a lost workspace is looked for again. */
const LISTEN_AGAIN_MS = 1000;
/** How often a page that isn't seen asks for news. */
const ASK_UNSEEN_MS = 5000;
let composers = [];

function draw(moved) {
  $("silent").hidden = true;
  document.title = title();
  $("team").textContent = state.team;
  drawYou();
  drawColleagues();
  drawSide();
  drawPlace();
  if (moved) editing.clear();
  if (!editing.size) drawTalk(moved);
  drawHome();
  drawModal($("modal"));
  drawSteps();
  hintAtModal($("modal"));
  drawTime(state, time);
  for (const composer of composers) composer.draw();
  tick();
}

function title() {
  const waiting = state.channels.reduce((sum, one) => sum + one.mentions, 0);
  // The drawer of a telephone is closed.
  $("menu").classList.toggle("waits", waiting > 0);
  return `${waiting ? `(${waiting}) ` : ""}${placeName(openPlace())} · ${state.team}`;
}

function drawYou() {
  const sign = JSON.stringify([state.as, state.people.map((one) => [one.id, one.shown, one.department, one.deleted])]);
  if ($("you").dataset.sign === sign) return;
  $("you").dataset.sign = sign;
  const people = state.people.filter((one) => !one.is_bot && !one.deleted && one.id !== "USLACKBOT");
  people.sort((one, other) => one.shown.localeCompare(other.shown));
  $("you").replaceChildren(...people.map((one) => new Option([one.shown, one.department].filter(Boolean).join(" · "), one.id, false, one.id === state.as)));
}

/** Shows whether the others are simulated, with the switch for it. */
function drawColleagues() {
  $("colleagues").hidden = !state.colleagues;
  if (!state.colleagues) return;
  const { on, people } = state.colleagues;
  const words = on ? `${people.length} simulated colleagues act by the workspace's clock; you are left to yourself. Press to let them rest` : "Simulated colleagues rest. Press to let them act";
  if ($("colleagues").title === words) return;
  $("colleagues").title = words;
  $("colleagues").setAttribute("aria-pressed", String(on));
  $("colleagues").setAttribute("aria-label", "Simulated colleagues");
  $("colleagues").replaceChildren(icon("people"), el("span", "", " Colleagues"));
  $("you").title = on ? "The others are simulated. You act for yourself" : "";
}

/** Shows who is in a group or direct conversation, the first three of them. */
function drawFaces(place) {
  const others = place?.others?.map(person).filter(Boolean).sort((one, other) => one.is_bot - other.is_bot) ?? [];
  $("faces").hidden = !others.length;
  $("faces").replaceChildren(...others.slice(0, 3).map((one) => avatar(one, true)));
}

/** The app of a direct conversation, if it is with one. */
function homeApp(place) {
  return place?.kind === "im" ? state.apps.find((app) => app.bot_user === place.others[0]) : null;
}

const isHome = () => here.get("tab") === "home" && Boolean(homeApp(openPlace())?.home);

function drawPlace() {
  const place = openPlace();
  const app = homeApp(place);
  $("place").textContent = placeName(place);
  drawFaces(place);
  const count = place ? `${place.members} ${place.members === 1 ? "member" : "members"}` : "";
  const about = app?.sockets ? "App, connected" : "App";
  const other = place?.kind === "im" ? person(place.others[0]) : null;
  const group = place?.kind === "mpim" ? `Group message · ${place.members} members` : null;
  $("about").textContent = group ?? (app ? about : other ? [other.title, other.department, isSimulated(other.id) ? "simulated" : ""].filter(Boolean).join(" · ") : [count, place?.topic].filter(Boolean).join(" · "));
  const home = isHome();
  const tab = (name, words, pressed) => {
    const node = button("plain", words, async () => { if (name === "home") await post("home", {}); go({ tab: name }); });
    node.setAttribute("aria-pressed", String(pressed));
    return node;
  };
  const tabs = app?.home ? [tab("home", "Home", home), tab(null, "Messages", !home)] : [];
  const joins = place && !place.member && place.kind === "public_channel";
  if (joins) tabs.push(button("button primary", "Join", () => acted(post("join", { channel: place.id }))));
  const focused = [...$("tabs").children].indexOf(document.activeElement);
  $("tabs").replaceChildren(...tabs);
  tabs[focused]?.focus();
  for (const id of ["messages", "composer"]) $(id).hidden = home;
  $("home").hidden = !home;
}

function drawHome() {
  if (!isHome()) return;
  const sign = `${state.as} ${state.home?.id} ${state.home?.hash} ${today()}`;
  if ($("home").dataset.sign === sign) return;
  $("home").dataset.sign = sign;
  const context = { ...using({ view: "home" }, state.home?.state.values), place: "home-" };
  $("home").replaceChildren(state.home ? drawBlocks(state.home.blocks, context) : el("p", "empty", "The app has published no Home for you yet."));
}

/** Shows the workspace's time as the person reads it, and where that is. Another year than this machine's is named. */
function drawClock(now) {
  const own = person(state.as);
  const city = own?.zone?.split("/").at(-1).replaceAll("_", " ") ?? "";
  const year = time(now, { year: "numeric" });
  const far = year === time(Date.now(), { year: "numeric" }) ? "" : year;
  const words = time(now, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const sign = [words, far, city].join(" ");
  if ($("clock").dataset.sign === sign) return;
  $("clock").dataset.sign = sign;
  $("clock").replaceChildren(words, el("small", "", far && el("b", "", ` ${far}`), el("span", "", ` ${city}`)));
  $("clock").title = `The workspace's clock, in the zone of ${own?.shown ?? "this page"}${city ? `: ${own.zone}` : ""}`;
}

function tick() {
  if (!state) return;
  const now = state.now_ms + (state.clock_runs ? Date.now() - toldAt : 0);
  drawClock(now);
  // The next thing has happened: another one is next now.
  if (state.time_travel?.next?.at_ms < now && Date.now() - toldAt > 3000) refresh();
  // A person who only reads is still there, and must not be simulated.
  if (state.colleagues && Date.now() - toldAt > STILL_HERE_MS) refresh();
}

const THEMES = { "": "as the system has them", light: "light", dark: "dark" };
/** Switches between the system's colours, light and dark. */
function useTheme() {
  const all = Object.keys(THEMES);
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    const words = `Colours: ${THEMES[theme]}`;
    $("theme").title = words;
    $("theme").setAttribute("aria-label", words);
    $("theme").replaceChildren(icon(theme || "system"));
  };
  $("theme").addEventListener("click", () => {
    // The first press changes what is seen.
    const order = matchMedia("(prefers-color-scheme: dark)").matches ? all : ["", "dark", "light"];
    const next = order[(order.indexOf(localStorage.getItem("theme") ?? "") + 1) % order.length];
    localStorage.setItem("theme", next);
    show(next);
  });
  const kept = localStorage.getItem("theme") ?? "";
  show(kept in THEMES ? kept : "");
}

$("you").addEventListener("change", () => {
  // A conversation that is not open to all may not be the other person's: they start in the general channel.
  const own = openPlace()?.kind !== "public_channel";
  post("become", { as: $("you").value });
  go({ as: $("you").value, ...(own ? { channel: null, thread: null } : {}) });
});
$("colleagues").addEventListener("click", () => acted(post("colleagues", { on: !state.colleagues.on })));
function showSide(open) {
  $("side").classList.toggle("open", open);
  $("menu").setAttribute("aria-expanded", String(open));
  if (open) ($("side").querySelector("[aria-current]") ?? $("side").querySelector("button"))?.focus();
  else $("menu").focus();
}
$("menu").addEventListener("click", () => showSide(!$("side").classList.contains("open")));
// A tap beside the drawer closes it, and does nothing else.
document.addEventListener("click", (event) => {
  if (!$("side").classList.contains("open") || event.target.closest("#side, #menu, dialog, [popover]")) return;
  event.preventDefault();
  event.stopPropagation();
  showSide(false);
}, true);
// Escape closes what covers the conversation from any focus. The focused element itself has closed before.
document.addEventListener("keydown", (event) => {
  const elsewhere = event.defaultPrevented || document.querySelector("dialog[open], :popover-open") || event.target.closest("#thread, #wire");
  if (event.key !== "Escape" || elsewhere) return;
  if ($("side").classList.contains("open")) showSide(false);
  else if (!$("wire").hidden) $("wire-close").click();
  else if (!$("thread").hidden) leaveThread();
});
/** The keys that change a closed menu. */
const CHOOSING = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"];
// They open it instead: a choice is made with Enter, as in Slack, and not passed on the way to another.
document.addEventListener("keydown", (event) => {
  const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
  const menu = event.target;
  if (menu.tagName !== "SELECT" || !menu.showPicker || !(isLetter || CHOOSING.includes(event.key))) return;
  event.preventDefault();
  menu.showPicker();
});
let changes = null;
/**
 * Hears of each change while the page is seen: a browser has six connections to an address, so a seventh tab would wait for ever.
 * When the connection is lost it asks what has become of the workspace, and begins again.
 */
function listen() {
  changes?.close();
  if (document.hidden) return;
  changes = new EventSource("sandbox/events");
  // It doesn't tell what changed before it was open.
  for (const news of ["open", "changed"]) changes.addEventListener(news, () => refresh());
  changes.addEventListener("error", () => {
    changes.close();
    refresh();
    setTimeout(listen, LISTEN_AGAIN_MS);
  });
}
document.addEventListener("visibilitychange", listen);
setInterval(() => { if (document.hidden) refresh(); }, ASK_UNSEEN_MS);
composers = [useComposer($("composer"), false), useComposer($("answer"), true)];
useTheme();
useSide();
useTalk();
useModal($("modal"));
useWire();
useSearch();
useTime({ post, draw: () => drawTime(state, time) });
onNews(draw, (error) => {
  $("silent").hidden = !(error instanceof Silence);
  if ($("silent").hidden) notice(error.message);
  else $("silent").textContent = error.message;
});
listen();
addEventListener("popstate", follow);
addEventListener("card", () => draw(false));
setInterval(tick, 1000);
refresh();
