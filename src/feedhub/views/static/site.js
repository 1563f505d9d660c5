// What the pages gain where scripts run; without it they lose nothing. All words come from the page.
(() => {
  "use strict";
  const html = document.documentElement;
  const words = html.dataset;
  const WEEK = 6048e5; // milliseconds

  // "3 hours ago" lies over the absolute words in the same grid cell, so no box changes its size.
  const relative = new Intl.RelativeTimeFormat(html.lang, { numeric: "always" });
  const now = new Intl.RelativeTimeFormat(html.lang, { numeric: "auto" }).format(0, "second");
  const ago = (age) => {
    const minutes = Math.floor(age / 6e4);
    if (minutes < 1) return now;
    if (minutes < 60) return relative.format(-minutes, "minute");
    if (minutes < 1440) return relative.format(-Math.floor(minutes / 60), "hour");
    return relative.format(-Math.floor(minutes / 1440), "day");
  };
  const layered = (time) => {
    const absolute = document.createElement("span");
    const told = document.createElement("span");
    absolute.className = "time-absolute";
    absolute.append(...time.childNodes);
    time.title = absolute.textContent;
    time.append(absolute, told);
    time.classList.add("is-relative");
    return told;
  };
  const tellTimes = () => {
    for (const time of document.querySelectorAll("time.when")) {
      const age = Date.now() - Date.parse(time.dateTime);
      const isLayered = time.classList.contains("is-relative");
      if (age >= 0 && age < WEEK) {
        const told = isLayered ? time.lastElementChild : layered(time);
        if (told.textContent !== ago(age)) told.textContent = ago(age);
      } else if (isLayered) {
        time.replaceChildren(time.title);
        time.removeAttribute("title");
        time.classList.remove("is-relative");
      }
    }
  };
  tellTimes();
  setInterval(tellTimes, 6e4);

  // Buttons are hidden until we know that they can do what they say.
  const say = (text) => {
    const region = document.querySelector("[data-said]");
    if (region) region.textContent = text;
  };
  const copy = async (button) => {
    const from = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const label = button.querySelector("[data-label]") || button;
    const before = label.textContent;
    let told = words.copied;
    try {
      await navigator.clipboard.writeText(from ? from.textContent : button.dataset.copy);
    } catch {
      told = words.notCopied;
    }
    say(told);
    if (before === words.copied || before === words.notCopied) return;
    button.style.minInlineSize = `${button.offsetWidth}px`;
    label.textContent = told;
    setTimeout(() => {
      label.textContent = before;
      say("");
    }, 2500);
  };
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("[data-copy], [data-copy-from]")) {
      button.hidden = false;
      button.addEventListener("click", () => copy(button));
    }
  }
  if (navigator.share) {
    for (const button of document.querySelectorAll("[data-share]")) {
      button.hidden = false;
      button.addEventListener("click", () =>
        navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {}),
      );
    }
  }

  // A worker that the server no longer has takes its copies with it.
  const leave = async (worker, registration) => {
    const answer = await fetch(worker, { cache: "no-store" });
    if (answer.status !== 404 && answer.status !== 410) return;
    await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith("feedhub ")) await caches.delete(name);
  };
  const keepWorker = async (worker) => {
    const policy = window.trustedTypes?.createPolicy("feedhub", { createScriptURL: () => worker });
    const here = new URL("./", new URL(worker, location));
    let registration = await navigator.serviceWorker.getRegistration(here);
    try {
      registration = await navigator.serviceWorker.register(policy ? policy.createScriptURL("") : worker, {
        updateViaCache: "none",
      });
      await registration.update();
    } catch {
      if (registration) await leave(worker, registration);
    }
  };
  if (words.worker && navigator.serviceWorker) {
    addEventListener("load", () => keepWorker(words.worker).catch(() => {}));
  }
})();
