/** The plain parts that every report without a page is a run of; text and Markdown write each in their way. */
export type Node =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3 | 4; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'list';
      readonly style: 'numbers' | 'bullets' | 'boxes';
      readonly items: readonly string[];
    }
  | { readonly kind: 'pairs'; readonly items: readonly { readonly term: string; readonly text: string }[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'command'; readonly text: string }
  | { readonly kind: 'bytes'; readonly text: string };
