(() => {
"use strict";
const able = window.customElements && window.CSSStyleSheet && "adoptedStyleSheets" in Document.prototype;
if (!able || customElements.get("feedhub-feed")) return;
const script = document.currentScript || document.querySelector('script[src*="/widget/"][src*="/feedhub.js"]');
const home = /^(.*\/)widget\/[^/]+\/feedhub\.js([?#].*)?$/.exec(script?.src || "")?.[1];
const FILTERS = {
department: "department", group: "group", area: "area", account: "account", platform: "platform",
kind: "kind", type: "type", tag: "tag", q: "q", "post-language": "language",
};
const LAYOUTS = ["list", "grid", "headlines", "agenda", "alert"];
const MOST = 50; // posts at first
const MOST_LOADED = 200; // with "load more": as many as one answer can hold, so that withdrawals are seen
const PATIENCE = 15e3; // ms that an answer may take
const AGAIN = 5 * 60e3; // ms until it is asked for news
const RETRY = 20e3; // ms until it is asked again after a failure, doubled each time
const HOUR = 36e5;
const DAY = 24 * HOUR;
const WORDS = {
id: {
list: "Kabar dari pemerintah", all: "Semua kabar", none: "Belum ada kabar.", untitled: "Tanpa judul",
corrected: "Ralat", verified: "Akun resmi, sudah diperiksa", source: "Asli di {}", more: "Muat lebih banyak",
loading: "Sedang memuat…", failed: "Belum dapat dimuat. Silakan coba lagi.", updated: "Terakhir diperbarui {}",
fresh: "{} kabar baru", fresh1: "{} kabar baru", added: "{} kabar ditambahkan", gone: "Kabar ini telah ditarik.",
calm: "Tidak ada keadaan darurat.", agenda: "Tidak ada agenda mendatang.", day: "Sepanjang hari", film: "Video",
site: "situs web", inbox: "sumbernya",
emergency: "Darurat", service: "Layanan", assistance: "Bantuan",
event: "Agenda", announcement: "Pengumuman", news: "Berita",
},
en: {
list: "News from the government", all: "All posts", none: "There are no posts yet.", untitled: "Untitled",
corrected: "Corrected", verified: "Official account, checked", source: "Original on {}", more: "Load more",
loading: "Loading…", failed: "It could not be loaded. Please try again.", updated: "Last updated {}",
fresh: "{} new posts", fresh1: "{} new post", added: "{} posts added", gone: "This post was withdrawn.",
calm: "There is no emergency.", agenda: "There are no events ahead.", day: "All day", film: "Video",
site: "website", inbox: "its source",
emergency: "Emergency", service: "Service", assistance: "Assistance",
event: "Event", announcement: "Announcement", news: "News",
},
};
const PLATFORMS = {
youtube: "YouTube", instagram: "Instagram", facebook: "Facebook", threads: "Threads", x: "X", tiktok: "TikTok",
telegram: "Telegram", mastodon: "Mastodon", bluesky: "Bluesky", activitypub: "ActivityPub", linkedin: "LinkedIn",
};
const ZONES = { "+07:00": "WIB", "+08:00": "WITA", "+09:00": "WIT" };
const SHAPES = {
verified: "M8 1l1.9 1.4 2.3-.1.7 2.3 1.9 1.4-.8 2.2.8 2.2-1.9 1.4-.7 2.3-2.3-.1L8 15l-1.9-1.4-2.3.1-.7-2.3-1.9-1.4.8-2.2-.8-2.2 1.9-1.4.7-2.3 2.3.1zM4.9 8.3l2.1 2.1 4.2-4.3-1-1L7 8.3 5.9 7.2z",
play: "M8 0a8 8 0 100 16A8 8 0 008 0zM6.3 4.6l5.4 3.4-5.4 3.4z",
};
const STYLE = `
:host { display: block !important; }
:host([hidden]) { display: none !important; }
* { box-sizing: border-box; }
.feed {
--text: var(--feedhub-text, currentColor); --accent: var(--feedhub-accent, currentColor); --surface: var(--feedhub-surface, transparent);
--border: var(--feedhub-border, color-mix(in srgb, currentColor 25%, transparent)); --radius: var(--feedhub-radius, .5rem);
--alarm: var(--feedhub-emergency, #b3261e);
position: relative; color: var(--text); font-family: var(--feedhub-font, inherit); font-size: clamp(14px, 1em, max(20px, 1.5rem)); font-weight: 400; font-style: normal; line-height: 1.5;
letter-spacing: normal; word-spacing: normal; text-transform: none; text-indent: 0; text-shadow: none; text-align: start; white-space: normal; visibility: visible; overflow-wrap: anywhere;
}
.light, .dark { padding: .75rem; border-radius: var(--radius); background: var(--feedhub-background, var(--ground)); color-scheme: light; }
.light, .auto {
--ground: #f4f6f8; --text: var(--feedhub-text, #17202a); --surface: var(--feedhub-surface, #fff); --border: var(--feedhub-border, #ccd4dc); --accent: var(--feedhub-accent, #0b57a4);
}
.dark {
--ground: #10161d; --text: var(--feedhub-text, #e8edf2); --surface: var(--feedhub-surface, #1a222c); --border: var(--feedhub-border, #3a4755); --accent: var(--feedhub-accent, #8fc1ff); --alarm: var(--feedhub-emergency, #ff8a80);
color-scheme: dark;
}
@media (prefers-color-scheme: dark) {
.auto { --ground: #10161d; --text: var(--feedhub-text, #e8edf2); --surface: var(--feedhub-surface, #1a222c); --border: var(--feedhub-border, #3a4755); --accent: var(--feedhub-accent, #8fc1ff); --alarm: var(--feedhub-emergency, #ff8a80); color-scheme: dark; }
}
.auto { padding: .75rem; border-radius: var(--radius); background: var(--feedhub-background, var(--ground)); }
ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
.grid ul { grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
li { display: flex; flex-direction: column; min-inline-size: 0; }
article { position: relative; flex: 1; display: flex; gap: 1rem; padding: .75rem 1rem; overflow: hidden; contain: paint; background: var(--surface); border: 1px solid var(--border); border-radius: var(--radius); }
.emergency { border-inline-start: 5px solid var(--alarm); }
.grid article, .narrow article { flex-direction: column; }
.text { display: flex; flex-direction: column; flex: 1; min-inline-size: 0; }
p, .heading { margin: 0 0 .25rem; }
.heading { font-size: 1.0625em; font-weight: 700; line-height: 1.3; }
.heading, .summary { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.summary { -webkit-line-clamp: 2; }
a { color: var(--accent); }
.heading a { color: inherit; text-decoration-line: none; }
.heading a::after { content: ""; position: absolute; inset: 0; }
article:hover .heading a { text-decoration-line: underline; }
.heading a:focus-visible { outline: none; }
.heading a:focus-visible::after { outline: 3px solid; outline-offset: -4px; border-radius: var(--radius); }
a:focus-visible, button:focus-visible { outline: 3px solid; outline-offset: 1px; }
.meta, .foot, .state { font-size: .875em; }
.meta, .foot { display: flex; flex-wrap: wrap; align-items: center; column-gap: .625em; overflow: hidden; }
.foot { margin: auto 0 0; }
.meta > *, .foot > * { min-inline-size: 0; max-inline-size: 100%; }
.department { font-weight: 600; }
.verified, .source { position: relative; z-index: 1; display: inline-flex; align-items: center; min-block-size: 24px; min-inline-size: 24px; }
.verified { justify-content: center; margin-inline: -.375em; }
.notice, .kind { padding: 0 .5em; border: 1px solid; border-radius: 1em; font-weight: 600; }
.notice, .kind.emergency { border: 1px solid; color: var(--alarm); }
svg { inline-size: 1.125em; block-size: 1.125em; fill: currentColor; flex: none; }
.media { position: relative; flex: none; order: 1; inline-size: 8rem; aspect-ratio: 4 / 3; overflow: hidden; border-radius: calc(var(--radius) / 2); background: color-mix(in srgb, currentColor 10%, transparent); }
.grid .media, .narrow .media { order: -1; inline-size: 100%; aspect-ratio: 16 / 9; }
.media img { display: block; inline-size: 100%; block-size: 100%; object-fit: cover; }
.media svg { position: absolute; inset: 0; margin: auto; inline-size: 2.5rem; block-size: 2.5rem; fill: #fff; stroke: #000; stroke-width: .4; }
.headlines ul { gap: 0; }
.headlines article, .agenda article { padding: .5rem 0; border-width: 0 0 1px; border-radius: 0; background: none; }
.headlines .emergency, .agenda .emergency { padding-inline-start: .75rem; border-inline-start-width: 5px; }
.headlines .heading { font-size: 1em; font-weight: 600; }
.alert article { border: 2px solid var(--alarm); border-inline-start-width: 8px; }
.day { margin: .75rem 0 .25rem; font-size: 1em; font-weight: 700; }
.fresh { position: sticky; inset-block-start: .5rem; z-index: 2; block-size: 0; overflow: visible; text-align: center; }
button { min-block-size: 2.5rem; padding: .25rem 1rem; font: inherit; font-weight: 600; cursor: pointer; color: inherit; background: none; border: 1px solid; border-radius: var(--radius); }
.fresh button { color: Canvas; background: CanvasText; border-radius: 2rem; }
.end { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; margin-block-start: .75rem; }
.end p { margin: 0; }
.all a { display: inline-block; padding: .25rem 0; min-block-size: 24px; }
.gone { justify-content: center; padding: .75rem 1rem; border: 1px dashed var(--border); border-radius: var(--radius); font-style: italic; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (forced-colors: active) { .media svg { fill: CanvasText; stroke: Canvas; } }
@media print { article { break-inside: avoid; } button { display: none; } }
`;
const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
const element = (name, part, text) => {
const made = document.createElement(name);
if (part) { made.className = part; made.setAttribute("part", part); }
if (text) made.textContent = text;
return made;
};
const icon = (name) => {
const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
made.setAttribute("viewBox", "0 0 16 16");
made.setAttribute("aria-hidden", "true");
shape.setAttribute("fill-rule", "evenodd");
shape.setAttribute("d", SHAPES[name]);
made.append(shape);
return made;
};
const safe = (url) => {
try {
const read = new URL(url);
return /^https?:$/.test(read.protocol) ? read.href : null;
} catch {
return null;
}
};
const link = (part, url, text) => {
const made = element("a", part, text);
const href = safe(url);
if (href) made.href = href;
return made;
};
const spoken = (made, post) => {
made.dir = "auto";
if (post.language) made.lang = post.language;
return made;
};
const whole = (text, most) => (text.length <= most ? text : text.slice(0, most - 1).replace(/\s+\S*$/, "") + "…");
const summary = (post) => {
const said = (post.summary || "").replace(/\s+/g, " ").trim();
const title = (post.title || "").replace(/[….]+$/, "");
return title && said.startsWith(title) ? said.slice(title.length).replace(/^[….!?:;,\-– ]+/, "") : said;
};
const local = (text) => {
const found = /^(\d+-\d+-\d+T\d+:\d+):\d+(Z|[+-]\d\d:\d\d)$/.exec(text || "");
return found ? { at: new Date(found[1] + "Z"), offset: found[2] } : null;
};
const shown = (text, language, style) => {
const read = local(text);
return read ? new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id-ID", { ...style, timeZone: "UTC" }).format(read.at) : "";
};
const zone = (text, language) => {
const offset = local(text)?.offset || "";
return (language === "id" && ZONES[offset]) || "UTC" + (offset === "Z" ? "" : offset);
};
const moment = (text, language) => `${shown(text, language, { dateStyle: "long", timeStyle: "short" })} ${zone(text, language)}`;
const ago = (text, language) => {
const passed = Date.now() - Date.parse(text);
if (!(passed > -HOUR && passed < 7 * DAY)) return shown(text, language, { dateStyle: "medium" });
const [size, unit] = passed < HOUR ? [6e4, "minute"] : passed < DAY ? [HOUR, "hour"] : [DAY, "day"];
return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-Math.max(0, Math.floor(passed / size)), unit);
};
const ends = (event) => Date.parse(event.ends_at || event.starts_at) + (event.ends_at ? 0 : event.all_day ? DAY : 2 * HOUR);
class FeedHubFeed extends HTMLElement {
static observedAttributes = [...Object.keys(FILTERS), "limit", "layout", "language", "theme", "heading-level", "days", "hub", "hide-empty", "foreign-pictures"];
#request = null;
#timer = 0;
#watch = null;
#own = new CSSStyleSheet(); // this element's measures
#planned = false;
#seen = true; // within the window
#due = false; // for a look that waits until somebody looks
#failures = 0;
#at = null; // when the posts were last fetched
#posts = null; // what is shown, null before the first answer
#next = null; // the query of older posts
#pending = null; // what will be shown when somebody asks for the new posts
#lines = new Map(); // id → <li>
connectedCallback() {
if (!this.shadowRoot) {
this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet, this.#own];
this.#fallBack();
}
document.addEventListener("visibilitychange", this.#look);
window.addEventListener("online", this.#look);
if (window.IntersectionObserver) {
this.#watch = new IntersectionObserver((seen) => { this.#seen = seen[seen.length - 1].isIntersecting; this.#look(); });
this.#watch.observe(this);
}
this.#plan();
}
disconnectedCallback() {
this.#request?.abort();
this.#watch?.disconnect();
clearTimeout(this.#timer);
document.removeEventListener("visibilitychange", this.#look);
window.removeEventListener("online", this.#look);
}
attributeChangedCallback() {
if (this.shadowRoot) this.#plan();
}
refresh() {
return this.#posts ? this.#renew() : this.#load();
}
#plan() {
if (this.#planned) return;
this.#planned = true;
queueMicrotask(() => {
this.#planned = false;
if (!this.isConnected) return;
if (!this.#posts) this.#reserve();
this.#failures = 0;
this.#load();
});
}
#look = (event) => {
if (event?.type === "online" && this.#failures) this.#due = true;
if (!this.#due || document.visibilityState !== "visible" || !this.#seen) return;
this.#due = false;
this.refresh();
};
#later(wait) {
clearTimeout(this.#timer);
this.#timer = setTimeout(() => { this.#due = true; this.#look(); }, wait);
}
async #load() {
const page = await this.#page(this.#question(this.#number("limit", 5, 1, MOST)));
if (page) this.#show(page.posts, page.next);
else if (page === null && this.#stale()) this.#fallBack();
}
async #renew() {
const known = this.#posts;
const least = this.#number("limit", 5, 1, MOST);
let page = await this.#page(this.#question(Math.min(Math.max(least, known.length), MOST_LOADED)));
if (page?.next && known.length) {
const held = new Set(page.posts.map((post) => post.id));
const fresh = page.posts.filter((post) => !this.#lines.has(post.id)).length;
if (fresh && known.some((post) => !held.has(post.id))) page = await this.#page(this.#question(Math.min(known.length + fresh, MOST_LOADED)));
}
if (page && known === this.#posts) this.#compare(page);
}
#compare(page) {
const held = new Map(page.posts.map((post) => [post.id, post]));
const end = page.next ? Date.parse(page.posts[page.posts.length - 1]?.published_at) : -Infinity;
const older = (post) => !held.has(post.id) && Date.parse(post.published_at) <= end;
const last = this.#posts[this.#posts.length - 1];
const kept = page.posts.filter((post) => this.#lines.has(post.id) || !last || Date.parse(post.published_at) >= Date.parse(last.published_at));
const merged = [...kept, ...this.#posts.filter(older)];
if (!last) this.#next = page.next;
const layout = this.#layout();
const picked = this.#pick(merged);
const fresh = picked.filter((post) => !this.#lines.has(post.id));
if (layout === "alert" || layout === "agenda" || !last) {
const same = (one, other) => one.id === other?.id && one.change === other.change;
const before = this.#pick(this.#posts);
if (picked.length !== this.#lines.size || !picked.every((post, place) => same(post, before[place]))) this.#show(merged, this.#next);
return;
}
for (const post of this.#posts) {
const line = this.#lines.get(post.id);
const now = held.get(post.id);
if (now && now.change !== post.change) this.#rewrite(line, now);
else if (!now && !older(post)) this.#withdraw(line, post.id);
}
this.#posts = this.#posts.filter((post) => held.has(post.id) || older(post)).map((post) => held.get(post.id) || post);
this.#pending = fresh.length ? { posts: merged, first: fresh[0].id } : null;
this.#announce(fresh.length);
for (const time of this.shadowRoot.querySelectorAll("time.time")) time.textContent = ago(time.dateTime, this.#language());
}
async #page(search) {
this.#request?.abort();
const request = (this.#request = new AbortController());
const patience = setTimeout(() => request.abort(), PATIENCE);
let wait = 0;
try {
const answer = await fetch(this.#url("api/v1/posts", search), {
signal: request.signal, mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", headers: { Accept: "application/json" },
});
wait = 1e3 * (Number(answer.headers.get("retry-after")) || 0);
if (!answer.ok) throw new Error(`FeedHub answered ${answer.status}`);
const { posts, next } = await answer.json();
if (request !== this.#request) return undefined;
this.#at = new Date();
this.#failures = 0;
this.#later(AGAIN);
this.#say("");
return { posts: [...posts], next: next ? new URL(next).search : null };
} catch (error) {
if (request !== this.#request || !this.isConnected) return undefined;
this.#later(Math.max(wait, Math.min(RETRY * 2 ** this.#failures++, 3 * AGAIN) * (.75 + Math.random() / 2)));
if (this.#at) this.#say(this.#words().updated.replace("{}", new Intl.DateTimeFormat(this.#language(), { dateStyle: "medium", timeStyle: "short" }).format(this.#at)));
this.dispatchEvent(new CustomEvent("feedhub-error", { detail: error, bubbles: true, composed: true }));
return null;
} finally {
clearTimeout(patience);
}
}
#url(path, search) {
const hub = this.getAttribute("hub") || home;
if (!hub) throw new Error("Say where FeedHub is: hub=\"https://…/\"");
const url = new URL(path, hub.endsWith("/") ? hub : hub + "/");
url.search = search || "";
return url.href;
}
#question(limit) {
const layout = this.#layout();
const asked = new URLSearchParams();
for (const [name, filter] of Object.entries(FILTERS)) if (this.getAttribute(name)) asked.set(filter, this.getAttribute(name));
if (layout === "alert") asked.set("kind", "emergency");
if (layout === "agenda" && !asked.has("kind")) asked.set("kind", "event");
if (limit) asked.set("limit", String(layout === "agenda" ? MOST : limit));
return `?${asked}`;
}
#number(name, usual, least, most) {
const asked = Number.parseInt(this.getAttribute(name) || "", 10);
return Number.isNaN(asked) ? usual : Math.min(Math.max(asked, least), most);
}
#layout() {
const asked = this.getAttribute("layout");
return LAYOUTS.includes(asked) ? asked : "list";
}
#language() {
return (this.getAttribute("language") || this.closest("[lang]")?.lang || "").toLowerCase().startsWith("en") ? "en" : "id";
}
#words() {
return WORDS[this.#language()];
}
#pick(posts) {
const layout = this.#layout();
const limit = this.#number("limit", 5, 1, MOST);
if (layout === "alert") {
const since = Date.now() - DAY * this.#number("days", 3, 1, 365);
return posts.filter((post) => Date.parse(post.published_at) >= since).slice(0, limit);
}
if (layout !== "agenda") return posts;
const ahead = posts.filter((post) => post.event && ends(post.event) > Date.now());
return ahead.sort((one, other) => Date.parse(one.event.starts_at) - Date.parse(other.event.starts_at)).slice(0, limit);
}
#stale() {
return this.#posts && this.shadowRoot.firstElementChild?.dataset?.asked !== this.#question();
}
#fallBack() {
this.#posts = this.#next = this.#pending = null;
this.#lines.clear();
this.shadowRoot.replaceChildren(document.createElement("slot"));
}
#reserve() {
const layout = this.#layout();
const limit = this.#number("limit", 5, 1, MOST);
const width = this.clientWidth || 320;
const narrow = width < 416;
const columns = layout === "grid" ? Math.max(1, Math.floor((width + 12) / 252)) : 1;
const rows = Math.ceil(limit / columns);
const high = { list: narrow ? 17 : 10.5, grid: 22, headlines: 5, agenda: 5.5, alert: 0 }[layout];
const room = high * rows;
this.#own.replaceSync(layout === "alert" && this.hasAttribute("hide-empty") ? "" : `slot { display: block; min-block-size: ${room ? room + 3.5 : 2.5}em; } .list ul, .grid ul { min-block-size: ${room}em; }`);
}
#show(posts, next) {
const layout = this.#layout();
const words = this.#words();
const picked = this.#pick(posts);
this.#posts = posts;
this.#next = next;
this.#pending = null;
this.#lines.clear();
const theme = this.getAttribute("theme");
const section = element("section", "feed");
section.classList.add(layout, ...["light", "dark", "auto"].filter((name) => name === theme), ...(this.clientWidth < 416 ? ["narrow"] : []));
section.dataset.asked = this.#question();
section.setAttribute("aria-label", layout === "alert" ? words.emergency : layout === "agenda" ? words.event : words.list);
section.lang = this.#language();
const news = element("div", "fresh");
news.setAttribute("role", "status");
section.append(news);
if (picked.length) section.append(...(layout === "agenda" ? this.#days(picked) : [this.#list(picked)]));
else if (!(layout === "alert" && this.hasAttribute("hide-empty"))) section.append(element("p", "empty", layout === "alert" ? words.calm : layout === "agenda" ? words.agenda : words.none));
if (layout === "alert" && !picked.length) section.setAttribute("aria-live", "polite");
else section.append(this.#end());
if (layout === "alert") section.setAttribute("aria-live", "polite");
const before = this.shadowRoot.firstElementChild;
if (layout === "alert" && before?.classList?.contains("alert")) before.replaceChildren(...section.childNodes);
else this.shadowRoot.replaceChildren(section);
this.dispatchEvent(new CustomEvent("feedhub-load", { detail: { posts: picked.length }, bubbles: true, composed: true }));
}
#list(posts) {
const list = element("ul", "posts");
list.setAttribute("role", "list");
for (const post of posts) list.append(this.#line(post));
return list;
}
#line(post) {
const line = element("li");
line.append(this.#card(post));
this.#lines.set(post.id, line);
return line;
}
#days(posts) {
const days = new Map();
for (const post of posts) {
const day = post.event.starts_at.slice(0, 10);
days.set(day, [...(days.get(day) || []), post]);
}
return [...days.values()].flatMap((held) => {
const day = shown(held[0].event.starts_at, this.#language(), { dateStyle: "full" });
return [element(`h${this.#level()}`, "day", day), this.#list(held)];
});
}
#level() {
return this.#number("heading-level", 3, 2, 6);
}
#end() {
const words = this.#words();
const end = element("div", "end");
if (this.#next && this.#posts.length < MOST_LOADED && ["list", "grid", "headlines"].includes(this.#layout())) {
const more = element("button", "more", words.more);
more.type = "button";
more.addEventListener("click", () => this.#more(more));
end.append(more);
}
const all = element("p", "all");
all.append(link("link", this.#url(this.#everything(), this.#layout() === "agenda" ? "" : this.#question()), words.all));
const state = element("p", "state");
state.setAttribute("role", "status");
end.append(all, state);
return end;
}
#everything() {
return this.#question() === "?" ? "" : "search";
}
#say(text) {
const state = this.shadowRoot.querySelector(".state");
if (state && state.textContent !== text) state.textContent = text;
}
async #more(button) {
if (button.getAttribute("aria-disabled")) return;
button.setAttribute("aria-disabled", "true");
this.#say(this.#words().loading);
const known = this.#posts;
const page = await this.#page(this.#next);
button.removeAttribute("aria-disabled");
if (page === null) this.#say(this.#words().failed);
if (!page || known !== this.#posts) return;
const added = page.posts.filter((post) => !this.#lines.has(post.id));
this.#posts = [...known, ...added];
this.#next = page.next;
if (this.#pending) this.#pending.posts.push(...added);
this.shadowRoot.querySelector("ul").append(...added.map((post) => this.#line(post)));
this.shadowRoot.querySelector(".end").replaceWith(this.#end());
this.#say(this.#words().added.replace("{}", added.length));
this.#focus(added[0]?.id);
}
#focus(id) {
this.#lines.get(id)?.querySelector(".heading a")?.focus();
}
#announce(number) {
const news = this.shadowRoot.querySelector(".fresh");
const words = this.#words();
const text = (number === 1 ? words.fresh1 : words.fresh).replace("{}", number);
if (!number) news.replaceChildren();
else if (news.textContent !== text) {
const button = element("button", "new", text);
button.type = "button";
button.addEventListener("click", () => {
const { posts, first } = this.#pending;
this.#show(posts, this.#next);
this.#focus(first);
});
news.replaceChildren(button);
}
}
#rewrite(line, post) {
const here = line.contains(this.shadowRoot.activeElement);
line.replaceChildren(this.#card(post));
if (here) this.#focus(post.id);
}
#withdraw(line, id) {
const high = Math.round(line.getBoundingClientRect().height);
this.#own.insertRule(`.high${high} { min-block-size: ${high}px; }`);
line.className = `gone high${high}`;
line.replaceChildren(element("span", "withdrawn", this.#words().gone));
this.#lines.delete(id);
}
#card(post) {
const words = this.#words();
const layout = this.#layout();
const brief = layout === "headlines" || layout === "agenda";
const kinds = (post.kinds || []).filter((kind) => Object.hasOwn(words, kind));
const card = element("article", "post");
if (kinds.includes("emergency")) card.classList.add("emergency");
const text = element("div", "text");
const heading = element(`h${Math.min(this.#level() + (layout === "agenda" ? 1 : 0), 6)}`, "heading");
heading.append(spoken(link("link", this.#url(`posts/${post.id}`), whole(post.event?.name && layout === "agenda" ? post.event.name : post.title || words.untitled, 200)), post));
text.append(this.#meta(post), heading);
if (layout === "agenda") text.append(this.#when(post));
const said = summary(post);
if (said && !brief) text.append(spoken(element("p", "summary", whole(said, 280)), post));
const foot = element("p", "foot");
for (const kind of brief ? [] : kinds) {
const badge = element("span", "kind", words[kind]);
if (kind === "emergency") badge.classList.add(kind);
foot.append(badge);
}
if (safe(post.source_url)) foot.append(link("source", post.source_url, words.source.replace("{}", this.#platform(post, words))));
if (foot.firstChild) text.append(foot);
card.append(text);
const media = brief || layout === "alert" ? null : this.#media(post, words);
if (media) card.append(media);
return card;
}
#platform(post, words) {
const name = post.account?.platform;
return Object.hasOwn(PLATFORMS, name) ? PLATFORMS[name] : name === "inbox" ? words.inbox : words.site;
}
#meta(post) {
const words = this.#words();
const language = this.#language();
const meta = element("p", "meta");
meta.append(spoken(element("span", "department", post.department?.name || ""), {}));
if (post.account?.verified_at && post.account.url) {
const mark = link("verified", this.#url("verify", `?${new URLSearchParams({ url: post.account.url })}`));
mark.setAttribute("aria-label", mark.title = words.verified);
mark.append(icon("verified"));
meta.append(mark);
}
const time = element("time", "time", ago(post.published_at, language));
time.dateTime = post.published_at;
time.title = moment(post.published_at, language);
meta.append(time);
if (post.notice?.kind === "correction") meta.append(element("strong", "notice", words.corrected));
return meta;
}
#when(post) {
const { starts_at, ends_at, all_day, location } = post.event;
const language = this.#language();
const clock = (text) => shown(text, language, { timeStyle: "short" });
const same = ends_at && ends_at.slice(0, 10) === starts_at.slice(0, 10);
const hours = all_day ? this.#words().day : `${clock(starts_at)}${same ? "–" + clock(ends_at) : ""} ${zone(starts_at, language)}`;
const when = element("p", "when");
const time = element("time", "begins", hours);
time.dateTime = all_day ? starts_at.slice(0, 10) : starts_at;
when.append(time);
if (location) when.append(" · ", spoken(element("span", "place", location), post));
return when;
}
#media(post, words) {
if (post.sensitive) return null;
const ours = this.#url("media/");
for (const medium of post.media || []) {
const url = safe(medium.preview_url || (medium.type === "image" ? medium.url : null));
const own = url?.startsWith(ours);
if (!own && !(url && this.hasAttribute("foreign-pictures"))) continue;
const box = element("div", "media");
const image = element("img", "image");
image.loading = "lazy";
image.decoding = "async";
image.referrerPolicy = "no-referrer";
image.alt = medium.alt || "";
image.width = 320;
image.height = 240;
const sized = own && /^(.*\/)640(\.\w+)$/.exec(url);
if (sized) {
image.sizes = this.#layout() === "grid" || this.clientWidth < 416 ? "auto, 20rem" : "8rem";
image.srcset = [320, 640].map((wide) => `${sized[1]}${wide}${sized[2]} ${wide}w`).join(", ");
}
image.addEventListener("error", () => image.remove()); // its room stays, so nothing jumps
image.src = url;
box.append(image);
if (medium.type === "video") box.append(icon("play"), element("span", "unseen", words.film));
return box;
}
return null;
}
}
customElements.define("feedhub-feed", FeedHubFeed);
})();
