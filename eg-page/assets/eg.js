// The script of every EG page: keeps it live, sends its forms, and passes presses on.

const lost = document.getElementById("lost");
const words = document.body.dataset;

// --- fragments -------------------------------------------------------------------------------------------------

/**
 * Makes `from` look like `to` in place, so that focus, scrolling and half-typed text stay. What the reader has opened
 * stays open, what a form said stays said, and inside `data-keep` nothing is touched.
 */
function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  const own = (name) => name === "aria-busy" || (name === "open" && from.localName === "details");
  for (const { name, value } of to.attributes)
    if (!own(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const { name } of [...from.attributes]) if (!own(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  if (from.dataset.keep !== undefined || from.localName === "output") return;
  const chosen = from.localName === "select" && from.closest("details")?.open ? from.value : null;
  morphChildren(from, to);
  // Whom somebody is about to choose is never changed under their hand: who is gone leaves the choice empty.
  if (chosen !== null && from.value !== chosen) from.selectedIndex = [...from.options].findIndex((it) => it.value === chosen);
}

/** Elements with an id are the same by it; the others by name and order. */
function morphChildren(from, to) {
  const wanted = [...to.childNodes];
  const ids = new Set(wanted.map((child) => child.id).filter(Boolean));
  for (const child of [...from.children]) if (child.id && !ids.has(child.id)) child.remove();
  let here = from.firstChild;
  for (const child of wanted) {
    if (child.id && here?.id !== child.id) {
      const known = [...from.children].find((other) => other.id === child.id);
      while (known && here && here !== known && !here.id) here = drop(here);
      if (known && here !== known) here = move(known, here);
    }
    const same = here && (here.id ?? "") === (child.id ?? "") && here.nodeName === child.nodeName;
    if (!same) {
      from.insertBefore(child.cloneNode(true), here);
      continue;
    }
    const next = here.nextSibling;
    morph(here, child);
    here = next;
  }
  while (here) here = drop(here);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

/** Puts a node before another, with its focus where the browser can. */
function move(node, before) {
  const parent = node.parentNode;
  if (parent.moveBefore) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
  return node;
}

function place({ id, html }) {
  const element = document.getElementById(id);
  if (!element) return;
  const next = document.createElement("template");
  next.innerHTML = html;
  morphChildren(element, next.content);
  for (const button of held.values()) button.classList.add("is-held");
  tell(element);
  keepRefusal();
}

// --- the stream ------------------------------------------------------------------------------------------------

const SILENCE_MS = 8000; // the server says something at least every 3 s
const AGAIN_MS = 1000;
let skew = 0; // the server's clock less this one, ms

/**
 * Follows the page's stream. A browser opens six HTTP connections to a host for all of its tabs together, and a stream
 * holds one for as long as the page is open: so it is a WebSocket, which is not counted among them. Where something
 * between the browser and the server lets none through, it is a stream of server-sent events.
 */
function follow(path) {
  const ways = [socket, events];
  let stream;
  let watchdog;
  let was = false; // the way that is tried has worked

  const away = () => {
    lost.hidden = false;
    document.body.classList.add("is-lost");
  };
  const heard = () => {
    was = true;
    if (!lost.hidden) forgetUnsent();
    lost.hidden = true;
    document.body.classList.remove("is-lost");
    clearTimeout(watchdog);
    watchdog = setTimeout(ended, SILENCE_MS);
  };
  const take = ({ beat, fragment }) => {
    heard();
    if (beat) skew = beat - Date.now();
    if (fragment) place(fragment);
  };
  const ended = () => {
    clearTimeout(watchdog);
    close();
    away();
    again();
  };
  const close = () => {
    stream?.end();
    stream = null;
  };
  const open = () => {
    was = false;
    watchdog = setTimeout(ended, SILENCE_MS);
    try {
      const mine = ways[0](path, take, () => stream === mine && ended());
      stream = mine;
    } catch {
      ended(); // a browser that forbids this way says so at once
    }
  };
  // Whether the page leads elsewhere now, as to a login, it knows itself. A way that has never worked gives way to the
  // other one, if the server answers at all.
  const again = async () => {
    const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (page?.type === "opaqueredirect") return location.reload();
    if (page && !was) ways.reverse();
    setTimeout(() => stream ?? open(), AGAIN_MS);
  };
  open();
  addEventListener("pagehide", () => {
    clearTimeout(watchdog);
    close();
  });
  addEventListener("pageshow", (event) => event.persisted && !stream && open());
}

function socket(path, take, ended) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", ended);
  return { end: () => socket.close() };
}

function events(path, take, ended) {
  const source = new EventSource(path);
  source.addEventListener("message", (event) => take(JSON.parse(event.data)));
  source.addEventListener("error", ended);
  return { end: () => source.close() };
}

// --- forms -----------------------------------------------------------------------------------------------------

/** The form's fields as JSON, by each field's `data-as`: number, tick, lines, or text. Dots in names nest. */
function fields(form) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "radio" && !field.checked) continue;
    const as = field.dataset.as ?? (field.type === "checkbox" ? "tick" : "text");
    const value = {
      number: () => (field.value === "" ? null : Number(field.value)),
      tick: () => field.checked,
      lines: () => field.value.split("\n").map((line) => line.trim()).filter(Boolean),
      json: () => (field.value.trim() === "" ? null : json(field.value)),
      text: () => field.value,
    }[as]();
    const path = field.name.split(".");
    const last = path.pop();
    let at = body;
    for (const step of path) at = at[step] ??= {};
    at[last] = value;
  }
  return body;
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(words.notJson);
  }
}

/** Nobody has answered: nobody knows whether it was done. */
class Unsent extends Error {}

async function send(url, body, key) {
  const headers = { "content-type": "application/json" };
  if (key) headers["idempotency-key"] = key;
  const asked = fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await asked.catch(() => {
    throw new Unsent(words.unsent);
  });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.detail ?? problem.title ?? `${answer.status} ${answer.statusText}`);
}

/** Hands an answer to the reader as a file. */
async function save(answer, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

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
  resting.add(form);
  const button = event.submitter ?? form.querySelector("[type=submit]");
  button?.setAttribute("aria-busy", "true");
  const once = form.dataset.again === undefined;
  if (once) spot = { ...pointer, until: Infinity };
  silence();
  try {
    const answer = await send(form.dataset.post, fields(form), keyOf(form));
    if (form.dataset.save) await save(answer, form.dataset.save);
    if (form.dataset.then) location.assign(form.dataset.then);
    keys.delete(form);
    finish(form);
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

/** What is done is empty and shut: nobody does it a second time, or to somebody else, with what still stood there. */
function finish(form) {
  form.reset();
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

// --- refusals ----------------------------------------------------------------------------------------------------

// A refusal stands beside its button, or where everybody sees it once its form is gone: another operator was faster.
const notice = document.getElementById("notice");
let refusal = null;

function refuse(form, error) {
  const says = form.querySelector("output");
  refusal = { form, says, text: error.message, unsent: error instanceof Unsent };
  if (says) says.textContent = error.message;
  keepRefusal();
}

function keepRefusal() {
  if (!refusal) return;
  const seen = refusal.says?.isConnected && refusal.says.checkVisibility();
  notice.textContent = seen ? "" : refusal.text;
  notice.hidden = Boolean(seen);
}

/** What was refused is over: something else is asked for, or the reader has read it. */
function silence() {
  if (refusal?.says) refusal.says.textContent = "";
  refusal = null;
  notice.hidden = true;
  notice.textContent = "";
}

/** The connection is back: that it was away is no news any more. */
function forgetUnsent() {
  if (refusal?.unsent) silence();
}

notice?.addEventListener("click", silence);

// --- buttons of a simulated board --------------------------------------------------------------------------------

// A button with data-press="/press/panel/a" sends {down:true} while it is held, by mouse, finger, space bar or the key
// in its data-key; every press is followed by its release.
const held = new Map();

function press(button, by) {
  if (!button || button.disabled || held.has(by)) return;
  held.set(by, button);
  button.classList.add("is-held");
  send(button.dataset.press, { down: true }).catch((error) => refuse(button, error));
}

function release(by) {
  const button = held.get(by);
  if (!button) return;
  held.delete(by);
  button.classList.remove("is-held");
  send(button.dataset.press, { down: false }).catch((error) => refuse(button, error));
}

const typing = (target) => target.closest?.("input, textarea, select") !== null;

document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest("[data-press]");
  if (button && event.button === 0) {
    button.setPointerCapture(event.pointerId);
    press(button, `pointer ${event.pointerId}`);
  }
});
for (const over of ["pointerup", "pointercancel", "lostpointercapture"])
  document.addEventListener(over, (event) => release(`pointer ${event.pointerId}`));
document.addEventListener("contextmenu", (event) => {
  if (event.target.closest("[data-press]")) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const focused = (event.key === " " || event.key === "Enter") && event.target.closest?.("[data-press]");
  const button = focused || document.querySelector(`[data-press][data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    press(button, `key ${event.code}`);
  }
  document.querySelector(`a[href][data-key="${CSS.escape(event.key)}"]`)?.click();
});
document.addEventListener("keyup", (event) => release(`key ${event.code}`));
addEventListener("blur", () => [...held.keys()].forEach(release));

// --- times -------------------------------------------------------------------------------------------------------

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium", hourCycle: "h23" });

const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });

/** Writes moments in the reader's own time zone: `data-at` is when, in ms since the epoch, by the server's clock; with
    `data-day` the day is told too. */
function tell(root) {
  for (const time of root.querySelectorAll("time[data-at]:empty")) {
    const at = new Date(Number(time.dataset.at));
    time.dateTime = at.toISOString();
    time.textContent = (time.dataset.day === undefined ? clock : day).format(at);
  }
}

/** Counts down to `data-ends`, ms since the epoch, by the server's clock. */
function count() {
  for (const timer of document.querySelectorAll("[data-ends]")) {
    const left = Math.max(0, Math.ceil((Number(timer.dataset.ends) - Date.now() - skew) / 1000));
    timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }
}

count();
setInterval(count, 250);
tell(document);
if (words.live) follow(words.live);
