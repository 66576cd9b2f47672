// The workspace's clock: moving it, jumping to the next scheduled thing, and playing from one to the next.

import { notice, tell } from "./acts.js";
import { button, el, icon, openMenu } from "./draw.js";
import { placeName, placeOf, state as workspace } from "./store.js";
import { leadTo } from "./talk.js";

const $ = (id) => document.getElementById(id);
/** Milliseconds at each stop while playing. */
const LOOK_MS = 4000;
/** Within this time a weekday alone is unambiguous. */
const DAYS_MS = 6 * 24 * 60 * 60 * 1000;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

let playing = false;
let resting = null;
let underWay = false;
/** What comes soon, each with its time in words. */
let soon = [];

/** Writes what comes next. The name of a channel stands on one line, as a time does. */
function sayNext(text) {
  if ($("next").textContent === text) return;
  const parts = text.split(/(#[\w-]{1,30}(?![\w-]),?)/);
  $("next").replaceChildren(el("span", "", ...parts.map((part, at) => (at % 2 ? el("span", "whole", part) : part))));
}

/** Shows the workspace's time and what comes next; `write` puts an instant in words. */
export function drawTime(state, write) {
  const timeTravel = state.time_travel;
  const next = timeTravel?.next;
  const busy = underWay || Boolean(timeTravel?.under_way);
  $("ahead").hidden = !timeTravel;
  $("ahead").setAttribute("aria-busy", String(busy));
  const day = (at) => (at - state.now_ms < DAYS_MS ? {} : { day: "numeric", month: "short" });
  // A time stands on one line.
  const when = (at) => write(at, { weekday: "short", ...day(at), hour: "2-digit", minute: "2-digit" }).replaceAll(" ", "\u00a0");
  soon = (timeTravel?.soon ?? []).map((one) => ({ at: one.at_ms, text: `${one.title}, ${when(one.at_ms)}` }));
  sayNext(busy && !playing ? "Time passes…" : soon.length ? `Next: ${soon[0].text}` : "Nothing is planned");
  $("next").title = next ? `Jump to ${write(next.at_ms, { dateStyle: "full", timeStyle: "short" })}` : "When something is, you can jump to it";
  for (const button of document.querySelectorAll("[data-advance]")) button.setAttribute("aria-disabled", String(busy));
  $("next").setAttribute("aria-disabled", String(busy || !next));
  $("soon").setAttribute("aria-disabled", String(busy));
  $("play").setAttribute("aria-disabled", String(!playing && !next));
  $("play").setAttribute("aria-pressed", String(playing));
  const words = playing ? "Pause" : "Play: one stop every few seconds, until you pause";
  if ($("play").title === words) return;
  $("play").title = words;
  $("play").setAttribute("aria-label", words);
  $("play").replaceChildren(icon(playing ? "pause" : "play"));
}

/** A link to a message of the app, named by its conversation. */
function linkTo(message) {
  if (message.channel === workspace.channel) return button("link", "See what came", () => { notice(""); leadTo(message); });
  const place = placeOf(message.channel);
  const name = place ? placeName(place) : "it";
  return button("link", `See ${place?.kind === "im" ? `your DM with ${name}` : name}`, () => { notice(""); leadTo(message); });
}

/** Tells what a jump passed, what it reached, and where that can be read. */
function tellJump({ next, passed, brings, message }) {
  if (!next) return;
  const parts = [brings ? `Now: ${next.title}. ` : `${next.title}: nothing to do by now. `];
  if (message) parts.push(linkTo(message));
  else if (brings && workspace.apps.length) parts.push("Only others can read it.");
  const idle = passed.length === 1 ? "One thing" : `${passed.length} things`;
  if (passed.length) parts.push(` (${idle} before it had nothing to do.)`);
  tell(...parts);
}

/** Makes the controls work. `draw` draws them again, `post` acts. */
export function useTime({ post, draw }) {
  async function travel(action, body) {
    if (underWay) return {};
    underWay = true;
    notice("");
    draw();
    try {
      const answer = await post(action, body);
      if (answer.hurried) notice("Something that was due is not done yet; time did not wait for it.");
      else tellJump(answer);
      return answer;
    } catch (error) {
      notice(error.message);
      return {};
    } finally {
      underWay = false;
      draw();
    }
  }
  function pause() {
    playing = false;
    clearTimeout(resting);
    draw();
  }
  async function play() {
    const answer = await travel("next", {});
    if (!playing) return;
    if (!answer.next || answer.hurried) { pause(); return; }
    resting = setTimeout(play, LOOK_MS);
  }
  const on = (button, act) => button.addEventListener("click", () => { if (button.getAttribute("aria-disabled") !== "true") act(); });
  for (const button of document.querySelectorAll("[data-advance]")) on(button, () => travel("clock", { advance_ms: Number(button.dataset.advance) }));
  on($("next"), () => travel("next", {}));
  $("soon").append(icon("down"));
  on($("soon"), () => openMenu($("soon"), "What comes soon", [
    ...soon.map(({ at, text }) => ({ text, act: () => travel("next", { from_ms: at }) })),
    { text: "One week on", act: () => travel("clock", { advance_ms: WEEK_MS }) },
  ]));
  on($("play"), () => {
    if (playing) { pause(); return; }
    playing = true;
    draw();
    play();
  });
}
