// Tables of data and charts. A chart is drawn as a table of its numbers with a bar below each, which screen readers read too.

import { el } from "./draw.js";
import { withEmoji } from "./emoji.js";
import { richText } from "./rich.js";

/** A part of the page that scrolls sideways if it is too wide. */
function framed(table, label) {
  const frame = el("div", "table", table);
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", label);
  return frame;
}

function heading(scope, ...children) {
  const node = el("th", "", ...children);
  node.scope = scope;
  return node;
}

/** A table of data, all of its rows on one page. */
export function dataTable(block) {
  const first = block.row_header_column_index ?? 0;
  const cell = (one) => (one?.type === "rich_text" ? richText(one) : withEmoji(one?.text ?? ""));
  const rows = (block.rows ?? []).map((row, at) => el("tr", "", ...row.map((one, column) => {
    if (!at) return heading("col", cell(one));
    const node = column === first ? heading("row", cell(one)) : el("td", "", cell(one));
    if (one?.type === "raw_number") node.style.textAlign = "right";
    return node;
  })));
  const caption = el("caption", "", withEmoji(block.caption ?? ""));
  return framed(el("table", "", caption, ...rows), block.caption ?? "Table");
}

/** A number with a bar as long as its part of the chart's highest number. */
function measured(value, top) {
  const amount = el("span", "amount");
  amount.style.width = `${Math.max(0, (100 * value) / top)}%`;
  amount.setAttribute("aria-hidden", "true");
  return el("td", "measured", el("span", "", String(value)), amount);
}

/** The round number at which the bars of a chart end: 1, 2 or 5 times a power of ten, as the axes of charts do. */
function topOf(largest) {
  const power = 10 ** Math.floor(Math.log10(largest || 1));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= largest);
}

/** A chart: each category with the numbers of its series, or each segment of a pie with its number. */
export function chart(block) {
  const { type, segments = [], series = [], axis_config: axis = {} } = block.chart ?? {};
  const lines = type === "pie"
    ? segments.map((one) => [one.label, [one.value]])
    : (axis.categories ?? []).map((category) => [category,
      series.map((one) => one.data?.find((point) => point.label === category)?.value ?? 0)]);
  const top = topOf(Math.max(0, ...lines.flatMap(([, values]) => values)));
  const names = type === "pie" ? ["Value"] : series.map((one) => one.name);
  const head = el("tr", "", heading("col", axis.x_label ?? ""), ...names.map((name) => heading("col", name)));
  const rows = lines.map(([label, values]) =>
    el("tr", "", heading("row", label), ...values.map((value) => measured(value, top))));
  const scale = el("tr", "scale", el("td"), ...names.map(() => el("td", "", el("div", "", ...[0, top / 2, top].map((one) => el("span", "", String(one)))))));
  scale.setAttribute("aria-hidden", "true");
  const caption = el("caption", "", block.title ?? "", axis.y_label ? ` (${axis.y_label})` : "", " ", el("small", "", `${type} chart`));
  return framed(el("table", "chart", caption, head, ...rows, scale), block.title ?? "Chart");
}
