// Draws rich text: sections, lists, quotes and code, with their styles.

import { el, unknown } from "./draw.js";
import { emoji } from "./emoji.js";
import { link } from "./mrkdwn.js";
import { names, state, time } from "./store.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

/** A `rich_text` block. */
export const richText = (block) => el("div", "mrkdwn rich", ...(block.elements ?? []).map(part));

function part(one) {
  const inside = () => (one.elements ?? []).map(inline);
  switch (one.type) {
    case "rich_text_section": return el("div", "", ...inside());
    case "rich_text_quote": return el("blockquote", "", ...inside());
    case "rich_text_preformatted": return el("pre", "", ...inside());
    case "rich_text_list": {
      const list = el(one.style === "ordered" ? "ol" : "ul", "", ...(one.elements ?? []).map((item) => el("li", "", part(item))));
      list.style.marginInlineStart = `${(one.indent ?? 0) * 20}px`;
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
  const mention = (words, me) => el("span", me ? "mention me" : "mention", words);
  switch (one.type) {
    case "text": return document.createTextNode(one.text ?? "");
    case "emoji": return document.createTextNode(emoji(one.name));
    case "link": return link(one.url ?? "", one.text ?? one.url ?? "");
    case "user": return mention(`@${names.person(one.user_id) ?? one.user_id}`, one.user_id === state.as);
    case "channel": return mention(`#${names.channel(one.channel_id) ?? "private channel"}`);
    case "usergroup": return mention(names.group(one.usergroup_id) ?? "@group");
    case "broadcast": return mention(`@${one.range}`);
    case "color": return el("code", "", one.value ?? "");
    case "date": return document.createTextNode(one.fallback ?? time(one.timestamp * 1000, { dateStyle: "medium", timeStyle: "short" }));
    default: return el("span", "unknown", `“${one.type}”`);
  }
}
