import type { GreetingFacts } from '../../../../model/facts.ts';

/** "200 news.example.jp InterNetNews NNRP server INN 2.7.1 ready (posting ok)": by its words, the number alone is many's. */
const NEWS = /^20[01] [^\r\n]{0,200}\b(?:nntp|nnrp|inn|innd|internetnews|news|usenet|leafnode|diablo)\b/i;

/** RFC 5804 §1.7: a list of quoted capabilities, of which IMPLEMENTATION is one, ended by OK. */
export function parseSieve(text: string): GreetingFacts | undefined {
  if (!/^"IMPLEMENTATION" "/m.test(text) || !/^OK\b/m.test(text)) return undefined;
  const capabilities = text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('"'))
    .slice(0, 32)
    .map((line) => line.replaceAll('"', '').slice(0, 256));
  return { protocol: 'sieve', text, capabilities, startTls: capabilities.includes('STARTTLS') };
}

export function isNewsGreeting(text: string): boolean {
  return NEWS.test(text);
}

/** Answer to CAPABILITIES, RFC 3977 §5.2. @param lines 101, the list, a point; or a refusal alone. */
export function newsFacts(text: string, lines: readonly string[] | undefined): GreetingFacts {
  if (lines?.at(-1) !== '.' || lines[0]?.startsWith('101') !== true) return { protocol: 'nntp', text };
  const capabilities = lines.slice(1, -1);
  return {
    protocol: 'nntp',
    text,
    capabilities,
    startTls: capabilities.some((line) => /^STARTTLS\b/i.test(line)),
  };
}
