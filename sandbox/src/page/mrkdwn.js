// Draws mrkdwn. Text reaches the page only through text nodes, never as HTML.

import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { link } from "./links.js";
import { state } from "./store.js";
import { dated } from "./dates.js";

const decode = (text) => text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
const plain = (text) => withEmoji(decode(text));

/** Draws a text with mrkdwn in it. `names` knows people, channels and groups. */
export function mrkdwn(text, names) {
  const root = Object.assign(el("div", "mrkdwn"), { dir: "auto" });
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
      else root.append((quote = Object.assign(el("blockquote"), { dir: "auto" })));
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
  if (target.startsWith("@")) return el("bdi", target.slice(1) === state.as ? "mention me" : "mention", `@${names.person(target.slice(1)) ?? (label || target.slice(1))}`);
  if (target.startsWith("#")) return el("span", "mention", `#${names.channel(target.slice(1)) ?? (label || "private channel")}`);
  if (target.startsWith("!subteam^")) return el("span", "mention", names.group(target.slice(9)) ?? (label || "@group"));
  if (target.startsWith("!date^")) {
    const [, seconds, format, leads] = target.split("^");
    const words = dated(Number(seconds), format, label);
    return leads ? link(decode(leads), words) : el("span", "", words);
  }
  if (target.startsWith("!")) return el("span", "mention", label || `@${target.slice(1)}`);
  return link(decode(target), label || decode(target));
}
