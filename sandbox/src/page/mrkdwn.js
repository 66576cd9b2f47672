// Draws mrkdwn. Text reaches the page only through text nodes, never as HTML.

import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { state, time } from "./store.js";

const decode = (text) => text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
const plain = (text) => withEmoji(decode(text));

/** Draws a text with mrkdwn in it. `names` knows people, channels and groups. */
export function mrkdwn(text, names) {
  const root = el("div", "mrkdwn");
  for (const [at, part] of text.split("```").entries()) {
    if (at % 2 === 1) root.append(el("pre", "", decode(part.replace(/^\n|\n$/g, ""))));
    else if (part) lines(part, names, root);
  }
  return root;
}

function lines(text, names, root) {
  let quote = null;
  const all = text.split("\n");
  all.forEach((line, at) => {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    if (quoted) {
      if (quote) quote.append("\n");
      else root.append((quote = el("blockquote")));
      inline(quoted[1], names, quote);
      return;
    }
    const afterQuote = quote !== null;
    quote = null;
    if (at > 0 && !afterQuote) root.append("\n");
    inline(line, names, root);
  });
}

// One thing at a time: code, a link or mention, then the three emphases at word borders.
const INLINE = /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])|(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])|(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])/g;

function inline(text, names, into) {
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > from) into.append(plain(text.slice(from, found.index)));
    from = found.index + found[0].length;
    const [, code, target, bold, italic, strike] = found;
    if (code !== undefined) into.append(el("code", "", decode(code)));
    else if (target !== undefined) into.append(reference(target, names));
    else {
      const node = el(bold !== undefined ? "strong" : italic !== undefined ? "em" : "s");
      inline(bold ?? italic ?? strike, names, node);
      into.append(node);
    }
  }
  if (from < text.length) into.append(plain(text.slice(from)));
}

function reference(inner, names) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : decode(inner.slice(bar + 1));
  if (target.startsWith("@")) return el("span", target.slice(1) === state.as ? "mention me" : "mention", `@${names.person(target.slice(1)) ?? (label || target.slice(1))}`);
  if (target.startsWith("#")) return el("span", "mention", `#${names.channel(target.slice(1)) ?? (label || "private channel")}`);
  if (target.startsWith("!subteam^")) return el("span", "mention", names.group(target.slice(9)) ?? (label || "@group"));
  if (target.startsWith("!date^")) return el("span", "", dated(target, label));
  if (target.startsWith("!")) return el("span", "mention", label || `@${target.slice(1)}`);
  return link(decode(target), label || decode(target));
}

/** A link that leads away from the page; text where it would lead nowhere good. */
export function link(target, label) {
  if (!/^(https?:|mailto:)/.test(target)) return document.createTextNode(label);
  const node = el("a", "", label);
  node.href = target;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  return node;
}

const DAY = { date: { dateStyle: "long" }, date_long: { dateStyle: "full" }, date_short: { dateStyle: "medium" }, date_num: { dateStyle: "short" } };
const CLOCK = { time: { hour: "2-digit", minute: "2-digit" }, time_secs: { timeStyle: "medium" } };

/** An instant as each reader's clock shows it: `!date^1392734382^{date} at {time}`. */
function dated(target, label) {
  const [, seconds, format] = target.split("^");
  if (!Number.isFinite(Number(seconds))) return label;
  return (format ?? "{date}").replace(/\{(\w+)\}/g, (all, name) => {
    const style = DAY[name.replace(/_pretty$/, "")] ?? CLOCK[name];
    return style ? time(seconds * 1000, style) : all;
  });
}
