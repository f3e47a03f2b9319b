import { readFileSync } from 'node:fs';

/** The version of this program, for the names under which it asks. */
export const OWN_VERSION = ownVersion();

function ownVersion(): string {
  // The same number of steps up from src/ and from dist/.
  const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version?: unknown };
  return typeof version === 'string' ? version : '0';
}
