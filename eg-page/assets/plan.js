// The plan of a room: an operator drags slots to where they stand, or moves them by the arrow keys.

import { refuse } from "./refusals.js";
import { send } from "./send.js";

const COLUMNS = 10;
const ROWS = 20;
const FAR_PX = 6; // a finger that rests moves less
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const arrange = () => document.querySelector("[data-arrange][aria-pressed=true]");
const tileOf = (target) => target.closest?.("[data-slot]");
const roomOf = (tile) => document.getElementById(tile.parentElement.id.replace(/^grid-/, "plan-"));

let drag = null;
// Who was moved by keyboard keeps the focus, although the server puts the tile elsewhere.
let focused = null;
// Moves are sent one after the other; `places` holds what is on its way.
let turn = Promise.resolve();
const places = new Map();

function place(tile) {
  if (places.has(tile.dataset.slot)) return places.get(tile.dataset.slot);
  const told = tile.dataset.place?.split(",").map(Number);
  return told ? { x: told[0], y: told[1] } : null;
}

function move(tile, plan, to) {
  const { slot } = tile.dataset;
  const button = arrange();
  places.set(slot, to);
  turn = turn
    .then(() => send(plan.dataset.plan, { slot, place: to }))
    .then(() => tell(button, slot, to))
    .catch((error) => refuse(tile, error))
    .finally(() => places.get(slot) === to && places.delete(slot));
  return turn;
}

function tell(button, slot, to) {
  const words = to ? button?.dataset.moved : button?.dataset.listed;
  const blanks = { slot, x: to ? to.x + 1 : "", y: to ? to.y + 1 : "" };
  document.getElementById("slot-moved").textContent = (words ?? "").replace(/\{(\w+)\}/g, (_, name) => blanks[name]);
}

/** Gives the focus back to the tile that was moved by keyboard. */
export function refocus() {
  if (focused && document.activeElement === document.body)
    document.querySelector(`[data-slot="${CSS.escape(focused)}"] a`)?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-arrange]");
  if (button) button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  else if (arrange() && tileOf(event.target)) event.preventDefault();
  focused = null;
});

document.addEventListener("pointerdown", (event) => {
  const tile = tileOf(event.target);
  const plan = tile && arrange() && event.button === 0 && roomOf(tile);
  if (!plan?.dataset.plan) return;
  tile.setPointerCapture(event.pointerId);
  drag = { tile, plan, id: event.pointerId, x: event.clientX, y: event.clientY, far: false };
});
document.addEventListener("pointermove", (event) => {
  if (drag?.id !== event.pointerId) return;
  const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
  drag.far ||= Math.hypot(x, y) > FAR_PX;
  if (!drag.far) return;
  drag.tile.style.translate = `${x}px ${y}px`;
  drag.tile.classList.add("is-dragged");
});
document.addEventListener("pointerup", async (event) => {
  if (drag?.id !== event.pointerId) return;
  const { tile, plan, far } = drag;
  drag = null;
  if (far) await move(tile, plan, cell(plan, event));
  drop(tile);
});
document.addEventListener("pointercancel", (event) => {
  if (drag?.id !== event.pointerId) return;
  drop(drag.tile);
  drag = null;
});
document.addEventListener("dragstart", (event) => arrange() && tileOf(event.target) && event.preventDefault());

function drop(tile) {
  tile.style.translate = "";
  tile.classList.remove("is-dragged");
}

/** The place under the pointer; none outside of the plan. */
function cell(plan, { clientX, clientY }) {
  const box = plan.getBoundingClientRect();
  const inside = clientX >= box.left && clientX < box.right && clientY >= box.top && clientY < box.bottom;
  if (!inside) return null;
  const { gridTemplateColumns, columnGap, gridAutoRows, rowGap } = getComputedStyle(plan);
  const wide = parseFloat(gridTemplateColumns) + parseFloat(columnGap);
  const high = parseFloat(gridAutoRows) + parseFloat(rowGap);
  const at = (span, size, most) => Math.min(most - 1, Math.max(0, Math.floor(span / size)));
  return { x: at(clientX - box.left + plan.scrollLeft, wide, COLUMNS), y: at(clientY - box.top, high, ROWS) };
}

document.addEventListener("keydown", (event) => {
  const tile = arrange() && tileOf(event.target);
  if (event.key === "Escape" && arrange()) return arrange().setAttribute("aria-pressed", "false");
  const plan = tile && roomOf(tile);
  if (!plan?.dataset.plan) return;
  const leaves = event.key === "Delete" || event.key === "Backspace";
  const step = STEPS[event.key];
  if (!leaves && !step) return;
  event.preventDefault();
  const from = place(tile);
  focused = tile.dataset.slot;
  if (leaves) return from && move(tile, plan, null);
  const [x, y] = from ? [from.x + step[0], from.y + step[1]] : [0, 0];
  if (x >= 0 && x < COLUMNS && y >= 0 && y < ROWS) move(tile, plan, { x, y });
});
