// The script of every EG page: keeps it live, sends its forms, and passes presses on.

import { showSwitches } from "./alarm.js";
import { tick } from "./clock.js";
import "./dialogs.js";
import "./forms.js";
import { tellHealth } from "./health.js";
import "./lists.js";
import "./keys.js";
import "./presses.js";
import "./library.js";
import { announce } from "./hints.js";
import { follow } from "./stream.js";
import { count, tell } from "./times.js";

function each() {
  count();
  tick();
}

/** Lets the link to the other language lead to the same page: what was asked of it stays. */
function keepQuery() {
  for (const link of document.querySelectorAll("a[hreflang]")) {
    const asked = new URLSearchParams(location.search);
    asked.set("lang", link.hreflang);
    link.search = asked;
  }
}

each();
setInterval(each, 250);
tell(document);
tellHealth();
showSwitches();
announce();
keepQuery();
if (document.body.dataset.live) follow(document.body.dataset.live);
if (document.getElementById("settings")) import("./settings.js");
