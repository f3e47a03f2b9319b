/**
 * Nightly: throws hostile inputs at every parser of network bytes. `npm run fuzz -- --cases 10000000 --seed 1`
 * Ends with exit code 1 and the bytes (base64) of every parser that threw or took too long.
 */
import { parseArgs } from 'node:util';
import { createRandom, nextCase, readCaptures, seedsFor } from './cases.ts';
import { findParsers, type Parser } from './parsers.ts';

const MOST_MS = 250;
/** Cases for one parser before the next one's turn: the code stays hot, and the seeds are chosen once. */
const BATCH = 500;

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const { parsers, untested } = await findParsers();
if (untested.length > 0) throw new Error(`no test for ${untested.join(', ')}`);
const captures = readCaptures();
const seeded = parsers.map((parser) => ({ parser, seeds: seedsFor(parser.words, captures) }));
const random = createRandom(Number(values.seed));
const wanted = Number(values.cases);
const failures = new Map<string, string>();
const began = performance.now();
let slowest = { ms: 0, name: '' };
let done = 0;
while (done < wanted) {
  for (const { parser, seeds } of seeded) {
    for (let count = 0; count < BATCH && done < wanted; count += 1, done += 1)
      tryOne(parser, nextCase(random, seeds));
  }
}
const seconds = (performance.now() - began) / 1000;
console.log(
  `${done} cases, ${parsers.length} parsers, ${captures.length} captures, ${seconds.toFixed(0)} s, ` +
    `${Math.round(done / seconds)} a second; slowest ${slowest.ms.toFixed(1)} ms (${slowest.name}); ${failures.size} failed`,
);
for (const [name, what] of failures) console.log(`FAILED ${name}: ${what}`);
process.exitCode = failures.size === 0 ? 0 : 1;

function tryOne({ name, run }: Parser, bytes: Uint8Array): void {
  const input = Buffer.from(bytes).toString('base64');
  const start = performance.now();
  try {
    run(bytes);
  } catch (error) {
    failures.set(name, `${String(error)} on ${input}`);
  }
  const ms = performance.now() - start;
  if (ms > slowest.ms) slowest = { ms, name };
  if (ms > MOST_MS) failures.set(name, `${ms.toFixed(0)} ms on ${input}`);
}
