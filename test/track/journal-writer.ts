/** Child of journal.test.ts: writes without end, tells after each flush how far it came, and waits to be killed. */
import { openJournal } from '../../src/track/journal.ts';
import { observationOf } from './build.ts';

const journal = openJournal(process.argv[2] ?? '');

function step(n: number): void {
  for (let i = n; i < n + 100; i += 1) {
    const id = `probe/${i}`;
    journal.append({ kind: 'observation', ...observationOf(i % 65_536, { id }) });
  }
  journal.flush();
  process.stdout.write(`${n + 99}\n`);
  if (n < 200_000) setImmediate(step, n + 100);
}

step(0);
