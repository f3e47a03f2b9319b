/** munin-node (guide.munin-monitoring.org, "Data exchange between master and node"). */
import { decodeText } from '../../tcp/text.ts';

const GREETING = '# munin node at ';

/** @returns the node's own name. */
export function parseGreeting(received: Uint8Array): { readonly hostName: string } | 'more' | undefined {
  const text = decodeText(received.subarray(0, 300), 300);
  if (!text.startsWith(GREETING.slice(0, text.length))) return undefined;
  const match = /^# munin node at (\S{1,255})\r?\n/.exec(text);
  if (match !== null) return { hostName: match[1] ?? '' };
  return received.length < 300 ? 'more' : undefined;
}

export function encodeVersion(): Uint8Array {
  return Buffer.from('version\n', 'latin1');
}

/** "munins node on lab.example version: 2.0.73"; older ones say "munin node". */
export function parseVersion(received: Uint8Array): { readonly version: string } | 'more' | undefined {
  const text = decodeText(received.subarray(0, 400), 400);
  const match = /^munins? node on \S{1,255} version: (\d[\w.-]{0,30})\s/.exec(text);
  if (match !== null) return { version: match[1] ?? '' };
  return received.length < 400 && !text.includes('\n') ? 'more' : undefined;
}
