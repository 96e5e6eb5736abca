// Sound and notification of a new trouble, where the reader has switched them on. The switches are remembered by the
// browser.

const OTHERS_MS = 5000;
const kept = {
  is: (name) => read(`eg-alarm-${name}`) === "on",
  set: (name, on) => write(`eg-alarm-${name}`, on ? "on" : "off"),
};

// Where the browser keeps nothing, as in a private window, the switches hold for this page.
const own = new Map();
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return own.get(key);
  }
}
function write(key, value) {
  own.set(key, value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // kept above
  }
}

/** Sounds and notifies. Of all pages that a browser has open, the first one does. */
export function alarmed(lines) {
  const text = lines.join("\n");
  const [last, at] = (read("eg-alarm-last") ?? "").split("\u0000");
  if (last === text && Date.now() - Number(at) < OTHERS_MS) return;
  write("eg-alarm-last", `${text}\u0000${Date.now()}`);
  if (kept.is("sound")) sound();
  if (kept.is("notice") && may()) notify(text);
}

let speaker;

/** Two falling tones, which no lamp or game makes. */
function sound() {
  speaker ??= new AudioContext();
  speaker.resume();
  const tone = (hertz, from) => {
    const [source, gain] = [speaker.createOscillator(), speaker.createGain()];
    source.frequency.value = hertz;
    gain.gain.setValueAtTime(0.25, from);
    gain.gain.exponentialRampToValueAtTime(0.001, from + 0.35);
    source.connect(gain).connect(speaker.destination);
    source.start(from);
    source.stop(from + 0.4);
  };
  tone(880, speaker.currentTime);
  tone(587, speaker.currentTime + 0.3);
}

// Browsers notify from pages under TLS, and from those of this very machine.
const may = () => "Notification" in window && isSecureContext && Notification.permission === "granted";

function notify(text) {
  const note = new Notification(document.body.dataset.brand ?? "EG", { body: text, tag: "eg-alarm", renotify: true });
  note.addEventListener("click", () => {
    focus();
    note.close();
  });
}

/** Shows how the switches stand, and why one cannot be used. */
export function showSwitches() {
  const [sounds, notices] = ["alarm-sound", "alarm-notice"].map((id) => document.getElementById(id));
  if (!sounds || !notices) return;
  sounds.checked = kept.is("sound");
  notices.checked = kept.is("notice") && may();
  const cannot = !("Notification" in window) || !isSecureContext || Notification.permission === "denied";
  notices.disabled = cannot;
  document.getElementById("alarm-cannot").hidden = !cannot;
}

document.addEventListener("change", async ({ target }) => {
  if (target.id === "alarm-sound") {
    kept.set("sound", target.checked);
    if (target.checked) sound();
  }
  if (target.id === "alarm-notice") {
    kept.set("notice", target.checked);
    if (target.checked) await Notification.requestPermission();
    showSwitches();
  }
});
// A browser lets a page sound only after somebody has touched it.
document.addEventListener("pointerdown", () => kept.is("sound") && (speaker ??= new AudioContext()).resume(), { once: true });
