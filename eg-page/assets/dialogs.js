// Dialogs: opened by their buttons, closed by Escape, their own button, or their form once it was taken.

/** Whom a form asks first: a field, or else the way out, so that Enter alone does nothing grave. */
const FIELDS = "input:not([type=hidden]), select, textarea";

// The second click of a double click belongs to the button that opened the dialog, whatever came under the pointer.
const DOUBLE_MS = 400;
let opened = 0;

/** Opens the dialog behind a button. */
export function open(button) {
  const dialog = document.getElementById(button.dataset.opens);
  if (!dialog || dialog.open) return;
  opened = performance.now();
  dialog.showModal();
  dialog.querySelector(FIELDS)?.focus();
}

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    if (button.dataset.opens) return open(button);
    const dialog = button.closest("dialog");
    if (!dialog) return;
    if (event.detail > 1 && performance.now() - opened < DOUBLE_MS) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (button.dataset.leaves !== undefined) dialog.close();
  },
  true,
);

// Close events do not bubble. A dialog whose act is gone from the page goes with its closing.
document.addEventListener(
  "close",
  ({ target }) => {
    if (target.dataset.gone !== undefined) target.remove();
  },
  true,
);
