/** Makes sure of the Debian packages that these tests need, before any of them runs: none of them is ever skipped. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CHROMIUM } from '../hostile/browser.ts';

const NEEDED: readonly { readonly file: string; readonly package: string }[] = [
  { file: CHROMIUM, package: 'chromium' },
  { file: '/usr/bin/pdftotext', package: 'poppler-utils' },
  { file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', package: 'fonts-noto-cjk' },
];

export function setup(): void {
  const missing = NEEDED.filter(({ file }) => !existsSync(file)).map((one) => one.package);
  if (missing.length === 0) return;
  const command = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) throw new Error(`Missing Debian packages. As root: ${command.join(' ')}`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  try {
    execFileSync(command[0] ?? '', command.slice(1), options);
  } catch {
    // The package lists may be old or absent.
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync(command[0] ?? '', command.slice(1), options);
  }
}
