import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runCommand } from '../real/support/command.ts';

export interface BuiltCommand {
  /** Path of what `node` runs. */
  readonly main: string;
  remove(): void;
}

const ROOT = resolve(import.meta.dirname, '../..');

/** What `npm run build` does, in a folder of its own: a command that is run many times then begins in a second, not in four. */
export async function buildCommand(): Promise<BuiltCommand> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-built-'));
  for (const name of ['config', 'node_modules', 'package.json'])
    symlinkSync(join(ROOT, name), join(folder, name));
  const main = join(folder, 'dist/main.js');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const words = ['-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')];
  // A type error is told by `npm run types`; what was written runs all the same.
  const built = await runCommand([process.execPath, tsc, ...words]);
  if (!existsSync(main)) throw new Error(`${built.stdout}${built.stderr}`);
  const compile = `const at = process.argv[1];
    const { COMPILED_FILE } = await import(at + '/dist/knowledge/compiled.js');
    const { buildCompiled } = await import(at + '/dist/knowledge/load.js');
    (await import('node:fs')).writeFileSync(COMPILED_FILE, buildCompiled(at + '/config'));`;
  await runCommand([process.execPath, '--input-type=module', '-e', compile, folder]);
  return { main, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
