/**
 * Keeps some real answers of a run as seeds for the fuzz tests: `npx tsx test/tools/collect-captures.ts JOURNAL…` adds the
 * answers of these journals (runs over the laboratory, never over anybody's network) to `test/fixtures/captures.json`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Entry {
  readonly label: string;
  readonly received: string;
}

const MOST_BYTES = 2048;
const PER_PROTOCOL = 6;
const target = resolve(import.meta.dirname, '../fixtures/captures.json');

const kept: Entry[] = existsSync(target) ? (JSON.parse(readFileSync(target, 'utf8')) as Entry[]) : [];
for (const path of process.argv.slice(2)) {
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (!line.startsWith('{"kind":"observation"')) continue;
    const { evidence } = JSON.parse(line) as { evidence: readonly Entry[] };
    for (const { label, received } of evidence) keep(label, Buffer.from(received, 'base64'));
  }
}
const lines = kept.toSorted((a, b) => (a.label < b.label ? -1 : 1)).map((entry) => JSON.stringify(entry));
writeFileSync(target, `[\n${lines.join(',\n')}\n]\n`);
console.log(`${kept.length} answers in ${target}`);

/** A few of each protocol, of different lengths: what differs only in a time stamp or a random number teaches nothing. */
function keep(label: string, received: Buffer): void {
  if (received.length === 0) return;
  const protocol = protocolOf(label);
  const bytes = received.subarray(0, MOST_BYTES);
  const same = kept.filter((one) => protocolOf(one.label) === protocol);
  const isKnown = same.some((one) => Math.abs(Buffer.from(one.received, 'base64').length - bytes.length) < 8);
  if (same.length < PER_PROTOCOL && !isKnown) kept.push({ label, received: bytes.toString('base64') });
}

/** "http GET /x" → "http"; "rdp negotiation tls" → "rdp". */
function protocolOf(label: string): string {
  return label.split(' ')[0] ?? label;
}
