// The script of every EG page: keeps it live, sends its forms, and passes presses on.

const lost = document.getElementById("lost");

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
  morphChildren(from, to);
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
}

// --- the stream ------------------------------------------------------------------------------------------------

const SILENCE_MS = 8000; // the server says something at least every 3 s
let skew = 0; // the server's clock less this one, ms

function follow(url) {
  let stream;
  let watchdog;
  const away = () => {
    lost.hidden = false;
    document.body.classList.add("is-lost");
  };
  const heard = () => {
    lost.hidden = true;
    document.body.classList.remove("is-lost");
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      away();
      stream.close();
      open();
    }, SILENCE_MS);
  };
  const open = () => {
    stream = new EventSource(url);
    stream.addEventListener("open", heard);
    stream.addEventListener("beat", (event) => {
      heard();
      if (event.data !== "-") skew = Number(event.data) - Date.now();
    });
    stream.addEventListener("fragment", (event) => {
      heard();
      place(JSON.parse(event.data));
    });
    stream.addEventListener("reload", () => location.reload());
    stream.addEventListener("error", () => {
      away();
      if (stream.readyState === EventSource.CLOSED) again();
    });
  };
  // The server answered, and refused: the page itself knows whether it leads elsewhere now, as to a login.
  const again = async () => {
    const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (page?.type === "opaqueredirect") location.reload();
    else setTimeout(open, 1000);
  };
  open();
  addEventListener("pagehide", () => stream.close());
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
      json: () => (field.value.trim() === "" ? null : JSON.parse(field.value)),
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

async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
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

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  if (form.dataset.ask && !confirm(form.dataset.ask)) return;
  const says = form.querySelector("output");
  const button = event.submitter;
  if (says) says.textContent = "";
  button?.setAttribute("aria-busy", "true");
  try {
    const answer = await send(form.dataset.post, fields(form));
    if (form.dataset.save) await save(answer, form.dataset.save);
    if (form.dataset.then) location.assign(form.dataset.then);
    if (form.dataset.reset !== undefined) form.reset();
    form.closest("dialog")?.close();
  } catch (error) {
    if (says) says.textContent = error.message;
    else alert(error.message);
  } finally {
    button?.removeAttribute("aria-busy");
  }
});

// --- buttons of a simulated board --------------------------------------------------------------------------------

// A button with data-press="/press/panel/a" sends {down:true} while it is held, by mouse, finger, space bar or the key
// in its data-key; every press is followed by its release.
const held = new Map();

function press(button, by) {
  if (!button || button.disabled || held.has(by)) return;
  held.set(by, button);
  button.classList.add("is-held");
  send(button.dataset.press, { down: true }).catch((error) => console.error(error));
}

function release(by) {
  const button = held.get(by);
  if (!button) return;
  held.delete(by);
  button.classList.remove("is-held");
  send(button.dataset.press, { down: false }).catch((error) => console.error(error));
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
if (document.body.dataset.live) follow(document.body.dataset.live);
