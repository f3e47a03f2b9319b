import type { JSX } from 'preact';

/** Short words with hyphens: dates, CVE numbers, ids, SSL-VPN. Browsers break after a hyphen, people read on. */
const HYPHENATED = /[A-Za-z0-9.:]{1,16}(?:-[A-Za-z0-9.:]{1,16}){1,3}/g;
const LONGEST = 20;
/** A moment in UTC is longer than other words, and stays whole all the same. */
const MOMENT = /^\d{4}-\d\d-\d\dT/;

/** Text whose short hyphenated words stay on one line. */
export function Flow({ text }: { text: string }): JSX.Element {
  const parts: (string | JSX.Element)[] = [];
  let end = 0;
  for (const match of text.matchAll(HYPHENATED)) {
    if (match[0].length > LONGEST && !MOMENT.test(match[0])) continue;
    parts.push(text.slice(end, match.index), <span class="nowrap">{match[0]}</span>);
    end = match.index + match[0].length;
  }
  return <>{[...parts, text.slice(end)]}</>;
}
