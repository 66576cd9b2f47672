// The composer: sending, `/` commands, `@` and `#` names by keyboard, and the apps' shortcuts.

import { acted } from "./acts.js";
import { draft, draftKey, keepDraft } from "./drafts.js";
import { button, el, growToText, icon, openMenu } from "./draw.js";
import { findEmoji } from "./emoji.js";
import { pickEmoji } from "./emoji_picker.js";
import { editLast } from "./message.js";
import { forReader, here, openPlace, placeName, post, redraw, state } from "./store.js";
import { toEnd } from "./talk.js";

/** Suggestions shown at once. */
const MOST_HINTS = 8;
/** Refusals after which the text is not put back: it can only fail again. */
const NOT_TO_REPEAT = ["unknown_command"];

/** Makes a form a composer; `inThread` says whether its messages belong to the open thread. */
export function useComposer(form, inThread) {
  const id = inThread ? "thread" : "main";
  const text = el("textarea");
  text.rows = 1;
  text.dir = "auto";
  text.id = `text-${id}`;
  const hints = el("ul", "hints");
  hints.id = `hints-${id}`;
  hints.hidden = true;
  hints.setAttribute("role", "listbox");
  hints.setAttribute("aria-label", "Suggestions");
  const usage = el("p", "usage");
  usage.setAttribute("aria-live", "polite");
  const label = el("label", "hidden", inThread ? "Reply" : "Message");
  label.htmlFor = text.id;
  for (const [name, value] of Object.entries({ "aria-autocomplete": "list", "aria-controls": hints.id, autocomplete: "off" })) text.setAttribute(name, value);
  const plus = inThread ? null : button("plain square", icon("plus"), () => shortcuts(plus), "Shortcuts");
  plus?.setAttribute("aria-haspopup", "menu");
  const send = button("button primary", inThread ? "Reply" : "Send");
  send.type = "submit";
  const smile = button("plain square", icon("smile"), () => pickEmoji(smile, (name) => insert(`:${name}: `)), "Emoji");
  form.prepend(hints, usage, el("div", "box", plus, label, text, smile, send));

  let offers = [];
  let chosen = 0;
  let word = "";
  const notice = form.querySelector(".notice");
  /** Why drafts couldn't be sent, by their keys. */
  const complaints = new Map();
  /** Where the text in the field belongs. */
  let at = { key: "", channel: "", thread: null };

  function drawHints() {
    const before = text.value.slice(0, text.selectionStart);
    word = before.match(/(?:^|\s)([@#][\w.-]*|:[\w+-]{2,})$/)?.[1] ?? before.match(/^\/\S*$/)?.[0] ?? "";
    offers = offered(word);
    chosen = 0;
    showHints();
    const command = state.commands.find((one) => text.value.startsWith(`${one.name} `));
    usage.replaceChildren(...(command ? [el("b", "", command.name), " ", el("span", "", forReader(command.hint)), " ", el("small", "", command.description)] : []));
  }

  function showHints() {
    hints.hidden = !offers.length;
    hints.replaceChildren(...offers.map(({ name, hint, about }, at) => {
      const row = el("li", "", el("b", "", name), hint ? el("code", "", hint) : null, el("small", "", about));
      row.id = `${hints.id}-${at}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(at === chosen));
      // The field keeps the focus.
      row.addEventListener("mousedown", (event) => { event.preventDefault(); take(at); });
      return row;
    }));
    if (offers.length) {
      text.setAttribute("aria-activedescendant", `${hints.id}-${chosen}`);
      hints.children[chosen].scrollIntoView({ block: "nearest" });
    } else text.removeAttribute("aria-activedescendant");
  }

  function hide() { offers = []; showHints(); }

  function take(at) {
    const start = text.selectionStart - word.length;
    const rest = text.value.slice(text.selectionStart).trimStart();
    text.value = `${text.value.slice(0, start)}${offers[at].name} ${rest}`;
    text.selectionEnd = text.selectionStart = start + offers[at].name.length + 1;
    text.focus();
    changed();
    drawHints();
  }

  function insert(words) {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.focus();
    changed();
  }

  function changed() {
    growToText(text);
    keepDraft(at.key, text.value);
    if (text.value.trim()) return;
    complaints.delete(at.key);
    notice.textContent = "";
  }

  async function submit() {
    const said = text.value.trim();
    if (!said) return;
    const { key, channel, thread } = at;
    text.value = "";
    changed();
    drawHints();
    if (!inThread) toEnd();
    const answer = await acted(post("say", { where: channel, text: said, ...(thread ? { thread_ts: thread } : {}) }));
    if (answer.status !== "failed" || NOT_TO_REPEAT.includes(answer.error) || draft(key)) return;
    keepDraft(key, said);
    complaints.set(key, notice.textContent);
    if (at.key === key) { text.value = said; growToText(text); }
    else notice.textContent = "";
    redraw();
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  text.addEventListener("input", () => { changed(); drawHints(); });
  text.addEventListener("blur", hide);
  text.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (offers.length && step) { event.preventDefault(); chosen = (chosen + step + offers.length) % offers.length; showHints(); return; }
    if (offers.length && ["Enter", "Tab"].includes(event.key) && !event.shiftKey) { event.preventDefault(); take(chosen); return; }
    if (offers.length && event.key === "Escape") { event.preventDefault(); hide(); return; }
    if (event.key === "ArrowUp" && !text.value && editLast(at.thread, () => text.focus())) event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); submit(); }
  });
  return {
    /** Shows in the field where messages go. */
    draw() {
      const place = openPlace();
      const thread = inThread ? here.get("thread") : null;
      const key = draftKey(thread);
      if (key !== at.key) {
        at = { key, channel: state.channel, thread };
        text.value = draft(key);
        notice.textContent = complaints.get(key) ?? "";
        growToText(text);
        drawHints();
      }
      const closed = place?.archived ? "This channel is archived" : place && !place.member ? `Join ${placeName(place)} to write here` : null;
      text.placeholder = closed ?? (inThread ? "Reply…" : `Message ${placeName(place)}`);
      text.disabled = Boolean(closed);
      send.disabled = text.disabled;
      if (plus) plus.hidden = !state.shortcuts.some((one) => !one.on_message);
    },
  };
}

/** Returns the suggestions for a word that is being typed. */
function offered(word) {
  const typed = word.slice(1).toLowerCase();
  const fits = ({ name, about }) => name !== word && (name.slice(1).toLowerCase().startsWith(typed) || about.toLowerCase().split(/\s+/).some((part) => part.startsWith(typed)));
  const all = {
    "/": () => state.commands.map((one) => ({ name: one.name, hint: forReader(one.hint), about: one.description })).filter((one) => one.name.startsWith(word)),
    "#": () => state.channels.filter((one) => one.name && one.kind.endsWith("channel")).map((one) => ({ name: `#${one.name}`, about: one.topic })),
    "@": () => [...state.people.filter((one) => !one.deleted).map((one) => ({ name: `@${one.name}`, about: one.shown || one.real_name })), ...state.groups.map((one) => ({ name: `@${one.handle}`, about: one.name }))]
      .sort((one, other) => one.about.localeCompare(other.about)),
    ":": () => findEmoji(word).map((one) => ({ name: `:${one.names[0]}:`, about: one.sign })),
  }[word[0]];
  if (word[0] === ":") return all().slice(0, MOST_HINTS);
  return all ? all().filter(fits).slice(0, MOST_HINTS) : [];
}

function shortcuts(anchor) {
  const items = state.shortcuts.filter((one) => !one.on_message);
  openMenu(anchor, "Shortcuts", items.map((one) => ({ text: one.name, act: () => acted(post("shortcut", { callback_id: one.callback_id })) })));
}
