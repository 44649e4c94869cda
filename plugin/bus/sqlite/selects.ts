/** SQL that several parts have in common, those that only look (glimpse.ts, examine.ts) among them. */

/** Of a session `s`, as `toSession` wants it. */
export const sessionColumns = `s.*, (select hooks_at from client c where c.boot = s.boot and c.pid_space = s.pid_space
  and c.pid = s.client_pid and c.start = s.client_start) as hooks_at`;

/** How much waits for the person. What a command took and did not print waits too: it comes again. */
export const forPersonSql = `select count(*) as n from delivery indexed by delivery_open
  where open = 1 and mailbox in (select mailbox from session where person = 1)`;
