// Draws rich text: sections, lists, quotes and code, with their styles.

import { dated } from "./dates.js";
import { el, unknown } from "./draw.js";
import { emoji } from "./emoji.js";
import { link } from "./links.js";
import { names, state } from "./store.js";

/** How deep a list within lists is drawn, and how far each depth is moved in. */
const MOST_DEEP = 8;
const INDENT_PX = 20;
const SIGNS = { bullet: ["disc", "circle", "square"], ordered: ["decimal", "lower-alpha", "lower-roman"] };
const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u", highlight: "mark", client_highlight: "mark" };

/** A `rich_text` block. */
export const richText = (block) => Object.assign(el("div", "mrkdwn rich", ...(block.elements ?? []).map(part)), { dir: "auto" });

function part(one) {
  const inside = () => (one.elements ?? []).map(inline);
  switch (one.type) {
    case "rich_text_section": return el("div", "", ...inside());
    case "rich_text_quote": return el("blockquote", "", ...inside());
    case "rich_text_preformatted": return el("pre", "", ...inside());
    case "rich_text_list": {
      const list = el(one.style === "ordered" ? "ol" : "ul", "", ...(one.elements ?? []).map((item) => el("li", "", part(item))));
      const depth = Math.min(Math.max(one.indent ?? 0, 0), MOST_DEEP);
      list.style.marginInlineStart = `${depth * INDENT_PX}px`;
      list.style.listStyleType = SIGNS[one.style === "ordered" ? "ordered" : "bullet"][depth % 3];
      if (one.offset) list.start = one.offset + 1;
      return list;
    }
    default: return unknown(`Rich text “${one.type}”`);
  }
}

function inline(one) {
  let node = piece(one);
  for (const [style, tag] of Object.entries(TAGS)) if (one.style?.[style]) node = el(tag, "", node);
  return node;
}

function piece(one) {
  const mention = (words, me) => el("bdi", me ? "mention me" : "mention", words);
  switch (one.type) {
    case "text": return document.createTextNode(one.text ?? "");
    case "emoji": return document.createTextNode(emoji(one.name, one.unicode));
    case "link": return link(one.url ?? "", one.text ?? one.url ?? "");
    case "user": return mention(`@${names.person(one.user_id) ?? one.user_id}`, one.user_id === state.as);
    case "channel": return mention(`#${names.channel(one.channel_id) ?? "private channel"}`);
    case "usergroup": return mention(names.group(one.usergroup_id) ?? "@group");
    case "broadcast": return mention(`@${one.range}`);
    case "color": return colour(one.value ?? "");
    case "team": return mention(state.team);
    case "date": {
      const words = dated(Number(one.timestamp), one.format, one.fallback);
      return one.url ? link(one.url, words) : document.createTextNode(words);
    }
    default: return el("span", "unknown", `“${one.type}”`);
  }
}

/** A colour by its value, with a patch of it. */
function colour(value) {
  const patch = el("span", "patch");
  if (/^#[0-9a-f]{3,8}$/i.test(value)) patch.style.background = value;
  return el("code", "", patch, value);
}
