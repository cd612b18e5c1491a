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
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTaken = event.target.closest("input, select, textarea, video");
  const isPressed = event.key === " " && event.target.closest("button, a, label");
  if (isTaken || isPressed || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key](event);
});

// --- links to a moment: #t=91.2 ----------------------------------------------------------------

function readHash() {
  const found = /^#t=([\d.]+)$/.exec(location.hash);
  if (!found) return;
  const ms = Math.round(Number(found[1]) * 1000);
  follow(true);
  seek(ms);
  const place = Math.max(findPlace(ms), 0);
  if (timed.length) keepInView(words[timed[place]]);
}
addEventListener("hashchange", readHash);
readHash();
