// Filters: `data-filter` of a field names what is hidden unless it contains every word that is typed.

/** Hides what does not fit the filters, also in what the server has just sent. */
export function filter() {
  for (const field of document.querySelectorAll("[data-filter]")) {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of document.querySelectorAll(field.dataset.filter)) {
      const text = `${one.getAttribute("aria-label")} ${one.textContent}`.toLowerCase();
      one.hidden = !words.every((word) => text.includes(word));
    }
  }
}

document.addEventListener("input", (event) => event.target.dataset.filter && filter());
