// Draws standard Markdown, as `markdown` blocks have it. Like all text, it reaches the page only through text nodes.

import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { link } from "./links.js";

/** What begins a line that is not plain text. */
const LINE = { heading: /^(#{1,6})\s+(.*?)\s*#*$/, rule: /^ {0,3}([-*_])(\s*\1){2,}\s*$/, quote: /^>\s?(.*)$/, item: /^(\s*)(?:[-*+]|(\d+)[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/, fence: /^(```|~~~)/ };
/** Columns of indentation that make a list one deeper. */
const DEEPER = 2;
const INDENT_PX = 20;

/** The parts of a text, each drawn. */
export function blocksOf(text) {
  const lines = text.split("\n");
  const drawn = [];
  while (lines.length) {
    const line = lines.shift();
    const found = Object.entries(LINE).map(([kind, like]) => [kind, line.match(like)]).find(([, match]) => match);
    const [kind, match] = found ?? [];
    if (kind === "fence") drawn.push(fenced(lines, match[1]));
    else if (kind === "heading") drawn.push(el("div", `title size-${match[1].length}`, ...inline(match[2])));
    else if (kind === "rule") drawn.push(el("hr"));
    else if (kind === "quote") drawn.push(el("blockquote", "", ...blocksOf([match[1], ...taken(lines, LINE.quote).map((one) => one.match(LINE.quote)[1])].join("\n"))));
    else if (kind === "item") drawn.push(...items([line, ...taken(lines, LINE.item)]));
    else if (line.trim()) drawn.push(el("div", "", ...inline([line, ...plain(lines)].join("\n"))));
  }
  return drawn;
}

/** The next lines that look alike. */
function taken(lines, like) {
  const end = lines.findIndex((line) => !like.test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

/** The next lines of a paragraph. */
function plain(lines) {
  const end = lines.findIndex((line) => !line.trim() || Object.values(LINE).some((like) => like.test(line)));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function fenced(lines, fence) {
  const end = lines.findIndex((line) => line.startsWith(fence));
  const code = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return el("pre", "", code.join("\n"));
}

/** Lists, each as deep as it is indented. */
function items(lines) {
  const lists = [];
  for (const line of lines) {
    const [, indent, number, tick, words] = line.match(LINE.item);
    const depth = Math.floor(indent.replaceAll("\t", "  ").length / DEEPER);
    const tag = number === undefined ? "UL" : "OL";
    let list = lists.at(-1);
    if (list?.depth !== depth || list.node.tagName !== tag) {
      list = { depth, node: el(tag) };
      if (number > 1) list.node.start = number;
      list.node.style.marginInlineStart = `${depth * INDENT_PX}px`;
      lists.push(list);
    }
    list.node.append(el("li", "", tick === undefined ? null : tick === " " ? "☐ " : "☑ ", ...inline(words)));
  }
  return lists.map((list) => list.node);
}

const INLINE = /(`+)(.+?)\1|!?\[([^\]]*)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)|<(https?:[^<>\s]+)>|(\*\*|__)(\S(?:.*?\S)?)\6|~~(\S(?:.*?\S)?)~~|\*(\S(?:[^*]*\S)?)\*|(?<!\w)_(\S(?:[^_]*\S)?)_(?!\w)/gs;

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > from) nodes.push(withEmoji(text.slice(from, found.index)));
    from = found.index + found[0].length;
    const [, , code, label, target, bare, , bold, struck, star, line] = found;
    if (code !== undefined) nodes.push(el("code", "", code));
    else if (target !== undefined) nodes.push(link(target, label || target));
    else if (bare !== undefined) nodes.push(link(bare, bare));
    else nodes.push(el(bold !== undefined ? "strong" : struck !== undefined ? "s" : "em", "", ...inline(bold ?? struck ?? star ?? line)));
  }
  if (from < text.length) nodes.push(withEmoji(text.slice(from)));
  return nodes;
}
