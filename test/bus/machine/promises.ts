import type { Row } from "./rows.ts";
import { demand, final, isFinal, keyOf, type Memory, type Offered, only, type Stretch } from "./stretch.ts";

/** Holds one step against everything that is promised. @throws the first promise that is broken. */
export function check(stretch: Stretch, known: Memory): void {
  for (const { id, deliveries } of only(stretch, "posted")) {
    known.posted.set(id, { deliveries, at: stretch.now });
  }
  for (const { body } of only(stretch, "missed")) known.missed.add(body);
  offers(stretch, known);
  for (const row of stretch.after.rows.values()) stands(row, stretch, known);
  for (const row of stretch.before.rows.values()) moved(row, stretch, known);
  for (const row of stretch.after.rows.values())
    if (!stretch.before.rows.has(row.key)) came(row, stretch, known);
  nothingLost(stretch, known);
  evidenceCounts(stretch);
  if (stretch.alone && stretch.happened.length === 1) inFull(stretch);
}

/** What is offered belongs to whom it is offered, is nobody else's now, is no news that was proved, and in order. */
function offers(stretch: Stretch, known: Memory): void {
  for (const { to, offers: list } of only(stretch, "offered")) {
    for (const offer of list) {
      const key = keyOf(offer);
      const [was, is] = [stretch.before.rows.get(key), stretch.after.rows.get(key)];
      const about = { offer: key, to, was, is };
      demand(is !== undefined, "what is offered stands in the bus", about);
      const earlier = known.offered.get(key) ?? [];
      demand(was === undefined || !isFinal(was), "what has evidence is never offered again", about);
      demand(offer.offers === earlier.length + 1, "offers are counted", {
        ...about,
        offers: offer.offers,
        earlier,
      });
      demand(!known.tokens.has(offer.token), "every offer has a token of its own", about);
      const last = earlier.at(-1);
      if (last !== undefined && was?.state === "handed" && !released(was, stretch)) {
        demand(last.to !== to, "what is on its way to a session is not offered to it again", about);
        demand(!stretch.wasLive(last.to), "nothing is offered to two live sessions at once", about);
      }
      const boxes = [stretch.before, stretch.after].map(({ sessions }) => sessions.get(to));
      demand(
        boxes.some((box) => box?.open === 1 && (box.mailbox === is.mailbox || box.mailbox === was?.mailbox)),
        "what is offered is for the session on the roster that holds its mailbox",
        { ...about, boxes },
      );
      // What missed its receiver's mailbox and was tried again may come after what was sent meanwhile.
      if (earlier.length === 0 && !known.missed.has(offer.message.body)) {
        const pair = `${is.from} to ${is.addressed}`;
        // The sender numbers what it says in the order of its calls; a notice has no such number.
        const number = is.kind === "notice" ? is.seq : Number(offer.message.body);
        const order = `${is.kind === "notice" ? "notices" : "mail"} of ${pair}`;
        demand(
          number > (known.latest.get(order) ?? -1),
          "first offers come in the order of the sender's calls",
          {
            ...about,
            number,
            latest: known.latest.get(order),
          },
        );
        known.latest.set(order, number);
      }
      known.offered.set(key, [...earlier, { to, token: offer.token }]);
      known.tokens.add(offer.token);
    }
  }
}

function released(row: Row, stretch: Stretch): boolean {
  return only(stretch, "requeued").some(({ by, changed }) => by === row.session && changed > 0);
}

/** One row by itself: a state there is, open exactly as long as it is not final, in a mailbox that can be opened. */
function stands(row: Row, { after }: Stretch, known: Memory): void {
  demand(["queued", "handed", ...final].includes(row.state), "a delivery is in one of its states", row);
  demand((row.open === 1) === !isFinal(row), "a delivery is open until its end", row);
  demand(
    !row.open || after.mailboxes.has(row.mailbox),
    "what waits lies in a mailbox that somebody can hold",
    row,
  );
  demand(row.state !== "quarantined", "nothing genuine is set aside", row);
  const offered = known.offered.get(row.key) ?? [];
  demand(row.offers === offered.length, "every offer was made to somebody", { row, offered });
}

/** How far one delivery came in this step: only along its states, and only for a reason. */
function moved(was: Row, stretch: Stretch, known: Memory): void {
  const is = stretch.after.rows.get(was.key);
  if (is === undefined) {
    const ended = isFinal(was) || ends(was, stretch, known);
    demand(ended && only(stretch, "pruned").length > 0, "only what came to its end is swept away", was);
    known.pruned.add(was.key);
    return;
  }
  if (was.state === is.state && was.token === is.token) return;
  reason(was, is, stretch, known);
}

function came(row: Row, stretch: Stretch, known: Memory): void {
  if (row.kind === "notice") {
    const about = [...only(stretch, "expired"), ...only(stretch, "refused")];
    demand(
      about.some(({ id }) => id === row.answers),
      "a notice tells of what has just expired or was refused",
      row,
    );
    known.posted.set(row.id, { deliveries: 1, at: stretch.now });
  } else demand(known.posted.has(row.id), "what stands in the bus was sent", row);
  if (row.state !== "queued") reason(null, row, stretch, known);
}

/** @throws unless something in this step brought a delivery to where it is. */
function reason(was: Row | null, is: Row, stretch: Stretch, known: Memory): void {
  const about = { was, is };
  const offered = only(stretch, "offered").filter((one) =>
    one.offers.some((offer) => keyOf(offer) === is.key),
  );
  const replied = only(stretch, "posted").some(({ answers }) => answers === is.id);
  const last = known.offered.get(is.key)?.at(-1);
  if (was !== null && isFinal(was)) {
    // An answer to what had expired shows that it had been seen after all.
    const end = (was.state === "seen" || was.state === "expired") && is.state === "replied" && replied;
    demand(end, "what came to its end stays there", about);
    return;
  }
  switch (is.state) {
    case "queued":
      demand(
        only(stretch, "requeued").some(({ by, changed }) => changed > 0 && by === (last?.to ?? was?.session)),
        "only what lacked evidence is put back",
        about,
      );
      return;
    case "handed":
      demand(offered.length > 0 && is.token === last?.token, "what is handed was offered", about);
      return;
    case "seen":
      demand(is.token === last?.token && proves(is, last, stretch), "seen means seen", about);
      return;
    case "replied":
      demand(replied, "replied means that there is a reply", about);
      return;
    case "expired":
      expiry(is, stretch, known);
      return;
    case "refused":
      demand(
        only(stretch, "refused").some(({ id }) => id === is.id),
        "refused is what its receiver blocked",
        about,
      );
      told(is, stretch);
      return;
    default:
      demand(false, "nothing genuine is set aside", about);
  }
}

/** Whether it came to its end within this step. */
function ends(row: Row, stretch: Stretch, known: Memory): boolean {
  const { happened } = stretch;
  return (
    happened.some((one) => (one.what === "expired" || one.what === "refused") && one.id === row.id) ||
    happened.some((one) => one.what === "posted" && one.answers === row.id) ||
    proves(row, known.offered.get(row.key)?.at(-1), stretch)
  );
}

function proves(row: Row, last: Offered | undefined, stretch: Stretch): boolean {
  if (last === undefined) return false;
  const byToken = only(stretch, "proved").some(
    ({ by, tokens, changed }) => changed > 0 && by === last.to && tokens.includes(last.token),
  );
  const byPath = only(stretch, "proved by path").some(
    ({ by, path, before, changed }) =>
      changed > 0 && by === last.to && path === row.path && (row.handedAt ?? 0) < before,
  );
  return byToken || byPath;
}

/** Not before its time, whatever the clock says; and its sender is told in the same commit. */
function expiry(row: Row, stretch: Stretch, known: Memory): void {
  const sent = known.posted.get(row.id)?.at;
  demand(sent !== undefined, "what expires was sent", row);
  const { now } = stretch;
  // After a reboot nobody knows how long the machine was off: only the wall clock is left.
  const passed = sent.boot === now.boot ? now.lived - sent.lived : now.wall - sent.wall;
  demand(passed >= row.ttlMs, "nothing expires early", { row, passed });
  told(row, stretch);
}

/** Its sender hears of it in the same commit, unless it left nothing to hear with. */
function told(row: Row, { before, after }: Stretch): void {
  if (row.kind === "notice" || !after.mailboxes.has(row.fromMailbox)) return;
  const notices = [...after.rows.values()].filter((one) => one.kind === "notice" && one.answers === row.id);
  const fresh = notices.filter((one) => !before.rows.has(one.key));
  const mine = fresh.filter((one) => one.mailbox === row.fromMailbox);
  demand(mine.length > 0, "the sender of what expires or is refused is told", { row, notices });
  demand(mine.length === fresh.length, "it is the sender who is told", { row, notices });
}

function nothingLost({ after }: Stretch, known: Memory): void {
  const there = new Map<string, number>();
  for (const { id } of after.rows.values()) there.set(id, (there.get(id) ?? 0) + 1);
  for (const key of known.pruned) {
    const id = key.split(" ", 1)[0] as string;
    there.set(id, (there.get(id) ?? 0) + 1);
  }
  for (const [id, { deliveries }] of known.posted) {
    demand(there.get(id) === deliveries, "everything sent is accounted for", {
      id,
      deliveries,
      there: there.get(id),
    });
  }
}

/** What was taken for evidence holds: nothing that came later in the same moment undid it. */
function evidenceCounts(stretch: Stretch): void {
  const taken = [...only(stretch, "proved"), ...only(stretch, "proved by path")];
  const changed = taken.reduce((sum, one) => sum + one.changed, 0);
  const closed = [...stretch.after.rows.values()].filter((row) => {
    const was = stretch.before.rows.get(row.key);
    return (row.state === "seen" || row.state === "replied") && (was === undefined || !isFinal(was));
  });
  const swept = [...stretch.before.rows.values()].filter(
    (row) => !isFinal(row) && !stretch.after.rows.has(row.key),
  );
  demand(changed <= closed.length + swept.length, "evidence once taken holds", { changed, closed, swept });
}

/** With nothing else going on, what was asked for is done in full. */
function inFull({ before, after, happened: [one] }: Stretch): void {
  if (one === undefined) return;
  const rows = [...before.rows.values()];
  const mine = (session: string) =>
    rows.filter((row) => row.mailbox === before.sessions.get(session)?.mailbox);
  const is = (row: Row) => after.rows.get(row.key)?.state;
  switch (one.what) {
    case "offered": {
      const there = before.sessions.get(one.to)?.open === 1;
      const waiting = (there ? mine(one.to) : []).filter(
        (row) => row.state === "queued" || (row.state === "handed" && row.session !== one.to),
      );
      // What a wake has claimed is older and on its way: a turn is given nothing before that is read.
      const behind = mine(one.to).some(
        (row) => row.state === "handed" && row.path === "wake" && row.session === one.to,
      );
      if (one.by === "turn" && there && behind) waiting.length = 0;
      const expected = waiting.slice(0, one.limit).map((row) => row.key);
      const got = one.offers.map(keyOf);
      demand(got.join() === expected.join(), "what waits is offered, oldest first", { got, expected });
      return;
    }
    case "posted":
      for (const row of mine(one.by)) {
        if (row.id !== one.answers) continue;
        demand(is(row) === "replied", "a reply shows that what it answers was seen", row);
      }
      return;
    case "proved":
      for (const row of mine(one.by)) {
        if (row.state !== "handed" || row.session !== one.by || !one.tokens.includes(row.token ?? "-"))
          continue;
        demand(is(row) === "seen", "evidence is taken", row);
      }
      return;
    case "requeued":
      for (const row of mine(one.by)) {
        if (row.state !== "handed" || row.session !== one.by || row.path !== one.path) continue;
        const due = (row.handedAt ?? 0) < one.before;
        demand(is(row) === (due ? "queued" : "handed"), "what lacks evidence in due time is put back", row);
      }
  }
}
