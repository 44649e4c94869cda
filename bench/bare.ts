/** What an idle session is held against: Bun, and one timer. */
setInterval(() => {}, 500);
