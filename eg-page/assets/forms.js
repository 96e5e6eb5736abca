// Forms and the acts behind them: each is sent once.

import { fields } from "./fields.js";
import { refuse, silence } from "./refusals.js";
import { Unsent, save, send } from "./send.js";

// A form is sent once: not again while it is under way, nor for a moment after it was done. Its key tells the server
// that a second try, after an answer that never came, is the same act. `data-again` marks what is pressed repeatedly.
const ONCE_MS = 1000;
const resting = new WeakSet();
const keys = new WeakMap();

function keyOf(form) {
  const drawn = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  if (!keys.has(form)) keys.set(form, drawn().join(""));
  return keys.get(form);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  if (resting.has(form)) return;
  // Whoever sees an old state would act on it.
  if (document.body.classList.contains("is-lost")) return refuse(form, new Unsent(document.body.dataset.unsent));
  resting.add(form);
  const button = event.submitter ?? form.querySelector("[type=submit]");
  button?.setAttribute("aria-busy", "true");
  const once = form.dataset.again === undefined;
  if (once) spot = { ...pointer, until: Infinity };
  silence();
  try {
    const answer = await send(form.dataset.post, fields(form, button), keyOf(form), form.dataset.method);
    if (form.dataset.save) await save(answer, form.dataset.save);
    const told = await words(form, answer);
    if (form.dataset.then) location.assign(form.dataset.then);
    keys.delete(form);
    finish(form, told);
    if (once) await moment(ONCE_MS);
  } catch (error) {
    if (!(error instanceof Unsent)) keys.delete(form);
    refuse(form, error);
  } finally {
    spot = null;
    resting.delete(form);
    button?.removeAttribute("aria-busy");
  }
});

const moment = (ms) => new Promise((done) => setTimeout(done, ms));

/** What a form says once it is done: `data-done`, or the part of the answer that `data-show` names, a path as address. */
async function words({ dataset: { done, show } }, answer) {
  if (!show) return done;
  const told = (await answer.json())[show];
  return told.startsWith("/") ? new URL(told, location.href).href : told;
}

/** What is done is empty and shut: nobody does it a second time, or to somebody else, with what still stood there. */
function finish(form, told) {
  form.reset();
  if (told) {
    const output = form.querySelector("output");
    output.textContent = told;
    output.classList.add("good");
    return;
  }
  const dialog = form.closest("dialog");
  if (dialog) return dialog.close();
  const act = form.closest("details.act");
  if (!act) return;
  const inside = act.contains(document.activeElement);
  act.open = false;
  if (inside) act.querySelector("summary").focus();
}

// The second click of a double click belongs to the act of the first, whatever stands there by now.
const NEAR_PX = 16;
let pointer = { x: NaN, y: NaN };
let spot = null;

document.addEventListener(
  "click",
  (event) => {
    const target = event.target.closest?.("button, summary");
    if (event.detail === 0) pointer = { x: NaN, y: NaN }; // by keyboard
    if (event.detail === 0 || target?.form?.dataset.again !== undefined || target?.dataset.press) return;
    const near = spot && Math.hypot(event.clientX - spot.x, event.clientY - spot.y) < NEAR_PX;
    if (near && target) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    pointer = { x: event.clientX, y: event.clientY };
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const act = event.key === "Escape" && event.target.closest?.("details.act[open]");
  if (!act) return;
  act.open = false;
  act.querySelector("summary").focus();
});
