import type { Database } from "bun:sqlite";
import { offerToken } from "../../core/ids.ts";
import type { Message, Offer, Session } from "../../core/model.ts";
import type { Bus, Claim, Posted, Posting, Pressing } from "../bus.ts";
import { admit, isJoined, restsOnNothing } from "./admission.ts";
import { fromRecipients, type MessageRow, toMessage, toOffer } from "./rows.ts";
import type { Store } from "./store.ts";

type Part = Pick<Bus, "post" | "unread" | "pressing" | "claim" | "peek" | "received" | "wrote" | "lastShown">;

// What a session has not been given: new mail, and mail that an earlier holder of the mailbox was
// handed but never proved to have seen. Its own handed mail is on its way. Asked of the row: a session
// that others took off the roster must not read what its successor is given.
// (The planner would rather walk the mailbox's whole history, which is in order already.)
const isWaiting = `d.mailbox = ?1 and d.open = 1 and (d.state = 'queued' or d.session is not ?2)
  and exists (select 1 from session s where s.id = ?2 and s.mailbox = ?1 and (s.closed_at is null or s.person = 1))`;
const waiting = `delivery d indexed by delivery_open join message m on m.seq = d.message where ${isWaiting}`;
const andNoMute = "and not exists (select 1 from filter f where f.mailbox = ?1 and f.kind = 'mute')";

export function mail(store: Store): Part {
  const { db, clock, write, read } = store;

  return {
    post: (posting) => write(() => postNow(store, posting)),

    unread: (session) =>
      read(() => {
        const sql = `select count(*) as n from ${waiting}`;
        return db.query<{ n: number }, [number, string]>(sql).get(session.mailbox, session.id)?.n ?? 0;
      }),

    pressing: (session, low) =>
      read(() =>
        db
          .query<Pressing, [number, string]>(
            `select m.seq, m.hops, m.sent_at as sentAt,
               iif(d.session is ?2, d.offers, 0) as tried from ${waiting}
               ${low === undefined ? "and m.priority is not 'low'" : ""}
               and not exists (select 1 from filter f
                 where f.mailbox = d.mailbox and f.kind = 'mute' and f.name = m.from_name)
             order by m.hops, m.seq desc limit 100`,
          )
          .all(session.mailbox, session.id),
      ),

    async claim({ session, path, limit, patienceMs, maxChars, strict = false, answering, unlessMutes }) {
      // Found without the write lock: every commit of anybody makes every session look, mostly for nothing.
      const found = await read(() => oldest(store, session, { limit, answering, unlessMutes }));
      const rows = fitting(found, maxChars, strict);
      if (rows.length === 0) return [];
      const hand = (row: OfferRow): Offer[] => {
        const token = offerToken();
        // Another path may have taken it meanwhile, or this session may have lost its mailbox.
        const taken = db
          .query<{ offers: number }, [number, string, string, string, number, number, number]>(
            `update delivery as d set state = 'handed', path = ?3, token = ?4, session = ?2, offers = offers + 1, handed_at = ?5
             where message = ?6 and addressed = ?7 and ${isWaiting} returning offers`,
          )
          .get(session.mailbox, session.id, path, token, clock.now(), row.seq, row.addressed);
        return taken === null ? [] : [toOffer(row, token, taken.offers)];
      };
      const take = () => {
        // What a wake has claimed is older and waits in the client's queue: a turn must not overtake it.
        if (path === "turn" && wakeUnderWay(db, session)) return [];
        const offers = rows.flatMap(hand);
        // What another path took meanwhile would end a look early, and nothing else might make one soon.
        if (offers.length < rows.length && maxChars === undefined)
          offers.push(
            ...oldest(store, session, { limit: limit - offers.length, answering, unlessMutes }).flatMap(hand),
          );
        return offers;
      };
      return write(take, patienceMs, "now");
    },

    peek: (session, limit) =>
      read(() =>
        oldest(store, session, { limit }).map((row) => ({
          message: toMessage(row),
          addressed: row.addressed,
        })),
      ),

    received: (mailbox, messageId) =>
      read(() => {
        const row = db
          .query<MessageRow, [string, number]>(
            "select m.* from message m join delivery d on d.message = m.seq where m.id = ? and d.mailbox = ? and d.state not in ('refused', 'quarantined')",
          )
          .get(messageId, mailbox);
        return row === null ? null : { message: toMessage(row), fromMailbox: row.from_mailbox };
      }),

    wrote: (messageId, from, to) =>
      read(
        () =>
          db
            .query(
              `select 1 from message m join delivery d on d.message = m.seq
               where m.id = $id and m.from_mailbox = $from and ($to is null or d.mailbox = $to or d.addressed = $to or d.session = $session)`,
            )
            .get({ id: messageId, from, to: to?.mailbox ?? null, session: to?.id ?? null }) !== null,
      ),

    lastShown: (session) =>
      read(() => {
        const row = db
          .query<{ hops: number; at: number | null }, [string, string]>(
            `select m.hops, d.handed_at as at from delivery d join message m on m.seq = d.message
             where d.mailbox = (select mailbox from session where id = ?) and d.session = ? order by d.message desc limit 1`,
          )
          .get(session, session);
        return row === null ? null : { hops: row.hops, at: row.at ?? 0 };
      }),
  };
}

/** Whether the client was handed mail by a wake of which nothing shows yet that it was read. */
function wakeUnderWay(db: Database, { id, mailbox }: Session): boolean {
  const sql = `select 1 from delivery d indexed by delivery_open
    where d.mailbox = ? and d.open = 1 and d.state = 'handed' and d.path = 'wake' and d.session = ?`;
  return db.query<object, [number, string]>(sql).get(mailbox, id) !== null;
}

// The line above a body, with two names of 64 characters, and what stands around it.
const frameChars = 400;

/** As many from the front as fit, so that order is kept. */
function fitting(rows: OfferRow[], maxChars = Number.POSITIVE_INFINITY, strict = false): OfferRow[] {
  let chars = 0;
  const end = rows.findIndex((row, i) => {
    chars += row.body.length + 3 * (row.body.split("<").length - 1) + frameChars; // a tag's "<" becomes "&lt;"
    return chars > maxChars && (strict || i > 0);
  });
  return end < 0 ? rows : rows.slice(0, end);
}

type OfferRow = MessageRow & { addressed: number };

function oldest(
  { db }: Store,
  session: Session,
  { limit, answering, unlessMutes }: Pick<Claim, "limit" | "answering" | "unlessMutes">,
): OfferRow[] {
  return db
    .query<OfferRow, [number, string, number, string | null]>(
      `select m.*, d.addressed from ${waiting} and (?4 is null or m.in_reply_to = ?4)
       ${unlessMutes === true ? andNoMute : ""} order by d.message limit ?3`,
    )
    .all(session.mailbox, session.id, limit, answering ?? null);
}

/** Whether a message's sender has another mailbox by now than the one a notice about it goes to. */
export function movedAway({ db }: Store, { seq }: Pick<Message, "seq">, { letter }: Posting): boolean {
  const sql = "select from_mailbox as mailbox from message where seq = ?";
  const from = db.query<{ mailbox: number }, [number]>(sql).get(seq);
  return from !== null && letter.recipients.every((to) => to.mailbox !== from.mailbox);
}

/** Inside a write transaction. */
export function postNow(
  { db, clock, boot }: Store,
  { letter, publicKey, signature, fromMailbox, mailboxLimit, notify }: Posting,
): Posted {
  if (!isJoined(db, letter.fromId)) return { ok: false, why: "not_joined", name: letter.fromName };
  if (restsOnNothing(db, letter)) return { ok: false, why: "unknown_message", name: letter.fromName };
  const boxes: number[] = [];
  for (const to of letter.recipients) {
    const { box, why } = admit(db, letter, to.mailbox, mailboxLimit);
    if (why !== null) return { ok: false, why, name: to.name };
    boxes.push(box);
  }
  const { seq } = db
    .query<{ seq: number }, never[]>(
      `insert into message (id, kind, from_id, from_name, from_role, from_project, from_mailbox, recipients, body, priority,
         type, thread_id, in_reply_to, hops, rule, sent_at, ttl_ms, sent_up, boot, public_key, signature)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning seq`,
    )
    .get(
      ...([
        letter.id,
        letter.kind,
        letter.fromId,
        letter.fromName,
        letter.fromRole,
        letter.fromProject,
        fromMailbox,
        fromRecipients(letter.recipients),
        letter.body,
        letter.priority,
        letter.type,
        letter.threadId,
        letter.inReplyTo,
        letter.hops,
        letter.rule,
        letter.sentAt,
        letter.ttlMs,
        clock.up(),
        boot,
        publicKey,
        signature,
      ] as never[]),
    ) as { seq: number };
  for (const [i, to] of letter.recipients.entries()) {
    db.query(
      "insert into delivery (message, addressed, mailbox, name, state, open, expires_at) values (?, ?, ?, ?, 'queued', 1, ?)",
    ).run(seq, to.mailbox, boxes[i] ?? to.mailbox, to.name, letter.sentAt + letter.ttlMs);
    if (notify !== undefined) {
      db.query("insert into watch (message, addressed, kind, mailbox) values (?, ?, ?, ?)").run(
        seq,
        to.mailbox,
        notify,
        fromMailbox,
      );
    }
  }
  if (letter.rule === "reply") {
    // An answer is evidence of sight.
    db.query(
      `update delivery set state = 'replied', open = 0, seen_at = coalesce(seen_at, ?), evidence = coalesce(evidence, 'reply')
       where message = (select seq from message where id = ?) and mailbox = ? and state not in ('refused', 'quarantined')`,
    ).run(clock.now(), letter.inReplyTo, fromMailbox);
  }
  return { ok: true, seq };
}
