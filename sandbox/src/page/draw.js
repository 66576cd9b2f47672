// Small things that are drawn everywhere: elements, icons, pictures of people, menus.

/** An element with a class and children; strings become text. */
export function el(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A button that does something. */
export function button(className, content, act, title) {
  const node = el("button", className, content);
  node.type = "button";
  if (title) { node.title = title; node.setAttribute("aria-label", title); }
  if (act) node.addEventListener("click", act);
  return node;
}

/** Marks what a simulated colleague did. */
export function simulatedTag() {
  const node = el("span", "badge simulated", "simulated");
  node.title = "A simulated colleague did this";
  return node;
}

const ICONS = {
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  hash: "M6.500 2.500 5 13.500M11 2.500 9.500 13.500M3 6h10.500M2.500 10H13",
  lock: "M4 7.5h8v6H4ZM5.5 7.5v-2a2.500 2.500 0 0 1 5 0v2",
  people: "M6 8a2.300 2.300 0 1 0 0-4.600A2.300 2.300 0 0 0 6 8ZM1.500 13c0-2.200 2-3.600 4.500-3.600S10.500 10.800 10.500 13M10.500 3.600a2.200 2.200 0 0 1 0 4.200M12 9.700c1.500.500 2.500 1.700 2.500 3.300",
  picture: "M2 3h12v10H2ZM2 11l3.500-3.500 3 3L11 8l3 3M10.500 6h.010",
  play: "M4.500 3v10l8-5Z",
  pause: "M5 3v10M11 3v10",
  reply: "M2 3h12v8H7l-3 2.500V11H2Z",
  smile: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.500 9.500s.800 1.500 2.500 1.500 2.500-1.500 2.500-1.500M6 6.500h.010M10 6.500h.010",
  more: "M3.500 8h.010M8 8h.010M12.500 8h.010",
  down: "M4 6l4 4 4-4",
  back: "M13 8H3.500M7 4 3 8l4 4",
  search: "M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM10.300 10.300l3.200 3.200",
  plus: "M8 3v10M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  box: "M2.500 4.500 8 2l5.500 2.500v7L8 14l-5.500-2.500ZM2.500 4.500 8 7l5.500-2.500M8 7v7",
  light: "M8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM8 1.500v1.500M8 13v1.500M1.500 8H3M13 8h1.500M3.400 3.400l1 1M11.600 11.600l1 1M12.600 3.400l-1 1M4.400 11.600l-1 1",
  dark: "M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500Z",
  system: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8 5l4.500 0M8 8h6M8 11h5",
  trash: "M3 4.500h10M6.500 4.500V3h3v1.500M4.500 4.500l.600 8.500h5.800l.600-8.500M6.800 7v3.500M9.200 7v3.500",
  pencil: "M3 13l.700-3L10.500 3.200l2.300 2.300L6 12.300ZM9 4.700 11.300 7",
  pin: "M6 2h4l-.500 4L12 8.500H4L6.500 6ZM8 8.500V14",
};

/** A small icon that screen readers skip. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.dataset.name = name;
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A person's picture, drawn from their initials. */
export function avatar(one, small) {
  const words = (one?.shown || one?.name || "?").split(/[\s._-]+/).filter(Boolean);
  const initials = words.length > 1 ? [...words[0]][0] + [...words.at(-1)][0] : [...(words[0] ?? "?")].slice(0, 2).join("");
  const node = el("span", `avatar${small ? " small" : ""}${one?.is_bot ? " app" : ""}`, initials.toUpperCase());
  let hue = 7;
  for (const letter of one?.id ?? "") hue = (hue * 31 + letter.codePointAt(0)) % 360;
  node.style.background = `hsl(${hue} 42% 33%)`;
  node.setAttribute("aria-hidden", "true");
  return node;
}

/** Fades the lower edge of what scrolls while there is more below. */
export function marksMore(node) {
  const mark = () => node.classList.toggle("more", node.scrollHeight - node.scrollTop - node.clientHeight > 2);
  node.addEventListener("scroll", mark, { passive: true });
  const sizes = new ResizeObserver(mark);
  for (const one of [node, ...node.children]) sizes.observe(one);
}

/** Makes a field as high as its text, up to what its style allows. */
export function growToText(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}

/** What the page cannot draw, in a box that says so. */
export const unknown = (what, words) => el("div", "unknown", icon("box"), el("span", "", `${what} (not drawn here)${words ? `: ${words}` : ""}`));

/**
 * Opens a menu at `anchor` and moves the focus there. An item is `{ text, act }`; Escape, or a click elsewhere, closes it.
 */
export function openMenu(anchor, label, items) {
  const menu = el("div", "menu");
  menu.popover = "auto";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  for (const item of items) {
    const row = button("", item.text, () => { menu.hidePopover(); item.act(); });
    row.setAttribute("role", "menuitem");
    row.tabIndex = -1;
    menu.append(row);
  }
  menu.addEventListener("keydown", (event) => {
    const rows = [...menu.children];
    const at = rows.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (event.key === "Tab") menu.hidePopover();
    if (to === undefined) return;
    event.preventDefault();
    rows.at(to % rows.length).focus();
  });
  floatAt(anchor, menu);
  menu.firstElementChild?.focus();
}

/** Puts a popover into the page at `anchor`, below it or above. It goes when it is closed, and the focus returns to the anchor. */
export function floatAt(anchor, node) {
  // Outside an open dialog nothing can be reached.
  (anchor.closest("dialog") ?? document.body).append(node);
  anchor.setAttribute("aria-expanded", "true");
  // A press on the anchor closes what is open, and doesn't open it again.
  const open = new AbortController();
  const closes = (event) => event.stopImmediatePropagation();
  anchor.addEventListener("pointerdown", () => anchor.addEventListener("click", closes, { capture: true, once: true }), { signal: open.signal });
  node.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    open.abort();
    anchor.setAttribute("aria-expanded", "false");
    const within = node.contains(document.activeElement) || document.activeElement === document.body;
    node.remove();
    if (within) anchor.focus();
  });
  node.showPopover();
  placeAt(anchor, node);
}

/** Moves what floats to its anchor, wholly in sight. */
export function placeAt(anchor, node) {
  const at = anchor.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - node.offsetWidth - 8));
  const below = at.bottom + 4 + node.offsetHeight < innerHeight;
  node.style.left = `${left}px`;
  node.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - node.offsetHeight - 4)}px`;
}
