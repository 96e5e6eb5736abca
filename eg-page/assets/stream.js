// The page's stream: what the server pushes, and the sign that the connection is lost.

import { place } from "./fragments.js";
import { forgetUnsent } from "./refusals.js";
import { setClock } from "./times.js";

const SILENCE_MS = 8000; // the server says something at least every 3 s
const AGAIN_MS = 1000;
const REST_MS = 15000;
const lost = document.getElementById("lost");

/**
 * Follows the page's stream. A browser opens six HTTP connections to a host for all of its tabs together, and a stream
 * holds one for as long as the page is open: so it is a WebSocket, which is not counted among them. Where something
 * between the browser and the server lets none through, it is a stream of server-sent events.
 */
export function follow(path) {
  const ways = [socket, events];
  const address = new URL(path, location.href);
  let stream;
  let watchdog;
  let resting;
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
  const take = ({ beat, parts, glance }) => {
    heard();
    if (beat) setClock(beat);
    if (glance) place(glance);
    if (!parts) return;
    place(parts.parts);
    address.searchParams.set("seen", parts.mark); // what comes after a new connection begins from here
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
    if (document.hidden && ways[0].rests) return;
    was = false;
    watchdog = setTimeout(ended, SILENCE_MS);
    try {
      const mine = ways[0](
        new URL(address),
        (message) => stream === mine && take(message),
        () => stream === mine && ended(),
      );
      stream = mine;
    } catch {
      ended(); // a browser that forbids this way says so at once
    }
  };
  // Whether the page leads elsewhere now, as to a login, it knows itself. A way that has never worked gives way to the
  // other one, if the server answers at all.
  const again = async () => {
    const page = await fetch(location.href, { method: "HEAD", redirect: "manual" }).catch(() => null);
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
  // A page that nobody sees is told the health figure and signs of life alone, or rests and asks for the figure now and
  // then; what it lacks it is told once it is seen again.
  document.addEventListener("visibilitychange", () => {
    clearInterval(resting);
    if (!document.hidden) return stream ? stream.show?.(true) : open();
    if (!ways[0].rests) return stream?.show(false);
    clearTimeout(watchdog);
    close();
    if (document.getElementById("health")) resting = setInterval(glance, REST_MS);
  });
}

/** Asks for the health figure alone, which holds no connection. */
async function glance() {
  const answer = await fetch(`/glance?lang=${document.documentElement.lang}`, { redirect: "error" }).catch(() => null);
  if (answer?.ok) place([{ id: "health", html: await answer.text() }]);
}

function socket(url, take, ended) {
  url.protocol = url.protocol.replace("http", "ws");
  if ("DecompressionStream" in window) url.searchParams.set("packed", "");
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  const show = (shown) => socket.readyState === WebSocket.OPEN && socket.send(shown ? "visible" : "hidden");
  // Messages are taken in the order in which they came, also where one has to be unpacked first.
  let turn = Promise.resolve();
  const broken = () => socket.close(); // a new connection begins from what was put in place last
  const next = async (data) => take(JSON.parse(typeof data === "string" ? data : await unpacked(data)));
  socket.addEventListener("message", ({ data }) => (turn = turn.then(() => next(data)).catch(broken)));
  socket.addEventListener("open", () => document.hidden && show(false));
  socket.addEventListener("close", ended);
  return { show, end: () => socket.close() };
}

const unpacked = (data) =>
  new Response(new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"))).text();

function events(url, take, ended) {
  const source = new EventSource(url);
  source.addEventListener("message", (event) => take(JSON.parse(event.data)));
  source.addEventListener("error", ended);
  return { end: () => source.close() };
}
events.rests = true; // one of the six connections that all tabs share: a page that nobody sees gives it back
