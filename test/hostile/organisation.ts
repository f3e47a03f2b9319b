import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface OrganisationText {
  readonly ranges: readonly string[];
  readonly ports: readonly number[];
  readonly probe?: string;
  readonly id?: string;
  readonly name?: string;
}

/** An organisation file under `folder`; returns its path. */
export function writeOrganisation(
  folder: string,
  { ranges, ports, probe, id, name }: OrganisationText,
): string {
  const file = join(folder, 'org.yaml');
  writeFileSync(
    file,
    `organisation: { id: ${id ?? 'kakuu'}, name: { ja: 架空精機, en: ${name ?? 'Kakuu Seiki'} } }
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [${ranges.join(', ')}] }
permission: { by: director, reference: "1", valid-until: 2099-01-01 }
probe: { ports: "${ports.join(',')}", rate: 2000, connect-timeout-ms: 400${probe ?? ''} }
shodan: { use: no }
internetdb: { use: false }
`,
  );
  return file;
}
