// The script of a page that fills its screen: it keeps it live, counts its clocks, passes presses on, and sounds.

import { announce } from "./hints.js";
import "./presses.js";
import { listen } from "./sounds.js";
import { follow } from "./stream.js";
import { count, left } from "./times.js";

const LAST_S = 10; // the clock is in its last seconds

/** Counts every clock, and marks the page while the first one is about to run out. */
function tick() {
  count();
  const next = document.querySelector(".time [data-ends]");
  const seconds = next ? left(next) : Infinity;
  document.body.classList.toggle("is-urgent", seconds > 0 && seconds <= LAST_S);
  document.body.classList.toggle("is-out", seconds === 0);
}

tick();
setInterval(tick, 250);
announce();
if (document.body.dataset.sounds !== undefined) listen();
if (document.body.dataset.live) follow(document.body.dataset.live);
