const { createHmac, timingSafeEqual } = require("node:crypto");
const { createServer } = require("node:http");

const SECRET = Buffer.from(process.env.WEBHOOK_SECRET.replace("whsec_", ""), "base64");
const handled = new Set();

function isGenuine(headers, body) {
  const id = headers["webhook-id"], stamp = headers["webhook-timestamp"];
  const digest = createHmac("sha256", SECRET).update(`${id}.${stamp}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${digest}`);
  const isFresh = Math.abs(Date.now() / 1000 - Number(stamp)) < 300;
  const given = (headers["webhook-signature"] ?? "").split(" ").map((one) => Buffer.from(one));
  return isFresh && given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces);
  if (!isGenuine(request.headers, body)) return response.writeHead(401).end();
  const event = JSON.parse(body);
  if (event.type === "webhook.challenge") return response.end(event.data.challenge);
  if (!handled.has(request.headers["webhook-id"])) {
    handled.add(request.headers["webhook-id"]);
    console.log(event.type, event.data.change);
  }
  response.writeHead(204).end();
}).listen(Number(process.env.PORT), "127.0.0.1");
