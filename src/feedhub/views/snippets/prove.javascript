import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const { proof } = JSON.parse(readFileSync("saved.json", "utf8")).posts[0];
const { keys } = JSON.parse(readFileSync("feedhub-keys.json", "utf8"));
const key = createPublicKey({ key: keys.find((one) => one.kid === proof.key), format: "jwk" });
if (!verify(null, Buffer.from(proof.signed), key, Buffer.from(proof.signature, "base64"))) {
  throw new Error("InvalidSignature");
}
console.log(JSON.parse(proof.signed).title);
