// The library of a dialog: what is chosen fills the form, and a search field leaves what holds its words.

document.addEventListener("click", ({ target }) => {
  const chosen = target.closest?.("[data-fills]");
  if (!chosen) return;
  const form = chosen.closest("form");
  const values = JSON.parse(chosen.dataset.fills);
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value ?? "";
  for (const other of form.querySelectorAll("[data-fills]")) other.setAttribute("aria-pressed", String(other === chosen));
  for (const more of form.querySelectorAll("details:has([name])"))
    more.open ||= [...more.querySelectorAll("[name]")].some((field) => field.value !== "");
  form.querySelector("[type=submit]").focus();
});

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", ({ target }) => {
  if (target.dataset.filters === undefined) return;
  const words = plain(target.value).split(/\s+/).filter(Boolean);
  for (const group of target.closest("form").querySelectorAll("[data-group]")) {
    const rows = [...group.querySelectorAll("li")];
    for (const row of rows) {
      const text = plain(`${group.dataset.group} ${row.textContent}`);
      row.hidden = !words.every((word) => text.includes(word));
    }
    group.hidden = rows.every((row) => row.hidden);
  }
});

// Enter in the search field chooses the first that is left, and sends nothing; in a short text it sends the form.
document.addEventListener("keydown", (event) => {
  const { filters, sends } = event.target.dataset ?? {};
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (sends !== undefined) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
  if (filters === undefined) return;
  event.preventDefault();
  event.target.closest("form").querySelector("[data-group]:not([hidden]) li:not([hidden]) [data-fills]")?.click();
});

// A form that was emptied has nothing chosen.
document.addEventListener("reset", ({ target }) => {
  for (const chosen of target.querySelectorAll("[data-fills]")) chosen.setAttribute("aria-pressed", "false");
  for (const hidden of target.querySelectorAll("[data-group], [data-group] li")) hidden.hidden = false;
});
