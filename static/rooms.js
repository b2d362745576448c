// The room matrix: arrows move, keys and buttons say what a room is, the dock says the rest; each cell is saved at once.
// Without this file every cell is a link to the room's own form.
"use strict";

(() => {
  const box = document.getElementById("rooms");
  if (!box) return;
  const dock = document.getElementById("dock"); // there for those who may change something
  const form = document.getElementById("cell");
  const tell = text => document.querySelectorAll(".saved").forEach(place => { place.textContent = text; });
  const failure = document.getElementById("cell-error");
  const undo = document.getElementById("undo");
  const filled = document.getElementById("filled");
  const FLAGS = ["present", "sign", "furniture", "layout", "shared"];
  const TEXTS = { area: "area", shared_with: "with", note: "note" };

  // ---- cells ----
  const all = () => box.querySelectorAll("[data-cell]");
  const find = id => box.querySelector(`[data-cell="${id}"]`);
  let here = ""; // the current cell, by the name that outlives its being written anew
  const current = () => find(here);
  const editable = cell => form && cell.closest("tr").hasAttribute("data-edit");

  // What is on record of a room, null where nothing is.
  function factsOf(cell) {
    if (!cell.dataset.v) return null;
    const facts = {};
    FLAGS.forEach((name, at) => { facts[name] = cell.dataset.f[at] === "1"; });
    for (const [name, key] of Object.entries(TEXTS)) facts[name] = cell.dataset[key] || "";
    return facts;
  }

  function choose(cell, focus = true) {
    const before = current();
    if (before) {
      before.tabIndex = -1;
      before.classList.remove("cur");
      before.closest("tr").classList.remove("act");
    }
    here = cell.dataset.cell;
    cell.tabIndex = 0;
    if (form) {
      cell.classList.add("cur");
      cell.closest("tr").classList.add("act");
    }
    if (focus) {
      cell.focus({ preventScroll: true });
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    fill(cell);
  }

  function neighbour(cell, key) {
    const row = cell.closest("tr");
    const rows = [...box.querySelectorAll("tbody tr")];
    const cells = [...row.querySelectorAll("[data-cell]")];
    const x = cells.indexOf(cell);
    const below = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (below) {
      const other = rows[rows.indexOf(row) + below]?.querySelectorAll("[data-cell]");
      return other && other[Math.min(x, other.length - 1)];
    }
    return { ArrowLeft: cells[x - 1], ArrowRight: cells[x + 1], Home: cells[0], End: cells.at(-1) }[key];
  }

  // ---- the dock ----
  function fill(cell) {
    if (!form) return;
    const may = editable(cell);
    const facts = factsOf(cell);
    const row = cell.closest("tr");
    document.getElementById("cell-name").textContent = `${row.querySelector("th").textContent.trim()} · ${cell.dataset.l}`;
    document.getElementById("cell-form").href = cell.href || "";
    form.elements.present.value = facts ? String(facts.present) : "";
    for (const input of form.querySelectorAll("input[name]:not([type=hidden])")) {
      input.disabled = !may || (facts !== null && !facts.present && input.name !== "note");
      if (input === document.activeElement) continue;
      if (input.type === "checkbox") input.checked = Boolean(facts?.[input.name]);
      else input.value = facts?.[input.name] || "";
    }
    form.elements.present.disabled = !may;
    const others = [...row.querySelectorAll("[data-cell]")].filter(other => other !== cell);
    document.getElementById("shared-with").replaceChildren(...others.map(other => new Option(other.dataset.l)));
    for (const key of dock.querySelectorAll("[data-state]")) {
      key.disabled = !may;
      key.setAttribute("aria-pressed", cell.classList.contains(`s${key.dataset.state}`));
    }
  }

  const details = () => ({
    present: form.elements.present.value === "true",
    ...Object.fromEntries(["sign", "furniture", "layout", "shared"].map(name => [name, form.elements[name].checked])),
    ...Object.fromEntries(Object.keys(TEXTS).map(name => [name, form.elements[name].value.trim()])),
  });

  // ---- saving: one request after another for a cell, so that each knows the version before it ----
  const queue = new Map();
  const done = [];

  function save(cell, values, undoing = false) {
    const id = cell.dataset.cell;
    const entry = queue.get(id) || { waiting: 0, last: Promise.resolve() };
    entry.waiting += 1;
    entry.last = entry.last.then(() => send(id, values, undoing, entry));
    queue.set(id, entry);
  }

  async function send(id, values, undoing, entry) {
    const before = factsOf(find(id));
    find(id).classList.add("saving");
    tell(box.dataset.saving);
    const answer = await post(id, values);
    entry.waiting -= 1;
    find(id).classList.remove("saving");
    if (answer.cell) replace(id, answer, entry.waiting === 0);
    say(answer);
    if (answer.error) return;
    if (filled) filled.textContent = Number(filled.textContent) + (factsOf(find(id)) !== null) - (before !== null);
    if (!undoing) done.push({ id, facts: before });
    undo.disabled = done.length === 0;
  }

  async function post(id, values) {
    const body = new FormData();
    const [village, type] = id.split("-");
    for (const [name, value] of Object.entries({ village, room_type: type, version: find(id).dataset.v || 0, ...values })) {
      body.append(name, value);
    }
    const token = form.elements.csrfmiddlewaretoken.value;
    try {
      const reply = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": token }, keepalive: true });
      const isJson = (reply.headers.get("Content-Type") || "").startsWith("application/json");
      return isJson ? await reply.json() : { error: box.dataset.refused };
    } catch {
      return { error: box.dataset.offline };
    }
  }

  // The cell as the server now shows it, and what follows from it in its row and column.
  function replace(id, answer, refill) {
    const old = find(id);
    const row = old.closest("tr");
    const wasCurrent = old === current();
    const hadFocus = old === document.activeElement;
    old.parentElement.innerHTML = answer.cell;
    const cell = find(id);
    cell.tabIndex = -1;
    if (wasCurrent) {
      cell.classList.add("cur");
      cell.tabIndex = 0;
      if (hadFocus) cell.focus({ preventScroll: true });
      if (refill) fill(cell);
    }
    const there = row.querySelector("td.n span");
    there.textContent = answer.there;
    there.classList.toggle("bad", answer.low);
    row.querySelector("td.x").textContent = answer.when;
    const at = [...row.querySelectorAll("[data-cell]")].indexOf(cell);
    const rows = [...row.parentElement.rows];
    const sum = rows.filter(one => (one.querySelectorAll("[data-cell]")[at].dataset.f || "0")[0] === "1").length;
    row.closest("table").tFoot.rows[0].cells[at + 2].querySelector("span").textContent = sum;
  }

  function say(answer) {
    failure.hidden = !answer.error;
    failure.textContent = answer.error || "";
    tell(answer.error ? "" : answer.saved);
  }

  function takeBack() {
    const last = done.pop();
    undo.disabled = done.length === 0;
    const cell = last && find(last.id);
    if (!cell) return;
    choose(cell);
    save(cell, last.facts || { state: 0 }, true);
  }

  // ---- what people do ----
  box.addEventListener("keydown", event => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = neighbour(cell, event.key);
    if (to) choose(to);
    else if (editable(cell) && /^[0-6]$/.test(event.key)) save(cell, { state: event.key });
    else if (editable(cell) && event.key === "Delete") save(cell, { state: 0 });
    else if (editable(cell) && event.key === "Enter") form.elements.present.focus();
    else return;
    event.preventDefault();
  });

  box.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const cell = event.target.closest("[data-cell]");
    const opener = event.target.closest(".unfold");
    if (cell && editable(cell)) {
      event.preventDefault();
      dock.classList.add("on");
      choose(cell);
    } else if (cell) {
      choose(cell, false);
    } else if (opener) { // on a phone a village opens and closes
      event.preventDefault();
      const row = opener.closest("tr");
      const open = row.classList.contains("open") || row.matches(":target:not(.shut)");
      row.classList.toggle("open", !open);
      row.classList.toggle("shut", open);
    }
  });

  all().forEach(cell => { cell.tabIndex = -1; });
  const township = document.getElementById("township");
  if (township) {
    township.addEventListener("change", () => township.form.submit());
    township.form.querySelector("button").hidden = true;
  }
  const first = find(location.hash.slice(1)) || all()[0];
  if (form && first) {
    dock.hidden = undo.hidden = false;
    form.addEventListener("submit", event => event.preventDefault());
    form.addEventListener("change", event => {
      const { name, value } = event.target;
      const { present, shared, shared_with: other } = form.elements;
      if (name !== "present" && name !== "note" && !present.value) present.value = "true";
      if (name === "shared" && !shared.checked) other.value = "";
      if (name === "shared_with" && value.trim()) shared.checked = true;
      if (!present.value) return say({ error: box.dataset.first }); // a note alone says nothing of the room
      save(current(), details());
    });
    dock.addEventListener("keydown", event => { // leaving a box tells its change
      const leaves = event.key === "Escape" || (event.key === "Enter" && event.target.matches("input:not([type=checkbox])"));
      if (!leaves) return;
      event.preventDefault();
      current().focus();
    });
    dock.addEventListener("click", event => {
      const key = event.target.closest("[data-state]");
      if (key) save(current(), { state: key.dataset.state });
      if (event.target.id === "cell-close") { dock.classList.remove("on"); current().focus(); }
    });
    undo.addEventListener("click", takeBack);
    document.addEventListener("keydown", event => {
      const typing = event.target.matches("input:not([type=checkbox]), textarea");
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z" && !typing) {
        event.preventDefault();
        takeBack();
      }
    });
  }
  if (first) choose(first, false);
})();
