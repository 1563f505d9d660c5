// Network first. Kept are the shell's files and the last copy of home; never a post, a search, a feed or a picture.
const KEPT = `feedhub ${CITY.prefix} `;
const SHELL = `${KEPT}shell ${CITY.version}`;
const HOME = `${KEPT}home`;
const OLDEST = 864e5; // milliseconds that a copy of home may be shown
const COPIED_AT = "feedhub-copied-at";

addEventListener("install", (event) => {
  const wanted = [...CITY.files, ...Object.values(CITY.offline)];
  const fetched = wanted.map((address) => new Request(address, { cache: "no-cache" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fetched)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(tidy().then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith(CITY.prefix)) return;
  // A feed that is opened goes past us: the server must see that a browser wants it, or it is shown raw.
  if (request.mode === "navigate" && !/\.\w+$/.test(url.pathname)) event.respondWith(page(request, url));
  else if (CITY.files.includes(url.pathname + url.search)) event.respondWith(file(request));
});

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith(KEPT) && name !== SHELL && name !== HOME) await caches.delete(name);
  }
  const home = await caches.open(HOME);
  for (const request of await home.keys()) await fresh(home, request);
}

async function file(request) {
  const cache = await caches.open(SHELL);
  return (await cache.match(request)) || fetch(request);
}

async function page(request, url) {
  const isHome = CITY.homes.includes(url.pathname) && url.search === "";
  try {
    // The browser's own cache would show a withdrawn post for a while longer: the server is asked each time.
    const answer = await fetch(request, { cache: "no-cache" });
    if (isHome && answer.ok) await keep(url.pathname, answer.clone());
    return answer;
  } catch {
    const language = Object.keys(CITY.offline).find((one) => url.pathname.startsWith(`${CITY.prefix}${one}/`));
    return (isHome && (await copyOfHome(url.pathname))) || offline(language || CITY.language);
  }
}

// Storage may be full or forbidden: the answer matters more than its copy.
async function keep(path, answer) {
  try {
    const headers = new Headers(answer.headers);
    headers.set(COPIED_AT, String(Date.now()));
    const home = await caches.open(HOME);
    await home.put(path, new Response(await answer.text(), { headers }));
  } catch {
    await caches.delete(HOME);
  }
}

async function fresh(home, request) {
  const copy = await home.match(request);
  if (!copy) return undefined;
  const age = Date.now() - Number(copy.headers.get(COPIED_AT));
  if (age >= 0 && age < OLDEST) return copy;
  await home.delete(request);
  return undefined;
}

// Home holds a hidden line for this moment, in its own language; here it gets its time and is shown.
async function copyOfHome(path) {
  const copy = await fresh(await caches.open(HOME), path);
  if (!copy) return undefined;
  const at = new Date(Number(copy.headers.get(COPIED_AT)));
  const text = await copy.text();
  const language = (/<html lang="([\w-]+)"/.exec(text) || [])[1] || CITY.language;
  const how = { dateStyle: "long", timeStyle: "short", timeZone: CITY.zone };
  const time = new Intl.DateTimeFormat(language, how).format(at);
  const told = text.replace('<p class="notice" data-offline hidden>', '<p class="notice" data-offline role="status">');
  const headers = new Headers(copy.headers);
  for (const name of ["content-encoding", "content-length", COPIED_AT]) headers.delete(name);
  return new Response(told.replace("<span data-copied-at></span>", () => `<time>${time}</time>`), { headers });
}

async function offline(language) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(CITY.offline[language]);
  return kept || Response.error();
}
