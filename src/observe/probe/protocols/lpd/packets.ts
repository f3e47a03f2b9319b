/** Line Printer Daemon protocol: RFC 1179 §5.3. */
import { decodeText } from '../../tcp/text.ts';

/** "Send queue state (short)" of a queue that nobody has; nothing is printed or queued. */
export function encodeQueueState(queue: string): Uint8Array {
  return Buffer.from(`\u0003${queue}\n`, 'latin1');
}

export interface QueueState {
  readonly text: string;
  /** Not allowed for this host or port. */
  readonly isRefused: boolean;
  readonly product?: string;
}

const MAX_TEXT = 2048;

const REFUSED =
  /not have line printer access|not available to your host|no connect permissions|connected from invalid port|malformed from address|ill-formed FROM address|host ?name for your address/i;
const STATE =
  /^(?:Printer: \S{1,100} |\S{1,100}@\S{1,100} \d+ jobs|.{0,100}\bno entries\b|.{0,100}: unknown printer|.{0,60}\blpd: |lpd \[@|no entries|Rank +Owner +Job|Error: (?:queue|unknown) |Printer Status --->|\S{1,100} is ready)/im;

/** The RFC leaves the words to the server: only words that print servers are known to use prove one. */
export function parseQueueState(received: Uint8Array): QueueState | 'more' | undefined {
  if (received.length === 0) return 'more';
  const bytes = received.subarray(0, MAX_TEXT);
  if (
    !bytes.every(
      (byte, index) => byte >= 0x20 || [7, 9, 10, 12, 13].includes(byte) || (byte === 1 && index === 0),
    )
  )
    return undefined;
  const text = decodeText(bytes[0] === 1 ? bytes.subarray(1) : bytes, MAX_TEXT).trim();
  const isRefused = REFUSED.test(text);
  if (!isRefused && !STATE.test(text)) return received.length < 64 ? 'more' : undefined;
  const isLprng = /^Printer: \S{1,100}@\S{1,100} - ERROR: spool queue for |^no connect permissions/.test(
    text,
  );
  return { text: text.slice(0, 256), isRefused, ...(isLprng ? { product: 'LPRng' } : {}) };
}
