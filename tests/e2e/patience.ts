/** Milliseconds to wait for what must come: a machine may be slow and busy, and no journey is about speed. */
export const patience = 120_000;
