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

const zone = () => person(state.as)?.zone || undefined;
const written = new Map();
/** Returns an instant in words, in the person's time zone. */
export function time(ms, style) {
  // Making a format takes far longer than using it.
  const key = JSON.stringify([zone(), style]);
  if (!written.has(key)) written.set(key, new Intl.DateTimeFormat(undefined, { timeZone: zone(), ...style }));
  return written.get(key).format(ms);
}
/** Returns the time of day without "AM" or "PM", for places with little room. */
export function shortTime(ms) {
  return time(ms, { hour: "numeric", minute: "2-digit" }).replace(/[\s\u202f]*[ap]\.?\s?m\.?/i, "");
}
/** Returns the instant of `2026-03-02T10:00` in that person's time zone. */
export function wallTime(text) {
  const asUtc = Date.parse(`${text}Z`);
  const ahead = (ms) => Date.parse(`${new Date(ms).toLocaleString("sv", { timeZone: zone() }).replace(" ", "T")}Z`) - ms;
  return asUtc - ahead(asUtc - ahead(asUtc));
}
/** Returns the local time there at an instant. */
export const onTheWall = (ms) => new Date(ms).toLocaleString("sv", { timeZone: zone() }).slice(0, 16).replace(" ", "T");

async function ask(path, query) {
  const answer = await fetch(`sandbox/${path}?${new URLSearchParams(query)}`);
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}`);
  return answer.json();
}

/** Requests what the person may see. */
export const look = (path, query) => ask(path, { as: state.as, ...query });

/** Acts as the person. */
export async function post(action, body) {
  const answer = await fetch(`sandbox/${action}`, { method: "POST", body: JSON.stringify({ as: state.as, ...body }) });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}`);
  return answer.json();
}

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

async function told() {
  const query = { as: here.get("as") ?? "", channel: here.get("channel") ?? "general" };
  const key = `${query.as} ${query.channel}`;
  const moved = key !== talk.key;
  const news = await ask("state", moved ? query : { ...query, since: talk.change });
  if (key !== `${here.get("as") ?? ""} ${here.get("channel") ?? "general"}`) { again = true; return; }
  // A sandbox that was started anew begins to count again.
  if (!moved && news.change < talk.change) { talk.key = ""; again = true; return; }
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

/** Opens a conversation or switches the person: `null` forgets. Another place is a page that the browser goes back to. */
export function go(change) {
  const before = `${here.get("as")} ${here.get("channel")}`;
  for (const [key, value] of Object.entries(change)) value === null ? here.delete(key) : here.set(key, value);
  const elsewhere = before !== `${here.get("as")} ${here.get("channel")}`;
  history[elsewhere ? "pushState" : "replaceState"](null, "", `#${here}`);
  return refresh();
}

/** Opens what the address names, after a step back or a link. */
export function follow() {
  for (const key of [...here.keys()]) here.delete(key);
  for (const [key, value] of new URLSearchParams(location.hash.slice(1))) here.set(key, value);
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
