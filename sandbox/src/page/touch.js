// Where the focus goes on a touch screen: in a text field it brings up a keyboard, which covers half of the page.

/** Whether the page is used by touch. */
export const isTouch = () => matchMedia("(pointer: coarse)").matches;

const WRITTEN = "textarea, input:not([type=checkbox], [type=radio], [type=date], [type=time], [type=datetime-local])";
/** Whether it is in sight where a form begins. */
function isInSight(control) {
  const [one, all] = [control, control.closest(".blocks, form")].map((node) => node.getBoundingClientRect());
  return one.bottom <= all.bottom;
}

/** Whether the focus may go to this control of a form: only if it is in sight, and to a field for writing only if the form begins with it,
 * and it must be filled in. */
export function takesFocus(control, form) {
  if (!isTouch()) return true;
  if (!isInSight(control)) return false;
  if (!control.matches(WRITTEN)) return true;
  const field = control.closest(".field");
  return field && field === form.querySelector(".field") && !control.value && !field.querySelector(".finder, .optional");
}
