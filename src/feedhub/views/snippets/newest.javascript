const answer = await fetch("https://kabar.example.go.id/api/v1/posts?department=dinkes&limit=5");
if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
for (const post of (await answer.json()).posts) {
  console.log(post.published_at, post.title, post.url);
}
