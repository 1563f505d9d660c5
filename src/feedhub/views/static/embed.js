/* The frame's part of WordPress's embed protocol: it tells the page around it how high it is and which link was followed.
   The page gives it a secret in the address (#?secret=…); without one, this does nothing. */
(() => {
  "use strict";
  const secret = /[#?&]secret=([a-zA-Z0-9]{1,64})/.exec(location.hash)?.[1];
  if (!secret || window.parent === window) return;
  const tell = (message, value) => window.parent.postMessage({ message, value, secret }, "*");
  const height = () => tell("height", Math.ceil(document.body.getBoundingClientRect().height));

  height();
  window.addEventListener("load", height);
  if (window.ResizeObserver) new ResizeObserver(height).observe(document.body);
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.message === "ready" && event.data.secret === secret) height();
  });
  // WordPress follows links to our own host only, so a link to a platform leads to the post's page, which has it too.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link) return;
    event.preventDefault();
    const own = link.host === location.host ? link : link.closest("article")?.querySelector(".heading a");
    tell("link", (own || link).href);
  });
})();
