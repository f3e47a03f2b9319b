import { parsePorts } from '../lib/port-list.ts';
import { sha256Hex } from '../lib/hash.ts';
import {
  Advice,
  type ClassInfo,
  CommonAdvice,
  DecisionTable,
  type Knowledge,
  Product,
} from '../model/knowledge.ts';
import { ServiceClass } from '../model/service-class.ts';
import { checkProduct } from './check-product.ts';
import { AdvisoryDataFile, ClassesFile, PortsFile } from './files.ts';
import { createReader, type Reader, type ReadFile } from './read.ts';

/**
 * Everything that lies under `config/`, checked.
 *
 * @throws ConfigError (an AppError) with every problem of every file as file:line:column, the path in the file and what to do.
 */
export function loadKnowledge(directory: string): Knowledge {
  const reader = createReader(directory);
  const products = loadProducts(reader);
  const classes = reader.file('classes.yaml', ClassesFile)?.value;
  const decisions = reader.file('rules/priority.yaml', DecisionTable)?.value;
  const advice = loadAdvice(reader);
  const commonAdvice = reader.file('advice/common.yaml', CommonAdvice)?.value;
  const ports = loadPorts(reader.file('ports.yaml', PortsFile));
  const advisory = reader.optional('advisory-data.yaml', AdvisoryDataFile)?.value;
  const texts = reader.finish();
  const newestKev = newest(
    [...products.values()].flatMap(({ exploited }) => exploited.map(({ kev }) => kev)),
  );
  return {
    version: knowledgeVersion(newest([newestKev, advisory?.date]), texts),
    advisoryData: advisory?.date ?? newestKev,
    products,
    // `finish` has thrown when one of these could not be read.
    classes: classes as Record<ServiceClass, ClassInfo>,
    decisions: decisions as DecisionTable,
    advice,
    commonAdvice: commonAdvice as CommonAdvice,
    ports,
  };
}

function loadProducts(reader: Reader): Map<string, Product> {
  const files: ReadFile<Product>[] = [];
  const products = new Map<string, Product>();
  for (const folder of reader.list('products', 'folders')) {
    for (const name of reader.list(`products/${folder}`, 'files')) {
      const read = reader.file(`products/${folder}/${name}`, Product);
      if (read === undefined) continue;
      const { id, class: of } = read.value;
      if (name !== `${id}.yaml`)
        read.problem(['id'], `the file must be called ${id}.yaml, or the id ${name.replace(/\.ya?ml$/, '')}`);
      if (of !== folder)
        read.problem(
          ['class'],
          `the file lies in ${folder}/: move it to ${of}/, or make the class ${folder}`,
        );
      if (products.has(id)) read.problem(['id'], `another file has the id ${id} already`);
      products.set(id, read.value);
      files.push(read);
    }
  }
  for (const file of files) checkProduct(file, products);
  return products;
}

function loadAdvice(reader: Reader): Map<ServiceClass, Advice> {
  const advice = new Map<ServiceClass, Advice>();
  for (const of of ServiceClass.options) {
    const read = reader.file(`advice/${of}.yaml`, Advice);
    if (read !== undefined) advice.set(of, read.value);
  }
  return advice;
}

function loadPorts(read: ReadFile<PortsFile> | undefined): Record<string, readonly number[]> {
  const ports: Record<string, readonly number[]> = {};
  for (const [name, profile] of Object.entries(read?.value.profiles ?? {})) {
    const included = profile.include === undefined ? [] : ports[profile.include];
    if (included === undefined) {
      read?.problem(['profiles', name, 'include'], `there is no profile ${profile.include} above this one`);
    }
    const own = profile.ports.flatMap((entry, index) => {
      try {
        return parsePorts(String(entry));
      } catch (error) {
        read?.problem(['profiles', name, 'ports', index], (error as Error).message);
        return [];
      }
    });
    ports[name] = [...new Set([...(included ?? []), ...own])].toSorted((a, b) => a - b);
  }
  return ports;
}

function newest(dates: readonly (string | undefined)[]): string {
  return dates.reduce<string>((latest, date) => (date !== undefined && date > latest ? date : latest), '');
}

/** "2026.8.7-1a2b3c4d": date of the newest advisory data, then eight digits over names and contents of all files read. */
function knowledgeVersion(date: string, texts: ReadonlyMap<string, string>): string {
  const dotted = date.split('-').map(Number).join('.');
  const all = [...texts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => `${path}\0${sha256Hex(text)}`);
  return `${dotted}-${sha256Hex(all.join('\n')).slice(0, 8)}`;
}
