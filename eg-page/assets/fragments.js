// Parts of the page that the server sends anew.

import { morphChildren } from "./morph.js";
import { showHeld } from "./presses.js";
import { keepRefusal } from "./refusals.js";
import { tell } from "./times.js";

/** Puts a fragment in its place; one whose place is gone is dropped. */
export function place({ id, html }) {
  const element = document.getElementById(id);
  if (!element) return;
  const next = document.createElement("template");
  next.innerHTML = html;
  morphChildren(element, next.content);
  showHeld();
  tell(element);
  keepRefusal();
}
