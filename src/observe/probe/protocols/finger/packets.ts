/** Finger: RFC 1288. */
import { decodeText } from '../../tcp/text.ts';

/** An empty line: who is logged in? No user is named. */
export function encodeList(): Uint8Array {
  return Buffer.from('\r\n', 'latin1');
}

export interface FingerAnswer {
  /** First lines, at most 256 characters. */
  readonly text: string;
  /** A list of users came, be it empty. */
  readonly isList: boolean;
}

const MAX = 4096;

const LIST =
  /^(?:Login +Name +T|No one logged on|Line +User +Host|Username Real name|NAME +LINE +TIME|users currently logged in|Gathering system data)/m;
const OTHER =
  /^(?:Please (?:supply|use) (?:a )?user ?name|Finger online user list request denied|No user specified|finger: |must provide username|Printer Type: |Site: )/m;

/** The RFC leaves the words to the server; only words that servers are known to use count. */
export function parseAnswer(received: Uint8Array): FingerAnswer | 'more' | undefined {
  const bytes = received.subarray(0, MAX);
  if (!bytes.every((byte) => byte >= 0x20 || [7, 9, 10, 12, 13, 27].includes(byte))) return undefined;
  const text = decodeText(bytes, MAX).trim();
  const unindented = text.replace(/^[ \t]+/gm, '');
  const isList = LIST.test(unindented);
  if (!isList && !OTHER.test(unindented)) return received.length < 512 ? 'more' : undefined;
  return { text: text.slice(0, 256), isList };
}
