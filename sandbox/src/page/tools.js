// The tools of a message: by touch they are shown after a press on its words. Where its beginning is out of sight they stay where they
// can be seen, and off its buttons.

/** Pixels between a button and the tools beside it. */
const GAP_PX = 4;
/** What is used by a press, and not read. */
const CONTROL = "button, a, input, select, textarea, label, .finder";

/** Returns how far the tools move, to the left and down, so that they lie on no button of their message. */
function wayOff(message, tools) {
  const [all, box] = [message, tools].map((one) => one.getBoundingClientRect());
  const buttons = [...message.querySelectorAll(".body :is(button, select, input, textarea, .finder)")].map((one) => one.getBoundingClientRect());
  const isFree = ([left, down]) => box.left - left >= all.left && box.bottom + down <= all.bottom && !buttons.some((one) => (
    one.left < box.right - left && one.right > box.left - left && one.top < box.bottom + down && one.bottom > box.top + down));
  const beside = buttons.flatMap((one) => [[0, one.bottom + GAP_PX - box.top], [box.right + GAP_PX - one.left, 0]]);
  const ways = [[0, 0], ...beside.filter((way) => Math.min(...way) >= 0)].sort((one, other) => Math.max(...one) - Math.max(...other));
  // There is none if the message is nearly out of sight.
  return ways.find(isFree) ?? [0, 0];
}

/** Marks the message whose words are pressed, until another press in the list. */
function mark(list, pressed) {
  if (pressed.closest(".tools")) return;
  for (const old of list.querySelectorAll("article.pressed")) old.classList.remove("pressed");
  if (!pressed.closest(CONTROL)) pressed.closest("article")?.classList.add("pressed");
}

/** Shows the tools in a list, and keeps them off the buttons that come under them. */
export function useTools(list) {
  const clear = () => {
    for (const message of list.querySelectorAll("article:is(.pressed, :hover, :focus, :focus-within)")) {
      const tools = message.querySelector(".tools");
      if (!tools) continue;
      tools.style.translate = "";
      const isCut = message.getBoundingClientRect().top < list.getBoundingClientRect().top;
      const [left, down] = isCut ? wayOff(message, tools) : [0, 0];
      tools.style.translate = `${-left}px ${down}px`;
    }
  };
  list.addEventListener("click", (event) => { mark(list, event.target); clear(); });
  for (const event of ["scroll", "pointerover", "focusin"]) list.addEventListener(event, clear, { passive: true });
}
