// The page's stream: what the server pushes, and the sign that the connection is lost.

import { place } from "./fragments.js";
import { forgetUnsent } from "./refusals.js";
import { setClock } from "./times.js";

const SILENCE_MS = 8000; // the server says something at least every 3 s
const AGAIN_MS = 1000;
const lost = document.getElementById("lost");

/**
 * Follows the page's stream. A browser opens six HTTP connections to a host for all of its tabs together, and a stream
 * holds one for as long as the page is open: so it is a WebSocket, which is not counted among them. Where something
 * between the browser and the server lets none through, it is a stream of server-sent events.
 */
export function follow(path) {
  const ways = [socket, events];
  let stream;
  let watchdog;
  let was = false; // the way that is tried has worked

  const away = () => {
    lost.hidden = false;
    document.body.classList.add("is-lost");
  };
  const heard = () => {
    was = true;
    if (!lost.hidden) forgetUnsent();
    lost.hidden = true;
    document.body.classList.remove("is-lost");
    clearTimeout(watchdog);
    watchdog = setTimeout(ended, SILENCE_MS);
  };
  const take = ({ beat, fragment }) => {
    heard();
    if (beat) setClock(beat);
    if (fragment) place(fragment);
  };
  const ended = () => {
    clearTimeout(watchdog);
    close();
    away();
    again();
  };
  const close = () => {
    stream?.end();
    stream = null;
  };
  const open = () => {
    was = false;
    watchdog = setTimeout(ended, SILENCE_MS);
    try {
      const mine = ways[0](path, take, () => stream === mine && ended());
      stream = mine;
    } catch {
      ended(); // a browser that forbids this way says so at once
    }
  };
  // Whether the page leads elsewhere now, as to a login, it knows itself. A way that has never worked gives way to the
  // other one, if the server answers at all.
  const again = async () => {
    const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (page?.type === "opaqueredirect") return location.reload();
    if (page && !was) ways.reverse();
    setTimeout(() => stream ?? open(), AGAIN_MS);
  };
  open();
  addEventListener("pagehide", () => {
    clearTimeout(watchdog);
    close();
  });
  addEventListener("pageshow", (event) => event.persisted && !stream && open());
}

function socket(path, take, ended) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  socket.addEventListener("close", ended);
  return { end: () => socket.close() };
}

function events(path, take, ended) {
  const source = new EventSource(path);
  source.addEventListener("message", (event) => take(JSON.parse(event.data)));
  source.addEventListener("error", ended);
  return { end: () => source.close() };
}
