// An enhancement: without it every part of these pages works, by the button "Show me a letter first".
"use strict";

(() => {
  const AFTER_MS = 500; // since the last change
  const EARLY_MS = 2000; // until somebody asks again for a letter that is being put together
  const MOST_TRIES = 30;

  const frames = document.querySelector("[data-frames]");
  const form = document.querySelector("form[data-live]");
  const source = frames ? frames.querySelector("iframe").getAttribute("src") : "";
  let count = 0;
  let tries = 0;
  let timer = 0;

  function isEarly(frame) {
    try {
      return frame.contentDocument.body.hasAttribute("data-early");
    } catch {
      return false;
    }
  }

  function again(frame) {
    if (isEarly(frame) && tries < MOST_TRIES) {
      tries += 1;
      window.clearTimeout(timer);
      timer = window.setTimeout(look, EARLY_MS);
    }
  }

  // Each letter comes into a frame of its own: none of them becomes a step of the browser's history.
  function nextFrame() {
    const now = frames.querySelector("iframe:not(.next)");
    frames.querySelectorAll("iframe.next").forEach((one) => one.remove());
    const next = now.cloneNode(false);
    count += 1;
    next.removeAttribute("src");
    next.removeAttribute("loading");
    next.name = `letter-${count}`;
    next.className = "next";
    frames.classList.add("waits");
    return next;
  }

  function whenShown(next) {
    next.addEventListener("load", () => {
      if (next.contentWindow && next.contentWindow.location.href === "about:blank") return;
      frames.querySelectorAll("iframe:not(.next)").forEach((one) => one.remove());
      next.classList.remove("next");
      frames.classList.remove("waits");
      again(next);
    });
  }

  function look() {
    const next = nextFrame();
    if (!form) {
      next.src = source;
      whenShown(next);
      frames.append(next);
      return;
    }
    const button = form.querySelector("[data-look]");
    whenShown(next);
    frames.append(next);
    button.formTarget = next.name;
    form.requestSubmit(button);
  }

  function lookSoon() {
    tries = 0;
    window.clearTimeout(timer);
    timer = window.setTimeout(look, AFTER_MS);
  }

  function showRhythm() {
    const chosen = form.querySelector("[data-every]").value;
    form.querySelectorAll("[data-for]").forEach((one) => {
      one.hidden = one.dataset.for !== chosen;
    });
  }

  function guessZone() {
    const zone = form.querySelector("[data-zone]");
    const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!name || !form.hasAttribute("data-fresh")) return;
    if (![...zone.options].some((one) => one.value === name)) {
      zone.add(new Option(name, name), 0);
    }
    zone.value = name;
  }

  // What came this week is counted when somebody first asks, and takes its time: it is filled in later.
  function fillIn(page) {
    for (const count of page.querySelectorAll(".topic .count")) {
      const name = count.closest(".topic").querySelector("input").name;
      const box = [...document.querySelectorAll(".topic input")].find((one) => one.name === name);
      if (box) box.closest(".topic").querySelector(".title").after(" ", document.importNode(count, true));
    }
    for (const part of ["#topics-hint", "[data-busiest]"]) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
      if (old && fresh) old.replaceWith(document.importNode(fresh, true));
    }
    document.querySelectorAll("[data-uncounted]").forEach((one) => one.removeAttribute("data-uncounted"));
  }

  function countLater(tries) {
    if (!document.querySelector("[data-uncounted]") || tries > MOST_TRIES) return;
    window.setTimeout(async () => {
      try {
        const answer = await fetch(window.location.pathname);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (answer.ok && !page.querySelector("[data-uncounted]")) fillIn(page);
      } catch {
        // the page does without
      }
      countLater(tries + 1);
    }, EARLY_MS);
  }

  countLater(1);
  if (form) {
    guessZone();
    showRhythm();
    form.querySelector("[data-every]").addEventListener("change", showRhythm);
    form.addEventListener("input", (event) => {
      if (event.target.name !== "email" && event.target.name !== "website") lookSoon();
    });
    if (form.querySelector("[aria-invalid]")) lookSoon(); // the letter that is there is of no choices
    form.querySelector("[data-look]").addEventListener("click", (event) => {
      if (event.isTrusted) {
        event.preventDefault();
        tries = 0;
        look();
      }
    });
  }
  const first = frames && frames.querySelector("iframe");
  if (first) {
    first.addEventListener("load", () => again(first));
    if (first.contentDocument && first.contentDocument.readyState === "complete") again(first);
  }
})();
