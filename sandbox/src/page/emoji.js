// Emoji by Slack's names for them.

import { EMOJI_LINES } from "./emoji_names.js";

/** What only changes another emoji, or is one of its parts. */
const PARTS = "Component";

/** The categories: `{ name, emoji: [{ sign, names, words }] }`. */
export const CATEGORIES = [];
for (const line of EMOJI_LINES.trim().split("\n")) {
  if (line.startsWith("# ")) { CATEGORIES.push({ name: line.slice(2), emoji: [] }); continue; }
  for (const one of line.split(";")) {
    const [sign, names, ...words] = one.split(" ");
    CATEGORIES.at(-1).emoji.push({ sign, names: names.split("/"), words });
  }
}
const SIGNS = new Map(CATEGORIES.flatMap(({ emoji }) => emoji.flatMap(({ sign, names }) => names.map((name) => [name, sign]))));
/** All that can be picked. */
export const ALL = CATEGORIES.filter(({ name }) => name !== PARTS).flatMap(({ emoji }) => emoji);

/** The common ones. */
export const COMMON = ["+1", "taco", "tada", "heart", "raised_hands", "eyes", "joy", "white_check_mark", "clap", "pray", "rocket", "fire",
  "100", "wave", "sparkles", "bulb", "muscle", "coffee"];

/** What Slack knows an emoji by besides its name: `1f44b`, or several of them with lines between. */
function drawn(codes) {
  const points = (codes ?? "").split("-").map((code) => Number.parseInt(code, 16));
  return points.every((point) => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}

/** Returns the character for a name, or the name between colons. A name may have a skin tone: `wave::skin-tone-3`. */
export function emoji(name, codes) {
  const parts = name.split("::").map((part) => SIGNS.get(part));
  return (parts.every(Boolean) ? parts.join("") : null) ?? drawn(codes) ?? `:${name}:`;
}

/** Returns a text with its names replaced by characters. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => SIGNS.get(name) ?? all);

/** Returns the emoji that a word finds: those with such a name first. */
export function findEmoji(typed) {
  const words = typed.toLowerCase().replaceAll(":", "").split(/[\s_]+/).filter(Boolean);
  const whole = words.join("_");
  const rank = (one) => {
    if (one.names.includes(whole)) return 0;
    if (one.names.some((name) => name.startsWith(whole))) return 1;
    const parts = [...one.names.flatMap((name) => name.split(/[_-]/)), ...one.words];
    return words.every((word) => parts.some((part) => part.startsWith(word))) ? 2 : 3;
  };
  return ALL.map((one) => [rank(one), one]).filter(([at]) => at < 3).sort(([at], [other]) => at - other).map(([, one]) => one);
}
