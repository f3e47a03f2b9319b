/** Music Player Daemon (mpd.readthedocs.io, "Protocol"). */
import { decodeText } from '../../tcp/text.ts';

/** "OK MPD 0.23.5": the version of the protocol, which follows that of the program. */
export function parseGreeting(received: Uint8Array): { readonly version: string } | 'more' | undefined {
  const text = decodeText(received.subarray(0, 64), 64);
  const start = 'OK MPD ';
  if (!text.startsWith(start.slice(0, text.length))) return undefined;
  const match = /^OK MPD (\d{1,3}(?:\.\d{1,3}){1,3})\r?\n/.exec(text);
  if (match !== null) return { version: match[1] ?? '' };
  return received.length < 64 && !text.includes('\n') ? 'more' : undefined;
}

/** Lists what may be done without a password, and does nothing. */
export function encodeCommands(): Uint8Array {
  return Buffer.from('commands\n', 'latin1');
}

const MAX = 8192;

export function parseCommands(
  received: Uint8Array,
): { readonly commands: readonly string[] } | 'more' | undefined {
  const text = decodeText(received.subarray(0, MAX), MAX);
  if (!/^(?:command: |c|OK|ACK )/.test(text)) return undefined;
  if (!/^(?:OK|ACK [^\n]{0,200})\r?$/m.test(text)) return received.length < MAX ? 'more' : undefined;
  return { commands: [...text.matchAll(/^command: (\w{1,40})\r?$/gm)].map(([, name = '']) => name) };
}
