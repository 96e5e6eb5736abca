// The form of settings and its text: whichever is changed, the server draws the other anew, checked as the file is.

import { Unsent, save, send } from "./send.js";
import { refuse, silence } from "./refusals.js";
import { tell } from "./times.js";

const REST_MS = 300;
const page = document.getElementById("settings");
const at = (id) => document.getElementById(id);
let turn = 0;
let wait = 0;

function texts() {
  const all = {};
  for (const field of at("settings-form").elements) {
    if (!field.name) continue;
    // A box with a word of its own stands for that word.
    const ticked = field.hasAttribute("value") ? field.checked && field.value : field.checked;
    all[field.name] = field.type === "checkbox" ? String(ticked || "") || "false" : field.value;
  }
  return all;
}

/** Asks for the page as it is with what is written now; shows the answer unless something newer is on its way. */
async function ask(body, show) {
  const mine = ++turn;
  clearTimeout(wait);
  try {
    const answer = await send(location.pathname, { game: page.dataset.game, ...body });
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== turn) return;
    silence();
    show(drawn);
    for (const id of ["settings-told", "settings-file"]) at(id).replaceChildren(...drawn.getElementById(id).childNodes);
    tell(document);
  } catch (error) {
    if (mine === turn || error instanceof Unsent) refuse(page, error);
  }
}

/** Draws the fields anew, and puts the focus where it was, or on the element with this id. */
function redraw(drawn, focus = document.activeElement?.id) {
  const form = at("settings-form");
  const open = drawn.getElementById("settings-form");
  if (open.dataset.unread !== undefined) return;
  form.replaceChildren(...open.childNodes);
  if (focus && !at("settings-text").matches(":focus")) at(focus)?.focus();
}

/** Keeps the fields as they are typed, and shows what is wrong with each. */
function mark(drawn) {
  for (const wrong of at("settings-form").querySelectorAll(".wrong")) {
    const words = drawn.getElementById(wrong.id)?.textContent ?? "";
    if (wrong.textContent !== words) wrong.textContent = words;
    const field = at(wrong.id.slice(0, -"~wrong".length));
    if (field?.matches("input, select, textarea")) field.toggleAttribute("aria-invalid", words !== "");
    if (words) field?.setAttribute("aria-invalid", "true");
  }
}

const write = (drawn) => (at("settings-text").value = drawn.getElementById("settings-text").value);

page.addEventListener("input", (event) => {
  const { target } = event;
  clearTimeout(wait);
  turn++;
  if (target.id === "settings-text") {
    wait = setTimeout(() => ask({ yaml: target.value }, redraw), REST_MS);
  } else if (target.form?.id === "settings-form") {
    const whole = target.dataset.whole !== undefined;
    const show = (drawn) => (write(drawn), whole ? redraw(drawn) : mark(drawn));
    wait = setTimeout(() => ask({ fields: texts() }, show), whole ? 0 : REST_MS);
  }
});

page.addEventListener("click", async ({ target }) => {
  const text = () => at("settings-file").textContent;
  if (target.dataset.change) {
    const change = JSON.parse(target.dataset.change);
    const next = `f${change.list}+`;
    await ask({ fields: texts(), change }, (drawn) => (write(drawn), redraw(drawn, next)));
  } else if (target.id === "settings-copy") {
    await copy(at("settings-file"));
    at("settings-copied").textContent = target.dataset.done;
  } else if (target.id === "settings-save") {
    await save(new Response(text()), target.dataset.name);
  }
});

page.addEventListener("submit", (event) => event.target.id === "settings-form" && event.preventDefault(), true);

// What is sent is what stands there, even while its check is under way.
document.addEventListener(
  "submit",
  ({ target }) => {
    for (const field of target.querySelectorAll("[data-settings]")) field.value = at("settings-text").value;
  },
  true,
);

/** Copies an element's text; without TLS a browser does it by the selection alone. */
async function copy(element) {
  if (navigator.clipboard) return navigator.clipboard.writeText(element.textContent);
  getSelection().selectAllChildren(element);
  document.execCommand("copy");
}
