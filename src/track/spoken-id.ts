/** "B-07": short enough to say over the phone, given once and never given again. */
const SPOKEN_ID = /^B-(\d{1,9})$/;

export function spokenNumber(id: string): number {
  return Number(SPOKEN_ID.exec(id)?.[1] ?? 0);
}

/** Hands out the numbers after the highest one that was ever used. */
export function spokenIds(used: Iterable<string>): () => string {
  let last = 0;
  for (const id of used) last = Math.max(last, spokenNumber(id));
  return () => {
    last += 1;
    return `B-${String(last).padStart(2, '0')}`;
  };
}
