/**
 * npm run bench:match: names 100,000 recorded answers against all products, in one process, through the command as it is.
 * The answers are every example of every product file and every ordinary answer, over and over, their pages filled up to the
 * size of real ones. Prints answers a second and the memory it took; it is no test, so a slow machine does not fail.
 *
 *   npm run bench:match -- [--answers 100000] [--page 4000]
 */
import { parseArgs } from 'node:util';
import { matchCommand } from '../../src/cli/match.ts';
import { CONFIG_DIRECTORY } from '../../src/cli/package.ts';
import { loadKnowledge } from '../../src/knowledge/load.ts';
import { readOrdinary } from '../../src/knowledge/ordinary.ts';
import type { Sample } from '../../src/model/product.ts';

const { values } = parseArgs({
  options: { answers: { type: 'string', default: '100000' }, page: { type: 'string', default: '4000' } },
});
const answers = Number(values.answers);
const page = Number(values.page);
const FILLER = '<li><a href="/items/detail.html" class="item">text of the page</a></li>\n';

const knowledge = loadKnowledge(CONFIG_DIRECTORY);
const corpus: Sample[] = [
  ...[...knowledge.products.values()].flatMap(({ examples }) => examples),
  ...readOrdinary(CONFIG_DIRECTORY),
].flatMap(({ samples }) => samples);

function filled(sample: Sample, size: number): Sample {
  if (sample.kind !== 'http' || sample.body === undefined) return sample;
  const missing = Math.max(0, size - sample.body.length);
  return { ...sample, body: sample.body + FILLER.repeat(Math.ceil(missing / FILLER.length)) };
}

let bytes = 0;
async function* lines(): AsyncGenerator<Uint8Array> {
  const ready = corpus.map((sample, index) =>
    // Sizes from half to one and a half, by place: the same in every run.
    Buffer.from(
      `${JSON.stringify({ id: String(index), ...filled(sample, page * (0.5 + (index % 11) / 10)) })}\n`,
    ),
  );
  for (let sent = 0; sent < answers; sent += 1) {
    const line = ready[sent % ready.length] ?? Buffer.alloc(0);
    bytes += line.length;
    yield line;
  }
}

let named = 0;
const terminal = {
  result: (text: string) => {
    for (const line of text.split('\n')) if (!line.includes('"product":null')) named += 1;
  },
  say: (text: string) => void process.stderr.write(`${text}\n`),
  isInteractive: false,
};
const before = process.memoryUsage().rss;
const started = performance.now();
const cpu = process.cpuUsage();
await matchCommand({ file: '-', json: true, knowledge, terminal, input: lines() });
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
const megabytes = (size: number): string => `${Math.round(size / 1e6)} MB`;
process.stdout.write(
  [
    `${answers} answers (${megabytes(bytes)}), ${knowledge.products.size} products: ${seconds.toFixed(1)} s, ${Math.round(answers / seconds)} answers a second`,
    `${((user + system) / 1e6).toFixed(1)} s of processor time; ${named} answers named`,
    `memory ${megabytes(before)} before, ${megabytes(process.memoryUsage().rss)} after`,
    '',
  ].join('\n'),
);
