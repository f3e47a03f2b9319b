import { parseAddress } from '../../../lib/address.ts';
import { observationsOf } from '../../shodan/internetdb-records.ts';
import { InternetDbAnswer } from '../../shodan/schema.ts';
import type { Observation } from '../../../model/observation.ts';
import type { ImportContext } from '../format.ts';
import { jsonFormat, type Verdict } from '../json-format.ts';
import { fieldOf } from './fields.ts';

const NO_DATE =
  'InternetDB data carries no date: this is the date of the file; its CVE, CPE and tags are about the whole host, not this port';

/** What InternetDB answers for one address, alone or one a line as nrich writes it (`nrich -o json`). */
export const internetdb = jsonFormat({
  type: 'internetdb',
  recognises: (value) =>
    typeof fieldOf(value, 'ip') === 'string' &&
    ['ports', 'cpes', 'vulns'].every((name) => Array.isArray(fieldOf(value, name))),
  read: ({ value, text }, context, give) => {
    // Its answer about an address of which it knows nothing, among those of others.
    if (fieldOf(value, 'detail') === 'No information available') return 'ignored';
    return readAnswer(value, text, context, give);
  },
});

/** @param text the answer as it stands in the file */
export function readAnswer(
  value: unknown,
  text: string,
  context: ImportContext,
  give: (observation: Observation) => void,
): Verdict {
  const answer = InternetDbAnswer.safeParse(value).data;
  const address = parseAddress(answer?.ip ?? '');
  if (answer === undefined || address === undefined) {
    return { fault: 'this is no InternetDB answer: it has no usable address' };
  }
  if (!context.accepts(address)) return 'out-of-scope';
  const { collectedAt, observedAt, file } = context;
  const data = { kind: 'data', answer, text, date: observedAt } as const;
  const observations = observationsOf(address.text, data, collectedAt);
  for (const one of observations) {
    const content = one.evidence[0]?.sha256.slice(0, 8) ?? '';
    give({ ...one, id: `${one.id}-${content}`, file, note: NO_DATE });
  }
  return observations.length === 0 ? 'ignored' : 'record';
}
