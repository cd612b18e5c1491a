// Search: words in a row, whatever their case, accents and punctuation.

const fold = (text) => text.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
let folded = null; // " word word word ", and where each word begins in it
let hits = [];
let hit = -1;

function foldWords() {
  const begins = [];
  let text = " ";
  for (const word of words) {
    begins.push(text.length);
    const letters = fold(word.textContent);
    if (letters) text += `${letters} `; // a dash parts no phrase
  }
  return { text, begins };
}

/** Find the runs of words in which the query stands, parts of words included. */
function search(query) {
  const sought = query.split(/\s+/).map(fold).filter(Boolean).join(" ");
  for (const run of hits) for (const i of run) words[i].classList.remove("hit");
  [hits, hit] = [[], -1];
  if (!sought) return;
  folded ??= foldWords();
  const findNext = (from) => folded.text.indexOf(sought, from);
  let word = 0;
  for (let at = findNext(0); at >= 0; at = findNext(at + sought.length)) {
    while (word + 1 < words.length && folded.begins[word + 1] <= at) word += 1;
    const run = [];
    for (let i = word; folded.begins[i] < at + sought.length; i += 1) run.push(i);
    hits.push(run);
  }
  for (const run of hits) for (const i of run) words[i].classList.add("hit");
}

function showHit(by) {
  const query = find("query").value.trim();
  if (hits.length) {
    hit = (hit + by + hits.length) % hits.length;
    follow(false);
    choose(hits[hit][0]);
  }
  find("hits").textContent = hits.length ? `${hit + 1} of ${hits.length}` : query && "not found";
  find("previous").hidden = find("next").hidden = !hits.length;
}
find("previous").addEventListener("click", () => showHit(-1));
find("next").addEventListener("click", () => showHit(1));

let waiting = null; // for the rest of what is being typed
function searchNow() {
  clearTimeout(waiting);
  waiting = null;
  search(find("query").value);
  showHit(1);
}
find("query").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(searchNow, 120);
});
find("query").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (waiting) searchNow();
  else showHit(event.shiftKey ? -1 : 1);
});
find("search").addEventListener("submit", (event) => event.preventDefault());
