// Refusals: the words of an act that the server did not take.

import { Unsent } from "./send.js";

// A refusal stands beside its button, or where everybody sees it once its form is gone: another operator was faster.
const notice = document.getElementById("notice");
let refusal = null;

export function refuse(form, error) {
  const says = form.querySelector("output");
  refusal = { form, says, text: error.message, unsent: error instanceof Unsent };
  says?.classList.remove("good");
  if (says) says.textContent = error.message;
  keepRefusal();
}

export function keepRefusal() {
  if (!refusal) return;
  const seen = refusal.says?.isConnected && refusal.says.checkVisibility();
  notice.textContent = seen ? "" : refusal.text;
  notice.hidden = Boolean(seen);
}

/** What was refused is over: something else is asked for, or the reader has read it. */
export function silence() {
  if (refusal?.says) refusal.says.textContent = "";
  refusal = null;
  notice.hidden = true;
  notice.textContent = "";
}

/** The connection is back: that it was away is no news any more. */
export function forgetUnsent() {
  if (refusal?.unsent) silence();
}

notice?.addEventListener("click", silence);
