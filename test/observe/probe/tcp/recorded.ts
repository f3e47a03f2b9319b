import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

type Exchange = { readonly label: string; readonly sent: string; readonly received: string };

const file = resolve(import.meta.dirname, '../../../fixtures/tcp/recorded.json');
const RECORDED = JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly Exchange[]>;

/** What a real server answered in one exchange, test/fixtures/tcp/recorded.json. */
export function recorded(server: string, label: string): Buffer {
  const found = RECORDED[server]?.find((exchange) => exchange.label === label);
  if (found === undefined) throw new Error(`no recording of "${label}" from "${server}"`);
  return Buffer.from(found.received, 'base64');
}
