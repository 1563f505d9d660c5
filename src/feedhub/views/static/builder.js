/* The builder answers each choice at once, and copies; without this script its button does the first of these. */
(() => {
  "use strict";
  const form = document.querySelector(".builder");
  const built = document.getElementById("built");
  if (!form || !built || !window.fetch) return;
  let asked = null;

  const copyButtons = () => {
    if (!navigator.clipboard) return;
    for (const snippet of built.querySelectorAll("pre.snippet")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = form.dataset.copyWords;
      button.setAttribute("aria-describedby", snippet.getAttribute("aria-labelledby"));
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(snippet.textContent);
        button.textContent = form.dataset.copiedWords;
      });
      snippet.after(button);
    }
  };

  const show = async () => {
    if (!form.checkValidity()) return;
    asked?.abort();
    asked = new AbortController();
    const said = [...new FormData(form)].filter(([, value]) => value);
    const url = `${form.action}?${new URLSearchParams(said)}`;
    try {
      const answer = await fetch(url, { signal: asked.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      built.replaceChildren(...page.getElementById("built").childNodes);
      history.replaceState(null, "", url);
      copyButtons();
    } catch (error) {
      if (error.name !== "AbortError") form.submit(); // the whole page tells what is wrong
    }
  };

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 300);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  copyButtons();
})();
