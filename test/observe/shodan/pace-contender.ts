/** Child of shared-pacer.test.ts: takes its turn some times, and says when (milliseconds since 1970). */
import { pino } from 'pino';
import { createPacer, realClock } from '../../../src/observe/shodan/pacer.ts';
import { createSharedPacer } from '../../../src/observe/shodan/shared-pacer.ts';

const [, , folder = '', times = '', pause = ''] = process.argv;
const pauseMs = Number(pause);
const pacer = createSharedPacer(createPacer(realClock, pauseMs), {
  folder,
  name: 'test',
  clock: realClock,
  now: () => Date.now(),
  log: pino({ enabled: false }),
  pauseMs,
});

for (let n = 0; n < Number(times); n += 1) {
  await pacer(new AbortController().signal, async () => {
    process.stdout.write(`${Date.now()}\n`);
  });
}
