// Where this page was left, and how fast it played: kept by the browser, where it allows that.

const PLACE_NAME = `cuecast ${location.pathname}`; // pages on a disk may share one storage
const SAVE_EVERY_MS = 2000;
const END_MS = 3000; // whoever left off here has heard it all

function recall() {
  try {
    return JSON.parse(localStorage.getItem(PLACE_NAME)) ?? {};
  } catch {
    return {}; // refused, or not ours
  }
}

let saved_ms = 0; // when it was saved last
function remember() {
  saved_ms = performance.now();
  try {
    const left = { position_ms: now(), speed: media.playbackRate };
    localStorage.setItem(PLACE_NAME, JSON.stringify(left));
  } catch {
    // Refused or full: the page begins at its beginning next time.
  }
}

function restorePosition() {
  const { position_ms } = recall();
  if (position_ms > 0 && position_ms < payload.duration_ms - END_MS) seek(position_ms);
}

function restoreSpeed() {
  const { speed } = recall();
  const option = Array.from(find("speed").options).find(({ value }) => Number(value) === speed);
  if (!option) return;
  find("speed").value = option.value;
  setSpeed(speed);
}

restoreSpeed();
media.addEventListener("timeupdate", () => {
  if (!media.paused && performance.now() - saved_ms > SAVE_EVERY_MS) remember();
});
for (const moment of ["pause", "seeked", "ratechange"]) media.addEventListener(moment, remember);
