// Progressive: hides questions that the answers so far rule out. Which answers count is decided by the server.
"use strict";

for (const sheet of document.querySelectorAll("[data-sheet]")) {
  const asks = [...sheet.querySelectorAll("[data-ask]")];
  const byName = new Map(asks.map(ask => [ask.dataset.ask, ask]));
  const when = new Map(asks.map(ask => [ask, JSON.parse(ask.dataset.when || "[]")]));

  const chosen = ask => [...ask.querySelectorAll(":is([type=radio], [type=checkbox]):checked")].map(box => box.value);
  const figure = ask => {
    const box = ask.querySelector(".ask-num input");
    const text = box ? box.value.trim() : chosen(ask)[0] ?? "";
    return text === "" ? NaN : Number(text);
  };
  const tests = {
    has: (ask, key) => chosen(ask).includes(key),
    lacks: (ask, key) => chosen(ask).length > 0 && !chosen(ask).includes(key),
    at_least: (ask, number) => figure(ask) >= number,
    at_most: (ask, number) => figure(ask) <= number,
  };
  const asked = ask => when.get(ask).every(([name, group]) => {
    const source = byName.get(name);
    return source && !source.hidden && group.some(([operator, value]) => tests[operator](source, value));
  });
  const other = ask => {
    const line = ask.querySelector(".ask-other");
    if (line) line.hidden = !ask.querySelector("[data-other]:checked");
  };
  const look = () => asks.forEach(ask => {
    ask.hidden = !asked(ask);
    ask.disabled = ask.hidden;
    other(ask);
  });

  // “None of these” takes the others away, and one of the others takes it away.
  sheet.addEventListener("change", event => {
    const box = event.target;
    if (box.matches("[type=checkbox]:checked")) {
      const alone = box.matches("[data-alone]");
      for (const mate of box.closest("[data-ask]").querySelectorAll("[type=checkbox]:checked")) {
        if (mate !== box && (alone || mate.matches("[data-alone]"))) mate.checked = false;
      }
    }
    look();
  });
  sheet.addEventListener("input", look);
  look();
}
