// Clocks of sessions: time left or taken, and how long nobody has done anything.

import { now } from "./times.js";

const LAST_MS = 600_000; // the last ten minutes are told by colour

/** `1:02:03`, `2:03`, and `-0:10` for what is overdue. */
function told(ms) {
  const all = Math.floor(Math.abs(ms) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(all / 3600);
  const rest = `${hours ? two(Math.floor(all / 60) % 60) : Math.floor(all / 60)}:${two(all % 60)}`;
  return `${ms < 0 && all > 0 ? "−" : ""}${hours ? `${hours}:` : ""}${rest}`;
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

/** Brings every clock of the page up to date. */
export function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const { clock: since, clockEnds, clockStopped, clockOver } = clock.dataset;
    const at = clockStopped ? Number(clockStopped) : now();
    const left = clockEnds ? Number(clockEnds) - at : null;
    write(clock.querySelector("[data-elapsed]"), told(Math.max(0, at - Number(since))));
    if (left !== null) write(clock.querySelector("[data-left]"), told(left < 0 ? left : Math.ceil(left / 1000) * 1000));
    const runs = clockOver === undefined && !clockStopped;
    const tone = !runs ? "rests" : left === null || left > LAST_MS ? "" : left > 0 ? "warn" : "bad";
    if ((clock.dataset.tone ?? "") !== tone) clock.dataset.tone = tone;
    idle(clock.querySelector("[data-moved]"));
  }
}

function idle(element) {
  if (!element) return;
  const silence = now() - Number(element.dataset.moved);
  const { warn, alarm } = element.dataset;
  const tone = silence >= Number(alarm) ? "bad" : silence >= Number(warn) ? "warn" : "";
  if ((element.dataset.tone ?? "") !== tone) element.dataset.tone = tone;
  write(element.querySelector("[data-idle]"), told(Math.max(0, silence)));
}
