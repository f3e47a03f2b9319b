import { stringify } from 'yaml';
import type { Product, ProductExample, Sample } from '../../model/product.ts';
import type { ServiceClass } from '../../model/service-class.ts';
import type { Candidate } from './candidates.ts';

export interface DraftInput {
  readonly id: string;
  readonly vendor: string;
  readonly name: string;
  readonly class: ServiceClass;
  readonly port: number;
  readonly candidates: readonly Candidate[];
  /** ISO date of the look. */
  readonly date: string;
}

/** The part of a product file that is written; everything else keeps its default. */
export type ProductDraft = Pick<Product, 'id' | 'vendor' | 'name' | 'class' | 'facts' | 'sources'> & {
  readonly examples: readonly (Omit<ProductExample, 'expect'> & {
    readonly expect: ProductExample['expect'] | undefined;
  })[];
};

/**
 * The product file of a device that was looked at. Its examples are rebuilt from the facts alone, so that nothing of the
 * answers gets into the file that no fact needs: no page text, no cookie value, no name, no address.
 *
 * `expect` of the positive examples is left open: what they come to is measured by matching them.
 */
export function draftProduct({ candidates, port, date, ...names }: DraftInput): ProductDraft {
  const samples = samplesOf(candidates, port);
  const best = samples.toSorted((a, b) => JSON.stringify(b).length - JSON.stringify(a).length)[0];
  return {
    ...names,
    facts: candidates.map(({ fact }) => fact),
    sources: [`learnt from a device of its owner by sekisho learn, ${date.slice(0, 7)}`],
    examples: [
      { name: 'everything that the device answered', expect: undefined, samples },
      ...(samples.length > 1 && best !== undefined
        ? [{ name: 'one answer alone', expect: undefined, samples: [best] }]
        : []),
      { name: 'an article that names the same things', expect: 'none', samples: [article(candidates, port)] },
    ],
  };
}

function samplesOf(candidates: readonly Candidate[], port: number): Sample[] {
  const paths = new Set(candidates.flatMap(({ path }) => path ?? []));
  const favicon = candidates.find((one) => one.favicon !== undefined)?.favicon;
  const pages = [...paths].map((path, index): Sample => {
    const on = candidates.filter((one) => one.path === path);
    const headers = on.flatMap(({ header }): [string, string][] =>
      header === undefined ? [] : [[...header]],
    );
    const body = on.flatMap(({ markup }) => markup ?? []).join('');
    const isRedirect = headers.some(([name]) => name === 'Location');
    const isRefusal = headers.some(([name]) => name === 'WWW-Authenticate');
    return {
      kind: 'http',
      port,
      request: { method: 'GET', path },
      status: isRedirect ? 302 : isRefusal ? 401 : 200,
      ...(headers.length === 0 ? {} : { headers }),
      ...(body === '' ? {} : { body: `<html><head></head><body>${body}</body></html>` }),
      ...(index === 0 && favicon !== undefined ? { favicon } : {}),
    };
  });
  const icon: Sample[] =
    pages.length === 0 && favicon !== undefined ? [{ kind: 'http', port, status: 200, favicon }] : [];
  const banners = candidates.flatMap(({ text, ssh }): Sample[] =>
    [text, ssh].flatMap((said) => (said === undefined ? [] : [{ kind: 'tcp', port, text: `${said}\r\n` }])),
  );
  return [...pages, ...icon, ...banners];
}

/** The trap that really happens: a page that talks about the product. */
function article(candidates: readonly Candidate[], port: number): Sample {
  const words = candidates
    .flatMap(({ markup = '', header, text, ssh }) =>
      [...markup.matchAll(/"([^"]+)"|>([^<]+)</g)]
        .map(([, a, b]) => a ?? b ?? '')
        .concat(header?.[1] ?? [], text ?? [], ssh ?? []),
    )
    .filter((word) => word !== '');
  return {
    kind: 'http',
    port,
    request: { method: 'GET', path: '/news/' },
    status: 200,
    body: `<html><head><title>News</title></head><body><p>${words.join('</p><p>').replaceAll('"', '&quot;')}</p></body></html>`,
  };
}

/** The file as it is written. */
export function productYaml(draft: ProductDraft): string {
  return `# Written by "sekisho learn". Before you send it on: read it through once, and try it on other devices of yours.\n${stringify(draft, { lineWidth: 160, singleQuote: true, aliasDuplicateObjects: false })}`;
}
