import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Budget } from '../../../src/observe/probe/budget.ts';

describe('observe/probe/budget', () => {
  it.each([
    { hosts: 2, highestHost: 3, highestRun: 6 },
    { hosts: 50, highestHost: 1, highestRun: 10 },
  ])(
    'holds no more than the caps of host and run with $hosts hosts, and serves everybody',
    async ({ hosts, highestHost, highestRun }) => {
      const budget = new Budget({ rate: 100_000, perHost: 3, total: 10 });
      const held = new Map<string, number>();
      let total = 0;
      let highest = 0;
      let highestTotal = 0;
      const one = async (host: string): Promise<void> => {
        await budget.acquire(host);
        held.set(host, (held.get(host) ?? 0) + 1);
        total += 1;
        highest = Math.max(highest, held.get(host) ?? 0);
        highestTotal = Math.max(highestTotal, total);
        await sleep(1);
        held.set(host, (held.get(host) ?? 0) - 1);
        total -= 1;
        budget.release(host);
      };
      await Promise.all(Array.from({ length: 400 }, (_, i) => one(`h${i % hosts}`)));
      expect(highest).toBe(highestHost);
      expect(highestTotal).toBe(highestRun);
      expect(budget.highestPerHost).toBe(highestHost);
    },
  );

  it('keeps the rate', async () => {
    const budget = new Budget({ rate: 200, perHost: 1000, total: 1000 });
    const began = performance.now();
    await Promise.all(Array.from({ length: 100 }, () => budget.acquire('h')));
    const seconds = (performance.now() - began) / 1000;
    // 100 at 200/s take half a second; a late timer may only make it longer.
    expect(seconds).toBeGreaterThan(0.4);
  });

  it('does not let a busy host hold up the others', async () => {
    const budget = new Budget({ rate: 100_000, perHost: 1, total: 100 });
    await budget.acquire('busy');
    const waiting = budget.acquire('busy');
    await budget.acquire('other');
    budget.release('busy');
    await waiting;
  });

  it('goes on with fewer when the system runs out of sockets', async () => {
    const budget = new Budget({ rate: 100_000, perHost: 1000, total: 1000 });
    for (let i = 0; i < 100; i += 1) await budget.acquire('h');
    budget.shrink();
    let served = false;
    const next = budget.acquire('h').then(() => {
      served = true;
    });
    await sleep(10);
    expect(served).toBe(false);
    for (let i = 0; i < 21; i += 1) budget.release('h');
    await next;
  });
});
