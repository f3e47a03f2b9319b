import type { Advice, CommonAdvice } from '../model/knowledge.ts';
import { ServiceClass } from '../model/service-class.ts';
import type { Volatility } from '../model/volatility.ts';
import type { Reader, ReadFile } from './read.ts';

/** Every class belongs to exactly one store, and what is to be carried is for stores that exist. */
export function checkVolatility(read: ReadFile<Volatility> | undefined): Volatility | undefined {
  if (read === undefined) return undefined;
  const { stores, bring } = read.value;
  for (const of of ServiceClass.options) {
    const holding = stores.filter(({ classes }) => classes.includes(of));
    if (holding.length !== 1)
      read.problem(['stores'], `${of} must stand in exactly one store, and stands in ${holding.length}`);
  }
  const ids = stores.map(({ id }) => id);
  for (const [index, { stores: wanted = [] }] of bring.entries()) {
    for (const [at, id] of wanted.entries()) {
      if (!ids.includes(id))
        read.problem(['bring', index, 'stores', at], `there is no store ${id} in this file`);
    }
  }
  return read.value;
}

/** What a class adds to the record sheet belongs to a row that the common advice has. */
export function checkSteps(
  reader: Reader,
  advice: ReadonlyMap<ServiceClass, Advice>,
  common: CommonAdvice | undefined,
): void {
  const rows = common?.['record-order'].length;
  if (rows === undefined) return;
  for (const [of, { preserve }] of advice) {
    for (const [index, { step }] of preserve.entries()) {
      if (step > rows)
        reader.problem(
          `advice/${of}.yaml`,
          `preserve[${index}].step is ${step}, and record-order of common.yaml has ${rows} rows`,
        );
    }
  }
}
