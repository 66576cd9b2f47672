// The blocks that few apps use: pictures, videos, files, tables, Markdown. Nothing is fetched: content of other sites is described.

import { el, icon, unknown } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { link } from "./links.js";
import { blocksOf } from "./markdown.js";
import { richText } from "./rich.js";

/** A picture is never fetched: its place and its description are drawn. */
export function picture(image, size = "") {
  const words = image.alt_text ?? "A picture";
  const node = el("div", `picture ${size}`, icon("picture"), el("span", size === "tiny" ? "hidden" : "", words));
  node.setAttribute("role", "img");
  node.setAttribute("aria-label", words);
  node.title = words;
  return node;
}

/** A video: its description and its link. */
export function video(block) {
  const title = withEmoji(block.title?.text ?? "A video");
  const by = [block.provider_name, block.author_name].filter(Boolean).join(" · ");
  return el("figure", "video",
    by ? el("small", "", by) : null, el("b", "", link(block.title_url ?? block.video_url ?? "", title)),
    block.description ? el("div", "", withEmoji(block.description.text ?? "")) : null,
    unknown("A video", block.alt_text));
}

/** A file that is kept elsewhere. */
export const file = (block) => unknown("A file from elsewhere", block.external_id);

/** A table; it scrolls sideways if it is too wide. */
export function table(block) {
  const cell = (one) => (one?.type === "rich_text" ? richText(one) : withEmoji(one?.text ?? ""));
  const sides = (block.column_settings ?? []).map((one) => one?.align ?? "left");
  const rows = (block.rows ?? []).map((row, at) => el("tr", "", ...row.map((one, column) => {
    const node = el(at ? "td" : "th", "", cell(one));
    if (!at) node.scope = "col";
    if (["center", "right"].includes(sides[column])) node.style.textAlign = sides[column];
    return node;
  })));
  const frame = el("div", "table", el("table", "", ...rows));
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Table");
  return frame;
}

/** A text in standard Markdown. */
export const markdown = (text) => el("div", "mrkdwn rich markdown", ...blocksOf(text));
