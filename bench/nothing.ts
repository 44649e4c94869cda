/** What a short program is held against: Bun, started and ended. */
export {};
