// Captions: the recording's and those of the clips.

const track = find("captions");
const spoken = track.srclang;

function addTrack(element, vtt) {
  element.src = URL.createObjectURL(new Blob([vtt], { type: "text/vtt" }));
}

/** On a picture the browser draws them; without one they stand below the player. */
function showCaptions() {
  const isOn = find("cc").getAttribute("aria-pressed") === "true";
  track.track.mode = isOn && !media.hidden ? "showing" : "hidden";
  find("caption").hidden = !isOn || !media.hidden;
}

function drawCue(cue) {
  const line = document.createElement("span");
  const said = cue.getCueAsHTML(); // a voice comes as an element whose title is the speaker
  const speaker = said.querySelector("[title]")?.title;
  if (speaker) line.append(Object.assign(document.createElement("b"), { textContent: speaker }));
  line.append(said.textContent);
  return line;
}

track.track.addEventListener("cuechange", () => {
  find("caption").replaceChildren(...Array.from(track.track.activeCues ?? [], drawCue));
});
find("cc").addEventListener("click", () => {
  const isOn = find("cc").getAttribute("aria-pressed") === "true";
  find("cc").setAttribute("aria-pressed", String(!isOn));
  showCaptions();
});
find("second")?.addEventListener("click", ({ currentTarget: button }) => {
  const isSecond = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(isSecond));
  URL.revokeObjectURL(track.src);
  find("caption").lang = track.srclang = isSecond ? button.dataset.language : spoken;
  find("caption").replaceChildren();
  addTrack(track, isSecond ? payload.second : payload.captions);
});
addTrack(track, payload.captions);
showCaptions();

for (const clip of document.querySelectorAll("[data-clip]")) {
  const vtt = payload.clip_captions[clip.dataset.clip];
  if (!vtt) continue;
  const element = document.createElement("track");
  Object.assign(element, { kind: "captions", default: true });
  addTrack(element, vtt);
  clip.append(element);
}
