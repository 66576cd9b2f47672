// The page's state: the workspace as one person sees it, and the messages of the conversation that is open.

/** The page's address: who looks (`as`), at what (`channel`), and what else is open. */
export const here = new URLSearchParams(location.hash.slice(1));

/** The workspace as the sandbox sent it last. */
export let state = null;
/** When it was sent, by this machine's clock. */
export let toldAt = 0;
/** Changes with every name that a message could show. */
export let namesVersion = "";

/** The open conversation: its messages by time stamp, those from `oldest` on without a gap; those after
 * `lastRead` and up to `opened` were new when it was opened; and how far the sandbox has told it. */
export const talk = { messages: new Map(), change: 0, older: false, oldest: "", lastRead: "", opened: "", key: "" };

let people = new Map();
export const person = (id) => people.get(id);
export const names = {
  person: (id) => person(id)?.shown || person(id)?.name,
  channel: (id) => state.channels.find((one) => one.id === id)?.name,
  group: (id) => { const group = state.groups.find((one) => one.id === id); return group && `@${group.handle}`; },
};
/** Whether a person is simulated now. */
export const isSimulated = (id) => Boolean(state.colleagues?.people.includes(id));
export const placeOf = (id) => state.channels.find((one) => one.id === id);
export const openPlace = () => placeOf(state.channel);

/** The person's group messages, the newest first. */
export function groupMessages() {
  const groups = state.channels.filter((one) => one.kind === "mpim" && one.others?.length);
  return groups.sort((one, other) => (other.latest ?? "").localeCompare(one.latest ?? ""));
}
/** Returns the name of a conversation. */
export function placeName(place) {
  if (!place) return "Nowhere";
  if (place.others) {
    // Apps come last, and they make a conversation a group.
    const bots = (id) => Number(Boolean(person(id)?.is_bot));
    return [...place.others].sort((one, other) => bots(one) - bots(other)).map(names.person).join(", ") || "You";
  }
  return `${place.kind === "public_channel" ? "#" : ""}${place.name}`;
}

/** Whom a hint is for, at its beginning: "As Ana Costa (choose her in the header), ". */
const FOR_WHOM = /^As ([^(]+) \(choose [^)]*\), (.)/;

/** Returns an example that names others than the person who reads it: theirs is another's handle then. Who a hint is for doesn't read that. */
export function forReader(hint) {
  const isFor = (name) => name === person(state.as)?.shown;
  const example = hint.replace(FOR_WHOM, (whole, name, letter) => (isFor(name) ? letter.toUpperCase() : whole));
  const own = `@${person(state.as)?.name}`;
  const isOther = (one) => one.id !== state.as && !one.is_bot && !one.deleted && one.id !== "USLACKBOT" && !example.includes(`@${one.name}`);
  const [other] = state.people.filter(isOther).sort((one, next) => one.name.localeCompare(next.name));
  return other ? example.split(/(@[\w.-]+)/).map((part) => (part === own ? `@${other.name}` : part)).join("") : example;
}

const zone = () => person(state.as)?.zone || undefined;
const formats = new Map();
function format(language, style) {
  // Making a format takes far longer than using it.
  const key = JSON.stringify([language, zone(), style]);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone(), hourCycle: "h23", ...style }));
  return formats.get(key);
}

/** The page's language. The browser's own doesn't count, so that all dates and times are written in one way. */
export const LANGUAGE = "en-GB";
/** Returns an instant in words, in the person's time zone: "Tuesday, 8 December", "15:00". */
export function time(ms, style) {
  const parts = format(LANGUAGE, style).formatToParts(ms);
  // Browsers differ in the comma behind a weekday.
  return parts.map((part, at) => (parts[at - 1]?.type === "weekday" && parts[at + 1]?.type === "day" ? ", " : part.value)).join("");
}
/** Returns an instant as `2026-03-02 10:00:00`, as Swedes write it. */
const numbers = (ms) => format("sv", { dateStyle: "short", timeStyle: "medium" }).format(ms);
/** Returns the instant of `2026-03-02T10:00` in that person's time zone. */
export function wallTime(text) {
  const asUtc = Date.parse(`${text}Z`);
  const ahead = (ms) => Date.parse(`${numbers(ms).replace(" ", "T")}Z`) - ms;
  return asUtc - ahead(asUtc - ahead(asUtc));
}
/** Returns the local time there at an instant. */
export const onTheWall = (ms) => numbers(ms).slice(0, 16).replace(" ", "T");

/** The workspace can't be reached. */
export class Silence extends Error {
  constructor() { super("The workspace doesn't answer. Is the demo still running?"); }
}

async function request(path, init) {
  const answer = await fetch(`sandbox/${path}`, init).catch(() => { throw new Silence(); });
  // Another run of it is being prepared, and a page of its own says so.
  if (answer.status === 503) location.reload();
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}`);
  return answer.json();
}

/** Names this tab, also after a reload: whom it acts as isn't simulated, and what it asks for opens here, whatever other tabs do. */
const tab = sessionStorage.getItem("tab") ?? Math.random().toString(36).slice(2);
sessionStorage.setItem("tab", tab);

const ask = (path, query) => request(`${path}?${new URLSearchParams({ tab, ...query })}`);

/** Requests what the person may see. */
export const look = (path, query) => ask(path, { as: state.as, ...query });

/** Acts as the person. */
export const post = (action, body) => request(action, { method: "POST", body: JSON.stringify({ as: state.as, tab, ...body }) });

/** Uploads a file as the person. */
export const upload = (file) => request(`upload?${new URLSearchParams({ as: state.as, tab, name: file.name })}`, { method: "POST", body: file });

/** Merges messages; deleted ones go, unless they have a thread. */
export function takeIn(messages) {
  let fresh = false;
  for (const one of messages) {
    if (one.deleted && !one.replies) { talk.messages.delete(one.ts); continue; }
    fresh ||= !talk.messages.has(one.ts);
    talk.messages.set(one.ts, one);
  }
  if (fresh) talk.messages = new Map([...talk.messages].sort(([one], [other]) => (one < other ? -1 : 1)));
}

let draw = () => {};
let failed = () => {};
/** Sets who draws changes, and who reports that the sandbox is not reachable. */
export function onNews(drawing, failing) { draw = drawing; failed = failing; }

const others = [];
/** Adds a listener for changes. */
export const onEveryNews = (hear) => others.push(hear);

/** Draws the present state again. */
export const redraw = () => draw(false);

/** Shortest and longest pause, in milliseconds, between two requests for a stream of changes. */
const REST_MS = [30, 250];
/** A stream leaves the page as much time for everything else as drawing it takes. */
const rest = (took) => new Promise((done) => { setTimeout(done, Math.min(Math.max(took, REST_MS[0]), REST_MS[1])); });

let again = false;
let busy = false;
/** Requests the changes and draws them. */
export async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    do {
      again = false;
      const began = performance.now();
      await told();
      if (again) await rest(performance.now() - began);
    } while (again);
  } catch (error) {
    failed(error);
  } finally { busy = false; }
}

/** The run of the workspace that the page shows. */
let run = null;

async function told() {
  const query = { as: here.get("as") ?? "", channel: here.get("channel") ?? "general" };
  const key = `${query.as} ${query.channel}`;
  const moved = key !== talk.key;
  const news = await ask("state", moved ? query : { ...query, since: talk.change });
  if (key !== `${here.get("as") ?? ""} ${here.get("channel") ?? "general"}`) { again = true; return; }
  // Another run of the workspace: nothing on the page is true of it.
  run ??= news.run;
  if (news.run !== run) { location.reload(); return; }
  // The conversation is another run's, or no longer the person's.
  if (!news.channel && here.has("channel")) {
    for (const gone of ["channel", "thread"]) here.delete(gone);
    keepAddress();
    again = true;
    return;
  }
  state = news;
  toldAt = Date.now();
  people = new Map(state.people.map((one) => [one.id, one]));
  namesVersion = JSON.stringify([state.people.map((one) => [one.id, one.shown]), state.channels.map((one) => one.name), state.groups, state.shortcuts]);
  if (moved) Object.assign(talk, { messages: new Map(), older: state.older, oldest: state.messages?.[0]?.ts ?? "", key, lastRead: openPlace()?.read ?? "", opened: state.messages?.at(-1)?.ts ?? "" });
  talk.change = state.change;
  takeIn(state.messages ?? []);
  draw(moved);
  for (const hear of others) hear();
}

/** The state of a step in the browser's history that only opened a thread. */
const THREAD_STEP = "thread";

/** Writes into the address what is open, as the present step of the history. */
export const keepAddress = () => history.replaceState(history.state, "", `#${here}`);

/**
 * Opens a conversation or a thread, or switches the person: `null` forgets. Another place, and a thread where none was open, is a step
 * that the browser goes back from.
 */
export function go(change) {
  const place = () => `${here.get("as")} ${here.get("channel")}`;
  const [before, thread] = [place(), here.get("thread")];
  for (const [key, value] of Object.entries(change)) value === null ? here.delete(key) : here.set(key, value);
  const opens = !thread && here.has("thread");
  if (before !== place()) history.pushState(null, "", `#${here}`);
  else if (opens) history.pushState(THREAD_STEP, "", `#${here}`);
  else keepAddress();
  return refresh();
}

/** Closes the thread: goes back the step that opened it, if that was the last one. */
export function closeThread() {
  here.delete("thread");
  if (history.state === THREAD_STEP) history.back();
  else go({});
}

/** Opens what the address names, after a step back or a link. The wire's drawer is no place, and stays as it is. */
export function follow() {
  const wire = here.get("wire");
  for (const key of [...here.keys()]) here.delete(key);
  for (const [key, value] of new URLSearchParams(location.hash.slice(1))) here.set(key, value);
  if (wire) here.set("wire", wire);
  else here.delete("wire");
  keepAddress();
  return refresh();
}

let asking = null;
/** Loads the messages before the oldest loaded one. */
export function bringOlder() {
  asking ??= (async () => {
    const key = talk.key;
    const past = await look("messages", { channel: state.channel, before: talk.oldest });
    if (key !== talk.key) return;
    Object.assign(talk, { older: past.older, oldest: past.messages[0]?.ts ?? talk.oldest });
    takeIn(past.messages);
  })().finally(() => { asking = null; });
  return asking;
}
