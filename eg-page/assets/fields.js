// The fields of a form as JSON.

/**
 * The form's fields as JSON, by each field's `data-as`: number, tick, lines, or text. Dots in names nest. Of its buttons
 * the one that sends it is a field.
 */
export function fields(form, button) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name || (field.type === "submit" && field !== button)) continue;
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
    throw new Error(document.body.dataset.notJson);
  }
}
