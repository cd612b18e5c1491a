// Clicks, doubts, keys, and links to a moment.

function jump(ms) {
  follow(true);
  seek(ms);
  play();
}

document.addEventListener("click", (event) => {
  const word = event.target.closest("#text .w");
  if (word) {
    if (getSelection().isCollapsed) jump(startOf(indexOf.get(word)));
    return;
  }
  const timedThing = event.target.closest("[data-ms]");
  if (timedThing) jump(Number(timedThing.dataset.ms));
  const doubt = event.target.closest("[data-word]");
  if (doubt) visit(doubts.indexOf(doubt));
  const link = event.target.closest("a[href^='#t=']");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    history.replaceState(null, "", link.hash);
    readHash();
    play();
  }
});

const doubts = Array.from(document.querySelectorAll("[data-word]"));
let visited = -1;
function visit(place) {
  if (!doubts.length) return;
  doubts[visited]?.removeAttribute("aria-current");
  visited = Math.min(Math.max(place, 0), doubts.length - 1);
  const doubt = doubts[visited];
  doubt.setAttribute("aria-current", "true");
  for (const list of [find("doubt-list"), doubt.closest("aside")]) {
    list.scrollTop += doubt.getBoundingClientRect().top - list.getBoundingClientRect().top - 80;
  }
  const index = Number(doubt.dataset.word);
  follow(true);
  seek(startOf(index) - LEAD_MS);
  choose(index);
  play();
}

/** The word before (-1) or after (1) the one that is said. */
function step(by) {
  const place = Math.min(Math.max(findPlace(now()) + by, 0), timed.length - 1);
  if (place < 0) return;
  seek(payload.starts_ms[timed[place]]);
  choose(timed[place]);
}

const keys = {
  " ": toggle,
  ArrowLeft: (event) => (event.shiftKey ? step(-1) : seek(now() - SEEK_MS)),
  ArrowRight: (event) => (event.shiftKey ? step(1) : seek(now() + SEEK_MS)),
  j: () => visit(visited + 1),
  k: () => visit(visited - 1),
  "/": () => find("query").focus(),
  n: () => showHit(1),
  p: () => showHit(-1),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTaken = event.target.closest("input, select, textarea, video");
  const isPressed = event.key === " " && event.target.closest("button, a, label");
  if (isTaken || isPressed || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key](event);
});

// --- links to a moment or a span: #t=80, #t=1:20, #t=80,90 -------------------------------------

/** Seconds of a time such as 80, 80.5, 1:20 or 1:02:03; NaN for anything else. */
function parseTime(text) {
  if (!/^(\d+:){0,2}\d+(\.\d*)?$/.test(text)) return NaN;
  return text.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

/** Go to the moment of the address; with an end, play up to it. Source: Media Fragments 1.0 §4.2.1. */
function readHash() {
  const found = /^#t=(?:npt:)?([^,]*)(?:,([^,]+))?$/.exec(location.hash);
  if (!found) return false;
  const [start_s, end_s] = [found[1] || "0", found[2] ?? ""].map(parseTime);
  if (Number.isNaN(start_s) || (found[2] && !(end_s > start_s))) return false;
  const ms = Math.round(start_s * 1000);
  follow(true);
  seek(ms);
  const place = Math.max(findPlace(ms), 0);
  if (timed.length) keepInView(words[timed[place]]);
  if (found[2]) {
    stop_ms = Math.round(end_s * 1000);
    play();
  }
  return true;
}
addEventListener("hashchange", readHash);
if (!readHash()) restorePosition();
