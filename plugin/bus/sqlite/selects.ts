/** SQL that several parts have in common, those that only look (glimpse.ts, examine.ts) among them. */

/** Of a session `s`, as `toSession` wants it. */
export const sessionColumns = `s.*, (select hooks_at from client c where c.boot = s.boot and c.pid_space = s.pid_space
  and c.pid = s.client_pid and c.start = s.client_start) as hooks_at`;

/** How much waits for the person. What a command took and did not print waits too: it comes again. */
export const forPersonSql = `select count(*) as n from delivery indexed by delivery_open
  where open = 1 and mailbox in (select mailbox from session where person = 1)`;

/** How much a file holds; what is free in it does not count. (60 us.) */
export const bytesSql = `select (p.page_count - f.freelist_count) * s.page_size as n
  from pragma_page_count p, pragma_freelist_count f, pragma_page_size s`;
