/* ratings.js: typing slips. Three digits or Enter move on to the next row; a new row comes at the end. */
(() => {
  const list = document.querySelector("[data-slips]");
  if (!list) return;
  const count = document.querySelector("[data-typed]");
  const MOST = 500;

  const whole = (box) => /^[1-5]{3}$/.test(box.value);
  const judge = (box) => box.classList.toggle("wrong", box.value.length === 3 && !whole(box));
  const tell = () => {
    const typed = [...list.querySelectorAll("[name=sheet]")].filter(whole).length;
    count.textContent = count.dataset.typed + typed;
  };

  const grow = () => {
    const row = list.lastElementChild.cloneNode(true);
    for (const box of row.querySelectorAll("input")) {
      box.value = "";
      box.classList.remove("wrong");
      box.setAttribute("aria-label", box.getAttribute("aria-label").replace(/\d+/, list.children.length + 1));
    }
    list.append(row);
    return row;
  };

  const onward = (box) => {
    const row = box.closest("li");
    const next = row.nextElementSibling || (list.children.length < MOST ? grow() : null);
    next?.querySelector(`[name=${box.name}]`).focus();
  };

  list.addEventListener("input", ({ target }) => {
    target.value = target.value.replace(/\D/g, "");
    judge(target);
    tell();
    if (whole(target)) onward(target);
  });
  list.addEventListener("keydown", (event) => {
    const box = event.target;
    if (event.key === "Enter") {
      event.preventDefault();
      onward(box);
    } else if (event.key === "Backspace" && !box.value) {
      const before = box.closest("li").previousElementSibling;
      if (before) {
        event.preventDefault();
        before.querySelector(`[name=${box.name}]`).focus();
      }
    }
  });
  document.querySelector("[data-more-rows]")?.remove();
  list.querySelectorAll("input").forEach(judge);
  tell();
})();
