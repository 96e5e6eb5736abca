// What is fetched once somebody opens it: `data-src` is the address of the part of a `details`, or of a place in a dialog.

const fetched = new WeakMap();

/** Fetches what stands in a place that was opened, and again when its address has become another one. */
async function fetchInto(place) {
  const { src } = place.dataset;
  if (fetched.get(place) === src) return;
  fetched.set(place, src);
  try {
    const answer = await fetch(src, { redirect: "error" });
    if (!answer.ok) throw new Error(answer.statusText);
    const part = place.localName === "details" ? place.querySelector("[data-part]") : place;
    part.innerHTML = await answer.text();
  } catch {
    // Who opens it again asks again; that the core is away is said above the page.
    fetched.delete(place);
    if (place.localName === "details") place.open = false;
  }
}

/** Looks after every place that is open. */
export function fetchOpen() {
  document.querySelectorAll("details[data-src][open], dialog[open] div[data-src]").forEach(fetchInto);
}

document.addEventListener("toggle", fetchOpen, true);
