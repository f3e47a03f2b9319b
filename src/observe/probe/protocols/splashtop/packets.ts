/** Splashtop Streamer: its first words (as nmap's users sent them in; not published by the maker). */
const READY = 'SRS:Ready';

/** "SRS:Ready", mostly with a zero behind it, and nothing else. */
export function parseGreeting(received: Uint8Array): true | 'more' | undefined {
  const text = Buffer.from(received.subarray(0, 32)).toString('latin1');
  if (text === READY || text === `${READY}\0`) return true;
  return READY.startsWith(text) ? 'more' : undefined;
}
