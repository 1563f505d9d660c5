/* FeedHub's element: <feedhub-feed department="dinkes" limit="5">links for when it can't load</feedhub-feed>
   One request for JSON and lazy pictures; no dependency, cookie, storage or inline style. */
(() => {
  "use strict";
  if (!window.customElements || customElements.get("feedhub-feed")) return;

  const script = document.currentScript || document.querySelector('script[src*="/widget/"][src$="/feedhub.js"]');
  if (!script) return;
  // …/widget/v1/feedhub.js: two folders up is the FeedHub it came from, wherever that is mounted.
  const hub = new URL("../../", script.src);

  const FILTERS = ["department", "group", "area", "account", "platform", "kind", "type", "tag", "language", "q"];
  const MOST = 50;
  const SECONDS = 15;
  const WORDS = {
    id: {
      list: "Kabar dari pemerintah", all: "Semua kabar", none: "Belum ada kabar.", untitled: "Tanpa judul",
      corrected: "Diralat",
      emergency: "Darurat", service: "Layanan", assistance: "Bantuan",
      event: "Agenda", announcement: "Pengumuman", news: "Berita",
    },
    en: {
      list: "News from the government", all: "All posts", none: "There are no posts yet.", untitled: "Untitled",
      corrected: "Corrected",
      emergency: "Emergency", service: "Service", assistance: "Assistance",
      event: "Event", announcement: "Announcement", news: "News",
    },
  };
  const ZONES = { "+07:00": "WIB", "+08:00": "WITA", "+09:00": "WIT" };

  const STYLE = `
    :host { display: block; color: var(--feedhub-text, CanvasText); font: inherit; line-height: 1.5; overflow-wrap: anywhere; }
    :host([hidden]) { display: none; }
    * { box-sizing: border-box; }
    ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; }
    article { display: flex; gap: 1rem; justify-content: space-between; padding: .875rem 1rem; overflow: hidden; contain: paint;
      background: var(--feedhub-surface, Canvas); border: 1px solid var(--feedhub-border, color-mix(in srgb, currentColor 22%, transparent)); border-radius: var(--feedhub-radius, .5rem); }
    article.emergency { border-inline-start: 5px solid var(--feedhub-emergency, #b3261e); }
    .text { min-width: 0; flex: 1; }
    p, .heading { margin: 0 0 .25rem; }
    .heading { font-size: 1.0625em; font-weight: 700; line-height: 1.3; }
    .heading, .summary { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
    a { color: var(--feedhub-accent, LinkText); }
    a:focus-visible { outline: 3px solid; outline-offset: -1px; }
    .meta, .kinds { font-size: .875em; }
    .kinds { font-weight: 600; }
    .kinds span + span::before { content: " · "; }
    img { display: block; flex: none; width: 7rem; height: 5.25rem; object-fit: cover; border-radius: calc(var(--feedhub-radius, .5rem) / 2); }
    .all { margin: .75rem 0 0; }
    .all a { display: inline-block; padding: .25rem 0; }
    @media (max-width: 26rem) { article { flex-direction: column-reverse; } img { width: 100%; height: auto; aspect-ratio: 16 / 9; } }
  `;

  const element = (name, part, text) => {
    const made = document.createElement(name);
    if (part) { made.className = part; made.setAttribute("part", part); }
    if (text) made.textContent = text;
    return made;
  };

  // Only http(s) may become an address, whatever a post says.
  const safe = (url) => {
    try {
      const read = new URL(url);
      return read.protocol === "https:" || read.protocol === "http:" ? read.href : null;
    } catch {
      return null;
    }
  };

  // The time as it was at the publisher's, not as it is at the reader's.
  const moment = (text, language) => {
    const found = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):\d+(Z|[+-]\d\d:\d\d)$/.exec(text || "");
    if (!found) return text || "";
    const [, year, month, day, hour, minute, offset] = found;
    const local = new Date(Date.UTC(+year, month - 1, +day, +hour, +minute));
    const shown = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id-ID", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
    const zone = (language === "id" && ZONES[offset]) || "UTC" + (offset === "Z" ? "" : offset);
    return `${shown.format(local)} ${zone}`;
  };

  const picture = (post) => {
    if (post.sensitive) return null;
    for (const medium of post.media || []) {
      const url = safe(medium.preview_url || (medium.type === "image" ? medium.url : null));
      if (!url) continue;
      const image = element("img", "image");
      image.loading = "lazy";
      image.decoding = "async";
      image.referrerPolicy = "no-referrer";
      image.alt = medium.alt || "";
      if (medium.width > 0 && medium.height > 0) { image.width = medium.width; image.height = medium.height; }
      image.addEventListener("error", () => image.remove());
      image.src = url;
      return image;
    }
    return null;
  };

  class FeedHubFeed extends HTMLElement {
    static observedAttributes = [...FILTERS, "limit", "heading-level"];
    #request = null;
    #planned = false;

    connectedCallback() {
      if (!this.shadowRoot) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        // Until posts are there, and for ever if they never come, the page's own links show through.
        const root = this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheet];
        root.append(document.createElement("slot"));
      }
      this.#plan();
    }

    disconnectedCallback() {
      this.#request?.abort();
    }

    attributeChangedCallback() {
      if (this.shadowRoot) this.#plan();
    }

    /* Several attributes set at once are one request. */
    #plan() {
      if (this.#planned) return;
      this.#planned = true;
      queueMicrotask(() => { this.#planned = false; if (this.isConnected) this.#load(); });
    }

    async #load() {
      this.#request?.abort();
      const request = (this.#request = new AbortController());
      const patience = setTimeout(() => request.abort(), SECONDS * 1000);
      try {
        const answer = await fetch(this.#address("api/v1/posts"), {
          signal: request.signal, mode: "cors", credentials: "omit", referrerPolicy: "no-referrer", headers: { Accept: "application/json" },
        });
        if (!answer.ok) throw new Error(`FeedHub answered ${answer.status}`);
        const { posts } = await answer.json();
        if (!request.signal.aborted) this.#show(posts);
      } catch (error) {
        if (request === this.#request) this.dispatchEvent(new CustomEvent("feedhub-error", { detail: error, bubbles: true, composed: true }));
      } finally {
        clearTimeout(patience);
      }
    }

    #address(path) {
      const url = new URL(path, hub);
      for (const name of FILTERS) if (this.getAttribute(name)) url.searchParams.set(name, this.getAttribute(name));
      if (path) url.searchParams.set("limit", String(this.#number("limit", 5, 1, MOST)));
      return url;
    }

    #number(name, usual, least, most) {
      const asked = Number.parseInt(this.getAttribute(name) || "", 10);
      return Number.isNaN(asked) ? usual : Math.min(Math.max(asked, least), most);
    }

    #show(posts) {
      const language = (this.closest("[lang]")?.lang || "").toLowerCase().startsWith("en") ? "en" : "id";
      const words = WORDS[language];
      const section = element("section", "list");
      section.setAttribute("aria-label", words.list);
      section.lang = language;
      if (posts.length) {
        const list = element("ul");
        list.setAttribute("role", "list");
        for (const post of posts) {
          const line = element("li");
          line.append(this.#card(post, words, language));
          list.append(line);
        }
        section.append(list);
      } else {
        section.append(element("p", "empty", words.none));
      }
      const all = element("p", "all");
      all.append(this.#link(this.#address("").href, words.all));
      section.append(all);
      this.shadowRoot.replaceChildren(section);
      this.dispatchEvent(new CustomEvent("feedhub-load", { detail: { posts: posts.length }, bubbles: true, composed: true }));
    }

    #card(post, words, language) {
      const kinds = (post.kinds || []).filter((kind) => Object.hasOwn(words, kind));
      const card = element("article", "post");
      if (kinds.includes("emergency")) card.classList.add("emergency");
      const text = element("div", "text");
      const heading = element(`h${this.#number("heading-level", 3, 2, 6)}`, "heading");
      heading.dir = "auto";
      if (post.language) heading.lang = post.language;
      heading.append(this.#link(post.url, (post.title || words.untitled).slice(0, 300)));
      text.append(this.#meta(post, words, language), heading);
      if (post.summary && !post.title_is_made) {
        const summary = element("p", "summary", post.summary.slice(0, 280));
        summary.dir = "auto";
        if (post.language) summary.lang = post.language;
        text.append(summary);
      }
      if (kinds.length) {
        const line = element("p", "kinds");
        for (const kind of kinds) line.append(element("span", "kind", words[kind]));
        text.append(line);
      }
      card.append(text);
      const image = picture(post);
      if (image) card.append(image);
      return card;
    }

    #meta(post, words, language) {
      const meta = element("p", "meta");
      const time = element("time", "time", moment(post.published_at, language));
      time.dateTime = post.published_at;
      meta.append(element("span", "department", post.department?.name || ""), " · ", time);
      if (post.notice) meta.append(" · ", element("strong", "notice", words.corrected));
      return meta;
    }

    #link(url, text) {
      const link = element("a", "link", text);
      const href = safe(url);
      if (href) link.href = href;
      return link;
    }
  }

  customElements.define("feedhub-feed", FeedHubFeed);
})();
