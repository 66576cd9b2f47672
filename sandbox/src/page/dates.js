// An instant in the reader's time zone.

import { LANGUAGE, onTheWall, state, time } from "./store.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const STYLES = new Map(Object.entries({
  date: { dateStyle: "long" }, date_long: { dateStyle: "full" }, date_long_full: { dateStyle: "full" }, date_short: { dateStyle: "medium" },
  date_num: { dateStyle: "short" }, date_slash: { dateStyle: "short" }, day_divider: { weekday: "long", day: "numeric", month: "long" },
  time: { hour: "2-digit", minute: "2-digit" }, time_secs: { timeStyle: "medium" },
}));
const NEAR = new Map([[-1, "yesterday"], [0, "today"], [1, "tomorrow"]]);
/** Units of `{ago}` with the milliseconds in one, the longest first. */
const UNITS = [["day", DAY_MS], ["hour", 3_600_000], ["minute", 60_000], ["second", 1_000]];

/** "today" and its neighbours, in the person's time zone. */
function near(ms) {
  const day = (at) => Date.parse(onTheWall(at).slice(0, 10)) / DAY_MS;
  return NEAR.get(day(ms) - day(state.now_ms));
}

/** The person's date now, to notice that another day has begun. */
export const today = () => onTheWall(state.now_ms).slice(0, 10);

const year = (ms) => onTheWall(ms).slice(0, 4);
/** "Today", "Yesterday", or the date. */
export function dayName(ms) {
  const close = near(ms);
  if (close) return `${close[0].toUpperCase()}${close.slice(1)}`;
  return time(ms, { weekday: "long", day: "numeric", month: "long", ...(year(ms) === year(state.now_ms) ? {} : { year: "numeric" }) });
}

/** "today at 15:00", "yesterday at 15:00", "Wed at 15:00" within a week, else with the date. */
export function whenSaid(ms) {
  const away = Math.abs(ms - state.now_ms);
  const day = near(ms) ?? time(ms, away < 6 * DAY_MS ? { weekday: "short" } : { day: "numeric", month: "short", ...(year(ms) === year(state.now_ms) ? {} : { year: "numeric" }) });
  return `${day} at ${time(ms, STYLES.get("time"))}`;
}

function ago(ms) {
  const past = ms - state.now_ms;
  const [unit, length] = UNITS.find(([, one]) => Math.abs(past) >= one) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" }).format(Math.round(past / length), unit);
}

/** `{date_short} at {time}` and the like, for an instant in seconds; `label` if it is no instant. */
export function dated(seconds, format, label) {
  const ms = seconds * 1000;
  if (!Number.isFinite(ms) || Number.isNaN(new Date(ms).getTime())) return label || "";
  return (format ?? "{date}").replace(/\{(\w+)\}/g, (all, name) => {
    if (name === "ago") return ago(ms);
    const plain = name.replace(/_pretty$/, "");
    if (!STYLES.has(plain)) return all;
    return (plain !== name && near(ms)) || time(ms, STYLES.get(plain));
  });
}
