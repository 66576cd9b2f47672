// Emoji by Slack's names for them.

const EMOJI = new Map(Object.entries({
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
}));

/** The common ones. */
export const COMMON = ["+1", "taco", "tada", "heart", "raised_hands", "eyes", "joy", "white_check_mark"];

/** What Slack knows an emoji by besides its name: `1f44b`, or several of them with lines between. */
function drawn(codes) {
  const points = (codes ?? "").split("-").map((code) => Number.parseInt(code, 16));
  return points.every((point) => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}

/** Returns the character for a name, or the name between colons. */
export const emoji = (name, codes) => EMOJI.get(name) ?? drawn(codes) ?? `:${name}:`;

/** Returns a text with its names replaced by characters. */
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => EMOJI.get(name) ?? all);
