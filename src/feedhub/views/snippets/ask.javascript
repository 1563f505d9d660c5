async function ask(path) {
  for (;;) {
    const answer = await fetch(`https://kabar.example.go.id${path}`, { headers: { Authorization: "Bearer fh_…" } });
    if (answer.ok) return [await answer.json(), answer.headers.get("RateLimit")];
    if (answer.status !== 429 && answer.status !== 503) throw new Error(`HTTP ${answer.status}`);
    await new Promise((wake) => setTimeout(wake, 1_000 * (answer.headers.get("Retry-After") ?? 60)));
  }
}

const [page, left] = await ask("/api/v1/posts?q=imunisasi");
console.log(page.posts.length, left);
