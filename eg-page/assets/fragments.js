// Parts of the page that the server sends anew.

import { filter } from "./filter.js";
import { tick } from "./clock.js";
import { announce } from "./hints.js";
import { filter as filterEvents, withoutHeld } from "./events.js";
import { fetchOpen } from "./later.js";
import { redraw } from "./morph.js";
import { refocus } from "./plan.js";
import { showHeld } from "./presses.js";
import { keepRefusal } from "./refusals.js";
import { tell } from "./times.js";

/** Puts parts in their places, outer ones first; one whose place is gone is dropped. */
export function place(parts) {
  for (const { id, html } of withoutHeld(parts)) {
    const element = document.getElementById(id);
    if (!element) continue;
    const next = document.createElement("template");
    next.innerHTML = html;
    redraw(element, next.content);
    tell(element);
  }
  tick();
  filterEvents();
  showHeld();
  keepRefusal();
  fetchOpen();
  announce();
  filter();
  refocus();
}
