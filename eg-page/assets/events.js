// The list of events: filtered by what the reader asks for, and held while it is paused.

import { place } from "./fragments.js";

const form = document.getElementById("events-filter");
const pause = document.getElementById("events-pause");

// Parts of the list that came while it is paused, by id; none while it runs. There are as many as the list has rows.
let held = null;

/** Returns the parts that may be placed now, and keeps those of a paused list for later. */
export function withoutHeld(parts) {
  if (!held) return parts;
  const isOfList = ({ id }) => id === "events" || id.startsWith("entry-");
  for (const part of parts.filter(isOfList)) {
    held.set(part.id, part);
    if (part.id !== "events") continue;
    for (const id of held.keys()) if (id !== "events" && !part.html.includes(`"${id}"`)) held.delete(id);
  }
  return parts.filter((part) => !isOfList(part));
}

/** Hides the rows that the reader did not ask for. */
export function filter() {
  if (!form) return;
  const asked = Object.fromEntries(new FormData(form));
  const fits = ({ dataset: { group, slot, room } }) =>
    (!asked.slot || asked.slot === slot) &&
    (!asked.kind || group.split(" ").includes(asked.kind)) &&
    (!asked.room || asked.room === room);
  const rows = [...document.querySelectorAll("#events > .log > li")];
  for (const row of rows) row.hidden = row.firstElementChild !== null && !fits(row.firstElementChild);
  document.getElementById("events-unfit").hidden = rows.length === 0 || rows.some((row) => !row.hidden);
}

form?.addEventListener("change", filter);
pause?.addEventListener("click", () => {
  const parts = held;
  held = held ? null : new Map();
  pause.setAttribute("aria-pressed", held !== null);
  if (parts) place([...parts.values()].sort((a, b) => (b.id === "events") - (a.id === "events")));
});
