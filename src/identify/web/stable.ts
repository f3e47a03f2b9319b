import { sha256Hex } from '../../lib/hash.ts';

/**
 * What changes with each visit, replaced by a mark: numbers once used (CSRF tokens, nonces, session ids), times, durations,
 * the visitor's address. Measured: phpMyAdmin 5.2.1 and Roundcube 1.6.5 bring new tokens with each answer, in hidden fields and in
 * scripts; WordPress 6.1.9, Cockpit 287 and noVNC 1.3.0 answer with the same bytes.
 *
 * Each pattern is linear: one run of characters, or a bounded look ahead.
 */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/(\snonce=)(?:"[^"]{0,200}"|'[^']{0,200}')/gi, '$1#'],
  [/<meta\s[^>]{0,200}\bname=["'][\w-]{0,20}(?:csrf|xsrf|token|nonce)[^>]{0,600}>/gi, '<meta>'],
  [
    /((?:nonce|token|csrf|xsrf|session_?id|sessid)["']?\s{0,3}[:=]\s{0,3})(?:"[^"\n]{1,300}"|'[^'\n]{1,300}')/gi,
    '$1#',
  ],
  [/;jsessionid=[\w.!-]{1,200}/gi, ''],
  [/<input\b[^>]{0,500}\btype=["']?hidden\b[^>]{0,2000}>/gi, '<hidden>'],
];

const TIMES: readonly (readonly [RegExp, string])[] = [
  [/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g, '#'],
  // 2026-11-21, 21/Nov/2026, Sat, 21 Nov 2026, 2026年11月21日; with or without a time behind it.
  [/\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]|\b)/g, '#'],
  [
    /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?\d{1,2}[ /-](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}[ /-]\d{4}\b/g,
    '#',
  ],
  [/\d{4}年\d{1,2}月\d{1,2}日/g, '#'],
  [/\b\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?/g, '#'],
  [/\b\d{1,6}(?:\.\d{1,9})? ?(?:m?s|sec|seconds?|milliseconds?|秒)\b/g, '#'],
  [/\d{9,}/g, '#'],
];

/** Letters and digits mixed, as only a machine writes them. The name of a file is not one: it changes when the file does. */
const RUN = /[A-Za-z0-9_+-]{16,}={0,2}(?!\w{0,40}\.(?:m?js|css|png|jpe?g|gif|svg|ico|webp|woff2?|map)\b)/g;

/** SHA-256 of a page without what changes with each visit. */
export function stableSha256(body: string): string {
  return sha256Hex(stableText(body));
}

function stableText(body: string): string {
  let text = body.replace(/\r\n?/g, '\n');
  for (const [pattern, mark] of NAMED) text = text.replace(pattern, mark);
  // Before the times: a token may hold what looks like one.
  text = text.replace(RUN, (run) => (isToken(run) ? '#' : run));
  for (const [pattern, mark] of TIMES) text = text.replace(pattern, mark);
  return text;
}

/** Hex of 16 digits and more, or mixed letters and digits that are no word with a number behind it. */
function isToken(run: string): boolean {
  if (!/\d/.test(run) || !/[A-Za-z]/.test(run)) return /^[A-Za-z]{24,}$/.test(run) && hasMixedCase(run);
  if (/^[0-9a-f]+$/i.test(run)) return true;
  // "wp-block-navigation-item-2" is a name: words between hyphens.
  if (/^(?:[A-Za-z]+|\d{1,4})(?:[-_+](?:[A-Za-z]+|\d{1,4}))*$/.test(run)) return false;
  return (run.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0) >= 2;
}

/** "aBcDe": more turns between small and capital letters than camelCase has. */
function hasMixedCase(run: string): boolean {
  return (run.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0) >= run.length / 3;
}
