// Some registry mirrors do not carry the optional packages of other platforms; npm then leaves them out of package-lock.json
// and `npm ci` refuses the file, everywhere. Run this after every `npm install` behind such a mirror:
//
//     node test/tools/complete-lock.mjs
//
// It adds what is missing by name and version, with the platform read from the name. Without integrity hashes: a full
// registry adds those the next time `npm install` writes the file.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../../package-lock.json', import.meta.url);
const PLATFORM =
  /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ia32|ppc64|riscv64|s390x)(?:-(gnu|musl)\w*)?/;

const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;
for (const [at, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const platform = PLATFORM.exec(name);
    if (
      lock.packages[path] !== undefined ||
      lock.packages[`${at}/${path}`] !== undefined ||
      platform === null
    )
      continue;
    const [, os, cpu, libc] = platform;
    lock.packages[path] = {
      version,
      cpu: [cpu],
      ...(entry.dev === true ? { dev: true } : {}),
      ...(libc === undefined ? {} : { libc: [libc === 'gnu' ? 'glibc' : libc] }),
      optional: true,
      os: [os],
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stderr.write(`${added} optional packages of other platforms added\n`);
