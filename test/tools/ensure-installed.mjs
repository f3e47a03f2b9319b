// `npm test` and `npm run demo` each work as the first command on a fresh clone: install what the lock file says unless that has been done.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const lock = new URL('../../package-lock.json', import.meta.url);
const installed = new URL('../../node_modules/.package-lock.json', import.meta.url);

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  process.stderr.write('Installing packages (npm ci) …\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 2, 2],
    cwd: new URL('../..', import.meta.url),
    shell: process.platform === 'win32',
  });
  process.exit(status ?? 1);
}
