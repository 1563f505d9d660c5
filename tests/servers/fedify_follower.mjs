// A person on a server made with Fedify who follows a department: what arrives was verified by Fedify, or it would not.
import { createServer } from "node:http"
import {
  Accept, Announce, Create, createFederation, Delete, Endpoints, Follow, generateCryptoKeyPair, isActor, MemoryKvStore,
  Note, parseNodeInfo, Person, Undo, Update,
} from "@fedify/fedify"
import { serve } from "@hono/node-server"

const port = Number(process.env.PORT), takes = process.env.TAKES, root = `http://127.0.0.1:${port}`
const seen = [], asked = []
const keys = [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")]

const federation = createFederation({
  kv: new MemoryKvStore(), allowPrivateAddress: true, firstKnock: process.env.SIGNS, origin: root,
})
federation
  .setActorDispatcher("/users/{identifier}", async (context, identifier) => {
    if (identifier !== "warga") return null
    const pairs = await context.getActorKeyPairs(identifier)
    return new Person({
      id: context.getActorUri(identifier), preferredUsername: identifier, name: "Seorang Warga",
      inbox: context.getInboxUri(identifier), endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }),
      publicKey: pairs[0].cryptographicKey, assertionMethods: pairs.map((pair) => pair.multikey),
    })
  })
  .setKeyPairsDispatcher(() => keys)
  // Secure mode: who does not sign learns nothing.
  .authorize(async (context) => (await context.getSignedKeyOwner()) != null)

async function told(context, activity) {
  // What an Accept says back is our own Follow, which stands nowhere.
  const object = activity instanceof Accept ? null : await activity.getObject(context)
  const attachments = []
  if (object instanceof Note) for await (const one of object.getAttachments(context)) attachments.push(`${one.width}x${one.height} ${one.name}`)
  seen.push({
    type: activity.constructor.name, id: activity.id?.href, actor: activity.actorId?.href, object: activity.objectId?.href,
    kind: object?.constructor.name ?? null, content: object?.content?.toString() ?? null, updated: object?.updated?.toString() ?? null,
    attachments,
  })
}
const listeners = federation.setInboxListeners("/users/{identifier}/inbox", "/inbox")
for (const type of [Accept, Announce, Create, Delete, Update]) listeners.on(type, told)

async function nodeInfo(of) {
  const { links } = await (await fetch(`${of}/.well-known/nodeinfo`)).json()
  return parseNodeInfo(await (await fetch(links[0].href)).json())
}

const me = { identifier: "warga" }
async function act(url) {
  const context = federation.createContext(new URL(root), undefined)
  if (url.pathname === "/seen") return { seen, asked }
  if (url.pathname === "/nodeinfo") return await nodeInfo(url.searchParams.get("of"))
  const actor = await context.lookupObject(url.searchParams.get("handle"))
  if (!isActor(actor)) return { found: null }
  const follow = new Follow({ id: new URL(`${root}/follows/${actor.preferredUsername}`), actor: context.getActorUri("warga"), object: actor.id })
  const said = url.pathname === "/follow" ? follow : new Undo({ id: new URL(`${root}/undone/${actor.preferredUsername}`), actor: follow.actorId, object: follow })
  await context.sendActivity(me, actor, said)
  return { found: actor.id.href, kind: actor.constructor.name, name: actor.name?.toString() }
}

async function answer(request) {
  const url = new URL(request.url)
  if (["/seen", "/follow", "/unfollow", "/nodeinfo"].includes(url.pathname)) {
    try { return Response.json(await act(url)) } catch (error) { return Response.json({ error: String(error?.stack ?? error) }, { status: 500 }) }
  }
  const form = request.headers.has("signature-input") ? "rfc9421" : request.headers.has("signature") ? "draft" : "none"
  if (request.method === "POST" && takes && form !== takes) return new Response(null, { status: 401 })
  const response = await federation.fetch(request, { contextData: undefined })
  asked.push(`${request.method} ${form} ${response.status}`)
  return response
}
serve({ fetch: answer, port, hostname: "127.0.0.1", createServer })
