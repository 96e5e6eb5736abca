// Hints for players: a short sound before each new one, and its words read aloud where the room wants that.

// Whom a page has announced outlives its reload: a sound comes once.
const STORED = `eg-hint ${location.pathname}`;
const NOTES_HZ = [659, 880];
const NOTE_S = 0.25;

/** Announces the hint that stands, unless that was done; a hint that is gone is not read on. */
export function announce() {
  const hint = document.querySelector("[data-hint]");
  const told = localStorage.getItem(STORED);
  if (!hint) {
    if (told !== null) localStorage.removeItem(STORED);
    if (told !== null) window.speechSynthesis?.cancel();
    return;
  }
  if (told === hint.dataset.hint) return;
  localStorage.setItem(STORED, hint.dataset.hint);
  const sounded = chime();
  if (hint.dataset.aloud !== undefined) setTimeout(() => read(hint), sounded * 1000);
}

/** Plays two soft notes where the browser allows it, and tells how many seconds they take. */
function chime() {
  if (document.body.dataset.quiet !== undefined) return 0;
  const context = new AudioContext();
  NOTES_HZ.forEach((pitch, place) => {
    const [tone, volume, from] = [context.createOscillator(), context.createGain(), context.currentTime + place * NOTE_S];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.3, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + NOTE_S * 2);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + NOTE_S * 2);
    if (place === NOTES_HZ.length - 1) tone.onended = () => context.close();
  });
  return NOTE_S * (NOTES_HZ.length + 1);
}

function read(hint) {
  if (!window.speechSynthesis || !hint.isConnected) return;
  const words = hint.querySelector(".words");
  const spoken = new SpeechSynthesisUtterance(words.textContent);
  spoken.lang = words.lang || document.documentElement.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
}
