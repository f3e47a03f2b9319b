import { readFileSync } from 'node:fs';

/** Names the tool honestly, in the form that servers take from browsers: some appliances hang up on anything else. */
export const USER_AGENT = `Mozilla/5.0 (compatible; sekisho/${ownVersion()}; boundary self-check)`;

function ownVersion(): string {
  // The same number of steps up from src/ and from dist/.
  const text = readFileSync(new URL('../../../../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version?: unknown };
  return typeof version === 'string' ? version : '0';
}
