import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from "node:crypto";
import { base32 } from "./ids.ts";
import type { Letter, SessionId } from "./model.ts";

export interface Keys {
  /** Derived from the public key: a row cannot claim an id without holding its private half. */
  readonly id: SessionId;
  readonly publicKey: string;
  sign(text: string): string;
}

/** A new Ed25519 pair. The private half never leaves this process's memory. */
export function makeKeys(): Keys {
  const pair = generateKeyPairSync("ed25519");
  const publicKey = String(pair.publicKey.export({ format: "jwk" }).x);
  return {
    id: idOfKey(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), pair.privateKey).toString("base64url"),
  };
}

/** A pair whose private half is kept in a file: that of the person at this machine. */
export function keysFrom(privateKey: string): Keys {
  const key = createPrivateKey({ key: privateKey, format: "pem" });
  const publicKey = String(createPublicKey(key).export({ format: "jwk" }).x);
  return {
    id: idOfKey(publicKey),
    publicKey,
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64url"),
  };
}

/** The private half of a new pair, for such a file. */
export function newPrivateKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

/** 26 characters, 130 bits of SHA-256 over the raw public key. */
export function idOfKey(publicKey: string): SessionId {
  return base32(createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest(), 26);
}

export function verifies(claim: { publicKey: string; text: string; signature: string }): boolean {
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: claim.publicKey }, format: "jwk" });
    return verify(null, Buffer.from(claim.text), key, Buffer.from(claim.signature, "base64url"));
  } catch {
    return false; // a key or signature that does not even parse was not made by us
  }
}

/**
 * The text a letter's signature covers: every field, in this order. `cc-dm/1` keeps signatures of
 * one kind from being used as another.
 */
export function signedText(letter: Letter): string {
  return JSON.stringify([
    "cc-dm/1 message",
    letter.id,
    letter.kind,
    letter.fromId,
    letter.fromName,
    letter.fromRole,
    letter.fromProject,
    letter.recipients.map((to) => [to.mailbox, to.name, to.project]),
    letter.body,
    letter.priority,
    letter.type,
    letter.threadId,
    letter.inReplyTo,
    letter.hops,
    letter.rule,
    letter.sentAt,
    letter.ttlMs,
  ]);
}
