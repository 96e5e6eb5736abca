// Buttons of a simulated board: by mouse, finger or keyboard.

import { refuse } from "./refusals.js";
import { send } from "./send.js";

// A button with data-press="/press/panel/a" sends {down:true} while it is held, by mouse, finger, space bar or the key
// in its data-key; every press is followed by its release.
const held = new Map();

/** Marks the buttons that are held, after the page was drawn anew. */
export function showHeld() {
  for (const button of held.values()) button.classList.add("is-held");
}

function press(button, by) {
  if (!button || button.disabled || held.has(by)) return;
  held.set(by, button);
  button.classList.add("is-held");
  send(button.dataset.press, { down: true }).catch((error) => refuse(button, error));
}

function release(by) {
  const button = held.get(by);
  if (!button) return;
  held.delete(by);
  button.classList.remove("is-held");
  // Nothing stays around what was pressed: on a player's screen it would tell a secret choice.
  if (by.startsWith("pointer")) button.blur();
  send(button.dataset.press, { down: false }).catch((error) => refuse(button, error));
}

const typing = (target) => target.closest?.("input, textarea, select") !== null;

document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("[data-press]");
  if (button && event.button === 0) {
    button.setPointerCapture(event.pointerId);
    press(button, `pointer ${event.pointerId}`);
  }
});
for (const over of ["pointerup", "pointercancel", "lostpointercapture"])
  document.addEventListener(over, (event) => release(`pointer ${event.pointerId}`));
document.addEventListener("contextmenu", (event) => {
  if (event.target.closest("[data-press]")) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const focused = (event.key === " " || event.key === "Enter") && event.target.closest?.("[data-press]");
  const button = focused || document.querySelector(`[data-press][data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    press(button, `key ${event.code}`);
  }
  document.querySelector(`a[href][data-key="${CSS.escape(event.key)}"]`)?.click();
});
document.addEventListener("keyup", (event) => release(`key ${event.code}`));
addEventListener("blur", () => [...held.keys()].forEach(release));
