// Draws the attachments of a message: the older way to format one, with a coloured bar.

import { drawBlocks } from "./blocks.js";
import { el, unknown } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { link } from "./links.js";
import { mrkdwn } from "./mrkdwn.js";
import { picture } from "./others.js";
import { names, time } from "./store.js";

/** Slack's names for three colours. */
const COLOURS = new Map([["good", "#2eb886"], ["warning", "#daa038"], ["danger", "#a30200"]]);

function colour(named) {
  const hex = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(named ?? "");
  return COLOURS.get(named) ?? (hex ? `#${hex[1]}` : "");
}

/** One attachment; blocks in it are used as `context` says. */
export function attachment(one, context) {
  const inside = [];
  const linked = (text, target) => (target ? link(target, withEmoji(text)) : withEmoji(text));
  if (one.author_name) inside.push(el("div", "by", linked(one.author_name, one.author_link)));
  if (one.title) inside.push(el("b", "title", linked(one.title, one.title_link)));
  if (one.text) inside.push(mrkdwn(one.text, names));
  if (one.fields?.length) {
    inside.push(el("div", "fields", ...one.fields.map((field) => el("div", field.short ? "" : "long", el("b", "", withEmoji(field.title ?? "")), mrkdwn(field.value ?? "", names)))));
  }
  if (one.blocks) inside.push(drawBlocks(one.blocks, context));
  for (const [key, size] of [["image_url", ""], ["thumb_url", "small"]]) if (one[key]) inside.push(picture({ alt_text: one.fallback }, size));
  if (one.actions?.length) inside.push(unknown("Buttons of the older kind", one.actions.map((action) => action.text ?? action.name).join(", ")));
  const when = Number(one.ts) ? time(Number(one.ts) * 1000, { dateStyle: "medium" }) : "";
  if (one.footer || when) inside.push(el("small", "", withEmoji([one.footer, when].filter(Boolean).join(" · "))));
  if (!inside.length && !one.pretext) inside.push(withEmoji(one.fallback ?? ""));
  const bar = el("div", "attachment", ...inside);
  bar.style.borderColor = colour(one.color);
  return el("div", "attached", one.pretext ? mrkdwn(one.pretext, names) : null, inside.length ? bar : null);
}
