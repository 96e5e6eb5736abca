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

each();
setInterval(each, 250);
tell(document);
tellHealth();
showSwitches();
announce();
if (document.body.dataset.live) follow(document.body.dataset.live);
if (document.getElementById("settings")) import("./settings.js");
