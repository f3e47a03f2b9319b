import { decodeText } from '../text.ts';

/** A reply of FTP or SMTP: a number and one or more lines (RFC 959 §4.2, RFC 5321 §4.2.1). */
export interface Reply {
  readonly code: number;
  /** Without numbers and line ends. */
  readonly lines: readonly string[];
}

const MAX_LINES = 100;
const MAX_LINE = 256;
/** A list of capabilities is far shorter; more is a stream. */
const MAX_BYTES = 32_768;

/** @returns 'more' while the last line has not come, undefined when this is no reply. */
export function parseReply(received: Uint8Array): Reply | 'more' | undefined {
  const lines: string[] = [];
  let code: string | undefined;
  for (const line of completeLines(received)) {
    // With "s": a greeting may hold what Unicode calls a line break (U+2028) or a lone carriage return.
    const match = /^(\d{3})([ -]?)(.*)$/s.exec(line);
    if (code === undefined && match === null) return undefined;
    code ??= match?.[1];
    const isLast = match?.[1] === code && match?.[2] !== '-';
    lines.push(match?.[1] === code ? (match?.[3] ?? '') : line);
    if (isLast) return { code: Number(code), lines };
    if (lines.length >= MAX_LINES) return undefined;
  }
  return received.length > MAX_BYTES ? undefined : 'more';
}

/**
 * Lines up to one that `isLast` knows, for POP3 and IMAP.
 *
 * @returns 'more' while it has not come, undefined when it does not come within bounds.
 */
export function linesUntil(
  received: Uint8Array,
  isLast: (line: string) => boolean,
): readonly string[] | 'more' | undefined {
  const lines = completeLines(received);
  const last = lines.findIndex(isLast);
  if (last >= 0) return lines.slice(0, last + 1);
  return lines.length >= MAX_LINES || received.length > MAX_BYTES ? undefined : 'more';
}

/** Lines whose end has come, bounded in number and length. */
export function completeLines(received: Uint8Array): string[] {
  const lines = decodeText(received, MAX_BYTES).split('\n');
  return lines
    .slice(0, -1)
    .slice(0, MAX_LINES)
    .map((line) => line.replace(/\r$/, '').slice(0, MAX_LINE));
}
