// Sounds of a page that fills its screen, made by the browser itself: no file is loaded for them.

// Each is a row of tones: frequency in Hz, beginning and length in s.
const SOUNDS = {
  question: [[440, 0, 0.25], [660, 0.18, 0.45]],
  result: [[392, 0, 0.3], [523, 0.22, 0.3], [659, 0.44, 0.3], [784, 0.66, 1.2]],
  last: [[880, 0, 0.08]],
};
const LOUD = 0.18;

let audio = null;

/** Plays a sound, if the browser lets this page: most want a touch first, a kiosk can be told not to. */
function play(name) {
  if (!("AudioContext" in window)) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") {
    audio.resume().catch(() => {});
    return;
  }
  const now = audio.currentTime;
  for (const [hertz, from, length] of SOUNDS[name]) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.type = "triangle";
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0, now + from);
    volume.gain.linearRampToValueAtTime(LOUD, now + from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, now + from + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(now + from);
    tone.stop(now + from + length);
  }
}

/** Sounds when something new stands in an element with `data-sound`, and in the last seconds of a clock. */
export function listen() {
  const heard = new Map(); // what each sound was played for last
  const all = () => [...document.querySelectorAll("[data-sound]")].map((it) => [it.dataset.sound, it.textContent]);
  const look = (silent) => {
    const now = new Map(all());
    for (const [name, text] of now) if (!silent && heard.get(name) !== text && SOUNDS[name]) play(name);
    heard.clear();
    now.forEach((text, name) => heard.set(name, text));
  };
  look(true);
  new MutationObserver(() => look(false)).observe(document.getElementById("main"), {
    childList: true,
    characterData: true,
    subtree: true,
  });
  let said = "";
  setInterval(() => {
    const clock = document.querySelector(".is-urgent .time [data-ends]")?.textContent ?? "";
    if (clock && clock !== said) play("last");
    said = clock;
  }, 100);
  addEventListener("pointerdown", () => audio?.resume().catch(() => {}));
}
