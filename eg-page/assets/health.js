// Health of the installation, beyond the page itself: the window's title and icon, and what is said, heard and notified
// when there is a new trouble.

import { alarmed } from "./alarm.js";

const title = document.title;
const icon = document.querySelector("link[rel=icon]");
let known; // keys of what stands already, and was told

/** Tells the health that the page shows, after it was drawn or drawn anew. */
export function tellHealth() {
  const health = document.getElementById("health-now");
  if (!health) return;
  const { alarms, icon: address } = health.dataset;
  const named = Number(alarms) > 0 ? `(!${alarms}) ${title}` : title;
  if (document.title !== named) document.title = named;
  if (icon.getAttribute("href") !== address) icon.href = address;
  const stands = new Map([...document.querySelectorAll("#health [data-told]")].map((it) => [it.dataset.told, it]));
  const fresh = known ? [...stands.keys()].filter((key) => !known.has(key)) : [];
  known = new Set(stands.keys());
  const of = (loud) => fresh.map((key) => stands.get(key)).filter((it) => (it.dataset.alarm !== undefined) === loud);
  say("said-alarms", of(true));
  say("said-results", of(false));
  if (of(true).length) alarmed(of(true).map((it) => it.textContent));
}

/** Says what is new to whoever listens to the page, and nothing else. */
function say(id, items) {
  const region = document.getElementById(id);
  if (items.length) region.textContent = items.map((it) => it.textContent).join(" ");
}
