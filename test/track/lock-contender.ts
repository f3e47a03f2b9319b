/** Child of lock.test.ts: takes and gives back the lock many times; inside it, nobody else may be there. */
import { closeSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../src/lib/app-error.ts';
import { acquireLock, type Lock } from '../../src/track/lock.ts';

const [, , path = '', mode = '', dead = ''] = process.argv;

function tryLock(): Lock | undefined {
  try {
    return acquireLock(path, new Date());
  } catch (error) {
    if (error instanceof AppError && error.code === 'locked') return undefined;
    throw error;
  }
}

/** Leaves the lock as a process would that was killed while it held it: everybody then races to take it over. */
function dieInside(): void {
  const owner = { pid: Number(dead), host: hostname(), since: '2026-11-20T00:05:00Z' };
  writeFileSync(`${path}.dead.${process.pid}`, JSON.stringify(owner));
  renameSync(`${path}.dead.${process.pid}`, path);
}

async function contend(): Promise<void> {
  for (let held = 0; held < 25;) {
    const lock = tryLock();
    if (lock !== undefined) {
      // Fails when another holder is inside.
      closeSync(openSync(`${path}.inside`, 'wx'));
      await sleep(1);
      unlinkSync(`${path}.inside`);
      if (held % 2 === 1) dieInside();
      lock.release();
      held += 1;
    }
    await sleep(1 + Math.random() * 4);
  }
}

if (mode === 'hold') {
  tryLock();
  process.stdout.write('held\n');
  setInterval(() => undefined, 1000);
} else {
  await contend();
  process.stdout.write('done\n');
}
