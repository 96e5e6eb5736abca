// What is fetched once somebody opens it: `data-src` of a `details` is the address of its part.

const fetched = new WeakMap();

/** Fetches what stands in a `details` that was opened, and again when its address has become another one. */
async function fetchInto(details) {
  const { src } = details.dataset;
  if (fetched.get(details) === src) return;
  fetched.set(details, src);
  try {
    const answer = await fetch(src, { redirect: "error" });
    if (!answer.ok) throw new Error(answer.statusText);
    details.querySelector("[data-part]").innerHTML = await answer.text();
  } catch {
    // Who opens it again asks again; that the core is away is said above the page.
    fetched.delete(details);
    details.open = false;
  }
}

/** Looks after every `details` that is open. */
export function fetchOpen() {
  document.querySelectorAll("details[data-src][open]").forEach(fetchInto);
}

document.addEventListener("toggle", fetchOpen, true);
