import { createRequire } from 'node:module';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { createShodanClient } from '../../../src/observe/shodan/client.ts';
import { createPacer } from '../../../src/observe/shodan/pacer.ts';
import { KEY, holdsKey, virtualClock } from './setting.ts';
import { sendJson, startStandIn } from './stand-in.ts';

it('prints no key when DEBUG asks shodan-client for its calls', async () => {
  process.env['DEBUG'] = 'shodan-client:*';
  const written: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  const standIn = await startStandIn((_, response) => sendJson(response, { total: 1 }));
  const clock = virtualClock();
  const client = createShodanClient({
    apiKey: KEY,
    origin: standIn.origin,
    pacer: createPacer(clock),
    clock,
    now: () => new Date(),
    log: pino({ enabled: false }),
  });
  expect(await client.count('net:198.18.1.0/28', new AbortController().signal)).toBe(1);
  // The counter-check: the same variable does make `debug` print, and it stands in the cache again.
  const debug = createRequire(import.meta.url)('debug') as (name: string) => (text: string) => void;
  debug('shodan-client:utils')('counter-check');
  spy.mockRestore();
  await standIn.close();
  expect(written.join('')).toContain('counter-check');
  expect(holdsKey(written)).toBe(false);
});
