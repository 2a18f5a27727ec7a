// Makes the other side follow while one is typed in. Without it the buttons do the same.
"use strict";
(() => {
  const desk = document.getElementById("desk");
  if (!desk || !window.DOMParser || !desk.requestSubmit) return;
  const PAUSE_MS = 500;
  const LETTER_PAUSE_MS = 1500;
  const FORM = "form-side";
  const YAML = "yaml-side";
  const BOTH = "";
  const EARLY_MS = 2000;
  const MOST_EARLY = 15;
  let early = 0;
  let timer = 0;
  let letterTimer = 0;
  let running = null;
  document.documentElement.classList.add("scripted");

  const part = (page, id) => page.getElementById(id);
  const sideOf = (element) => element.closest(`#${FORM}, #${YAML}`);

  const showWhatGoesWith = () => {
    const every = desk.elements["send.every"].value;
    for (const one of desk.querySelectorAll("[data-when]")) {
      one.classList.toggle("is-off", one.dataset.when !== every);
    }
  };

  const takeHidden = (page, name) => {
    const fresh = page.querySelector(`#desk > input[name="${name}"]`);
    if (fresh) desk.querySelector(`:scope > input[name="${name}"]`).value = fresh.value;
  };

  const isBlank = (row) => [...row.querySelectorAll("input")].every(
    (one) => one.type === "hidden" || one.name.endsWith(".weight") || !one.value.trim());

  // Rows are told apart by their order: the page knows nothing of those that are still blank.
  const twins = (page) => {
    const fields = [...desk.querySelectorAll("[data-field]")].filter((one) => !one.closest("[data-row]"));
    const pairs = fields.map((one) => [one, page.querySelector(`[data-field="${CSS.escape(one.dataset.field)}"]`)]);
    const fresh = [...page.querySelectorAll("[data-rows] > [data-row]")];
    const rows = [...desk.querySelectorAll("[data-rows] > [data-row]")].filter((row) => !isBlank(row));
    rows.forEach((row, number) => {
      const other = fresh[number];
      row.querySelector('[name$=".place"]').value = other ? other.querySelector('[name$=".place"]').value : "";
      const others = other ? [...other.querySelectorAll("[data-field]")] : [];
      [...row.querySelectorAll("[data-field]")].forEach((field, place) => pairs.push([field, others[place]]));
    });
    return pairs;
  };

  // In the side that is typed in only what is said of its fields changes, never the fields.
  const takeComplaints = (page) => {
    for (const [field, fresh] of twins(page)) {
      const old = field.querySelector(".wrong");
      const now = fresh && fresh.querySelector(".wrong");
      if (old) old.remove();
      if (now) field.append(document.importNode(now, true));
      const input = field.querySelector("input, select, textarea");
      const like = fresh && fresh.querySelector("input, select, textarea");
      if (!input) continue;
      for (const key of ["aria-invalid", "aria-describedby"]) {
        const value = like && like.getAttribute(key);
        if (value) input.setAttribute(key, value); else input.removeAttribute(key);
      }
    }
  };

  const take = (page, side) => {
    for (const id of ["state", "yaml-wrong"]) part(document, id).replaceChildren(...document.importNode(part(page, id), true).childNodes);
    takeHidden(page, "agreed");
    const isSettled = !page.querySelector('[name="do"][value="keep-form"]');
    if (isSettled && side !== YAML) part(document, "yaml").value = part(page, "yaml").value;
    if (isSettled && side !== FORM) {
      const unfolded = [...part(document, FORM).querySelectorAll("details[open]")].map((one) => one.dataset.fold);
      part(document, FORM).replaceWith(document.importNode(part(page, FORM), true));
      for (const name of unfolded) part(document, FORM).querySelector(`details[data-fold="${name}"]`)?.setAttribute("open", "");
    } else {
      takeComplaints(page);
    }
    showWhatGoesWith();
    if (isSettled && !part(page, "wrong-yaml")) askForLetter();
  };

  const follow = async (side) => {
    if (running) running.abort();
    running = new AbortController();
    document.body.classList.add("is-busy");
    try {
      const answer = await fetch(`${desk.getAttribute("action")}/draft`, {
        method: "POST", body: new URLSearchParams(new FormData(desk)), signal: running.signal,
      });
      if (answer.ok) take(new DOMParser().parseFromString(await answer.text(), "text/html"), side);
    } catch (error) {
      if (error.name !== "AbortError") console.warn("The other side could not follow.", error);
      else return;
    }
    document.body.classList.remove("is-busy");
  };

  // A new frame has no history, so that the way back does not lead through every letter.
  const askForLetter = (pause = LETTER_PAUSE_MS) => {
    clearTimeout(letterTimer);
    letterTimer = setTimeout(() => {
      const old = document.querySelector('iframe[name="sample"]');
      const fresh = old.cloneNode();
      fresh.removeAttribute("src");
      fresh.removeAttribute("loading");
      old.replaceWith(fresh);
      desk.requestSubmit(desk.querySelector("[data-sample]"));
    }, pause);
  };

  // A letter that was asked for too early comes by itself.
  document.addEventListener("load", (event) => {
    if (event.target.name !== "sample") return;
    const inside = event.target.contentDocument;
    if (inside && inside.URL === "about:blank") return;
    if (!inside || !inside.body || !("early" in inside.body.dataset)) { early = 0; return; }
    early += 1;
    if (early <= MOST_EARLY) askForLetter(EARLY_MS);
  }, true);

  desk.addEventListener("input", (event) => {
    const side = sideOf(event.target);
    if (!side) return;
    showWhatGoesWith();
    clearTimeout(timer);
    timer = setTimeout(() => follow(side.id), PAUSE_MS);
  });

  desk.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-add")) {
      event.preventDefault();
      const rows = desk.querySelector("[data-rows]");
      const numbers = [...rows.querySelectorAll('[name$=".place"]')].map((one) => Number(one.name.split(".")[1]));
      const html = desk.querySelector("[data-blank]").innerHTML.replaceAll("NUMBER", String(Math.max(-1, ...numbers) + 1));
      rows.insertAdjacentHTML("beforeend", html);
      rows.lastElementChild.querySelector('[name$=".name"]').focus();
    } else if (button.value.startsWith("remove-")) {
      event.preventDefault();
      button.closest("[data-row]").remove();
      follow(BOTH);
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    const yaml = part(document, "yaml");
    const lines = yaml.value.split("\n");
    const start = lines.slice(0, link.dataset.line - 1).join("\n").length + (link.dataset.line > 1 ? 1 : 0);
    yaml.focus();
    yaml.setSelectionRange(start, start + lines[link.dataset.line - 1].length);
  });

  showWhatGoesWith();
})();
