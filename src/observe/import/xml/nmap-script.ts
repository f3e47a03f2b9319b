import { childrenOf, type XmlElement } from './stream.ts';

const MAX_VALUE = 4096;

/** One script's result, in the form that nmap writes beside its text: `<elem key="…">` and `<table key="…">`. */
export interface Script {
  readonly id: string;
  /** The same as text for people. */
  readonly output: string;
  /** Text of the element of that key. */
  value(key: string): string | undefined;
  /** Texts of the elements without a key, or of those in the table of that key. */
  list(key?: string): string[];
  /** The table of that key as a script of its own. */
  table(key: string): Script | undefined;
  /** Tables within, with their keys. */
  tables(): (readonly [key: string, table: Script])[];
}

export function readScript(element: XmlElement): Script {
  return scriptOf(element, element.attributes['id'] ?? '', element.attributes['output'] ?? '');
}

function scriptOf(element: XmlElement, id: string, output: string): Script {
  const value = (key: string): string | undefined =>
    childrenOf(element, 'elem')
      .find(({ attributes }) => attributes['key'] === key)
      ?.text.slice(0, MAX_VALUE)
      .trim();
  const tableOf = (key: string): XmlElement | undefined =>
    childrenOf(element, 'table').find(({ attributes }) => attributes['key'] === key);
  return {
    id,
    output,
    value,
    list: (key) => {
      const from = key === undefined ? element : tableOf(key);
      return from === undefined
        ? []
        : childrenOf(from, 'elem').map(({ text }) => text.slice(0, MAX_VALUE).trim());
    },
    table: (key) => {
      const found = tableOf(key);
      return found === undefined ? undefined : scriptOf(found, key, '');
    },
    tables: () =>
      childrenOf(element, 'table').map((table) => {
        const key = table.attributes['key'] ?? '';
        return [key, scriptOf(table, key, '')] as const;
      }),
  };
}
