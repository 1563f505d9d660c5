import { readFile, rename, writeFile } from "node:fs/promises";

const EMPTY = { next: "https://kabar.example.go.id/api/v1/changes?after=0&limit=200&wait=25", posts: {} };
let held = JSON.parse(await readFile("feedhub.json", "utf8").catch(() => "null")) ?? structuredClone(EMPTY);

async function follow() {
  const answer = await fetch(held.next, { signal: AbortSignal.timeout(60_000) });
  if (answer.status === 410) held = structuredClone(EMPTY); // replaced by an older database: begin again
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const page = await answer.json();
  for (const change of page.changes) {
    if (change.state === "deleted") delete held.posts[change.id];
    else held.posts[change.id] = change.post;
  }
  held.next = page.next;
  await writeFile("feedhub.new", JSON.stringify(held));
  await rename("feedhub.new", "feedhub.json"); // the posts and the place: both or neither
}

for (;;) {
  try {
    await follow();
  } catch (error) {
    console.error(String(error));
    await new Promise((wake) => setTimeout(wake, 10_000));
  }
}
