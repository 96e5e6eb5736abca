// Makes what stands on a page look like what the server sent, in place.

/**
 * Makes `from` look like `to` in place, so that focus, scrolling and half-typed text stay. What the reader has opened
 * stays open, what a form said stays said, and inside `data-keep` nothing is touched, nor in `data-part`: that is sent
 * apart.
 */
function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  const own = (name) => name === "aria-busy" || (name === "open" && from.matches("details, dialog"));
  for (const { name, value } of to.attributes)
    if (!own(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  for (const { name } of [...from.attributes]) if (!own(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  const { keep, part } = from.dataset;
  if (keep !== undefined || part !== undefined || from.localName === "output") return;
  const chosen = from.localName === "select" && from.closest("details, dialog")?.open ? from.value : null;
  morphChildren(from, to);
  // Whom somebody is about to choose is never changed under their hand: who is gone leaves the choice empty.
  if (chosen !== null && from.value !== chosen) from.selectedIndex = [...from.options].findIndex((it) => it.value === chosen);
}

// Parts of the element that is drawn anew, by id, wherever they stand by now.
let parts = new Map();

/** Makes the content of an element look like `content`. */
export function redraw(element, content) {
  parts = new Map([...element.querySelectorAll("[data-part]")].map((part) => [part.id, part]));
  morphChildren(element, content);
  parts.clear();
}

/** Elements with an id are the same by it; the others by name and order. */
function morphChildren(from, to) {
  const wanted = [...to.childNodes];
  const ids = new Set(wanted.map((child) => child.id).filter(Boolean));
  const children = new Map();
  for (const child of [...from.children]) {
    if (!child.id) continue;
    if (ids.has(child.id)) children.set(child.id, child);
    else drop(child);
  }
  let here = from.firstChild;
  for (const child of wanted) {
    if (child.id && here?.id !== child.id) {
      const known = children.get(child.id);
      while (known && here && here !== known && !here.id) here = drop(here);
      if (known && here !== known) here = move(known, here);
    }
    const same = here && (here.id ?? "") === (child.id ?? "") && here.nodeName === child.nodeName;
    if (!same) {
      from.insertBefore(grown(child), here);
      continue;
    }
    const next = here.nextSibling;
    morph(here, child);
    here = next;
  }
  while (here) here = drop(here);
}

/** A new node with the parts that the page has already: they are sent again only when they change. */
function grown(node) {
  const whole = document.createDocumentFragment();
  whole.append(node.cloneNode(true));
  for (const empty of whole.querySelectorAll("[data-part]")) {
    const full = parts.get(empty.id);
    if (!full) continue;
    morph(full, empty);
    empty.replaceWith(full);
  }
  return whole;
}

/** Takes a node away, and returns the one behind it. A dialog that stands open in it stays until it is closed. */
function drop(node) {
  const next = node.nextSibling;
  const dialog = node.localName === "dialog" ? node : node.querySelector?.("dialog[open]");
  if (!dialog?.open) node.remove();
  else if (document.body.moveBefore) {
    dialog.dataset.gone = "";
    document.body.moveBefore(dialog, null);
    if (node !== dialog) node.remove();
  }
  return next;
}

/** Puts a node before another, with its focus where the browser can. */
function move(node, before) {
  const parent = node.parentNode;
  if (parent.moveBefore) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
  return node;
}
