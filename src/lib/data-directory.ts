import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What this installation knows beyond what ships: SEKISHO_DATA, else XDG_DATA_HOME/sekisho, else ~/.local/share/sekisho. A
 * relative XDG_DATA_HOME is not used, as the XDG Base Directory Specification asks.
 *
 * @returns undefined when the environment names no home either (a bare `env -i`).
 */
export function dataDirectory(environment: Environment): string | undefined {
  const own = environment['SEKISHO_DATA'] ?? '';
  if (own !== '') return own;
  const xdg = environment['XDG_DATA_HOME'] ?? '';
  if (isAbsolute(xdg)) return join(xdg, 'sekisho');
  const home = [environment['HOME'], environment['USERPROFILE']].find((path) => isAbsolute(path ?? ''));
  return home === undefined ? undefined : join(home, '.local', 'share', 'sekisho');
}
