"use strict";

// One page, one recording. All times are milliseconds of the player's clock.

const SEEK_MS = 5000;
const LEAD_MS = 1000; // what is heard before a doubt
const LINGER_MS = 250; // how long a word stays lit in a pause
const find = (id) => document.getElementById(id);
const payload = JSON.parse(find("payload").textContent);
const media = find("media");
const words = Array.from(document.querySelectorAll("#text .w"));
const indexOf = new Map(words.map((word, index) => [word, index]));
const timed = words.map((_, index) => index).filter((i) => payload.starts_ms[i] !== null);

// --- time --------------------------------------------------------------------------------------

const now = () => Math.round(media.currentTime * 1000);

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const pad = (number) => String(number).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

let stop_ms = null; // the end of a span that is played; whoever goes elsewhere plays on from there
function stopAtEnd() {
  if (stop_ms === null || now() < stop_ms) return;
  const end_ms = stop_ms;
  media.pause();
  seek(end_ms);
}

function seek(ms) {
  stop_ms = null;
  const inside_ms = Math.min(Math.max(ms, 0), payload.duration_ms);
  media.currentTime = inside_ms / 1000;
  show(inside_ms);
}

function play() {
  media.play().catch(() => {}); // refused without a click, or the sound is not there
}

function setSpeed(speed) {
  media.defaultPlaybackRate = media.playbackRate = speed; // another file keeps it
}

const toggle = () => (media.paused ? play() : media.pause());

// --- words -------------------------------------------------------------------------------------

/** The last of the timed words that has begun, as a place in `timed`; -1 before the first. */
function findPlace(ms) {
  let [low, high] = [0, timed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (payload.starts_ms[timed[middle]] <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** When a word is said; for one that isn't, when the one before it is. */
function startOf(index) {
  for (let i = index; i >= 0; i -= 1) {
    if (payload.starts_ms[i] !== null) return payload.starts_ms[i];
  }
  return 0;
}

function describe(index) {
  const start_ms = payload.starts_ms[index];
  const status = words[index].matches("s") ? "not in the audio"
    : words[index].matches(".estimated") ? "estimated" : "aligned";
  if (start_ms === null) return `word ${index + 1}: ${status}`;
  const seconds = (ms) => (ms / 1000).toFixed(2);
  const span = `${seconds(start_ms)}–${seconds(start_ms + payload.lengths_ms[index])} s`;
  return `word ${index + 1}: ${status}, ${payload.percents[index]} %\n${span}`;
}

let lit = null;
function light(ms) {
  const index = timed[findPlace(ms)];
  const isSaid = index !== undefined
    && ms < payload.starts_ms[index] + payload.lengths_ms[index] + LINGER_MS;
  const word = isSaid ? words[index] : null;
  if (word === lit) return;
  lit?.classList.remove("lit");
  word?.classList.add("lit");
  lit = word;
  if (!word) return;
  find("word").textContent = describe(index);
  if (!media.paused && isFollowing()) keepInView(word);
}

let chosen = null;
function choose(index) {
  chosen?.classList.remove("chosen");
  chosen = words[index];
  chosen.classList.add("chosen");
  find("word").textContent = describe(index);
  keepInView(chosen);
}

// --- what is in view ---------------------------------------------------------------------------

const isFollowing = () => find("follow").getAttribute("aria-pressed") === "true";
const follow = (isOn) => find("follow").setAttribute("aria-pressed", String(isOn));

/** Scroll only when a word is about to leave the view: below the player, above the last fifth. */
function keepInView(word) {
  const top = find("bar").getBoundingClientRect().bottom;
  const box = word.getBoundingClientRect();
  if (box.top > top + 20 && box.bottom < innerHeight * 0.8) return;
  const target = top + (innerHeight - top) * 0.3;
  const isFar = Math.abs(box.top - target) > innerHeight;
  scrollBy({ top: box.top - target, behavior: isFar ? "instant" : "auto" });
  // Paragraphs out of view are only guessed at: once they are drawn, the word may lie elsewhere.
  if (isFar) requestAnimationFrame(() => requestAnimationFrame(() => settle(word, target)));
}

function settle(word, target) {
  scrollBy({ top: word.getBoundingClientRect().top - target, behavior: "instant" });
}

new ResizeObserver(() => {
  document.documentElement.style.setProperty("--bar", `${find("bar").offsetHeight}px`);
}).observe(find("bar"));

for (const gesture of ["wheel", "touchmove"]) {
  addEventListener(gesture, () => media.paused || follow(false), { passive: true });
}
find("follow").addEventListener("click", () => {
  follow(!isFollowing());
  if (isFollowing() && lit) keepInView(lit);
});

// --- the player --------------------------------------------------------------------------------

const slider = find("seek");
const chapters = Array.from(document.querySelectorAll("[data-chapter]"));
const parts = Array.from(document.querySelectorAll("[data-part]"));

function show(ms) {
  find("clock").textContent = clock(ms);
  slider.value = ms;
  slider.setAttribute("aria-valuetext", clock(ms));
  light(ms);
  const chapter = markCurrent(chapters, (one) => Number(one.dataset.chapter) <= ms);
  const begun = chapter ? Number(chapter.dataset.chapter) : 0;
  markCurrent(parts, ({ dataset: { part } }) => begun <= Number(part) && Number(part) <= ms);
}

function markCurrent(links, hasBegun) {
  const current = links.findLast(hasBegun);
  for (const link of links) {
    if (link === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  return current;
}

function tick() {
  if (media.paused) return;
  stopAtEnd();
  show(now());
  requestAnimationFrame(tick);
}

media.addEventListener("play", () => {
  find("bar").classList.add("is-playing");
  find("play").setAttribute("aria-label", "Pause");
  find("silent").hidden = true;
  tick();
});
media.addEventListener("pause", () => {
  find("bar").classList.remove("is-playing");
  find("play").setAttribute("aria-label", "Play");
});
media.addEventListener("seeked", () => show(now()));
media.addEventListener("timeupdate", stopAtEnd); // nothing is drawn in a tab out of sight
media.addEventListener("error", () => {
  if (media.getAttribute("src") === RECORDING) { // gone, or in a form that browsers don't play
    playFrom(sound);
    return;
  }
  find("silent").hidden = false;
  find("bar").classList.add("is-silent");
});
media.addEventListener("click", toggle);
media.addEventListener("loadedmetadata", () => {
  media.hidden = !media.videoWidth;
  showCaptions();
});
find("play").addEventListener("click", toggle);
find("speed").addEventListener("change", () => {
  setSpeed(Number(find("speed").value));
});
slider.addEventListener("input", () => seek(Number(slider.value)));
find("file").addEventListener("change", () => {
  const [file] = find("file").files;
  if (!file) return;
  playFrom(URL.createObjectURL(file));
  play();
});

// `cuecast serve` says so in the address where it has the recording itself, with its picture.
const RECORDING = "../recording";
const sound = media.getAttribute("src");
if (new URLSearchParams(location.search).has("recording")) playFrom(RECORDING);

function playFrom(address) {
  const at_ms = now();
  media.src = address;
  seek(at_ms);
}

// A clip shows its picture alone until somebody plays it.
for (const start of document.querySelectorAll(".start")) {
  const clip = start.previousElementSibling;
  clip.controls = false;
  start.hidden = false;
  start.addEventListener("click", () => {
    start.remove();
    clip.controls = true;
    clip.focus();
    clip.play().catch(() => {});
  });
}

// One sound at a time.
document.addEventListener("play", (event) => {
  for (const video of document.querySelectorAll("video")) {
    if (video !== event.target) video.pause();
  }
}, true);
