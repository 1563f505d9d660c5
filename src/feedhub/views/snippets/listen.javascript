let last = "0"; // the number that you kept

async function listen() {
  const answer = await fetch("https://kabar.example.go.id/api/v1/stream", { headers: { "Last-Event-ID": last } });
  if (answer.status === 410) last = "0";
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  let rest = "";
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + piece).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const said = Object.fromEntries(event.split("\n").map((line) => line.split(/: (.*)/s, 2)));
      if (said.event === "change") {
        const change = JSON.parse(said.data);
        console.log(change.change, change.state, change.id);
      }
      last = said.id ?? last;
    }
  }
}

for (;;) {
  await listen().catch((error) => console.error(String(error)));
  await new Promise((wake) => setTimeout(wake, 2_000));
}
