// Keys for what an operator does often: a button tells its own by `data-key`, and `?` lists them.

import { open } from "./dialogs.js";

const STORED = "eg-keys";
const shown = (button) => button.checkVisibility() && !button.disabled;
const list = document.querySelector("#keys [data-keys]");
const on = document.querySelector("#keys [type=checkbox]");

/** The rooms of the page, in their order: the digits choose one, and its buttons are then meant. */
const rooms = () => [...document.querySelectorAll("[data-room]")].filter((room) => room.checkVisibility());
const here = () => document.activeElement?.closest("[data-room]") ?? rooms()[0];

function buttonFor(key) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(shown);
  const outside = all.filter((button) => !button.closest("[data-room]"));
  return all.find((button) => button.closest("[data-room]") === here()) ?? outside[0];
}

function told() {
  const buttons = [...document.querySelectorAll("[data-key]")].filter(shown);
  const words = new Map(buttons.map((button) => [button.dataset.key, button.innerText.trim()]));
  const rows = [...words].sort().map(([key, word]) => {
    const row = document.createElement("li");
    const name = document.createElement("kbd");
    name.textContent = key.toUpperCase();
    row.append(name, " ", word);
    return row;
  });
  list.replaceChildren(...rows);
}

const typing = (target) => target.closest?.("input, select, textarea, [contenteditable], dialog");

document.addEventListener("keydown", (event) => {
  if (!list || event.ctrlKey || event.altKey || event.metaKey || event.repeat || typing(event.target)) return;
  if (document.querySelector("dialog[open]") || !on.checked) return;
  if (/^[1-9]$/.test(event.key)) {
    const room = rooms()[event.key - 1];
    if (!room) return;
    room.scrollIntoView({ block: "nearest" });
    room.focus();
    return;
  }
  const button = buttonFor(event.key.toLowerCase());
  if (!button) return;
  event.preventDefault();
  button.focus();
  if (button.dataset.opens) open(button);
  else button.click();
});

if (list) {
  on.checked = localStorage.getItem(STORED) !== "off";
  on.addEventListener("change", () => localStorage.setItem(STORED, on.checked ? "on" : "off"));
  // What there is to press is known when it is asked for.
  document.getElementById("keys").addEventListener("beforetoggle", told);
}
