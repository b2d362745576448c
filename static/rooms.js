// The room matrix: arrows move, with Shift (or a drag) they choose several cells; keys and buttons say what a room is,
// Ctrl+D fills down, the dock says the rest. What is said is saved at once, all cells chosen in one request.
// Without this file every cell is a link to the room's own form.
"use strict";

(() => {
  const box = document.getElementById("rooms");
  if (!box) return;
  const view = box.dataset.view; // state, area or photos: what the cells show
  const dock = document.getElementById("dock"); // there for those who may change something
  const form = document.getElementById("cell");
  const failure = document.getElementById("cell-error");
  const undo = document.getElementById("undo");
  const filled = document.getElementById("filled");
  const FLAGS = ["present", "sign", "furniture", "layout", "shared"];
  const TEXTS = { area: "area", shared_with: "with", note: "note" };
  const tell = text => document.querySelectorAll(".saved").forEach(place => { place.textContent = text; });
  const byId = id => document.getElementById(id);

  // ---- cells, by the name that outlives their being written anew ----
  const all = () => box.querySelectorAll("[data-cell]");
  const find = id => (/^\d+-\d+$/.test(id) ? box.querySelector(`[data-cell="${id}"]`) : null);
  const cellsOf = row => [...row.querySelectorAll("[data-cell]")];
  const editable = cell => form && cell.closest("tr").hasAttribute("data-edit");
  let here = ""; // the current cell
  let anchor = ""; // the other corner of the cells chosen
  const current = () => find(here);

  // What is on record of a room, null where nothing is.
  function factsOf(cell) {
    if (!cell.dataset.v) return null;
    const facts = {};
    FLAGS.forEach((name, at) => { facts[name] = cell.dataset.f[at] === "1"; });
    for (const [name, key] of Object.entries(TEXTS)) facts[name] = cell.dataset[key] || "";
    return facts;
  }

  // ---- choosing ----
  // The rectangle between the two corners, row by row; both lie in one table.
  function chosen() {
    const [from, to] = [find(anchor), current()];
    const rows = [...to.closest("tbody").rows];
    const place = cell => [rows.indexOf(cell.closest("tr")), cellsOf(cell.closest("tr")).indexOf(cell)];
    const [[top, left], [bottom, right]] = [place(from), place(to)];
    return rows.slice(Math.min(top, bottom), Math.max(top, bottom) + 1)
      .map(row => cellsOf(row).slice(Math.min(left, right), Math.max(left, right) + 1));
  }
  const mine = () => chosen().flat().filter(editable);

  function mark() {
    const cells = chosen().flat();
    box.querySelectorAll(".sel").forEach(cell => cell.classList.remove("sel"));
    if (cells.length > 1) cells.forEach(cell => cell.classList.add("sel"));
    return cells.length;
  }

  function choose(cell, { focus = true, extend = false } = {}) {
    const before = current();
    if (extend && form && cell.closest("table") !== find(anchor).closest("table")) return;
    if (before) {
      before.tabIndex = -1;
      before.classList.remove("cur");
      before.closest("tr").classList.remove("act");
    }
    here = cell.dataset.cell;
    if (!extend || !form) anchor = here;
    cell.tabIndex = 0;
    if (form) {
      cell.classList.add("cur");
      cell.closest("tr").classList.add("act");
    }
    if (focus) {
      cell.focus({ preventScroll: true });
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    fill();
  }

  function neighbour(cell, key) {
    const row = cell.closest("tr");
    const cells = cellsOf(row);
    const x = cells.indexOf(cell);
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (step) {
      const rows = [...box.querySelectorAll("tbody tr")];
      const other = rows[rows.indexOf(row) + step];
      return other && cellsOf(other)[Math.min(x, cellsOf(other).length - 1)];
    }
    return { ArrowLeft: cells[x - 1], ArrowRight: cells[x + 1], Home: cells[0], End: cells.at(-1) }[key];
  }

  // ---- the dock ----
  const drafts = new Map(); // cell → what was typed and refused: {values, error}

  function fill() {
    if (!form) return;
    const cell = current();
    const count = mark();
    const draft = drafts.get(here);
    const facts = draft?.values || factsOf(cell);
    const may = editable(cell) && count === 1;
    byId("cell-name").textContent = `${cell.closest("tr").querySelector("th").textContent.trim()} · ${cell.dataset.l}`;
    byId("cell-count").textContent = count > 1 ? box.dataset.many.replace("{n}", count) : "";
    say(draft || {}, Boolean(draft));
    form.elements.present.disabled = !may;
    if (form.elements.present !== document.activeElement) form.elements.present.value = facts ? String(facts.present) : "";
    for (const input of form.querySelectorAll("input[name]:not([type=hidden])")) {
      input.disabled = !may || (facts !== null && !facts.present && input.name !== "note");
      if (input === document.activeElement) continue;
      if (input.type === "checkbox") input.checked = Boolean(facts?.[input.name]);
      else input.value = facts?.[input.name] || "";
    }
    const others = cellsOf(cell.closest("tr")).filter(other => other !== cell);
    byId("shared-with").replaceChildren(...others.map(other => new Option(other.dataset.l)));
    for (const key of dock.querySelectorAll("[data-state]")) {
      key.disabled = !editable(cell);
      key.setAttribute("aria-pressed", count === 1 && cell.classList.contains(`s${key.dataset.state}`));
    }
    lead(cell);
  }

  // Where the dock's links lead from the cell.
  function lead(cell) {
    const { pk } = cell.dataset;
    const [village, type] = here.split("-");
    const [whole, photos, last] = [byId("cell-form"), byId("cell-photos"), byId("cell-last")];
    for (const link of [whole, photos, last]) link.href = link.dataset.to.replace("/0/", `/${pk || 0}/`);
    if (!pk) whole.href = `${whole.dataset.new}?village=${village}&room_type=${type}`;
    photos.lastElementChild.textContent = cell.dataset.n || 0;
    photos.setAttribute("aria-disabled", !pk);
    last.textContent = cell.title;
    last.hidden = !pk;
  }

  const details = () => ({
    present: form.elements.present.value === "true",
    ...Object.fromEntries(["sign", "furniture", "layout", "shared"].map(name => [name, form.elements[name].checked])),
    ...Object.fromEntries(Object.keys(TEXTS).map(name => [name, form.elements[name].value.trim()])),
  });

  function say({ error = "", saved }, isDraft = false) {
    failure.hidden = !error;
    failure.firstElementChild.textContent = error;
    byId("again").hidden = byId("theirs").hidden = !isDraft;
    if (error || saved) tell(error ? "" : saved);
  }

  // ---- saving: one request after another, so that each knows the versions before it ----
  let chain = Promise.resolve();
  let waiting = 0;
  const done = []; // what each saving replaced, for taking it back

  // `changes`: [{id, values}]. `typed`: said in the dock, and kept there if it is refused.
  function save(changes, kind = {}) {
    if (!changes.length) return;
    waiting += 1;
    chain = chain.then(() => send(changes, kind));
  }
  const saveState = state => save(mine().map(cell => ({ id: cell.dataset.cell, values: { state } })));
  const saveDetails = () => save([{ id: here, values: details() }], { typed: true });

  async function send(changes, { typed = false, undoing = false }) {
    const ids = changes.map(change => change.id);
    const before = ids.map(id => ({ id, values: factsOf(find(id)) || { state: 0 } }));
    const recorded = () => ids.filter(id => find(id).dataset.v).length;
    const known = recorded();
    ids.forEach(id => find(id).classList.add("saving"));
    tell(box.dataset.saving);
    const answer = await post(changes);
    waiting -= 1;
    ids.forEach(id => find(id).classList.remove("saving"));
    if (typed && answer.error) drafts.set(ids[0], { values: changes[0].values, error: answer.error });
    else if (!answer.error) ids.forEach(id => drafts.delete(id));
    ids.forEach(id => find(id).classList.toggle("kept", drafts.has(id)));
    show(answer);
    if (filled) filled.textContent = Number(filled.textContent) + recorded() - known;
    if (!answer.error && !undoing) done.push(before);
    if (answer.error && undoing) done.push(changes);
    undo.disabled = done.length === 0;
    if (waiting === 0) fill();
    if (!drafts.has(here)) say(answer);
  }

  async function post(changes) {
    const cells = changes.map(({ id, values }) => {
      const [village, type] = id.split("-").map(Number);
      return { village, room_type: type, version: Number(find(id).dataset.v || 0), ...values };
    });
    const body = new URLSearchParams({ view, cells: JSON.stringify(cells) });
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const keepalive = body.toString().length < 60000; // what a browser sends after the page was left
    try {
      const reply = await fetch(form.action, { method: "POST", body, headers, keepalive });
      const isJson = (reply.headers.get("Content-Type") || "").startsWith("application/json");
      return isJson ? await reply.json() : { error: box.dataset.refused };
    } catch {
      return { error: box.dataset.offline };
    }
  }

  // The cells as the server now shows them, and what follows from it in their rows and columns.
  function show({ cells = {}, rows = {}, error }) {
    const tables = new Set();
    for (const [id, html] of Object.entries(cells)) {
      const old = find(id);
      if (!old) continue; // of an edition that this page doesn't show
      const hadFocus = old === document.activeElement;
      tables.add(old.closest("table"));
      old.parentElement.innerHTML = html;
      const cell = find(id);
      cell.tabIndex = id === here ? 0 : -1;
      cell.classList.toggle("cur", id === here);
      cell.classList.toggle("kept", drafts.has(id));
      if (hadFocus) cell.focus({ preventScroll: true });
      if (!error) {
        cell.classList.add("just");
        setTimeout(() => cell.classList.remove("just"), 2500);
      }
    }
    for (const [pk, figures] of Object.entries(rows)) {
      const row = byId(`r${pk}`);
      const there = row.querySelector("td.n span");
      there.textContent = figures.there;
      there.classList.toggle("bad", figures.low);
      row.querySelector("td.x span").textContent = figures.when;
    }
    tables.forEach(count);
    mark();
  }

  // In how many rows each room is there.
  function count(table) {
    const rows = [...table.tBodies[0].rows].map(cellsOf);
    table.tFoot.querySelectorAll("td > span:first-child").forEach((place, at) => {
      place.textContent = rows.filter(cells => (cells[at].dataset.f || "0")[0] === "1").length;
    });
  }

  function takeBack() {
    const last = done.pop();
    undo.disabled = done.length === 0;
    if (!last) return;
    choose(find(last[0].id));
    save(last, { undoing: true });
  }

  // ---- filling down: what this view shows of the first row chosen, or of the row above, goes into those below ----
  function fillDown() {
    const rows = chosen();
    const above = rows.length > 1 ? rows[0] : rows[0].map(cell => neighbour(cell, "ArrowUp"));
    const below = rows.length > 1 ? rows.slice(1) : rows;
    if (above[0]?.closest("table") !== rows[0][0].closest("table")) return;
    const pairs = below.flatMap(cells => cells.map((cell, at) => [cell, filledFrom(above[at], cell)]));
    save(pairs.filter(([cell, values]) => values && editable(cell)).map(([cell, values]) => ({ id: cell.dataset.cell, values })));
  }

  function filledFrom(source, cell) {
    const [from, own] = [factsOf(source), factsOf(cell)];
    if (view === "photos" || !from) return null;
    if (view === "area") return own?.present && from.area ? { ...own, area: from.area } : null;
    const flags = Object.fromEntries(FLAGS.map(name => [name, from[name]]));
    return {
      ...own, ...flags, // area and remark stay the room's own
      area: (from.present && own?.area) || "",
      shared_with: (from.shared && own?.shared_with) || "",
      note: own?.note || "",
    };
  }

  // ---- what people do ----
  function typedOnCell(cell, key) {
    if (view === "state" && /^[0-6]$/.test(key)) saveState(key);
    else if (view === "area" && /^\d$/.test(key) && !form.elements.area.disabled) {
      choose(cell);
      form.elements.area.focus();
      form.elements.area.value = key;
    } else if (key === "Delete") saveState(0);
    else if (key === "Enter" && view === "photos") byId("cell-photos").click();
    else if (key === "Enter") { choose(cell); form.elements[view === "area" ? "area" : "present"].focus(); }
    else if (key === "Escape") choose(cell);
    else return false;
    return true;
  }

  box.addEventListener("keydown", event => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.altKey) return;
    const to = neighbour(cell, event.key);
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== "d" || event.shiftKey || !editable(cell)) return;
      fillDown();
    } else if (to) choose(to, { extend: event.shiftKey });
    else if (!editable(cell) || !typedOnCell(cell, event.key)) return;
    event.preventDefault();
  });

  box.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey) return;
    const cell = event.target.closest("[data-cell]");
    const opener = event.target.closest(".unfold");
    if (cell && editable(cell)) {
      event.preventDefault();
      dock.classList.add("on");
      choose(cell, { extend: event.shiftKey });
    } else if (cell) {
      choose(cell, { focus: false });
    } else if (opener) { // on a phone a village opens and closes
      event.preventDefault();
      const row = opener.closest("tr");
      const open = row.classList.contains("open") || row.matches(":target:not(.shut)");
      row.classList.toggle("open", !open);
      row.classList.toggle("shut", open);
    }
  });

  // A drag with the mouse chooses the cells between.
  let dragging = false;
  box.addEventListener("dragstart", event => { if (event.target.closest("[data-cell]")) event.preventDefault(); });
  box.addEventListener("pointerdown", event => {
    const cell = event.target.closest("[data-cell]");
    dragging = Boolean(cell && editable(cell) && event.pointerType === "mouse" && event.button === 0 && !event.shiftKey);
    if (dragging) choose(cell);
  });
  box.addEventListener("pointerover", event => {
    const cell = event.target.closest("[data-cell]");
    if (!(event.buttons & 1)) dragging = false;
    if (dragging && cell && cell.dataset.cell !== here) choose(cell, { extend: true });
  });

  all().forEach(cell => { cell.tabIndex = -1; });
  const township = byId("township");
  if (township) {
    township.addEventListener("change", () => township.form.submit());
    township.form.querySelector("button").hidden = true;
  }
  const named = find(location.hash.slice(1));
  const first = named || all()[0];
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
      saveDetails();
    });
    dock.addEventListener("keydown", event => { // leaving a box tells its change
      const isBox = event.target.matches("input:not([type=checkbox])");
      if (event.key !== "Escape" && !(event.key === "Enter" && isBox)) return;
      event.preventDefault();
      current().focus();
      if (event.key === "Enter" && event.target.name === "area" && view === "area") {
        choose(neighbour(current(), "ArrowDown") || current());
      }
    });
    dock.addEventListener("click", event => {
      const key = event.target.closest("[data-state]");
      if (key) saveState(key.dataset.state);
      if (event.target.id === "again") saveDetails();
      if (event.target.id === "theirs") { drafts.delete(here); current().classList.remove("kept"); fill(); }
      if (event.target.id === "cell-close") { dock.classList.remove("on"); current().focus(); }
      const link = event.target.closest("a");
      if (!link) return;
      if (link.id === "cell-photos" && !current().dataset.pk) {
        event.preventDefault();
        return say({ error: box.dataset.unrecorded });
      }
      history.replaceState(null, "", `#${here}`); // coming back finds the cell again
    });
    undo.addEventListener("click", takeBack);
    document.addEventListener("keydown", event => {
      const typing = event.target.matches("input:not([type=checkbox]), textarea");
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z" && !typing) {
        event.preventDefault();
        takeBack();
      }
    });
    window.addEventListener("pageshow", event => { if (event.persisted) location.reload(); });
  }
  if (first) choose(first, { focus: Boolean(named) });
  if (named) named.closest("tr").classList.add("open");
})();
