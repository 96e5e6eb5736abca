// Parts of the page that the server sends anew.

import { tick } from "./clock.js";
import { announce } from "./hints.js";
import { fetchOpen } from "./later.js";
import { redraw } from "./morph.js";
import { showHeld } from "./presses.js";
import { keepRefusal } from "./refusals.js";
import { tell } from "./times.js";

/** Puts parts in their places, outer ones first; one whose place is gone is dropped. */
export function place(parts) {
  for (const { id, html } of parts) {
    const element = document.getElementById(id);
    if (!element) continue;
    const next = document.createElement("template");
    next.innerHTML = html;
    redraw(element, next.content);
    tell(element);
  }
  tick();
  showHeld();
  keepRefusal();
  fetchOpen();
  announce();
}
