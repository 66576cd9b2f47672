// One Tab stop for a list: the arrows, Home and End go from item to item, and Tab reaches what is in the current one.

const CONTROLS = "button, a[href], input, select, textarea, summary, [tabindex]";
/** Controls that need the arrows themselves. */
const OWN_ARROWS = "input, select, textarea, [role=listbox], [role=menu]";

/** Puts an item and its controls into the order of Tab, or takes them out of it. Screen readers read them all the same. */
function setStops(item, on) {
  item.tabIndex = on ? 0 : -1;
  for (const one of item.querySelectorAll(CONTROLS)) {
    if (on && one.dataset.stop !== undefined) {
      if (one.dataset.stop) one.setAttribute("tabindex", one.dataset.stop);
      else one.removeAttribute("tabindex");
      delete one.dataset.stop;
    } else if (!on && one.tabIndex >= 0) {
      one.dataset.stop = one.getAttribute("tabindex") ?? "";
      one.tabIndex = -1;
    }
  }
}

/**
 * Makes a list one Tab stop. `selector` finds its items, `key` names one so that it is known when it is drawn again, and
 * `usual` chooses the stop while the person has chosen none. `settle` follows each drawing, `forget` a change of the list.
 */
export function oneStop(list, selector, key, usual) {
  let current = null;
  let awake = null;
  const resting = new WeakSet();
  const all = () => [...list.querySelectorAll(selector)];

  function settle() {
    const items = all();
    const next = items.find((one) => key(one) === current) ?? usual(items) ?? null;
    for (const one of items) {
      if (one === next || resting.has(one)) continue;
      setStops(one, false);
      resting.add(one);
    }
    if (next && next !== awake) { setStops(next, true); resting.delete(next); }
    awake = next;
  }

  list.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (!item || item === awake) return;
    current = key(item);
    settle();
  });
  list.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.target.closest(OWN_ARROWS)) return;
    const items = all();
    const at = items.indexOf(event.target.closest(selector));
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || !items.length) return;
    event.preventDefault();
    items[Math.max(0, Math.min(to, items.length - 1))].focus();
  });
  return { settle, forget() { current = null; } };
}
