import { parsePorts } from '../lib/port-list.ts';
import { type Contact, ContactsFile } from '../model/contacts.ts';
import { Advice, type ClassInfo, CommonAdvice, DecisionTable, type Knowledge } from '../model/knowledge.ts';
import { Product } from '../model/product.ts';
import { ServiceClass } from '../model/service-class.ts';
import { Volatility } from '../model/volatility.ts';
import { IndicatorFile } from '../model/web.ts';
import { checkProduct } from './check-product.ts';
import { checkSteps, checkVolatility } from './check-volatility.ts';
import { COMPILED_FILE, compileKnowledge, readCompiled } from './compiled.ts';
import { AdvisoryDataFile, ClassesFile, PortsFile, VendorsFile, WantedFile } from './files.ts';
import { indicatorPaths } from './indicators.ts';
import { createReader, type Reader, type ReadFile } from './read.ts';
import { digestOf, readTexts, type Texts } from './texts.ts';

/**
 * Everything that lies under `config/`, checked.
 *
 * @param compiled where the build has put its own copy; used only while the files are those it was made from.
 * @throws ConfigError (an AppError) with every problem of every file as file:line:column, the path in the file and what to do.
 */
export function loadKnowledge(directory: string, compiled: string = COMPILED_FILE): Knowledge {
  const texts = readTexts(directory);
  const digest = digestOf(texts);
  const known = readCompiled(compiled, digest) ?? lastChecked.get(digest);
  if (known !== undefined) return known;
  const knowledge = checkKnowledge(directory, texts, digest);
  lastChecked.clear();
  lastChecked.set(digest, knowledge);
  return knowledge;
}

/** The same texts give the same knowledge, and checking them takes seconds: a process does it once. */
const lastChecked = new Map<string, Knowledge>();

/** The text of `compiled.json` for the build. @throws as `loadKnowledge` */
export function buildCompiled(directory: string): string {
  const texts = readTexts(directory);
  const digest = digestOf(texts);
  return compileKnowledge(checkKnowledge(directory, texts, digest), digest);
}

function checkKnowledge(directory: string, texts: Texts, digest: string): Knowledge {
  const reader = createReader(directory, texts);
  const vendors = reader.file('vendors.yaml', VendorsFile)?.value ?? [];
  const products = loadProducts(reader, { vendors: new Set(vendors) });
  const classes = reader.file('classes.yaml', ClassesFile)?.value;
  const decisions = reader.file('rules/priority.yaml', DecisionTable)?.value;
  const advice = loadAdvice(reader);
  const commonAdvice = reader.file('advice/common.yaml', CommonAdvice)?.value;
  checkSteps(reader, advice, commonAdvice);
  const ports = loadPorts(reader.file('ports.yaml', PortsFile));
  const advisory = reader.optional('advisory-data.yaml', AdvisoryDataFile)?.value;
  const wanted = reader.optional('wanted.yaml', WantedFile)?.value ?? {};
  const indicators = indicatorPaths(reader.optional('web-shell-paths.yaml', IndicatorFile), products);
  const contacts = checkContacts(reader.optional('contacts.yaml', ContactsFile));
  const volatility = checkVolatility(reader.optional('volatility.yaml', Volatility));
  reader.finish();
  const newestKev = newest(
    [...products.values()].flatMap(({ exploited }) => exploited.map(({ kev }) => kev)),
  );
  const date = newest([newestKev, advisory?.date]);
  return {
    version: `${date.split('-').map(Number).join('.')}-${digest.slice(0, 8)}`,
    advisoryData: advisory?.date ?? newestKev,
    products,
    // `finish` has thrown when one of these could not be read.
    classes: classes as Record<ServiceClass, ClassInfo>,
    decisions: decisions as DecisionTable,
    advice,
    commonAdvice: commonAdvice as CommonAdvice,
    ports,
    wanted,
    indicatorPaths: indicators,
    contacts,
    ...(volatility === undefined ? {} : { volatility }),
  };
}

interface ProductRules {
  /** Products that are there already: an id may not come twice, and files may refer to them. */
  readonly known?: Knowledge['products'];
  /** Makers that may be named; any when absent. */
  readonly vendors?: ReadonlySet<string>;
}

export function loadProducts(
  reader: Reader,
  { known = new Map(), vendors }: ProductRules,
): Map<string, Product> {
  const files: ReadFile<Product>[] = [];
  const products = new Map<string, Product>(known);
  for (const path of reader.under('products')) {
    const read = reader.file(path, Product);
    if (read === undefined) continue;
    const { id, class: of } = read.value;
    const [, folder = '', name = ''] = path.split('/');
    if (name !== `${id}.yaml`) {
      read.problem(['id'], `the file must be called ${id}.yaml, or the id ${name.replace(/\.ya?ml$/, '')}`);
    }
    if (of !== folder) {
      read.problem(['class'], `the file lies in ${folder}/: move it to ${of}/, or make the class ${folder}`);
    }
    if (products.has(id)) read.problem(['id'], `another file has the id ${id} already`);
    if (vendors?.has(read.value.vendor) === false) {
      read.problem(
        ['vendor'],
        `${read.value.vendor} is not in vendors.yaml: write it as it stands there, or add a new maker`,
      );
    }
    products.set(id, read.value);
    files.push(read);
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
  const known = new Set([...ServiceClass.options, 'common'].map((of) => `advice/${of}.yaml`));
  for (const path of reader.under('advice')) {
    if (!known.has(path))
      reader.problem(path, `advice for no class; the classes are ${ServiceClass.options.join(', ')}`);
  }
  return advice;
}

function checkContacts(read: ReadFile<ContactsFile> | undefined): readonly Contact[] {
  const contacts = read?.value.contacts ?? [];
  const ids = contacts.map(({ id }) => id);
  for (const [index, { id, through }] of contacts.entries()) {
    if (ids.indexOf(id) !== index)
      read?.problem(['contacts', index, 'id'], `another desk has the id ${id} already`);
    if (through !== undefined && !ids.includes(through))
      read?.problem(['contacts', index, 'through'], `there is no desk ${through} in this file`);
  }
  return contacts;
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
