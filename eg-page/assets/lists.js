// Lists that are pasted into a form: each line goes into a field of its own.

document.addEventListener("paste", (event) => {
  const first = event.target;
  if (first.dataset?.list === undefined) return;
  const lines = event.clipboardData.getData("text").split(/[\n\r\t;]+/).map((line) => line.trim()).filter(Boolean);
  if (lines.length < 2) return;
  event.preventDefault();
  const all = [...first.form.querySelectorAll("[data-list]")];
  const fields = all.slice(all.indexOf(first));
  fields.slice(0, lines.length).forEach((field, place) => (field.value = lines[place]));
  fields[Math.min(lines.length, fields.length) - 1].focus();
});
