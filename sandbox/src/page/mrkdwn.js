// Draws mrkdwn. Text reaches the page only through text nodes, never as HTML.

const EMOJI = {
  taco: "🌮", tada: "🎉", "+1": "👍", thumbsup: "👍", "-1": "👎", clap: "👏", heart: "❤️", raised_hands: "🙌", pray: "🙏",
  wave: "👋", coffee: "☕", star: "⭐", sparkles: "✨", fire: "🔥", rocket: "🚀", eyes: "👀", smile: "😄", slightly_smiling_face: "🙂",
  joy: "😂", thinking_face: "🤔", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", bell: "🔔",
  calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", clock3: "🕒", hourglass: "⌛", bulb: "💡", memo: "📝", pencil: "📝",
  bar_chart: "📊", chart_with_upwards_trend: "📈", trophy: "🏆", medal: "🏅", gift: "🎁", balloon: "🎈", confetti_ball: "🎊",
  handshake: "🤝", muscle: "💪", 100: "💯", green_heart: "💚", blue_heart: "💙", seedling: "🌱", sunny: "☀️", zzz: "💤",
  palm_tree: "🌴", house: "🏠", lock: "🔒", key: "🔑", gear: "⚙️", link: "🔗", question: "❓", exclamation: "❗",
  arrow_right: "➡️", arrow_left: "⬅️", arrows_counterclockwise: "🔄", repeat: "🔁", large_blue_circle: "🔵", red_circle: "🔴",
  large_green_circle: "🟢", large_yellow_circle: "🟡", speech_balloon: "💬", mega: "📣", loudspeaker: "📢", doughnut: "🍩",
  busts_in_silhouette: "👥", bust_in_silhouette: "👤", robot_face: "🤖", dart: "🎯", cookie: "🍪", rainbow: "🌈", no_entry: "⛔",
};

export const emoji = (name) => EMOJI[name] ?? `:${name}:`;

/** An element with a class and children; strings become text. */
export function el(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const ICONS = {
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  lock: "M4 7.5h8v6H4ZM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2",
  people: "M6 8a2.3 2.3 0 1 0 0-4.6A2.3 2.3 0 0 0 6 8ZM1.5 13c0-2.2 2-3.6 4.500-3.600S10.500 10.800 10.500 13M10.500 3.600a2.200 2.200 0 0 1 0 4.200M12 9.700c1.500.500 2.500 1.700 2.500 3.300",
  picture: "M2 3h12v10H2ZM2 11l3.500-3.500 3 3L11 8l3 3M10.500 6h.010",
  play: "M4.500 3v10l8-5Z",
  pause: "M5 3v10M11 3v10",
  reply: "M2 3h12v8H7l-3 2.500V11H2Z",
};

/** A small drawn sign that says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const decode = (text) => text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
const withEmoji = (text) => decode(text).replace(/:([a-z0-9_+-]+):/g, (all, name) => EMOJI[name] ?? all);

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
    if (found.index > from) into.append(withEmoji(text.slice(from, found.index)));
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
  if (from < text.length) into.append(withEmoji(text.slice(from)));
}

function reference(inner, names) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? "" : decode(inner.slice(bar + 1));
  if (target.startsWith("@")) return el("span", "mention", `@${names.person(target.slice(1)) ?? (label || target.slice(1))}`);
  if (target.startsWith("#")) return el("span", "mention", `#${names.channel(target.slice(1)) ?? (label || "private channel")}`);
  if (target.startsWith("!subteam^")) return el("span", "mention", names.group(target.slice(9)) ?? (label || "@group"));
  if (target.startsWith("!date^")) return el("span", "", dated(target, label));
  if (target.startsWith("!")) return el("span", "mention", label || `@${target.slice(1)}`);
  if (!/^(https?:|mailto:)/.test(target)) return document.createTextNode(label || decode(target));
  const link = el("a", "", label || decode(target));
  link.href = decode(target);
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function dated(target, label) {
  const seconds = Number(target.split("^")[1]);
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toLocaleString() : label;
}
